"""From a row of text to a typed one with its doubts, or the reasons why it cannot be taken."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from inspections.events import Need
from overview.history.cells import Cells, Refused
from overview.history.doubts import doubts_of
from overview.history.reading import Read
from overview.history.rows import HistoryRow, What
from revisits.events import ProgressJudged
from working_days.calendar import Calendar, in_words

#: Working days on site where the last day is not given: as the source assumes them elsewhere.
USUAL_LENGTH = {What.INSPECTION: 5, What.FULL_INSPECTION: 5, What.REVISIT: 3}


def check(read: Read, calendar: Calendar, today: datetime.date) -> HistoryRow:
    """The row with its doubts. Raises Refused with every reason why it cannot be taken."""
    if read.problem:
        raise Refused(read.problem)
    cells = Cells(read.cells, calendar, today)
    row = _typed(read, cells, cells.what())
    if reasons := cells.reasons or list(_impossible(row)):
        raise Refused(*reasons)
    row = _with_last_day(row, calendar)
    return replace(row, doubts=tuple(doubts_of(row, calendar)))


def _typed(read: Read, cells: Cells, what: What) -> HistoryRow:
    text = read.cells
    last_day, basis = cells.day("end_date"), text["end_date_basis"]
    return HistoryRow(
        number=read.number,
        what=what,
        area_name=cells.needed("local_area"),
        gss_code=text["gss_code"].upper(),
        region=text["ofsted_region"],
        notified_on=cells.day("notification_date"),
        first_day=cells.day("start_date"),
        last_day=last_day,
        last_day_assumed=last_day is not None and basis.lower().startswith("assumed"),
        last_day_given=last_day is not None,
        end_basis=basis,
        published_on=cells.day("publication_date"),
        outcome=cells.outcome(what),
        outcome_words=text["outcome"],
        weaknesses=cells.number("n_weaknesses"),
        sufficient=cells.number("n_sufficient"),
        insufficient=cells.number("n_insufficient"),
        principal_authority=text["principal_authority"],
        plan_due=cells.day("wsoa_due", may_lie_ahead=True),
        plan_submitted=cells.day("wsoa_submitted"),
        fit_letter=cells.day("wsoa_fit_for_purpose_letter"),
        next_inspection=text["next_inspection"],
        file_days_to_publication=cells.number("wd_end_to_publication", signed=True),
        file_deadline=cells.day("deadline_33wd", may_lie_ahead=True),
        file_days_over=cells.number("wd_over_33", signed=True),
        source=text["source"],
        notes=text["notes"].strip("; "),
        month_end=cells.month_end("notes"),
    )


def _with_last_day(row: HistoryRow, calendar: Calendar) -> HistoryRow:
    """Where only the first day is given, the last follows from the usual length (HB 20, RV 19)."""
    if row.first_day is None or row.last_day is not None:
        return row
    last_day = calendar.add(row.first_day, USUAL_LENGTH[row.what] - 1)
    if row.published_on is not None:
        last_day = min(last_day, row.published_on)
    return replace(row, last_day=last_day, last_day_assumed=True)


def _impossible(row: HistoryRow) -> Iterator[str]:
    """What cannot be so, whatever the source says."""
    if row.anchor is None:
        yield "It has no date at all, and its notes name no month."
    yield from _out_of_order(row)
    if row.what is What.REVISIT:
        yield from _judged_otherwise(row)
    if row.outcome is Need.NOT_REQUIRED:
        of_statement = {
            "n_weaknesses": row.weaknesses,
            "wsoa_submitted": row.plan_submitted,
            "wsoa_fit_for_purpose_letter": row.fit_letter,
        }
        if given := [name for name, value in of_statement.items() if value]:
            yield f"No statement was required, and yet there is {', '.join(given)}."


def _out_of_order(row: HistoryRow) -> Iterator[str]:
    one_after_another = [
        ("notification_date", row.notified_on),
        ("start_date", row.first_day),
        ("end_date", row.last_day),
        ("publication_date", row.published_on),
    ]
    known = [(name, day) for name, day in one_after_another if day is not None]
    for (name, day), (later, after) in pairwise(known):
        if after < day:
            yield f"{later} {after} is before {name} {day}."
    over = row.last_day or row.first_day
    plan = [
        ("wsoa_submitted", row.plan_submitted),
        ("wsoa_fit_for_purpose_letter", row.fit_letter),
    ]
    for name, done in plan:
        if done and over and done < over:
            yield f"{name} {done} is before the team had left on {in_words(over)}."
    if row.plan_submitted and row.fit_letter and row.fit_letter < row.plan_submitted:
        yield f"wsoa_fit_for_purpose_letter {row.fit_letter} is before wsoa_submitted."


def _judged_otherwise(row: HistoryRow) -> Iterator[str]:
    """The outcome follows from the judgements of the weaknesses and is never typed."""
    enough, lacking = row.sufficient, row.insufficient
    if enough is None or lacking is None:
        if (enough, lacking) != (None, None):
            yield "Of n_sufficient and n_insufficient only one is given."
        return
    if row.weaknesses is not None and enough + lacking != row.weaknesses:
        yield f"n_weaknesses is {row.weaknesses}, but {enough} + {lacking} were judged."
    if not enough + lacking:
        yield "No weakness was judged: n_sufficient and n_insufficient are both 0."
        return
    follows = ProgressJudged(sufficient=enough, not_sufficient=lacking).progress()
    if row.outcome is not None and row.outcome is not follows:
        yield (
            f"The outcome '{row.outcome_words}' does not follow from {enough} sufficient and"
            f" {lacking} not."
        )
