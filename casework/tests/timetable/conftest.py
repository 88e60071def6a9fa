"""A rule set of the tests' own, with every part of the grammar in it."""

from collections.abc import Iterator
from datetime import date, time

import pytest

from casework.timetable.answers import Subject
from casework.timetable.checks import in_order, on_site
from casework.timetable.registry import forget, register
from casework.timetable.rules import (
    DAY_ON_SITE,
    MUST,
    NORMALLY,
    TARGET,
    Day,
    Edition,
    Event,
    EventName,
    Repeat,
    Rule,
    Ruleset,
    answer_or_period_over,
    by,
    choice,
    earliest,
    first_of,
    happened,
    latest_of,
    longer_on_site_than,
    months,
    ours,
    same_day,
    same_day_or_before,
    working_days,
)
from working_days.bundled import bundled_calendar
from working_days.calendar import Calendar

# fmt: off
RULES = (
    Rule("T-NOTIFY", "notice", "us", "first_day", Day(-5, at=time(10), opens=time(9)), "notified",
         NORMALLY, "T 1"),
    Rule("T-TELL", "each told", "us", "notified", ours(same_day), "told", MUST, "T 2", each="body"),
    Rule("T-RANGE", "read", "us", "first_day", {"old": Day(-6), "new": Day(-6, to=-1)}, "read",
         NORMALLY, "T 3"),
    Rule("T-NEW", "only in the new edition", "us", "first_day", Day(2), "", NORMALLY, "T 4",
         editions=("new",), lapses=True),
    Rule("T-OPEN", "opens", "system", "first_day", Day(-1, at=time(12)), "opened", MUST, "T 5"),
    Rule("T-MEET", "meeting", "us", DAY_ON_SITE, same_day, "met", MUST, "T 6",
         each=DAY_ON_SITE, but_last=True, only_if=longer_on_site_than(2)),
    Rule("T-TALK", "talk", "us", "last_day", same_day_or_before, "talked", MUST, "T 7"),
    Rule("T-DRAFT", "draft", "us", "last_day", ours(working_days(13)), "drafted", TARGET, "T 8"),
    Rule("T-FACTS", "comments", "them", "drafted", working_days(10), "answered", MUST, "T 9",
         each="body"),
    Rule("T-REPLY", "reply", "us",
         answer_or_period_over("answered", over="answers_over", period="T-FACTS"),
         ours(working_days(3)), "replied", TARGET, "T 10"),
    Rule("T-FINAL", "final", "us", "last_day", working_days(28), "final_sent", NORMALLY, "T 11"),
    Rule("T-PUBLISH", "published by both", "both", "last_day", working_days(33), "published",
         NORMALLY, "T 12", all_of="inspectorate"),
    Rule("T-LOCAL", "published by each", "each", latest_of("received", by("One", "published")),
         working_days(5), "placed", MUST, "T 13", each="recipient"),
    Rule("T-JOINT", "statement", "them", earliest("received"), working_days(70), "submitted",
         MUST, "T 14"),
    Rule("T-KEEP", "reviewed", "us", ours(Event("published")), months(6), "reviewed", MUST, "T 15"),
    Rule("T-JUDGE", "judged", "us", "submitted", working_days(10), ("fit", "not_fit"), NORMALLY,
         "T 16"),
    Rule("T-LETTER", "letter", "us", first_of("fit", "not_fit"), ours(working_days(2)), "written",
         TARGET, "T 17"),
    Rule("T-AGAIN", "again", "them", "not_fit", working_days(20), "resubmitted", MUST, "T 18",
         only_if=happened("not_fit", words="it was not fit")),
    Rule("T-PLACE", "placed", "them", choice("fit", "submitted"), ours(working_days(5)), "shown",
         MUST, "T 19"),
    Rule("T-VISIT-n", "visit", "them", Event("fit", ours=True), months(3), "visited", NORMALLY,
         "T 20", repeat=Repeat(step="pace_agreed"), until=("ceased",)),
    Rule("T-RETURN", "return", "us", "fit", months(18), "child:first_day", NORMALLY, "T 21"),
    Rule("T-ORIGIN", "follows the first case", "us", "origin:done", working_days(-2), "followed",
         MUST, "T 22"),
)
# fmt: on

EVENTS = (
    EventName("first_day", "Day 1"),
    EventName("last_day", "The last day on site", latest_day=5),
    EventName("notified", "Notice was given"),
    EventName("told", "A body was told", each="body"),
    EventName("read", "Read"),
    EventName("opened", "Opened"),
    EventName("met", "A meeting was held", each=DAY_ON_SITE),
    EventName("talked", "Talked"),
    EventName("drafted", "The draft was sent"),
    EventName("answered", "A body answered", each="body"),
    EventName("answers_over", "The period was over", each="body"),
    EventName("replied", "Replied"),
    EventName("final_sent", "The final report was sent"),
    EventName("received", "Received", each="recipient", follows="final_sent"),
    EventName("published", "Published", each="inspectorate"),
    EventName("placed", "Placed", each="recipient"),
    EventName("submitted", "Submitted"),
    EventName("fit", "Judged fit"),
    EventName("not_fit", "Judged not fit"),
    EventName("written", "Written"),
    EventName("resubmitted", "Resubmitted"),
    EventName("shown", "Shown"),
    EventName("visited", "A visit was held"),
    EventName("pace_agreed", "Another pace was agreed"),
    EventName("ceased", "Visits ceased"),
    EventName("reviewed", "Reviewed"),
    EventName("child:first_day", "Day 1 of the return", synonyms=("return_first_day",)),
    EventName("origin:done", "The first case was done"),
    EventName("followed", "Followed"),
)

TRIAL = Ruleset(
    kind="trial",
    framework="trial-2016",
    title="A trial",
    events=EVENTS,
    rules=RULES,
    editions=(
        Edition("old", "Old guidance", date(2018, 1, 1)),
        Edition("new", "New guidance", date(2019, 4, 1)),
    ),
    checks=(
        on_site(shortest=1, longest=5, hard=False, what="A trial", citation="T 0"),
        in_order(("first_day", "Day 1"), ("drafted", "The day of the draft")),
    ),
    notified_on_day=-5,
    default_subjects={"inspectorate": (Subject("one", "One"), Subject("two", "Two"))},
)


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return bundled_calendar()


@pytest.fixture(autouse=True)
def trial() -> Iterator[Ruleset]:
    register(TRIAL)
    yield TRIAL
    forget(TRIAL)
