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
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

DAY = datetime.timedelta(days=1)
AT_A_TIME = 2_000
#: Areas to which one history is given.
AREAS_EACH = 5
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

    fields = [name for name in ROW_FIELDS if name != "met_event_id"]
    deadline = f"case_id, owed_roles, {', '.join(fields)}, met_event_id"
    tables = {
        "casework_case": CASE,
        "casework_event": EVENT,
        "casework_deadline": deadline,
        "casework_caserole": ROLE,
    }
    writer = _Writer(areas, people)
    turns = len(made) * AREAS_EACH
    for turn in range(turns):
        history = made[turn % len(made)]
        several = number * (turn + 1) // turns - number * turn // turns
        writer.cases(history, chance.choice(history.areas), several)
        if len(writer.lines["casework_case"]) >= AT_A_TIME or turn == turns - 1:
            writer.copy(tables)


class _Writer:
    """Lays rows out as COPY reads them."""

    def __init__(self, areas: _Areas, people: _People) -> None:
        from config import clock

        self.areas, self.people = areas, people
        self.now = clock.now()
        self.lines: dict[str, list[str]] = defaultdict(list)
        self.next_event, self.number = 1_000_000, 0

    def copy(self, tables: Mapping[str, str]) -> None:
        """Add what is laid out."""
        from django.db import connection

        with connection.cursor() as cursor:
            for table, columns in tables.items():
                lines = io.StringIO("".join(self.lines[table]))
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines)
        self.lines.clear()

    def cases(self, history: _History, area: Any, several: int) -> None:
        """Cases of an area with a history, its bodies in place of those of the history's own."""
        own, its = self.areas.subjects[area.pk], self.areas.subjects[history.area.pk]
        pairs = [pair for group in its for pair in zip(its[group], own[group], strict=True)]
        swap = {there[0]: here[0] for there, here in pairs}
        names = {here[0]: here[1] for _, here in pairs}
        events = [self._event(one, own, swap) for one in history.events]
        rows = [self._deadline(row, roles, swap, names) for row, roles in history.rows]
        before, after = self._case_row(history, area)
        for _ in range(several):
            self._case(events, rows, before, after)

    def _case(
        self,
        events: Sequence[tuple[Any, bytes, int, str, str]],
        rows: Sequence[tuple[str, int | None]],
        before: str,
        after: str,
    ) -> None:
        n = self.number
        self.number += 1
        case = str(uuid.UUID(bytes=hashlib.md5(b"open case %d" % n).digest()))
        head = ""
        first = self.next_event
        for hasher, facts, seq, start, middle in events:
            digest = hasher.hash(case, seq, facts, head)
            line = f"{self.next_event}\t{case}\t{start}\t{middle}\t{head}\t{digest}\n"
            self.lines["casework_event"].append(line)
            head = digest
            self.next_event += 1
        self.lines["casework_deadline"] += [
            f"{case}\t{text}\t{chr(92) + 'N' if met is None else first + met - 1}\n"
            for text, met in rows
        ]
        self.lines["casework_case"].append(f"{case}\tOC-{n:07}\t{before}\t{head}{after}")
        for person, role in (
            (self.people.leads[n % HMI], "lead_hmi"),
            (self.people.inspectors[n % CQC], "cqc_inspector"),
        ):
            self.lines["casework_caserole"].append(f"{case}\t{person}\t{role}\t2020-01-01\t\n")

    def _event(
        self, one: Any, own: Any, swap: Mapping[str, str]
    ) -> tuple[Any, bytes, int, str, str]:
        from casework.chain import HashOfMany, canonical
        from casework.changes.aside import escaped
        from casework.models import Event

        facts = dict(one.facts)
        if "subject" in facts:
            facts["subject"] = swap[facts["subject"]]
        event = Event(
            kind=one.kind,
            subject=facts.get("subject", ""),
            happened_on=one.happened_on,
            recorded_at=self.now,
            schema_version=one.schema_version,
            calendar_version=one.calendar_version,
            parameters_version=one.parameters_version,
            subjects=own if one.seq == 1 else None,
        )
        kept = canonical(facts)
        subjects = escaped(canonical(own).decode()) if one.seq == 1 else "\\N"
        start = f"{one.seq}\t{one.kind}\t{event.subject}\t{one.happened_on}"
        middle = "\t".join(
            (
                self.now.isoformat(),
                "recorded",
                escaped(kept.decode()),
                str(one.schema_version),
                str(one.calendar_version),
                str(one.parameters_version),
                subjects,
                "",
                "",
            )
        )
        return HashOfMany(event), kept, one.seq, start, middle

    def _case_row(self, history: _History, area: Any) -> tuple[str, str]:
        of_case = history.folded.of_case()
        before = (
            f"inspection\tlocal-area-send-2016\t\t{area.pk}\t\t{self.now.isoformat()}\t"
            f"{of_case['stage']}\t{of_case['first_day']}\t{of_case['last_day']}\t"
            f"{{{','.join(of_case['moments'])}}}\t{of_case['outcome']}\t"
            f"{of_case['inputs_digest']}\t{history.folded.last_seq}"
        )
        return before, "\n"

    def _deadline(
        self, row: Any, roles: Sequence[str], swap: Mapping[str, str], names: Mapping[str, str]
    ) -> tuple[str, int | None]:
        values = dataclasses.asdict(row)
        met = values.pop("met_event_id")
        if row.subject in swap:
            values["subject"] = swap[row.subject]
            values["subject_name"] = names[values["subject"]][:200]
        fields = "\t".join(map(_field, values.values()))
        return f"{{{','.join(roles)}}}\t{fields}", met


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", " ").replace("\n", " ")
