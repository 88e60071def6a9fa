"""What came of each row, and of the file as a whole."""

import enum
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from casework.models import Case, Deadline, DeadlineState
from inspections.events import Need
from overview.history.rows import What

#: The deadline that the handbook sets for publication (HB 59): 33 working days.
PUBLICATION = "IN-PUBLISH"


class Outcome(enum.StrEnum):
    """Every row is one of these: they add up to all rows."""

    TAKEN = "taken"
    DOUBTED = "doubted"
    REFUSED = "refused"


class Written(enum.StrEnum):
    """What a row that was taken did to the record."""

    CREATED = "created"
    ADDED = "added to"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"
    NOTHING = ""


@dataclass(frozen=True)
class Result:
    """One row: what it speaks of, what came of it and why. `case` where it is on record."""

    number: int
    event: str
    area: str
    day: str
    outcome: Outcome
    why: Sequence[str] = ()
    written: Written = Written.NOTHING
    case_id: uuid.UUID | None = None
    reference: str = ""
    what: What | None = None


@dataclass
class Summary:
    """The counts of one import, read from the cases themselves and never from the file."""

    results: list[Result] = field(default_factory=list)

    def as_json(self) -> dict[str, int]:
        """The figures of the last line, in its order.

        `taken`, `doubted` and `refused` add up to `rows`; `created` and `unchanged` count rows.
        """
        inspections = self._cases(What.INSPECTION)
        within = Deadline.objects.filter(
            case__in=inspections, rule=PUBLICATION, state=DeadlineState.MET
        )
        required = Case.objects.filter(pk__in=inspections, outcome=Need.REQUIRED.value)
        return {
            "rows": len(self.results),
            "taken": self._count(Outcome.TAKEN),
            "doubted": self._count(Outcome.DOUBTED),
            "refused": self._count(Outcome.REFUSED),
            "created": self._written(Written.CREATED),
            "unchanged": self._written(Written.UNCHANGED),
            "inspections": len(inspections),
            "within_33": within.count(),
            "revisits": len(self._cases(What.REVISIT)),
            "wsoa_required": required.count(),
        }

    def _cases(self, what: What) -> set[uuid.UUID]:
        return {one.case_id for one in self.results if one.case_id and one.what is what}

    def _count(self, outcome: Outcome) -> int:
        return sum(one.outcome is outcome for one in self.results)

    def _written(self, written: Written) -> int:
        return sum(one.written is written for one in self.results)


def in_order(results: Iterable[Result]) -> list[Result]:
    """As the rows stand in the file."""
    return sorted(results, key=lambda one: one.number)
