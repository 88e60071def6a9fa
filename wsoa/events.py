"""The kinds of event of a written statement of action. Their names are the timetable's.

Whatever is free text or names a person is `personal`: it stands in the event's note.
"""

import datetime
from typing import ClassVar

from casework.events import Facts, day_in_words, fact, facts, personal
from casework.workflow import State
from inspections.events import AddressRecorded as ReportAddress


def judged_fit(state: State) -> bool:
    """Whether the latest judgement on record found the statement fit for purpose."""
    judged = (one.kind for one in reversed(state.happened) if one.kind in JUDGED)
    return next(judged, "") == JudgedFit.kind


@facts
class WritingBegun(Facts):
    """The principal authority and its partners write the statement together."""

    kind: ClassVar[str] = "writing_begun"
    label: ClassVar[str] = "Writing of the statement begun"
    action: ClassVar[str] = "Begin writing the statement"


@facts
class Submitted(Facts):
    """The statement went to HMCI, CQC and both Secretaries of State (HB 66, 69)."""

    kind: ClassVar[str] = "submitted"
    label: ClassVar[str] = "Statement submitted"
    action: ClassVar[str] = "Submit the statement"

    every_weakness: bool = fact(
        "Every significant weakness has at least one action",
        hint="HB 68: the statement answers each weakness of the report.",
        default=False,
    )
    who_and_when: bool = fact(
        "Every action says who will take it, and in what period", hint="HB 68", default=False
    )


@facts
class ReviewBegun(Facts):
    """Ofsted and CQC read the statement."""

    kind: ClassVar[str] = "review_begun"
    label: ClassVar[str] = "Review by Ofsted and CQC begun"
    action: ClassVar[str] = "Begin the review"


@facts
class JudgedFit(Facts):
    """Both inspectorates judged the statement, as first made or revised, fit for purpose."""

    kind: ClassVar[str] = "judged_fit"
    label: ClassVar[str] = "Judged fit for purpose"
    action: ClassVar[str] = "Judge the statement fit for purpose"

    both: bool = fact("Ofsted and CQC both judge it fit for purpose", default=False)

    def outcome(self) -> str | None:
        """Fit."""
        return "fit"


@facts
class JudgedNotFit(Facts):
    """The statement as first made was judged not fit for purpose, with reasons per weakness."""

    kind: ClassVar[str] = "judged_not_fit"
    label: ClassVar[str] = "Judged not fit for purpose"
    action: ClassVar[str] = "Judge the statement not fit for purpose"

    weaknesses: int | None = fact("Number of weaknesses for which it falls short", default=None)
    reasons: str = personal(
        "Reasons, weakness by weakness",
        hint="They go into the letter to the leaders of the area.",
        widget="textarea",
    )

    def outcome(self) -> str | None:
        """Not fit."""
        return "not_fit"


@facts
class FitnessLetterSent(Facts):
    """The regional director's letter with the judgement and why (ON 6): only now is it known."""

    kind: ClassVar[str] = "fitness_letter_sent"
    label: ClassVar[str] = "Letter with the judgement sent"
    action: ClassVar[str] = "Send the letter with the judgement"

    def leads_to(self, state: State) -> str | None:
        """What was judged becomes the stage once the letter says it."""
        return "fit" if judged_fit(state) else "not_fit"


@facts
class NotFitLetterReceived(Facts):
    """The principal authority has the letter: its 20 working days begin (HB Annex A)."""

    kind: ClassVar[str] = "not_fit_letter_received"
    label: ClassVar[str] = "‘Not fit’ letter received"


@facts
class Resubmitted(Submitted):
    """A new version of the statement was submitted after 'not fit' (HB Annex A)."""

    kind: ClassVar[str] = "resubmitted"
    label: ClassVar[str] = "Revised statement submitted"
    action: ClassVar[str] = "Submit the revised statement"


@facts
class SecondNotFit(JudgedNotFit):
    """The revised statement was judged not fit either: advice goes to the Minister."""

    kind: ClassVar[str] = "second_not_fit"
    label: ClassVar[str] = "Revised statement judged not fit for purpose"
    action: ClassVar[str] = "Judge the revised statement not fit for purpose"

    def outcome(self) -> str | None:
        """Not fit for the second time."""
        return "second_not_fit"


@facts
class SecondFitnessLetterSent(Facts):
    """The letter with the judgement of the revised statement (ON 6)."""

    kind: ClassVar[str] = "second_fitness_letter_sent"
    label: ClassVar[str] = "Letter with the second judgement sent"
    action: ClassVar[str] = "Send the letter with the second judgement"

    def leads_to(self, state: State) -> str | None:
        """What was judged becomes the stage once the letter says it."""
        return "fit" if judged_fit(state) else "second_not_fit"


@facts
class AdviceSent(Facts):
    """Advice to the Minister after a second 'not fit' (HB Annex A)."""

    kind: ClassVar[str] = "advice_sent"
    label: ClassVar[str] = "Advice sent to the Minister"
    action: ClassVar[str] = "Send advice to the Minister"


@facts
class AddressRecorded(ReportAddress):
    """Where one of those who made the statement published it (HB 70)."""

    kind: ClassVar[str] = "address_recorded"
    label: ClassVar[str] = "Web address of the statement recorded"
    action: ClassVar[str] = "Record where the statement is published"
    subjects: ClassVar[str] = "body"


@facts
class RevisitPlanned(Facts):
    """A re-visit is planned for a rough period: its own case is opened."""

    kind: ClassVar[str] = "revisit_planned"
    label: ClassVar[str] = "Re-visit planned"
    action: ClassVar[str] = "Plan a re-visit"

    period_from: datetime.date = fact("Not before", noun="the first day of the rough period")
    period_to: datetime.date = fact("Not after", noun="the last day of the rough period")
    why_late: str = personal(
        "Why later than 18 months",
        hint="Only where the period ends more than 18 months after the statement was judged fit.",
        widget="textarea",
    )
    direction: str = personal(
        "The Secretary of State’s direction",
        hint="Only for a further re-visit (RV 29): its date and reference.",
        widget="textarea",
    )

    def sentence(self, subject_name: str = "") -> str:
        """The rough period."""
        period = f"{day_in_words(self.period_from)} to {day_in_words(self.period_to)}"
        return f"{self.label} for {period}"


@facts
class FurtherSupportNeeded(Facts):
    """A re-visit found insufficient progress: the statement stays open (RV 29)."""

    kind: ClassVar[str] = "further_support_needed"
    label: ClassVar[str] = "In further support after the re-visit"


@facts
class Closed(Facts):
    """A re-visit found sufficient progress in all weaknesses: the statement ends (RV 28)."""

    kind: ClassVar[str] = "closed"
    label: ClassVar[str] = "Statement closed"
    action: ClassVar[str] = "Close the statement"


@facts
class Superseded(Facts):
    """The area was inspected under the framework of 2023: the statement ends."""

    kind: ClassVar[str] = "superseded"
    label: ClassVar[str] = "Superseded by an inspection under the framework of 2023"
    action: ClassVar[str] = "Record that the statement is superseded"

    inspection: str = fact("Reference of that inspection", default="")

    def sentence(self, subject_name: str = "") -> str:
        """By which inspection, where it is known."""
        return f"{self.label} ({self.inspection})" if self.inspection else self.label


@facts
class NoLongerRequired(Facts):
    """The determination was withdrawn or made by mistake: no statement is due."""

    kind: ClassVar[str] = "no_longer_required"
    label: ClassVar[str] = "Statement no longer required"
    action: ClassVar[str] = "Record that no statement is required"

    reason: str = personal("Why none is required", widget="textarea")


JUDGED = frozenset({JudgedFit.kind, JudgedNotFit.kind, SecondNotFit.kind})

EVENTS: tuple[type[Facts], ...] = (
    WritingBegun,
    Submitted,
    ReviewBegun,
    JudgedFit,
    JudgedNotFit,
    FitnessLetterSent,
    NotFitLetterReceived,
    Resubmitted,
    SecondNotFit,
    SecondFitnessLetterSent,
    AdviceSent,
    AddressRecorded,
    RevisitPlanned,
    FurtherSupportNeeded,
    Closed,
    Superseded,
    NoLongerRequired,
)
