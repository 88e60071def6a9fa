"""Any number of open inspections with a whole record: events, chained hashes, deadlines, people.

A few hundred to a few thousand histories are made up and folded by the product itself: visits with
some hundred first days, at every stage, with this or that already done. Each history is then given
to many cases of different areas, with the bodies of each area in place of its own, and written by
COPY. `rebuild --check` agrees with every case.
"""

import dataclasses
import datetime
import enum
import hashlib
import io
import random
import typing
import uuid
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

DAY = datetime.timedelta(days=1)
AT_A_TIME = 2_000
HMI, CQC, OFFICERS = 300, 200, 30


def make(number: int, *, histories: int, seed: int = 7) -> None:
    """Have so many open inspections, of so many different histories."""
    from django.db import connection

    from working_days.services import current_calendar

    areas = _Areas()
    people = _People(areas)
    maker = _Histories(random.Random(seed), current_calendar(), people.lead)
    made = [maker.history(areas.shapes[n % len(areas.shapes)]) for n in range(histories)]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what is loaded is consistent
        _load(number, made, areas, people, random.Random(seed))
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('casework_event', 'id'), "
            "(SELECT max(id) FROM casework_event))"
        )
        cursor.execute("SET session_replication_role = DEFAULT")


# --- areas and people ---


class _Areas:
    """The local areas of today by how many bodies they have."""

    def __init__(self) -> None:
        from areas.models import LocalArea
        from casework.fold import subjects_stored
        from config import clock
        from inspections import subjects

        self.all = list(LocalArea.objects.on(clock.today()).order_by("name"))
        self.subjects = {}
        by_shape: dict[tuple[int, ...], list[Any]] = {}
        for area in self.all:
            known = subjects.of_area(area, clock.today())
            self.subjects[area.pk] = subjects_stored(known)
            shape = tuple(len(known[group]) for group in sorted(known))
            by_shape.setdefault(shape, []).append(area)
        self.shapes = list(by_shape.values())


class _People:
    """Inspectors, officers, and who owes something in each area."""

    def __init__(self, areas: _Areas) -> None:
        self.leads = self._made("hmi", HMI)
        self.inspectors = self._made("cqc_inspector", CQC)
        self._made("support_officer", OFFICERS)
        self.lead = self.leads[0]
        for role in ("dcs", "lano"):
            self._made(role, len(areas.all), areas)

    def _made(self, role: str, number: int, areas: _Areas | None = None) -> list[int]:
        from accounts.models import Membership, User

        users = User.objects.bulk_create(
            User(email=f"{role}{n}@people.example", name=f"{role} {n}", password="!")
            for n in range(number)
        )
        Membership.objects.bulk_create(
            Membership(
                person=user,
                role=role,
                scope="area" if areas else "national",
                local_area=areas.all[n] if areas else None,
                organisation_id=areas.subjects[areas.all[n].pk]["body"][0][0] if areas else None,
                starts_on=datetime.date(2020, 1, 1),
            )
            for n, user in enumerate(users)
        )
        return [user.pk for user in users]


# --- histories ---


@dataclasses.dataclass
class _History:
    """A case as the fold has it, to be given to cases of other areas of the same shape."""

    area: Any
    areas: Sequence[Any]
    events: list[Any]
    folded: Any
    rows: list[tuple[Any, list[str]]]


class _Histories:
    def __init__(self, chance: random.Random, calendar: Any, lead: int) -> None:
        from casework.inputs import VersionsOnRecord
        from casework.registry import kind_of
        from config import clock

        self.chance, self.calendar, self.lead = chance, calendar, lead
        self.kind = kind_of("inspection")
        self.inputs = VersionsOnRecord()
        self.inputs.in_force()
        self.today = clock.today()

    def history(self, areas: Sequence[Any]) -> _History:
        """One history, at a stage and with a first day taken at random."""
        from casework.deadlines import owed_roles
        from casework.fold import Fold
        from casework.models import Case
        from casework.reading import Recorded
        from inspections import subjects

        area = areas[0]
        case = Case(kind="inspection", framework="local-area-send-2016", local_area=area)
        bodies = subjects.of_area(area, self.today)
        events = [
            Recorded(
                id=seq,
                seq=seq,
                kind=facts.kind,
                facts=facts.stored()[0],
                noted={},
                happened_on=on,
                happened_at=None,
                schema_version=facts.schema_version,
                calendar_version=self.calendar.version,
                parameters_version=1,
                subjects=_stored(bodies) if seq == 1 else None,
                corrects_id=None,
                voids_id=None,
                imported=False,
            )
            for seq, (facts, on) in enumerate(self._events(bodies), 1)
        ]
        folded = Fold(case, self.kind, self.inputs).run(events)
        rows = [(row, owed_roles(self.kind, row)) for row in folded.rows.values()]
        return _History(area, areas, events, folded, rows)

    def _events(self, bodies: Mapping[str, Sequence[Any]]) -> Iterator[tuple[Any, datetime.date]]:
        stage = self.chance.choices(range(6), (4, 4, 15, 22, 25, 30))[0]
        first = self._first_day(stage)
        last = self.calendar.add(first, self.chance.choice((3, 4, 4, 4)))
        notified = self.calendar.subtract(first, 5)
        yield self._facts("opened"), notified - 60 * DAY
        dates = {"first_day": first, "last_day": last}
        yield self._facts("scheduled", **dates), notified - 20 * DAY
        if stage == 0:
            return
        yield from self._told(bodies, notified)
        if stage == 1:
            return
        yield self._facts("feedback_given"), last
        yield from self._reported(stage, bodies, last)

    def _first_day(self, stage: int) -> datetime.date:
        low, high = ((20, 420), (1, 6), (-24, -7), (-45, -28), (-60, -40), (-80, -50))[stage]
        return self.calendar.on_or_before(self.today + self.chance.randint(low, high) * DAY)

    def _told(
        self, bodies: Mapping[str, Sequence[Any]], on: datetime.date
    ) -> Iterator[tuple[Any, datetime.date]]:
        yield self._facts("notified"), on
        for body in bodies["health_commissioner"]:
            yield self._facts("health_told", subject=body.key), on
        for kind in ("confirmation_sent", "lano_call_held", "pcf_told", "told_recorded"):
            if self.chance.random() < 0.9:
                yield self._facts(kind), on
        for body in bodies["health_commissioner"]:
            yield self._facts("health_call_held", subject=body.key), on

    def _reported(
        self, stage: int, bodies: Mapping[str, Sequence[Any]], last: datetime.date
    ) -> Iterator[tuple[Any, datetime.date]]:
        yield self._facts("selection_confirmed"), last - 6 * DAY
        for body in bodies["request"]:
            yield self._facts("request_answered", subject=body.key), last - 4 * DAY
        if self.chance.random() < 0.7:
            yield self._facts("survey_sent"), min(last + 2 * DAY, self.today)
        if stage == 2:
            return
        drafted = min(self.calendar.add(last, self.chance.randint(10, 16)), self.today)
        yield self._facts("draft_sent"), drafted
        answers = bodies["body"] if stage > 3 else bodies["body"][: self.chance.randint(0, 1)]
        for body in answers:
            answered = min(drafted + self.chance.randint(1, 12) * DAY, self.today)
            yield self._facts("comments_received", subject=body.key), answered
        if stage == 3:
            return
        yield self._facts("reply_sent"), self.today
        if stage == 5:
            sent = self.today - self.chance.randint(0, 8) * DAY
            yield self._facts("final_report_sent"), sent
            for body in bodies["recipient"]:
                yield self._facts("final_report_received", subject=body.key), sent

    def _facts(self, kind: str, **given: Any) -> Any:
        facts = self.kind.facts_of(kind)
        hints = typing.get_type_hints(facts)
        for field in dataclasses.fields(facts):
            if field.default is dataclasses.MISSING and field.default_factory is (
                dataclasses.MISSING
            ):
                given.setdefault(field.name, self._value(hints[field.name]))
        return facts(**given)

    def _value(self, hint: Any) -> Any:
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return next(iter(hint))
        return self.lead if hint is int else ""


def _stored(bodies: Mapping[str, Sequence[Any]]) -> Any:
    from casework.fold import subjects_stored

    return subjects_stored(bodies)


# --- loading ---

EVENT = (
    "id, case_id, seq, kind, subject, happened_on, recorded_at, origin, facts, schema_version, "
    "calendar_version, parameters_version, subjects, key, note_commitment, previous_hash, hash"
)
CASE = (
    "id, reference, kind, framework, edition, local_area_id, opening_key, created_at, stage, "
    "first_day, last_day, moments, outcome, inputs_digest, version, head_hash"
)
ROLE = "case_id, person_id, role, starts_on, reason"


def _load(
    number: int,
    made: Sequence[_History],
    areas: _Areas,
    people: _People,
    chance: random.Random,
) -> None:
    from casework.deadlines import ROW_FIELDS

    deadline = f"case_id, owed_roles, {', '.join(ROW_FIELDS)}"
    writer = _Writer(areas)
    for first in range(0, number, AT_A_TIME):
        for n in range(first, min(first + AT_A_TIME, number)):
            history = made[n % len(made)]
            area = history.areas[chance.randrange(len(history.areas))]
            writer.case(n, history, area)
            writer.role(people.leads[n % HMI], "lead_hmi")
            writer.role(people.inspectors[n % CQC], "cqc_inspector")
        writer.copy("casework_case", CASE, writer.cases)
        writer.copy("casework_event", EVENT, writer.events)
        writer.copy("casework_deadline", deadline, writer.deadlines)
        writer.copy("casework_caserole", ROLE, writer.roles)


class _Writer:
    """Lays rows out as COPY reads them."""

    def __init__(self, areas: _Areas) -> None:
        from config import clock

        self.areas = areas
        self.now = clock.now()
        self.cases: list[str] = []
        self.events: list[str] = []
        self.deadlines: list[str] = []
        self.roles: list[str] = []
        self.next_event = 1_000_000
        self.case_id = uuid.UUID(int=0)

    def copy(self, table: str, columns: str, lines: list[str]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO("".join(lines)))
        lines.clear()

    def case(self, n: int, history: _History, area: Any) -> None:
        """A case of an area with a history, its bodies in place of those of the history's own."""
        from casework.chain import canonical, content_of
        from casework.changes.aside import escaped

        own = self.areas.subjects[area.pk]
        its = self.areas.subjects[history.area.pk]
        swap = {
            there[0]: here[0]
            for group in its
            for there, here in zip(its[group], own[group], strict=True)
        }
        self.case_id = uuid.UUID(bytes=hashlib.md5(b"open case %d" % n).digest())
        first_event, head = self.next_event, ""
        for one in history.events:
            facts = dict(one.facts)
            if "subject" in facts:
                facts["subject"] = swap[facts["subject"]]
            event = SimpleNamespace(
                case_id=self.case_id,
                seq=one.seq,
                kind=one.kind,
                subject=facts.get("subject", ""),
                happened_on=one.happened_on,
                happened_at=None,
                recorded_by_id=None,
                recorded_at=self.now,
                origin="recorded",
                facts=facts,
                schema_version=one.schema_version,
                calendar_version=one.calendar_version,
                parameters_version=one.parameters_version,
                subjects=own if one.seq == 1 else None,
                key="",
                corrects_id=None,
                voids_id=None,
                note_commitment="",
                previous_hash=head,
            )
            digest = hashlib.sha256(canonical(content_of(event))).hexdigest()  # type: ignore[arg-type]
            kept = escaped(canonical(facts).decode())
            subjects = escaped(canonical(own).decode()) if one.seq == 1 else "\\N"
            self.events.append(
                f"{self.next_event}\t{self.case_id}\t{one.seq}\t{one.kind}\t{event.subject}\t"
                f"{one.happened_on}\t{self.now.isoformat()}\trecorded\t{kept}\t"
                f"{one.schema_version}\t{one.calendar_version}\t{one.parameters_version}\t"
                f"{subjects}\t\t\t{head}\t{digest}\n"
            )
            head = digest
            self.next_event += 1
        self._case_row(n, history, area, head)
        self._deadlines(history, swap, first_event, {k: v for g in own.values() for k, v in g})

    def _case_row(self, n: int, history: _History, area: Any, head: str) -> None:
        of_case = history.folded.of_case()
        self.cases.append(
            f"{self.case_id}\tOC-{n:07}\tinspection\tlocal-area-send-2016\t\t{area.pk}\t\t"
            f"{self.now.isoformat()}\t{of_case['stage']}\t{of_case['first_day']}\t"
            f"{of_case['last_day']}\t{{{','.join(of_case['moments'])}}}\t{of_case['outcome']}\t"
            f"{of_case['inputs_digest']}\t{history.folded.last_seq}\t{head}\n"
        )

    def _deadlines(
        self,
        history: _History,
        swap: Mapping[str, str],
        first_event: int,
        names: Mapping[str, str],
    ) -> None:
        for row, roles in history.rows:
            values = dataclasses.asdict(row)
            if row.subject in swap:
                values["subject"] = swap[row.subject]
                values["subject_name"] = names[values["subject"]][:200]
            if row.met_event_id is not None:
                values["met_event_id"] = first_event + row.met_event_id - 1
            fields = "\t".join(map(_field, values.values()))
            self.deadlines.append(f"{self.case_id}\t{{{','.join(roles)}}}\t{fields}\n")

    def role(self, person: int, role: str) -> None:
        """A part in the case at hand."""
        self.roles.append(f"{self.case_id}\t{person}\t{role}\t2020-01-01\t\n")


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", " ").replace("\n", " ")
