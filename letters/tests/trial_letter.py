"""A small letter for the letters room's own tests, on casework's trial kind of case."""

import datetime
from dataclasses import dataclass

from casework.access import Row
from casework.recording import create_case, record
from casework.tests import rehearsal
from letters.facts import Addressee, LetterFacts, Problem, Sender, Signatory
from letters.registry import LetterKind, NotYet, forget_letter, register_letter

CODE = "L-TRIAL"
MORNING = datetime.datetime(2026, 6, 1, 8, 0, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class TrialFacts(LetterFacts):
    first_day: datetime.date
    taken_by: str = "Dana Director"


class World:
    """What a test changes to see how the letter takes it."""

    def __init__(self):
        self.name = "Dana Director"
        self.email = "dana@example.org"
        self.address = "1 High Street\nTrialton"
        self.taken_by = "Dana Director"
        self.problems = []

    def facts(self, case):
        if case.first_day is None:
            raise NotYet([Problem("Dates are not fixed yet.")])
        return TrialFacts(
            local_area=case.local_area.name,
            senders=(Sender("Ofsted"), Sender("Care Quality Commission")),
            to=(Addressee(self.name, "Director", "Trialshire Council", self.address, self.email),),
            copies=(Addressee("Chris Chief", "Chief executive", "Board", "", "chris@example.org"),),
            signatory=Signatory("Lee Lead", "Lead inspector"),
            first_day=case.first_day,
            taken_by=self.taken_by,
        )

    def happened(self, letter, facts):
        return rehearsal.Told(taken_by=facts.taken_by) if letter.number == 1 else None


def declare(world):
    register_letter(
        LetterKind(
            code=CODE,
            name="Trial letter",
            case_kind="rehearsal",
            source="T 1",
            facts_type=TrialFacts,
            facts=world.facts,
            template="letters/parts/letter.html",
            template_version=1,
            title=lambda facts: f"Trial of {facts.local_area}",
            problems=lambda case, facts: tuple(world.problems),
            on_issued=world.happened,
            access=[
                Row(CODE, "approve", "support_officer"),
                Row(CODE, "approve", "lead_hmi"),
                Row(CODE, "draft", "support_officer"),
                Row(CODE, "draft", "lead_hmi"),
                Row(CODE, "draft", "cqc_inspector"),
                Row(CODE, "read", "support_officer"),
                Row(CODE, "read", "lead_hmi"),
                Row(CODE, "read", "cqc_inspector"),
                Row(CODE, "read", "dcs", moment="notified"),
            ],
        )
    )


def withdraw():
    forget_letter(CODE)


def fixed_case(area, officer):
    """A case whose dates are fixed: five working days before its first day."""
    case = create_case("rehearsal", local_area=area, by=officer)
    record(
        case.pk,
        rehearsal.Fixed(first_day=datetime.date(2026, 6, 8), last_day=datetime.date(2026, 6, 12)),
        by=officer,
    )
    case.refresh_from_db()
    return case
