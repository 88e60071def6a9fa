"""What the tests of changes share."""

import datetime
import io

from django.core.management import call_command

from casework.changes import services
from casework.changes.content import CalendarContent, ParametersContent
from casework.models import Case, Deadline, Event
from casework.tests.rehearsal import make_person
from notices.models import Notice
from working_days.bundled import PublishedBankHoliday

D = datetime.date
MONDAY = D(2026, 6, 1)


def administrator(name="Ada Administrator"):
    from accounts.administrators import mark

    person = make_person(name, role="administrator")
    mark([person.pk])
    person.refresh_from_db()
    return person


def holidays(*days, title="State occasion", **more):
    """A change that makes these days bank holidays."""
    return CalendarContent(add=tuple(PublishedBankHoliday(day, title, "") for day in days), **more)


def offsets(values, *, cases=(), effective_from=MONDAY):
    """A change of starred offsets, for some open cases or for new ones alone."""
    return ParametersContent(
        values=values,
        effective_from=effective_from,
        cases="chosen" if cases else "new",
        case_ids=tuple(case.pk for case in cases),
    )


def previewed(content, by, why="Proclaimed"):
    """A change that has been proposed and worked out."""
    propose = (
        services.propose_parameters
        if isinstance(content, ParametersContent)
        else services.propose_calendar
    )
    change = propose(content, why=why, by=by)
    services.preview(change.pk)
    change.refresh_from_db()
    return change


def applied(content, by, why="Proclaimed"):
    """A change all the way through."""
    change = previewed(content, by, why)
    services.apply(change.pk, by=by)
    services.carry_out(change.pk)
    change.refresh_from_db()
    return change


def check():
    """The record is whole, and what is stored is what it says."""
    call_command("rebuild", "--check", stdout=io.StringIO())


def dates(**filters):
    """Every deadline's date, by reference, rule and subject."""
    rows = Deadline.objects.filter(**filters)
    return {
        (reference, rule, subject): due_on
        for reference, rule, subject, due_on in rows.values_list(
            "case__reference", "rule", "subject", "due_on"
        )
    }


def moves_of(change):
    """The list that administrators look at, in its order."""
    rows = change.moves.in_order().select_related("case")
    return [(m.case.reference, m.rule, m.subject, m.old_on, m.new_on) for m in rows]


def events_of(change):
    """The events that a change left, by reference."""
    found = Event.objects.filter(key=change.key).select_related("case")
    return {event.case.reference: event for event in found}


def everything(case_ids=None):
    """All that is derived, to be compared: cases, deadlines, events without their moments."""
    cases = Case.objects.all() if case_ids is None else Case.objects.filter(pk__in=case_ids)
    rows = Deadline.objects.filter(case__in=cases).order_by("case__reference", "rule", "subject")
    return (
        list(
            cases.order_by("reference").values_list(
                "reference", "stage", "version", "first_day", "last_day", "inputs_digest"
            )
        ),
        [
            {k: v for k, v in row.items() if k not in ("id", "met_event_id")}
            for row in rows.values()
        ],
        list(
            Event.objects.filter(case__in=cases)
            .order_by("case__reference", "seq")
            .values_list("case__reference", "seq", "kind", "facts", "subjects", "calendar_version",
                         "parameters_version", "happened_on", "recorded_by", "origin")
        ),
    )  # fmt: skip


def told(change):
    """Who was told of a change, and by which notice."""
    rows = Notice.objects.filter(key__startswith=f"{change.key}:").order_by("recipient_email")
    return [(one.recipient_id, one.template) for one in rows]
