"""Cases of every kind with histories made up at random: whatever can be on record, in any order."""

import dataclasses
import datetime
import enum
import random
import types
import typing
import uuid

from django.db import Error, transaction

from casework import events
from casework.models import Case, Deadline
from casework.recording import create_case, record_import
from casework.refusals import Refused
from casework.registry import kind_of, kinds
from casework.timetable import TimetableError, frameworks, ruleset

DAY = datetime.timedelta(days=1)


class Histories:
    """Makes cases, the same ones for the same seed: one in each area with the same history, as far
    as their bodies correspond."""

    def __init__(self, areas, seed, *, around=datetime.date(2026, 6, 15), spread=35):
        self.areas = areas
        self.random = random.Random(seed)
        self.around, self.spread = around, spread

    def day(self):
        """A day near the middle, more often a working day than not."""
        return self.around + self.random.randint(-self.spread, self.spread) * DAY

    def cases(self, number, only=None):
        """So many histories of all kinds that have rules."""
        known = [k for k in kinds() if frameworks(k.name) and (only is None or k.name in only)]
        return [self.twins(self.random.choice(known)) for _ in range(number)]

    def twins(self, kind):
        """A case in each area with one history."""
        framework = self.random.choice([f for f in frameworks(kind.name) if f in kind.frameworks])
        imported = self.random.random() < 0.1
        cases = [
            create_case(
                kind.name,
                local_area=area,
                by=None,
                framework=framework,
                imported=imported,
                happened_on=self.around - 3 * self.spread * DAY,
            )
            for area in self.areas
        ]
        for facts, on in self.history(cases[0], kind):
            for case in cases:
                own = dataclasses.replace(facts, subject=self.at_its_place(facts, cases[0], case))
                try:
                    with transaction.atomic():
                        record_import(case.pk, own, happened_on=on)
                except (Refused, TimetableError, Error, ValueError):
                    continue
        return [Case.objects.get(pk=case.pk) for case in cases]

    def at_its_place(self, facts, first, case):
        """The body of a case that stands where the subject stands on the first."""
        theirs, own = (kind_of(one).subjects(one) for one in (first, case))
        for group, members in theirs.items():
            for one, other in zip(members, own[group], strict=True):
                if one.key == facts.subject:
                    return other.key
        return facts.subject

    def history(self, case, kind):
        """Events in any order, then some that change what is on record."""
        declared = [step.event for step in kind.steps]
        first = self.day()
        planned = [e for e in declared if "first_day" in e.planned]
        if planned and self.random.random() < 0.9:
            yield self.facts(self.random.choice(planned), case, first), first - 20 * DAY
        chosen = self.random.sample(declared, self.random.randint(0, min(8, len(declared))))
        for event in chosen:
            ends = kind.step(event.kind).to_stage in kind.ended_stages
            if "first_day" not in event.planned and (not ends or self.random.random() < 0.05):
                on = self.day()
                yield self.facts(event, case, first), on
        yield from self.related(case, kind)
        yield from self.base(case)

    def related(self, case, kind):
        """What is known of other cases."""
        for name in ruleset(kind.name, case.framework).events:
            if ":" in name.name and self.random.random() < 0.6:
                subject = self.subject(case, name.each)
                yield (
                    events.RelatedHappened(
                        event=name.name, case=uuid.UUID(int=7), day=self.day(), subject=subject
                    ),
                    self.around,
                )

    def base(self, case):
        """Extensions, holds, a stand-still, an explanation."""
        rows = list(Deadline.objects.filter(case=case, state__in=["open", "forecast"]))
        for row in self.random.sample(rows, min(len(rows), self.random.randint(0, 2))):
            agreed = row.due_on + self.random.randint(1, 20) * DAY
            yield (
                events.Extended(
                    rule=row.rule, subject=row.subject, agreed_on=agreed, agreed_by="x"
                ),
                self.around,
            )
        if self.random.random() < 0.2:
            yield (
                events.HoldPlaced(why=events.HoldReason.OTHER, from_day=self.around),
                self.around,
            )
        if self.random.random() < 0.2:
            yield events.Suspended(), self.around - 5 * DAY
            if self.random.random() < 0.5:
                yield events.Resumed(), self.around
        if self.random.random() < 0.1:
            yield events.LatenessExplained(rule="x"), self.around

    def subject(self, case, group):
        """One of those that the case has in a group; sometimes all at once."""
        members = kind_of(case).subjects(case).get(group, ())
        keys = [one.key for one in members] or [""]
        return self.random.choice([*keys, ""])

    def facts(self, event, case, first):
        """Facts of a kind with any values that fit their types."""
        values = {}
        hints = typing.get_type_hints(event)
        for field in dataclasses.fields(event):
            if field.name == "subject":
                values["subject"] = self.subject(case, event.subjects) if event.subjects else ""
            elif field.name == "first_day":
                values["first_day"] = first
            elif field.name == "last_day":
                values["last_day"] = first + self.random.choice([0, 2, 4, 4, 4]) * DAY
            elif field.default is dataclasses.MISSING and (
                field.default_factory is dataclasses.MISSING
            ):
                values[field.name] = self.value(hints[field.name])
        return event(**values)

    def value(self, hint):
        """Any value of a type."""
        origin = typing.get_origin(hint)
        if origin in (types.UnionType, typing.Union):
            return None
        if origin is tuple or hint is tuple:
            return ()
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return self.random.choice(list(hint))
        made = {
            datetime.date: self.day,
            datetime.datetime: lambda: None,
            int: lambda: self.random.randint(1, 5),
            bool: lambda: self.random.random() < 0.5,
            uuid.UUID: uuid.uuid4,
            str: lambda: "x",
        }
        return made.get(hint, lambda: None)()
