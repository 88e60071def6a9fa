"""The kinds of event up to the feedback: planning, notification, on site."""

import datetime
import enum
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from casework.events import Facts, day_in_words, fact, facts, personal
from inspections.requests import HEALTH_REQUESTS, LANO_REQUESTS

# --- programme and scheduling -----------------------------------------------------------------


@facts
class Planned(Facts):
    """Area and rough period are chosen."""

    kind: ClassVar[str] = "planned"
    label: ClassVar[str] = "Inspection planned"

    period_from: datetime.date = fact("Not before")
    period_to: datetime.date = fact("Not after")

    def sentence(self, subject_name: str = "") -> str:
        """The rough period."""
        return (
            f"{self.label} for {day_in_words(self.period_from)} to {day_in_words(self.period_to)}"
        )


def _people_for(place: str) -> Callable[[Any], list[tuple[str, str]]]:
    """Who can take a place on the team of a case: for the form that corrects an entry."""

    def listed(case: Any) -> list[tuple[str, str]]:
        from inspections.scheduling import people_for

        return people_for(case, place)

    return listed


@facts
class Scheduled(Facts):
    """Dates and team are fixed. `overridden` names the checks that a reason overrode."""

    kind: ClassVar[str] = "scheduled"
    label: ClassVar[str] = "Dates and team fixed"
    planned: ClassVar[tuple[str, ...]] = ("first_day", "last_day")

    first_day: datetime.date = fact("Day 1")
    last_day: datetime.date = fact("Last day on site")
    lead_hmi: int = fact("Lead HMI", choices=_people_for("lead_hmi"))
    ofsted_inspector: int = fact("Ofsted Inspector", choices=_people_for("ofsted_inspector"))
    cqc_inspector: int = fact("CQC inspector", choices=_people_for("cqc_inspector"))
    additional_inspectors: tuple[int, ...] = fact(
        "Further inspectors", choices=_people_for("additional_inspector"), default=()
    )
    planning_days: int = fact("Planning days before Day 1", default=0)
    travel_before: bool = fact("Travel the day before Day 1", default=False)
    travel_after: bool = fact("Travel the day after the last", default=False)
    overridden: tuple[str, ...] = fact("Checks overridden with a reason", default=())
    reason_notice: str = personal("Reason for shorter notice")
    reason_length: str = personal("Reason for more than five days")
    reason_team_size: str = personal("Reason for a larger team")

    def reasons(self) -> dict[str, str]:
        """The reasons given, by the code of the check that each overrides."""
        given = {
            "notice": self.reason_notice,
            "length": self.reason_length,
            "team_size": self.reason_team_size,
        }
        return {code: reason for code, reason in given.items() if reason}

    def team(self) -> list[tuple[int, str]]:
        """Who is on the team: person and role, lead HMI first."""
        return [
            (self.lead_hmi, "lead_hmi"),
            (self.ofsted_inspector, "ofsted_inspector"),
            (self.cqc_inspector, "cqc_inspector"),
            *((person, "additional_inspector") for person in self.additional_inspectors),
        ]

    def sentence(self, subject_name: str = "") -> str:
        """The dates."""
        return f"{self.label}: {day_in_words(self.first_day)} to {day_in_words(self.last_day)}"


@facts
class Rescheduled(Scheduled):
    """Other dates or another team, with the reason why."""

    kind: ClassVar[str] = "rescheduled"
    label: ClassVar[str] = "Dates or team changed"

    why: str = personal("Why dates or team change", widget="textarea")


@facts
class NewDatesGiven(Scheduled):
    """New dates and team after a deferral; the area has been told already (HB 15)."""

    kind: ClassVar[str] = "new_dates_given"
    label: ClassVar[str] = "New dates after deferral"


@facts
class Cancelled(Facts):
    """It will not take place. The reason stands in the note."""

    kind: ClassVar[str] = "cancelled"
    label: ClassVar[str] = "Inspection cancelled"

    reason: str = personal("Why it is cancelled", widget="textarea")


# --- notification -----------------------------------------------------------------------------


class TakenBy(enum.StrEnum):
    """Who took a call: the person named by the handbook, or the most senior available (HB 8)."""

    NAMED = "named"
    MOST_SENIOR = "most_senior"


DCS_CHOICES = (
    (TakenBy.NAMED.value, "The director of children’s services"),
    (TakenBy.MOST_SENIOR.value, "The most senior person available"),
)
HEALTH_CHOICES = (
    (TakenBy.NAMED.value, "The chief executive"),
    (TakenBy.MOST_SENIOR.value, "The most senior person available"),
)


@facts
class Notified(Facts):
    """The director of children's services was called (HB 7), or the most senior person (HB 8)."""

    kind: ClassVar[str] = "notified"
    label: ClassVar[str] = "Notification call made"

    taken_by: TakenBy = fact("Who took the call", choices=DCS_CHOICES)
    name: str = personal("Name")
    post: str = personal("Post")
    reason: str = personal("Why not on that day, from 9am to 10am", widget="textarea")

    def sentence(self, subject_name: str = "") -> str:
        """Who took the call."""
        who = dict(DCS_CHOICES)[self.taken_by]
        return f"{self.label}; taken by {who[0].lower()}{who[1:]}"


@facts
class HealthTold(Facts):
    """A health commissioner's chief executive, or the most senior person, was told (HB 8)."""

    kind: ClassVar[str] = "health_told"
    label: ClassVar[str] = "Health commissioner told"
    subjects: ClassVar[str] = "health_commissioner"

    taken_by: TakenBy = fact("Who took the call", choices=HEALTH_CHOICES)
    name: str = personal("Name")
    post: str = personal("Post")


@facts
class GoAheadConfirmed(Facts):
    """The lead HMI settled with CQC and the support officer that it takes place (HB 9)."""

    kind: ClassVar[str] = "go_ahead_confirmed"
    label: ClassVar[str] = "Going ahead, confirmed with CQC and the support officer"

    cqc: bool = fact("Confirmed with CQC", default=False)
    support_officer: bool = fact("Confirmed with the support officer", default=False)


@facts
class ConfirmationSent(Facts):
    """The confirmation letter went to the local area (HB 9)."""

    kind: ClassVar[str] = "confirmation_sent"
    label: ClassVar[str] = "Confirmation letter sent"
    action: ClassVar[str] = "Send the confirmation letter"

    letter: uuid.UUID | None = fact("Letter", default=None)


@facts
class LanoCallHeld(Facts):
    """The extended call to the local area nominated officer, and who that is (HB 7, 10)."""

    kind: ClassVar[str] = "lano_call_held"
    label: ClassVar[str] = "Extended call with the nominated officer held"

    items: tuple[str, ...] = fact(
        "Gone through", choices=[(item.code, item.title) for item in LANO_REQUESTS], default=()
    )
    name: str = personal("Name of the nominated officer")
    email: str = personal("E-mail address")
    phone: str = personal("Telephone")
    left_out: str = personal("Why something is left for later", widget="textarea")


@facts
class HealthCallHeld(Facts):
    """The CQC inspector's extended call to health: people, sources, access to files (HB 11)."""

    kind: ClassVar[str] = "health_call_held"
    label: ClassVar[str] = "Extended call with health held"
    subjects: ClassVar[str] = "health_commissioner"

    items: tuple[str, ...] = fact(
        "Gone through", choices=[(item.code, item.title) for item in HEALTH_REQUESTS], default=()
    )
    name: str = personal("Who took part for health")
    left_out: str = personal("Why something is left for later", widget="textarea")


@facts
class PcfTold(Facts):
    """Parent carer forum and the information, advice and support service were told (HB 12)."""

    kind: ClassVar[str] = "pcf_told"
    label: ClassVar[str] = "Parent carer forum and advice service told"

    forum: bool = fact("Parent carer forum, or the groups there are, told", default=True)
    advice_service: bool = fact("Information, advice and support service told", default=True)
    open_meeting: bool = fact(
        "Asked for a meeting that any parent or carer can attend", default=True
    )


@facts
class ToldRecorded(Facts):
    """The local area told its providers, parents and carers: when, how, how many (HB 10)."""

    kind: ClassVar[str] = "told_recorded"
    label: ClassVar[str] = "Providers, parents and carers told by the area"

    how_many: int | None = fact("How many were told, about", default=None)
    how: str = personal("How they were told", widget="textarea")


@facts
class DeferralAsked(Facts):
    """The local area asks for other dates, with its reasons (HB 15)."""

    kind: ClassVar[str] = "deferral_asked"
    label: ClassVar[str] = "Deferral asked for"

    asked_by: str = personal("Who asks")
    reason: str = personal("The reasons given", widget="textarea")


@facts
class DeferralAgreed(Facts):
    """The request was weighed on its merits and agreed: the dates no longer hold (HB 15)."""

    kind: ClassVar[str] = "deferral_agreed"
    label: ClassVar[str] = "Deferral agreed"

    reason: str = personal("Reasons for the decision", widget="textarea")

    def clears(self) -> tuple[str, ...]:
        """The days on site, until new ones are given."""
        return ("first_day", "last_day")


@facts
class DeferralDeclined(Facts):
    """The request was weighed on its merits and declined: the dates hold (HB 15)."""

    kind: ClassVar[str] = "deferral_declined"
    label: ClassVar[str] = "Deferral declined"

    reason: str = personal("Reasons for the decision", widget="textarea")


# --- before and on site -----------------------------------------------------------------------


@facts
class SelectionConfirmed(Facts):
    """First choice of settings and of families to talk to is settled (HB 10, 32)."""

    kind: ClassVar[str] = "selection_confirmed"
    label: ClassVar[str] = "Selection of settings and families confirmed"


@facts
class RequestAnswered(Facts):
    """Everything asked for was made available (HB 10, 11)."""

    kind: ClassVar[str] = "request_answered"
    label: ClassVar[str] = "Everything asked for made available"
    subjects: ClassVar[str] = "request"


@facts
class OnSiteBegun(Facts):
    """The team arrived on Day 1, not before 09:00 (HB 21)."""

    kind: ClassVar[str] = "on_site_begun"
    label: ClassVar[str] = "Team on site"


@facts
class KitMeetingHeld(Facts):
    """The keep-in-touch meeting of one day on site (HB 23-25)."""

    kind: ClassVar[str] = "kit_meeting_held"
    label: ClassVar[str] = "Keep-in-touch meeting held"
    subjects: ClassVar[str] = "day_on_site"

    cqc_inspector: bool = fact("CQC inspector took part", default=True)
    dcs: bool = fact("Director of children’s services took part", default=False)


@facts
class FeedbackGiven(Facts):
    """The team gave its feedback to the local area (HB 28-29, 45-46)."""

    kind: ClassVar[str] = "feedback_given"
    label: ClassVar[str] = "Feedback given"
