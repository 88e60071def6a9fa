"""A small kind of case for casework's own tests, with rules, steps, guards and a child kind."""

import datetime
import uuid
from typing import ClassVar

from accounts.models import Membership, User
from areas.models import LocalArea, Region
from casework import registry
from casework.events import Facts, fact, facts, personal
from casework.models import CaseRole
from casework.registry import CaseKind, register_kind
from casework.timetable import Subject, register
from casework.timetable.registry import forget
from casework.timetable.rules import (
    MUST,
    NORMALLY,
    TARGET,
    Day,
    Edition,
    EventName,
    Rule,
    Ruleset,
    ours,
    same_day,
    working_days,
)
from casework.workflow import Step

COUNCIL = Subject(key="11111111-1111-4111-8111-111111111111", name="Council")
HEALTH = Subject(key="22222222-2222-4222-8222-222222222222", name="Health board")
MONDAY = datetime.date(2026, 6, 1)
DAY = datetime.timedelta(days=1)


@facts
class Fixed(Facts):
    kind: ClassVar[str] = "fixed"
    label: ClassVar[str] = "Dates fixed"
    planned: ClassVar[tuple[str, ...]] = ("first_day", "last_day")

    first_day: datetime.date = fact("First day")
    last_day: datetime.date = fact("Last day")


@facts
class Told(Facts):
    kind: ClassVar[str] = "notified"
    label: ClassVar[str] = "Area told"

    taken_by: str = personal("Who took the call")


@facts
class Seen(Facts):
    kind: ClassVar[str] = "feedback_given"
    label: ClassVar[str] = "Feedback given"


@facts
class Drafted(Facts):
    kind: ClassVar[str] = "draft_sent"
    label: ClassVar[str] = "Draft sent"

    pages: int = fact("Pages", default=0)


@facts
class Commented(Facts):
    kind: ClassVar[str] = "comments_received"
    label: ClassVar[str] = "Comments received"
    subjects: ClassVar[str] = "body"


@facts
class Published(Facts):
    kind: ClassVar[str] = "report_published"
    label: ClassVar[str] = "Published"


@facts
class Done(Facts):
    kind: ClassVar[str] = "closed"
    label: ClassVar[str] = "Closed"


def told_before_first_day(case, facts, context):
    first = context.state.first_day
    if first and context.on >= first:
        return "happened_on", "The area must be told before the first day."
    return None


def draft_after_feedback(case, facts, context):
    seen = context.state.last("feedback_given")
    if seen and context.on < seen.on:
        return "happened_on", "The draft cannot be older than the feedback."
    return None


def someone_took_the_call(case, facts, context):
    return None if facts.taken_by else ("taken_by", "Say who took the call.")


STAGES = {
    "planned": "Planned",
    "fixed": "Dates fixed",
    "told": "Told",
    "seen": "Feedback given",
    "drafted": "Draft sent",
    "published": "Published",
    "closed": "Closed",
}
LEADS = frozenset({"support_officer", "lead_hmi"})

REHEARSAL = CaseKind(
    name="rehearsal",
    label="Rehearsal",
    prefix="RH",
    frameworks=("rehearsal-2020",),
    first_stage="planned",
    stages=STAGES,
    events=[Fixed, Told, Seen, Drafted, Commented, Published, Done],
    steps=[
        Step(Fixed, frozenset({"planned", "fixed"}), "fixed", who=LEADS, again=True),
        Step(
            Told,
            frozenset({"fixed"}),
            "told",
            who=LEADS,
            guards=(told_before_first_day, someone_took_the_call),
        ),
        Step(Seen, frozenset({"told"}), "seen", who=LEADS),
        Step(Drafted, frozenset({"seen"}), "drafted", who=LEADS, guards=(draft_after_feedback,)),
        Step(Commented, frozenset({"drafted", "published"}), who=LEADS | {"dcs"}),
        Step(Published, frozenset({"drafted"}), "published", who=LEADS),
        Step(Done, frozenset({"planned", "published"}), "closed", who=LEADS),
    ],
    opened_by=frozenset({"support_officer"}),
    subjects=lambda case: {"body": (COUNCIL, HEALTH)},
)

FOLLOW = CaseKind(
    name="follow",
    label="Follow-up",
    prefix="FO",
    frameworks=("rehearsal-2020",),
    first_stage="planned",
    stages={"planned": "Planned", "closed": "Closed"},
    events=[Fixed, Done],
    steps=[
        Step(Fixed, who=LEADS, again=True),
        Step(Done, to_stage="closed", who=LEADS),
    ],
    confidential_until="",
)

EDITIONS = (Edition("2020", "Edition of 2020", datetime.date(2012, 1, 1)),)
REHEARSAL_RULES = Ruleset(
    kind="rehearsal",
    framework="rehearsal-2020",
    title="Rehearsal",
    editions=EDITIONS,
    events=(
        EventName("first_day", "First day"),
        EventName("last_day", "Last day"),
        EventName("notified", "Area told"),
        EventName("feedback_given", "Feedback given", follows="last_day"),
        EventName("draft_sent", "Draft sent"),
        EventName("comments_received", "Comments received", each="body"),
        EventName("report_published", "Report published"),
        EventName("child:first_day", "First day of the follow-up"),
        EventName("survey", "Survey"),
    ),
    rules=(
        Rule("T-TELL", "area told", "lead HMI", "first_day", Day(-5), "notified", NORMALLY, "T 1"),
        Rule(
            "T-FEEDBACK",
            "feedback",
            "lead HMI",
            "last_day",
            same_day,
            "feedback_given",
            MUST,
            "T 2",
        ),
        Rule(
            "T-DRAFT",
            "draft sent",
            "lead HMI",
            "feedback_given",
            ours(working_days(13)),
            "draft_sent",
            TARGET,
            "T 3",
        ),
        Rule(
            "T-FACTS",
            "comments on facts",
            "local authority, each CCG",
            "draft_sent",
            working_days(10),
            "comments_received",
            MUST,
            "T 4",
            each="body",
        ),
        Rule(
            "T-PUBLISH",
            "report published",
            "Ofsted",
            "last_day",
            working_days(33),
            "report_published",
            NORMALLY,
            "T 5",
        ),
        Rule(
            "T-OVER",
            "last day for requests",
            "inspectors",
            "first_day",
            Day(-1),
            "",
            NORMALLY,
            "T 6",
            lapses=True,
        ),
        Rule(
            "T-AFTER",
            "note on the follow-up",
            "support officer",
            "child:first_day",
            working_days(5),
            "survey",
            TARGET,
            "T 7",
        ),
    ),
)
FOLLOW_RULES = Ruleset(
    kind="follow",
    framework="rehearsal-2020",
    title="Follow-up",
    editions=EDITIONS,
    events=(
        EventName("first_day", "First day"),
        EventName("last_day", "Last day"),
        EventName("origin:report_published", "Report published"),
        EventName("closed", "Closed"),
    ),
    rules=(
        Rule(
            "F-CLOSE",
            "closed",
            "lead HMI",
            "origin:report_published",
            working_days(20),
            "closed",
            MUST,
            "F 1",
        ),
    ),
)
KINDS = (REHEARSAL, FOLLOW)
RULESETS = (REHEARSAL_RULES, FOLLOW_RULES)


def declare():
    for kind in KINDS:
        register_kind(kind)
    for ruleset in RULESETS:
        register(ruleset)


def withdraw():
    for kind in KINDS:
        registry.forget_kind(kind.name)
    for ruleset in RULESETS:
        forget(ruleset)


def make_area(name="Testshire", region="Test Region", code="T01"):
    region, _ = Region.objects.get_or_create(
        code=region.lower().replace(" ", "-"), defaults={"name": region}
    )
    return LocalArea.objects.create(
        dfe_code=code, name=name, region=region, authority_type="unitary"
    )


def make_person(name="Anna Example", **membership):
    person = User.objects.create_user(f"{uuid.uuid4().hex[:12]}@example.org", None, name=name)
    if membership:
        grant(person, **membership)
    return person


def grant(person, role, area=None, region=None, starts_on=None, ends_on=None, organisation=None):
    scope = "area" if area else "region" if region else "national"
    return Membership.objects.create(
        person=person,
        role=role,
        scope=scope,
        local_area=area,
        region=region,
        organisation=organisation,
        starts_on=starts_on or datetime.date(2020, 1, 1),
        ends_on=ends_on,
    )


def put_on_case(person, case, role, starts_on=None, ends_on=None):
    return CaseRole.objects.create(
        case=case,
        person=person,
        role=role,
        starts_on=starts_on or datetime.date(2020, 1, 1),
        ends_on=ends_on,
    )


#: A week far ahead, whatever the day on which the tests run.
FIX_WEEK = Fixed(first_day=datetime.date(2028, 6, 5), last_day=datetime.date(2028, 6, 9))
