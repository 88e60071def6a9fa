"""What the letters of an inspection say: their facts as types, and the lists they draw on.

`inspections.correspondence` gathers the facts from a case. So far: the confirmation (HB 7-10, 15).
"""

import datetime
from dataclasses import dataclass

from letters.facts import LetterFacts


@dataclass(frozen=True)
class Member:
    """One inspector of the team."""

    name: str
    role: str


@dataclass(frozen=True)
class Contact:
    """Somebody to get in touch with: e-mail or telephone, where known."""

    name: str
    contact: str = ""


@dataclass(frozen=True)
class Asked:
    """One thing that will be asked for, and its paragraph. `code` is that of `requests.py`."""

    code: str
    text: str
    source: str


@dataclass(frozen=True)
class TimetableLine:
    """One line of the letter's timetable; bodies that owe the same by the same day share it."""

    on: datetime.date
    at: str
    day_number: int | None
    title: str
    subjects: str
    owed_by: str
    firmness: str
    expected: bool
    source: str
    #: The last working day on or before a date that is none.
    practical_on: datetime.date | None = None

    @property
    def details(self) -> str:
        """What stands below the date: 'Day -5, by 10am', 'in practice by Fri 27 Nov, expected'."""
        day = f"Day {self.day_number}" if self.day_number else ""
        on = self.practical_on
        practical = (
            f"in practice by {on:%a}\N{NO-BREAK SPACE}{on.day}\N{NO-BREAK SPACE}{on:%b}"
            if on
            else ""
        )
        found = (day, self.at, practical, "expected" * self.expected)
        return ", ".join(part for part in found if part)


@dataclass(frozen=True)
class ConfirmationFacts(LetterFacts):
    """What L-IN-CONFIRM says (letters.md)."""

    lead: str
    told: str
    notified_on: datetime.date
    first_day: datetime.date
    last_day: datetime.date
    days_on_site: tuple[datetime.date, ...]
    team: tuple[Member, ...]
    lano: Contact | None
    health_lano: Contact | None
    health_commissioners: tuple[str, ...]
    asked_of_area: tuple[Asked, ...]
    asked_of_health: tuple[Asked, ...]
    timetable: tuple[TimetableLine, ...]
    #: Whether the LANO is the one of the extended call, and not only the one on record.
    lano_confirmed: bool = False


# The lead HMI's call to the LANO, as the local area reads of it beforehand. The codes are those of
# `requests.py`, whose words are for the caller.
ASKED_OF_AREA: tuple[Asked, ...] = (
    Asked("lano", "Who the LANO is, and how to reach them at any time of the week.", "HB 10"),
    Asked(
        "self_evaluation",
        "A summary of your self-evaluation, if there is one; a peer review counts.",
        "HB 10 and 13",
    ),
    Asked(
        "settings",
        "Whether the nurseries, schools and colleges we chose can be visited, and whom to ask for. "
        "Your letters to them name the LANO as their contact.",
        "HB 10",
    ),
    Asked(
        "officers",
        "The education, health and care officers for inspectors to interview.",
        "HB 10",
    ),
    Asked(
        "groups",
        "Who will speak for each of the groups that plan or run SEND services.",
        "HB 10",
    ),
    Asked(
        "evidence",
        "Where the evidence is that inspectors need, ready when they arrive on the first day.",
        "HB 10",
    ),
    Asked(
        "meetings",
        "Meetings with children and young people and with groups of parents and carers; each of "
        "them agrees beforehand to take part.",
        "HB 10, 32 and 33",
    ),
    Asked(
        "contacts",
        "How to reach the established groups of young people and of parents and carers. We invite "
        "them ourselves, to meetings and where possible to webinars, and choose whom to hear.",
        "HB 10",
    ),
    Asked(
        "views",
        "What families have already told you: their part in planning and review, whether needs are "
        "found and met, what has become better.",
        "HB 10",
    ),
    Asked(
        "providers",
        "That you tell providers in the area, and those outside it in your local offer, how to "
        "give their views. A draft letter to adapt will be supplied.",
        "HB 10",
    ),
    Asked(
        "parents",
        "That you tell parents and carers who live in the area how to give theirs. A draft letter "
        "to adapt will be supplied.",
        "HB 10",
    ),
    Asked(
        "outside",
        "The nurseries, schools and colleges outside the area that your children and young people "
        "with SEND attend.",
        "HB 10",
    ),
    Asked(
        "not_in_school",
        "Which children and young people with SEND are not attending school, those educated at "
        "home included.",
        "HB 10",
    ),
    Asked(
        "files",
        "How to open the files of those who are considered for, are assessed for or have an "
        "education, health and care plan.",
        "HB 10",
    ),
    Asked(
        "social_care",
        "Which children and young people with SEND are in need, have a child protection plan, are "
        "looked after or have left care, are known to youth justice, or may receive adult care.",
        "HB 10",
    ),
    Asked(
        "feedback",
        "When we will meet during the week to talk about what is emerging.",
        "HB 10 and 23",
    ),
)

# The CQC inspector's call to health.
ASKED_OF_HEALTH: tuple[Asked, ...] = (
    Asked("professionals", "The health professionals for inspectors to interview.", "HB 11"),
    Asked(
        "health_evidence",
        "Where the evidence is that inspectors need from health, as soon as you can.",
        "HB 11",
    ),
    Asked(
        "health_feedback",
        "When we will meet during the week to talk about what is emerging.",
        "HB 11 and 24",
    ),
    Asked(
        "health_files",
        "How to open the health files of those with SEN support, and of those considered for or "
        "being assessed for a plan.",
        "HB 11",
    ),
)
