"""One row of the record as the import reads it: what it is of, its days, what came of it."""

import datetime
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspections.events import Judgement, Need
from revisits.events import Progress


class What(enum.StrEnum):
    """The kinds of event that the record has, as people name them."""

    INSPECTION = "inspection"
    FULL_INSPECTION = "full inspection"
    REVISIT = "re-visit"


#: By the file's own words: framework and event.
KNOWN = {
    ("2016-2022", "inspection"): What.INSPECTION,
    ("2016-2022", "revisit"): What.REVISIT,
    ("2023-", "full inspection"): What.FULL_INSPECTION,
}


#: Outcomes in the file's own words, by kind of event.
OUTCOMES: Mapping[What, Mapping[str, enum.StrEnum]] = {
    What.INSPECTION: {"wsoa required": Need.REQUIRED, "no wsoa": Need.NOT_REQUIRED},
    What.FULL_INSPECTION: {
        "typically positive": Judgement.POSITIVE,
        "inconsistent": Judgement.INCONSISTENT,
        "widespread and/or systemic failings": Judgement.FAILINGS,
    },
    What.REVISIT: {
        "sufficient progress: all": Progress.ALL,
        "sufficient progress: some": Progress.SOME,
        "sufficient progress: none": Progress.NONE,
    },
}


@dataclass(frozen=True)
class HistoryRow:
    """One event of the record, its cells read. `number`: where it stands in the file.

    `plan_...` are the columns of the statement; under the framework of 2023 they are those of the
    priority action plan. `file_...` is the file's own reckoning, which nothing here rests on.
    """

    number: int
    what: What
    area_name: str
    gss_code: str
    region: str
    notified_on: datetime.date | None
    first_day: datetime.date | None
    last_day: datetime.date | None
    #: The last day is the source's guess, or ours where it gives none.
    last_day_assumed: bool
    last_day_given: bool
    end_basis: str
    published_on: datetime.date | None
    outcome: enum.StrEnum | None
    outcome_words: str
    weaknesses: int | None
    sufficient: int | None
    insufficient: int | None
    principal_authority: str
    plan_due: datetime.date | None
    plan_submitted: datetime.date | None
    fit_letter: datetime.date | None
    next_inspection: str
    file_days_to_publication: int | None
    file_deadline: datetime.date | None
    file_days_over: int | None
    source: str
    notes: str
    #: The last day of the month that the notes name.
    month_end: datetime.date | None = None
    doubts: Sequence[str] = ()

    @property
    def anchor(self) -> datetime.date | None:
        """The day by which it is placed in time and told from others of its kind."""
        days = (self.first_day, self.last_day, self.notified_on, self.published_on, self.month_end)
        return next((day for day in days if day is not None), None)

    @property
    def on(self) -> datetime.date:
        """The anchor of a row that was checked: it has one."""
        assert self.anchor is not None
        return self.anchor

    @property
    def needs_statement(self) -> bool:
        """Whether a written statement of action was required."""
        return self.outcome is Need.REQUIRED
