"""Deadlines as stored and as read: their rows, how they stand today, whose they are."""

import dataclasses
import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from casework import access, timetable
from casework.fold import Key, Row
from casework.models import Case, Deadline, DeadlineQuerySet, DeadlineState
from casework.registry import CaseKind
from config import clock
from working_days.calendar import Calendar
from working_days.services import calendars_at

ROW_FIELDS = tuple(field.name for field in dataclasses.fields(Row))
UNMET = (DeadlineState.OPEN, DeadlineState.FORECAST)
#: What a list shows of a deadline: columns, not whole rows.
LISTED_FIELDS = (
    "case_id",
    "rule",
    "title",
    "state",
    "strength",
    "due_on",
    "due_at",
    "lapses",
    "explained",
    "held_from",
    "held_until",
)

#: Whose task a deadline is, by the words in which its rule says who owes it.
OWED_WORDS: Mapping[str, Sequence[str]] = {
    "lead hmi": ("lead_hmi",),
    "cqc inspector": ("cqc_inspector",),
    "inspectors": ("lead_hmi", "ofsted_inspector", "cqc_inspector"),
    "support officer": ("support_officer",),
    "ofsted": ("lead_hmi", "support_officer"),
    "cqc": ("cqc_inspector",),
    "regional director": ("regional_director",),
    "lano": ("lano",),
    "health": ("health_lano",),
    "local authority": ("dcs", "lano"),
    "ccg": ("health_chief_executive", "health_lano"),
    "recipient": ("dcs", "health_chief_executive", "lano", "health_lano"),
    "local area": ("lano", "dcs"),
    "principal authority": ("dcs", "send_lead"),
    "each of them": ("dcs", "health_chief_executive", "send_lead"),
    "adviser": ("adviser",),
    "dfe": ("adviser", "official"),
    "nhs england": ("adviser", "official"),
}


#: The nth of a rule that comes again and again: its number.
REPEATED = re.compile(r"-[0-9]+$")


def rows_of(case: Case) -> dict[Key, Row]:
    """The stored deadlines of a case in the form of the fold: one query."""
    values = Deadline.objects.filter(case=case).order_by().values(*ROW_FIELDS)
    return {(one["rule"], one["subject"]): Row(**one) for one in values}


def rows_of_many(cases: Iterable[Case]) -> dict[Any, dict[Key, Row]]:
    """The stored deadlines of several cases by case id: one query."""
    ids = [case.pk for case in cases]
    found: dict[Any, dict[Key, Row]] = {pk: {} for pk in ids}
    values = Deadline.objects.filter(case_id__in=ids).order_by().values("case_id", *ROW_FIELDS)
    for one in values:
        case_id = one.pop("case_id")
        found[case_id][one["rule"], one["subject"]] = Row(**one)
    return found


def all_met_settled(rows: Mapping[Key, Row]) -> bool:
    """Whether nothing that is met waits for its start to be on record."""
    return all(row.settled or row.met_on is None for row in rows.values())


def store_rows(
    case: Case, kind: CaseKind, rows: Mapping[Key, Row], stored: Mapping[Key, Row]
) -> None:
    """Bring the stored deadlines to `rows`: one upsert of what differs, one delete of the rest."""
    changed = [row for key, row in rows.items() if stored.get(key) != row]
    if changed:
        Deadline.objects.bulk_create(
            [as_deadline(case, kind, row) for row in changed],
            update_conflicts=True,
            unique_fields=["case", "rule", "subject"],
            update_fields=[
                *(
                    "met_event" if name == "met_event_id" else name
                    for name in ROW_FIELDS
                    if name not in ("rule", "subject")
                ),
                "owed_roles",
            ],
        )
    if gone := [key for key in stored if key not in rows]:
        condition = Q(pk__in=[])
        for rule, subject in gone:
            condition |= Q(rule=rule, subject=subject)
        Deadline.objects.filter(condition, case=case).delete()


def as_deadline(case: Case, kind: CaseKind, row: Row) -> Deadline:
    """A fold's row as a deadline to be stored."""
    return Deadline(case=case, owed_roles=owed_roles(kind, row), **dataclasses.asdict(row))


def owed_roles(kind: CaseKind, row: Row) -> list[str]:
    """The roles whose task a deadline is: as the kind says, else by the words of `owed_by`."""
    for rule in (row.rule, REPEATED.sub("-n", row.rule)):
        if (own := kind.owners.get(rule)) is not None:
            return list(own)
    words = row.owed_by.lower()
    found: list[str] = []
    for phrase, roles in OWED_WORDS.items():
        if phrase in words:
            found += [role for role in roles if role not in found]
            words = words.replace(phrase, " ")
    return found


# --- as read ---


@dataclass(frozen=True)
class Standing:
    """How a deadline stands at a moment: a state of `design_system.tags`. `alarm`: late and
    nobody has said why; only that calls for attention, since lateness as such is ordinary."""

    state: str
    overdue: bool = False
    alarm: bool = False


#: Lists show the soonest first; of one day what is open before a forecast, and a step before what
#: is counted from it.
IN_ORDER = ("due_on", "later", "due_at", "counted_from_on", "rule", "subject")
MET = Standing("met")
SOON = datetime.timedelta(days=7)


def standing(deadline: Any, *, suspended: bool = False) -> Standing:
    """How a deadline stands now: conditions on the clock are worked out here, not stored."""
    state = deadline.state
    if state == DeadlineState.MET:
        return MET
    if state == DeadlineState.MET_LATE:
        silent = deadline.strength != "target" and not deadline.explained
        return Standing("met_late", alarm=silent)
    if state == DeadlineState.NOT_RECORDED and not is_past(deadline):
        return Standing("forecast")  # of a time still to come nothing can be missing
    if state not in UNMET:
        return Standing(state)
    if deadline.lapses and is_past(deadline):
        return Standing("lapsed")
    if suspended or is_held(deadline):
        return Standing("on_hold")
    if state == DeadlineState.FORECAST:
        return Standing("forecast")
    if is_past(deadline):
        if deadline.explained:
            return Standing("late_explained", overdue=True)
        return Standing("overdue", overdue=True, alarm=True)
    if deadline.due_on == clock.today():
        return Standing("due_today")
    return Standing("due_soon" if deadline.due_on - clock.today() <= SOON else "open")


def working_days_late(deadlines: Iterable[Any], otherwise: Calendar) -> dict[Any, int]:
    """By how many working days each deadline that was met late was missed, by its id; by the
    calendar that settled it, `otherwise` where that is still open. 0: by hours, or over days that
    do not count. At most one query."""
    late = [one for one in deadlines if one.state == DeadlineState.MET_LATE and one.met_on]
    settled = {one.calendar_version for one in late if one.calendar_version is not None}
    calendars = calendars_at(settled - {otherwise.version})
    return {
        one.pk: max(
            calendars.get(one.calendar_version, otherwise).between(one.due_on, one.met_on), 0
        )
        for one in late
    }


def is_past(deadline: Any) -> bool:
    """Whether the day, or the hour where the rule has one, is over."""
    if deadline.due_at is not None:
        return bool(deadline.due_at < clock.now())
    return bool(deadline.due_on < clock.today())


def is_held(deadline: Any) -> bool:
    """Whether a hold stands over it today."""
    if deadline.held_from is None or clock.today() < deadline.held_from:
        return False
    return deadline.held_until is None or clock.today() <= deadline.held_until


def deadlines_of(case: Case) -> list[Deadline]:
    """All deadlines of a case, soonest first: one query."""
    return list(_with_later(Deadline.objects.filter(case=case)).order_by(*IN_ORDER))


def next_of_each(deadlines: Iterable[Any]) -> set[Any]:
    """The ids of those that can be met next: of a rule that comes again and again the first unmet
    one alone, since whatever is recorded meets that one."""
    first: dict[tuple[str, str], tuple[int, Any]] = {}
    for one in deadlines:
        if one.met_on is not None:
            continue
        again = REPEATED.search(one.rule)
        code = REPEATED.sub("-n", one.rule)
        number = -int(again.group()) if again else 0
        known = first.get((code, one.subject))
        if known is None or number < known[0]:
            first[code, one.subject] = (number, one.pk)
    return {pk for _, pk in first.values()}


def _with_later(deadlines: DeadlineQuerySet) -> DeadlineQuerySet:
    """With `later`, by which forecasts stand behind what is open on the same day."""
    return deadlines.alias(later=Q(state=DeadlineState.FORECAST))


def due_from(user: Any, *, limit: int = 50) -> list[Deadline]:
    """What is due from a person, overdue on top, soonest first, each with its case and area.

    A deadline that one organisation owes is due from its own people alone. A constant number of
    queries: the person's roles and bodies, then the deadlines.
    """
    grants = access.grants_of(user)
    if not grants:
        return []
    readable = access.cases_where(user, "timetable", "read", grants)
    condition = Q(pk__in=[])
    for role in {grant.role for grant in grants}:
        reach = access.reach_of([grant for grant in grants if grant.role == role])
        cases = Case.objects.filter(reach & readable).order_by() if reach is not None else None
        if cases is not None:
            condition |= Q(owed_roles__contains=[role], case__in=cases.values("pk"))
    found = (
        _with_later(Deadline.objects.filter(condition, _own_or_shared(user)))
        .filter(state=DeadlineState.OPEN)
        .exclude(lapses=True, due_on__lt=clock.today())
        .exclude(case__suspended_on__isnull=False)
        .select_related("case", "case__local_area")
        .order_by(*IN_ORDER, "pk")
    )
    return list(found[:limit])


def next_deadlines(user: Any, cases: Sequence[Any]) -> dict[Any, Any]:
    """The soonest unmet deadline (`LISTED_FIELDS`) of each case, by case id, where the person may
    read its timetable; of the same day an open one before a forecast. One query."""
    found = (
        _with_later(Deadline.objects.visible_to(user))
        .filter(case_id__in=cases, state__in=UNMET, lapses=False)
        .order_by("case_id", *IN_ORDER)
        .distinct("case_id")
        .values_list(*LISTED_FIELDS, named=True)
    )
    return {deadline.case_id: deadline for deadline in found}


def _own_or_shared(user: Any) -> Q:
    """Not what another body owes: a subject that is an organisation must be the person's own."""
    from accounts.models import Membership

    own = [
        str(pk)
        for pk in Membership.objects.filter(person_id=user.pk, organisation__isnull=False)
        .on(clock.today())
        .values_list("organisation_id", flat=True)
    ]
    organisation_key = r"^[0-9a-f]{8}-[0-9a-f]{4}-"
    inspectorate = Q(owed_roles__overlap=["lead_hmi", "cqc_inspector", "support_officer"])
    return inspectorate | ~Q(subject__regex=organisation_key) | Q(subject__in=own)


def brief_words(kind: str, framework: str) -> dict[str, str]:
    """What is due in a few words, by rule code, where the rule says it."""
    if framework not in timetable.frameworks(kind):
        return {}
    # Of two rules with one code (a first and a second letter), the first has the general words.
    rules = reversed(timetable.ruleset(kind, framework).rules)
    return {rule.code: rule.brief for rule in rules if rule.brief}


def brief_of(words: Mapping[str, str], code: str) -> str:
    """Those words for one deadline, with its number where it is the nth of several; '' for none."""
    if code in words:
        return words[code]
    again = words.get(REPEATED.sub("-n", code), "")
    return again and f"{again} {code.rpartition('-')[2]}"
