"""The kinds of event of the monitoring of a written statement. Their names are the timetable's.

Whatever is free text or names a person is `personal`: it stands in the event's note.
"""

import datetime
import enum
from typing import ClassVar

from casework.events import Facts, fact, facts, personal
from casework.timetable import Happening


@facts
class SupportOffered(Facts):
    """DfE and NHS England offered support while the statement is written (HB 105)."""

    kind: ClassVar[str] = "support_offered"
    label: ClassVar[str] = "Support offered while the statement is written"
    action: ClassVar[str] = "Offer support"


@facts
class SupportSessionHeld(Facts):
    """One session with the area on its statement (HB 105)."""

    kind: ClassVar[str] = "support_session_held"
    label: ClassVar[str] = "Support session held"

    what: str = personal("What it was about", widget="textarea")


@facts
class MonitoringBegun(Facts):
    """The letter says that the statement is fit for purpose: monitoring begins (RV 5)."""

    kind: ClassVar[str] = "monitoring_begun"
    label: ClassVar[str] = "Monitoring begun"


@facts
class VisitHeld(Facts):
    """A support and challenge visit by the advisers of both bodies (RV 5; HB 111)."""

    kind: ClassVar[str] = "visit_held"
    label: ClassVar[str] = "Support and challenge visit held"

    dfe: bool = fact("The DfE adviser took part", default=False)
    nhs: bool = fact("The NHS England adviser took part", default=False)
    behind: bool = fact("Some actions are delayed or at risk", default=False)
    summary: str = personal(
        "Summary of the visit",
        hint="How far the actions are, and what was agreed.",
        widget="textarea",
    )
    next_on: datetime.date | None = fact(
        "Next visit agreed for", noun="the day of the next visit", default=None
    )


@facts
class JointDecision(Facts):
    """What both bodies decide together, with reasons (SC)."""

    dfe_agrees: bool = fact("DfE agrees", default=False)
    nhs_agrees: bool = fact("NHS England agrees", default=False)
    reason: str = personal("Reasons", widget="textarea")


@facts
class IntensityChanged(JointDecision):
    """Another number of months between visits from now on."""

    kind: ClassVar[str] = "intensity_changed"
    label: ClassVar[str] = "Time between visits changed"
    action: ClassVar[str] = "Change the time between visits"

    months: int = fact("Months between visits", hint="From 1 to 12. Three is usual.")

    def sentence(self, subject_name: str = "") -> str:
        """The new time."""
        return f"Visits every {self.months} month{'s' if self.months != 1 else ''} from now on"

    def happenings(self, on: datetime.date, at: datetime.datetime | None = None) -> list[Happening]:
        """The timetable reads the number of months as what the event is for."""
        return [Happening(event=self.kind, on=on, at=at, subject=str(self.months))]


@facts
class MonitoringCeased(JointDecision):
    """The visits end; the statement itself stays as it is (SC)."""

    kind: ClassVar[str] = "monitoring_ceased"
    label: ClassVar[str] = "Monitoring ceased"
    action: ClassVar[str] = "Cease monitoring"


class NextStep(enum.StrEnum):
    """What DfE and NHS England choose after insufficient progress (RV 29, HB Annex A, SC)."""

    PLAN = "updated_plan"
    OFFICERS = "accountable_officers"
    ACCELERATED = "accelerated_plan"
    NOTICE = "improvement_notice"
    DIRECTION = "statutory_direction"
    POWERS = "secretary_of_state"


NEXT_STEPS = (
    (NextStep.PLAN.value, "Updated action plan"),
    (NextStep.OFFICERS.value, "Meeting of the senior accountable officers"),
    (NextStep.ACCELERATED.value, "Accelerated progress plan"),
    (NextStep.NOTICE.value, "Improvement notice"),
    (NextStep.DIRECTION.value, "Statutory direction"),
    (NextStep.POWERS.value, "Use of the Secretary of State’s powers"),
)


@facts
class NextStepsChosen(Facts):
    """The next steps after a re-visit found insufficient progress (RV 29)."""

    kind: ClassVar[str] = "next_steps_chosen"
    label: ClassVar[str] = "Next steps chosen"
    action: ClassVar[str] = "Choose the next steps"

    steps: tuple[str, ...] = fact("Next steps", choices=NEXT_STEPS, default=())
    reason: str = personal("Reasons", widget="textarea")

    def sentence(self, subject_name: str = "") -> str:
        """Which they are."""
        chosen = [text[0].lower() + text[1:] for name, text in NEXT_STEPS if name in self.steps]
        return f"{self.label}: {', '.join(chosen)}" if chosen else self.label


@facts
class PlanReceived(Facts):
    """The updated action plan came to DfE, NHS England and DHSC (HB Annex A)."""

    kind: ClassVar[str] = "plan_received"
    label: ClassVar[str] = "Updated action plan received"
    action: ClassVar[str] = "Submit the updated action plan"

    co_produced: bool = fact("It was co-produced with parents and carers", default=False)
    progress: bool = fact("It says how progress and impact are reported", default=False)
    families: bool = fact("It says how partners and families are kept informed", default=False)


@facts
class PlanPublished(Facts):
    """The updated action plan stands on the area's website (HB Annex A)."""

    kind: ClassVar[str] = "plan_published"
    label: ClassVar[str] = "Updated action plan published"
    action: ClassVar[str] = "Record where the updated action plan is published"

    address: str = fact("Web address")


@facts
class ReviewMeetingHeld(Facts):
    """The formal progress review meeting (HB Annex A)."""

    kind: ClassVar[str] = "review_meeting_held"
    label: ClassVar[str] = "Progress review meeting held"

    forum_invited: bool = fact("The parent carer forum was invited", default=False)


@facts
class Closed(Facts):
    """The statement ended, and with it its monitoring."""

    kind: ClassVar[str] = "closed"
    label: ClassVar[str] = "Monitoring closed with the statement"


EVENTS: tuple[type[Facts], ...] = (
    SupportOffered,
    SupportSessionHeld,
    MonitoringBegun,
    VisitHeld,
    IntensityChanged,
    MonitoringCeased,
    NextStepsChosen,
    PlanReceived,
    PlanPublished,
    ReviewMeetingHeld,
    Closed,
)
