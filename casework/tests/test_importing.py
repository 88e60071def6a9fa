"""Published history comes in whole: facts without guards, one fold, and never twice."""

import datetime
import io

import pytest
from django.core.management import call_command

from casework.chain import verify_chain
from casework.deadlines import standing
from casework.events import RelatedHappened
from casework.inputs import add_parameters
from casework.models import Case, Deadline, Event
from casework.recording import GuardFailed, Historic, correct, import_case, import_events
from casework.tests.rehearsal import Commented, Done, Drafted, Fixed, Published, Told
from notices.models import Notice

pytestmark = pytest.mark.django_db
D = datetime.date
FIXED = Fixed(first_day=D(2018, 1, 8), last_day=D(2018, 1, 12))
HISTORY = (
    Historic(FIXED, D(2018, 1, 8), key="days", note="The last day is assumed."),
    Historic(Published(), D(2018, 5, 1), key="published"),
    Historic(Done(), D(2018, 5, 1), key="closed"),
)


def bring_in(area, history=HISTORY, key="2018", **given):
    return import_case(
        "rehearsal",
        local_area=area,
        framework="rehearsal-2020",
        key=key,
        opened_on=D(2018, 1, 8),
        history=history,
        **given,
    )


def states(case):
    return dict(Deadline.objects.filter(case=case).values_list("rule", "state"))


def rebuilds_alike():
    call_command("rebuild", "--check", stdout=io.StringIO())
    assert not [broken for case in Case.objects.all() for broken in verify_chain(case)]


def test_a_case_comes_in_closed_with_its_deadlines_met_late_or_not_recorded(area, monday):
    imported = bring_in(area, note="Taken from the statistics.")
    case = Case.objects.get(pk=imported.case.pk)
    assert (imported.created, imported.added) == (True, 4)
    assert (case.stage, case.first_day, case.ended_on) == ("closed", D(2018, 1, 8), D(2018, 5, 1))
    assert states(case)["T-PUBLISH"] == "met_late"
    assert states(case)["T-TELL"] == "not_recorded"
    found = case.events.order_by("seq").values_list("kind", "origin", "note__content")
    assert list(found) == [
        ("opened", "imported", {"text": "Taken from the statistics."}),
        ("fixed", "imported", {"text": "The last day is assumed."}),
        ("report_published", "imported", None),
        ("closed", "imported", None),
    ]
    rebuilds_alike()


def test_its_number_is_of_the_year_it_was_opened(area, monday):
    assert bring_in(area).case.reference == "RH-2018-0001"


def test_no_guard_holds_history_back_and_nobody_is_told(area, officer, monday):
    history = (
        Historic(FIXED, D(2018, 1, 8), key="days"),
        Historic(Told(), D(2018, 2, 1), key="told"),  # nobody took the call; after Day 1
    )
    case = bring_in(area, history).case
    assert case.stage == "told"
    assert not Notice.objects.exists()


def test_the_same_again_changes_nothing(area, monday):
    bring_in(area)
    before = list(Event.objects.order_by("pk").values_list("pk", "hash"))
    monday.shift(datetime.timedelta(days=1))
    again = bring_in(area)
    assert (again.created, again.added) == (False, 0)
    assert list(Event.objects.order_by("pk").values_list("pk", "hash")) == before
    assert Case.objects.count() == 1


def test_what_is_known_later_is_added_to_the_case(area, monday):
    first = bring_in(area, HISTORY[:1])
    again = bring_in(area)
    assert (again.case.pk, again.created, again.added) == (first.case.pk, False, 2)
    assert Case.objects.get().stage == "closed"
    rebuilds_alike()


def test_a_case_is_whole_or_not_there(area, monday):
    beyond = Historic(Drafted(), D(1999, 1, 1), key="draft")
    with pytest.raises(GuardFailed):
        bring_in(area, (*HISTORY, beyond))
    assert not Case.objects.exists()
    assert not Event.objects.exists()


def test_published_history_is_no_secret(area, monday):
    """A moment of history brings those before it, the events of which may not be known."""
    case = bring_in(area, HISTORY[:1]).case
    assert case.moments == ["notified"]
    import_events(case, HISTORY[1:])
    assert Case.objects.get().moments == ["notified", "feedback", "final_sent", "published"]


def test_related_cases_hear_of_each_other(area, monday):
    report = bring_in(area).case
    visit = import_case(
        "follow",
        local_area=area,
        framework="rehearsal-2020",
        key="visit",
        opened_on=D(2019, 1, 7),
        origin=report,
        history=(
            Historic(
                Fixed(first_day=D(2019, 1, 7), last_day=D(2019, 1, 9)), D(2019, 1, 7), key="days"
            ),
            Historic(Done(), D(2019, 3, 1), key="closed"),
        ),
    ).case
    assert states(visit) == {"F-CLOSE": "met_late"}
    heard = Event.objects.filter(case=report, kind=RelatedHappened.kind)
    assert [(one.facts["event"], one.facts["day"]) for one in heard] == [
        ("child:first_day", "2019-01-07")
    ]
    assert Deadline.objects.get(case=report, rule="T-AFTER").counted_from_on == D(2019, 1, 7)
    rebuilds_alike()


def test_what_is_added_is_told_on(area, monday):
    report = bring_in(area, HISTORY[:1]).case
    follow = {"local_area": area, "framework": "rehearsal-2020", "origin": report}
    visit = import_case("follow", key="visit", opened_on=D(2019, 1, 7), history=(), **follow).case
    assert states(visit) == {}
    import_events(report, HISTORY[1:])
    assert states(visit) == {"F-CLOSE": "not_recorded"}
    rebuilds_alike()


def test_history_is_held_against_the_offsets_of_its_own_time(area, monday):
    add_parameters({"T-DRAFT": 20}, reason="More time", effective_from=D(2026, 1, 1))
    case = bring_in(area, (HISTORY[0], Historic(Drafted(), D(2018, 1, 30), key="draft"))).case
    assert set(case.events.values_list("parameters_version", flat=True)) == {1}


def test_an_imported_entry_is_corrected_like_any_other(area, officer, monday):
    case = bring_in(area).case
    published = case.events.get(kind="report_published")
    correct(published.pk, Published(), by=None, reason="Source changed", happened_on=D(2018, 2, 1))
    assert states(case)["T-PUBLISH"] == "met"
    rebuilds_alike()


def test_a_framework_that_the_kind_has_not_is_refused(area, monday):
    with pytest.raises(ValueError, match="knows no framework"):
        import_case(
            "rehearsal", local_area=area, framework="other", key="x", opened_on=D(2018, 1, 8),
            history=(),
        )  # fmt: skip


def test_a_subject_keeps_its_own_deadline(area, monday):
    from casework.tests.rehearsal import COUNCIL

    history = (
        *HISTORY[:1],
        Historic(Drafted(), D(2018, 1, 30), key="draft"),
        Historic(Commented(subject=COUNCIL.key), D(2018, 2, 6), key="comments"),
    )
    case = bring_in(area, history).case
    assert Deadline.objects.get(case=case, rule="T-FACTS", subject=COUNCIL.key).state == "met"


def test_of_a_time_still_to_come_nothing_is_missing(area, monday):
    week = Fixed(first_day=D(2026, 5, 4), last_day=D(2026, 5, 8))
    case = bring_in(area, (Historic(week, D(2026, 5, 4), key="days"),)).case
    stand = {one.rule: standing(one).state for one in Deadline.objects.filter(case=case)}
    assert (stand["T-TELL"], stand["T-PUBLISH"]) == ("not_recorded", "forecast")
