"""What a row says, as events of a case. Where the source gives no day for something that happened,
the day is ours, and the event's note says what it rests on."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from casework.events import Facts
from casework.recording import Historic
from inspections import events as inspections
from inspections.frameworks import AREA_SEND_2023, LOCAL_AREA_2016
from inspections.scheduling import KIND as INSPECTION
from inspections.timetable import INSPECTORATES
from overview.history.rows import HistoryRow, What
from revisits import events as revisits
from revisits.access import KIND as REVISIT
from working_days.calendar import in_words
from wsoa import events as statements
from wsoa.access import KIND as STATEMENT

KINDS = {
    What.INSPECTION: (INSPECTION, LOCAL_AREA_2016),
    What.FULL_INSPECTION: (INSPECTION, AREA_SEND_2023),
    What.REVISIT: (REVISIT, LOCAL_AREA_2016),
}
#: Events whose day the source does not give: it may be moved when the source says more.
DAY_IS_OURS = ("determined", "progress_judged", "closed")
STANDS_UNDER = "The source does not give its day: it stands under {}."
BOTH_PUBLISHED = "The source gives one day of publication for both inspectorates."


@dataclass(frozen=True)
class Told:
    """A case as a row tells it. `note` stands with its first event."""

    kind: str
    framework: str
    opened_on: datetime.date
    note: str
    history: Sequence[Historic]


def told_of(row: HistoryRow) -> Told:
    """The inspection or re-visit itself: its days, what came of it, publication, closed."""
    kind, framework = KINDS[row.what]
    return Told(
        kind,
        framework,
        opened_on=row.notified_on or row.on,
        note=_opening_note(row),
        history=[*_days(row), *_result(row), *_published(row), _closed(row)],
    )


def statement_told_of(row: HistoryRow) -> Told:
    """The written statement that an inspection asked for: submitted, judged fit, where known."""
    history = []
    if row.plan_submitted:
        history.append(Historic(statements.Submitted(), row.plan_submitted, key="submitted"))
    if row.fit_letter:
        words = f"Its day is that of the letter, {in_words(row.fit_letter)}."
        fit = statements.JudgedFit(both=True)
        history.append(Historic(fit, row.fit_letter, key="judged_fit", note=words))
        letter = statements.FitnessLetterSent()
        history.append(Historic(letter, row.fit_letter, key="fitness_letter_sent"))
    due = [f"Due by {in_words(row.plan_due)}, by the source."] if row.plan_due else []
    parts = [*_principal(row), *due, f"Source: {row.source}."]
    return Told(STATEMENT, LOCAL_AREA_2016, _known_on(row), " ".join(parts), history)


def _known_on(row: HistoryRow) -> datetime.date:
    """The day on which what came of it was known, or the last day that is known of it at all."""
    return row.published_on or row.last_day or row.on


def _days(row: HistoryRow) -> list[Historic]:
    if row.first_day is None or row.last_day is None:
        return []
    facts = inspections.DatesOnRecord(
        first_day=row.first_day,
        last_day=row.last_day,
        last_day_assumed=row.last_day_assumed,
        notified=row.notified_on,
    )
    if not row.last_day_given:
        note = "The source does not give the last day: the usual length is assumed."
    else:
        note = f"Last day: {row.end_basis}." if row.end_basis else ""
    return [Historic(facts, row.first_day, key="dates_on_record", note=note)]


def _result(row: HistoryRow) -> list[Historic]:
    facts = _result_facts(row)
    if facts is None:
        return []
    where = "the day of publication" if row.published_on else "the last day that is known"
    words = [STANDS_UNDER.format(where)]
    if isinstance(facts, inspections.Determined):
        words += _principal(row)
    return [Historic(facts, _known_on(row), key=facts.kind, note=" ".join(words))]


def _result_facts(row: HistoryRow) -> Facts | None:
    if isinstance(row.outcome, inspections.Need):
        return inspections.Determined(result=row.outcome, weaknesses=row.weaknesses)
    if isinstance(row.outcome, inspections.Judgement):
        return inspections.OutcomeDecided(result=row.outcome, priority_areas=row.weaknesses)
    if row.what is not What.REVISIT or (row.outcome is None and row.sufficient is None):
        return None
    return revisits.ProgressJudged(
        sufficient=row.sufficient,
        not_sufficient=row.insufficient,
        published_outcome=row.outcome.value if row.outcome else "",
    )


def _published(row: HistoryRow) -> list[Historic]:
    if row.published_on is None:
        return []
    event = revisits.RevisitPublished if row.what is What.REVISIT else inspections.ReportPublished
    return [
        Historic(
            event(subject=body.key),
            row.published_on,
            key=f"{event.kind}:{body.key}",
            note=BOTH_PUBLISHED if number == 0 else "",
        )
        for number, body in enumerate(INSPECTORATES)
    ]


def _closed(row: HistoryRow) -> Historic:
    event = revisits.Closed if row.what is What.REVISIT else inspections.Closed
    return Historic(event(), _known_on(row), key="closed", note="History: nothing is due.")


def _principal(row: HistoryRow) -> list[str]:
    return [f"Principal authority: {row.principal_authority}."] if row.principal_authority else []


def _opening_note(row: HistoryRow) -> str:
    """Where it is from, what the source says besides, and what is doubtful about it."""
    parts = [f"Source: {row.source}."] if row.source else []
    if row.notes:
        parts.append(f"Notes: {row.notes}.")
    if row.what is What.FULL_INSPECTION:
        parts += [f"{what} {day}." for what, day in _action_plan(row)]
        if row.next_inspection:
            parts.append(f"Next inspection, by the source: in {row.next_inspection}.")
    if row.doubts:
        parts.append(f"Doubtful: {' '.join(row.doubts)}")
    return " ".join(parts)


def _action_plan(row: HistoryRow) -> list[tuple[str, str]]:
    days = (
        ("Priority action plan due by", row.plan_due),
        ("Priority action plan submitted on", row.plan_submitted),
    )
    return [(what, in_words(day)) for what, day in days if day is not None]
