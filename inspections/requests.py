"""What the lead HMI and the CQC inspector ask for in their extended calls, in our own words.

Data: each line is one request and the paragraph of the handbook that it stands on.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestItem:
    """One thing asked for: its code, what is said on the telephone, and its source."""

    code: str
    title: str
    detail: str
    citation: str


# The call to the local area nominated officer.
LANO_REQUESTS: tuple[RequestItem, ...] = (
    RequestItem(
        "lano",
        "The nominated officer",
        "Agree who is the single point of contact, arranging meetings and access to evidence.",
        "HB 10",
    ),
    RequestItem(
        "self_evaluation",
        "Self-evaluation",
        "Invite a summary of any the area already has, peer reviews included. No format is asked "
        "for.",
        "HB 10, 13",
    ),
    RequestItem(
        "settings",
        "Settings chosen for visits",
        "Check that each nursery, school and college chosen is suitable and whom to contact there; "
        "the LANO will be named in the letters to them.",
        "HB 10",
    ),
    RequestItem(
        "officers",
        "Officers to interview",
        "Name the education, health and care officers whom inspectors will interview.",
        "HB 10",
    ),
    RequestItem(
        "groups",
        "Strategic and operational groups",
        "Name who will speak for each group that steers or runs this work.",
        "HB 10",
    ),
    RequestItem(
        "evidence",
        "Sources of evidence",
        "Agree what inspectors need to see, ready from the start of Day 1.",
        "HB 10",
    ),
    RequestItem(
        "meetings",
        "Meetings with families",
        "Arrange meetings with children and young people and with parents’ and carers’ groups.",
        "HB 10, 32",
    ),
    RequestItem(
        "contacts",
        "Contacts of established groups",
        "Ask how to reach groups of young people and of parents and carers. Inspectors decide "
        "whom to hear, not the area alone.",
        "HB 10",
    ),
    RequestItem(
        "views",
        "Views the area has gathered",
        "Ask for what families have said about their part in planning, how satisfied they are and "
        "what improved.",
        "HB 10",
    ),
    RequestItem(
        "providers",
        "Telling providers",
        "Ask the authority to tell providers inside the area, and those outside it in the local "
        "offer, how to contribute. A draft letter is supplied.",
        "HB 10",
    ),
    RequestItem(
        "parents",
        "Telling parents and carers",
        "Ask the authority to tell parents and carers how to contribute. A draft letter is "
        "supplied.",
        "HB 10",
    ),
    RequestItem(
        "outside",
        "Settings outside the area",
        "Ask which settings elsewhere educate the area’s children and young people with SEND.",
        "HB 10",
    ),
    RequestItem(
        "not_in_school",
        "Not attending school",
        "Ask about children and young people with SEND who are not in school, home educated "
        "included.",
        "HB 10",
    ),
    RequestItem(
        "files",
        "Access to files",
        "Settle how to reach the files of those considered for, assessed for or holding an "
        "education, health and care plan.",
        "HB 10",
    ),
    RequestItem(
        "social_care",
        "Children known to other services",
        "Ask about those with SEND who are in need, have a protection plan, are looked after or "
        "left care, know youth justice, or may have adult care.",
        "HB 10",
    ),
    RequestItem(
        "feedback",
        "Feedback during the week",
        "Arrange regular talks about what is emerging.",
        "HB 10, 23",
    ),
)

# The call to health.
HEALTH_REQUESTS: tuple[RequestItem, ...] = (
    RequestItem(
        "professionals",
        "Health professionals to interview",
        "Name the health professionals whom inspectors will interview.",
        "HB 11",
    ),
    RequestItem(
        "health_evidence",
        "Sources of evidence",
        "Agree what inspectors need to see from health, as soon as it can be had.",
        "HB 11",
    ),
    RequestItem(
        "health_feedback",
        "Feedback during the week",
        "Arrange regular talks about what is emerging.",
        "HB 11",
    ),
    RequestItem(
        "health_files",
        "Access to health files",
        "Settle how to reach the files of those with SEN support, and of those considered or "
        "assessed for a plan.",
        "HB 11",
    ),
)


def codes(items: Iterable[RequestItem]) -> frozenset[str]:
    """The codes of these requests."""
    return frozenset(item.code for item in items)
