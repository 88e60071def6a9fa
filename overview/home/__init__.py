"""What the home page tells a person: what is due from them, what else waits, their cases."""

from collections.abc import Collection
from typing import Any

from overview.home import decisions
from overview.home import waiting as groups
from overview.home.due import DueItem, Step, due_items, next_step
from overview.home.own import Card, cards, my_cases, nothing_due
from overview.home.waiting import Waiting

__all__ = [
    "Card",
    "DueItem",
    "Step",
    "Waiting",
    "cards",
    "due_items",
    "my_cases",
    "next_step",
    "nothing_due",
    "waiting",
]


def waiting(user: Any, shown: Collection[DueItem]) -> list[tuple[str, list[Waiting]]]:
    """What else waits for the person, under headings; without what stands among the due things."""
    there = {item.step.address for item in shown if item.step.address != item.case_address}
    found = [
        ("Calendar and offsets", groups.calendar_and_offsets(user)),
        ("Requests for deferral", groups.deferrals_asked(user)),
        ("Outcomes to determine", decisions.outcomes_to_determine(user)),
        ("Local areas to call", groups.notifications_today(user)),
        ("Letters to approve and send", groups.letters_to_send(user)),
        ("Drafts to quality assure", decisions.drafts_to_assure(user)),
        ("Drafts to comment on", decisions.drafts_to_read(user)),
        ("Reports to publish", decisions.reports_to_publish(user)),
        ("Statements being judged", decisions.statements_to_judge(user)),
        ("Inspections without dates", groups.without_dates(user)),
        ("Statements without a re-visit", decisions.revisits_to_plan(user)),
        ("Due from your area", groups.due_from_area(user, shown)),
        ("Coming up", decisions.coming_up(user, shown)),
    ]
    left = [
        (heading, [one for one in rows if one.step.address not in there]) for heading, rows in found
    ]
    return [(heading, rows) for heading, rows in left if rows]
