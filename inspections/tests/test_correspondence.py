"""The confirmation of an inspection: complete against letters.md, HB 7-10 and 15."""

import datetime
import html
import io
import re
import uuid
from dataclasses import replace

import page
import pytest
from django.utils.html import strip_tags
from pypdf import PdfReader

from areas.models import PostHolder
from casework.models import Deadline, Event
from casework.recording import record, void
from casework.refusals import GuardFailed
from inspections import events, requests, services
from inspections.correspondence import CODE, CONFIRMATION, confirmation_facts
from inspections.letters import ASKED_OF_AREA, ASKED_OF_HEALTH, ConfirmationFacts, Member
from inspections.tests.conftest import add_health, london
from letters import compose
from letters import services as letters
from letters.facts import from_json, to_json
from letters.models import Letter, LetterState
from letters.registry import NotYet
from working_days.calendar import DEFINITION

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_DIR = tmp_path


@pytest.fixture
def case(world, at):
    return world.notified(at)


@pytest.fixture
def ready(case, world):
    services.confirm_go_ahead(case.pk, cqc=True, support_officer=True, by=world.lead)
    case.refresh_from_db()
    return case


def issue(case, world):
    seen = compose.draft(case, CONFIRMATION).fingerprint
    letter = letters.approve(case, CODE, by=world.officer, seen=seen)
    letters.issue(letter.pk, by=world.officer)
    assert letters.carry_out(letter.pk) is True
    letter.refresh_from_db()
    return letter


def words(markup):
    """The text of a letter as it is read."""
    return " ".join(html.unescape(strip_tags(markup)).split())


def markup_of(facts):
    return compose.body(CONFIRMATION, facts, compose.Envelope(reference="IN-1/L"))


# --- facts ---


def test_the_facts_are_those_of_the_case(ready, world):
    facts = confirmation_facts(ready)
    assert facts.local_area == "Westmarch"
    assert (facts.first_day, facts.last_day) == (
        datetime.date(2026, 6, 8),
        datetime.date(2026, 6, 12),
    )
    assert len(facts.days_on_site) == 5
    assert facts.notified_on == datetime.date(2026, 6, 1)
    assert facts.told == "you"
    assert [member.name for member in facts.team] == ["Ada Osei", "Bilal Khan", "Cerys Hughes"]
    assert facts.signatory.name == "Ada Osei"
    assert [(one.name, one.organisation) for one in facts.to] == [
        ("Dana of Westmarch", "Westmarch Council")
    ]
    assert [one.organisation for one in facts.copies] == [
        "NHS North Westmarch",
        "NHS South Westmarch",
    ]
    assert facts.health_commissioners == ("NHS North Westmarch", "NHS South Westmarch")
    assert facts.lano.name == "Lana of Westmarch"


def test_the_facts_come_back_equal_from_the_database(ready):
    facts = confirmation_facts(ready)
    assert from_json(ConfirmationFacts, to_json(facts)) == facts


def test_the_whole_timetable_is_in_it(ready):
    facts = confirmation_facts(ready)
    dues = {(due.due_on, due.rule) for due in Deadline.objects.filter(case=ready)}
    assert len(facts.timetable) == len(dues)
    assert [line.on for line in facts.timetable] == sorted(day for day, _ in dues)
    health = next(line for line in facts.timetable if "chief executive told" in line.title)
    assert health.subjects == "NHS North Westmarch; NHS South Westmarch"
    assert health.source == "HB 8"
    assert not health.expected
    call = facts.timetable[0]
    assert (call.at, call.day_number, call.firmness) == ("by 10am", -5, "normally")
    assert all(line.source for line in facts.timetable)
    assert {line.firmness for line in facts.timetable} == {"must", "normally", "aim"}
    assert any(line.expected for line in facts.timetable)


def test_the_lano_of_the_call_goes_before_the_one_on_record(ready, world, at):
    at.move_to(london("2026-06-01T11:00"))
    services.lano_call(
        ready.pk,
        name="Noor Nominated",
        email="noor@westmarch.example",
        items=[item.code for item in requests.LANO_REQUESTS],
        at=london("2026-06-01T10:30"),
        by=world.lead,
    )
    facts = confirmation_facts(ready)
    assert (facts.lano.name, facts.lano.contact) == ("Noor Nominated", "noor@westmarch.example")
    said = words(markup_of(facts))
    assert "For Westmarch this is Noor Nominated (noor@westmarch.example)." in said
    assert "We understand that this is" not in said


def test_whoever_took_the_call_is_named_where_it_was_not_the_director(world, at):
    case = world.scheduled()
    at.move_to(london("2026-06-01T09:20"))
    services.notify(
        case.pk,
        taken_by=services.TakenBy.MOST_SENIOR,
        name="Asha Assistant",
        post="assistant director",
        at=london("2026-06-01T09:10"),
        by=world.lead,
    )
    case.refresh_from_db()
    assert confirmation_facts(case).told == "Asha Assistant, assistant director"


def test_everything_of_the_two_calls_is_asked_for():
    assert [one.code for one in ASKED_OF_AREA] == [one.code for one in requests.LANO_REQUESTS]
    assert [one.code for one in ASKED_OF_HEALTH] == [one.code for one in requests.HEALTH_REQUESTS]
    assert all(one.source.startswith("HB 1") for one in (*ASKED_OF_AREA, *ASKED_OF_HEALTH))


def test_gathering_the_facts_takes_a_constant_number_of_queries(
    ready, world, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20):
        confirmation_facts(ready)
    for number in range(4):
        add_health(world.area, f"NHS Further {number}")
    with django_assert_max_num_queries(20):
        facts = confirmation_facts(ready)
    assert len(facts.copies) == 6


# --- what keeps it back ---


def test_before_the_call_there_is_nothing_to_confirm(world):
    with pytest.raises(NotYet, match="The call to the director"):
        confirmation_facts(world.scheduled())


def test_before_dates_are_fixed_that_is_said_too(world):
    with pytest.raises(NotYet, match=r"Dates and team are not fixed yet\. The call"):
        confirmation_facts(world.planned())


def test_without_the_go_ahead_it_cannot_be_approved(case, world):
    draft = compose.draft(case, CONFIRMATION)
    assert [problem.text for problem in draft.problems] == [
        "The lead HMI has not yet recorded that CQC and the support officer have confirmed that "
        "the inspection takes place (HB 9)."
    ]
    assert draft.problems[0].link.endswith("/notification/#go-ahead")
    with pytest.raises(GuardFailed, match="HB 9"):
        letters.approve(case, CODE, by=world.officer, seen=draft.fingerprint)


def test_with_the_go_ahead_nothing_keeps_it_back(ready):
    assert compose.draft(ready, CONFIRMATION).problems == ()


def test_a_director_who_is_not_on_record_is_named(ready):
    PostHolder.objects.filter(name="Dana of Westmarch").delete()
    assert [one.text for one in compose.draft(ready, CONFIRMATION).problems] == [
        "No director of children’s services of Westmarch Council is on record."
    ]


def test_an_unknown_postal_address_keeps_no_letter_back(ready, world):
    world.area.links.get(organisation__kind="council").organisation.__class__.objects.filter(
        name="Westmarch Council"
    ).update(address="")
    draft = compose.draft(ready, CONFIRMATION)
    assert draft.problems == ()
    assert (
        "No postal address of Westmarch Council is on record: the letter shows none. It goes by "
        "e-mail." in [one.text for one in draft.notes]
    )


def test_a_health_commissioner_copied_in_before_it_was_told_is_noted(ready, world, at):
    def noted():
        return [one.text for one in compose.draft(ready, CONFIRMATION).notes]

    assert noted() == [
        f"NHS {part} Westmarch gets a copy, but no call to its chief executive is on record (HB 8)."
        for part in ("North", "South")
    ]
    at.move_to(london("2026-06-01T09:40"))
    services.tell_health(
        ready.pk,
        world.north,
        taken_by=services.TakenBy.NAMED,
        name="Chief of NHS North Westmarch",
        at=london("2026-06-01T09:30"),
        by=world.cqc,
    )
    assert [text.split(" gets")[0] for text in noted()] == ["NHS South Westmarch"]


def test_a_cancelled_inspection_is_not_confirmed(ready, world):
    services.cancel(ready, "Flood", by=world.officer)
    ready.refresh_from_db()
    assert "The inspection is cancelled: there is nothing to confirm." in [
        one.text for one in compose.draft(ready, CONFIRMATION).problems
    ]


# --- what it says ---


@pytest.mark.parametrize(
    "said",
    [
        "Monday 8 June 2026",  # the dates
        "Friday 12 June 2026",
        "five working days",
        "nobody arrives before 9am",  # HB 21
        "what Ada Osei told you by telephone on Monday 1 June 2026",
        "Bilal Khan",  # the team
        "CQC inspector",
        "names one person, the local area nominated officer (LANO)",  # the LANO's role
        "single point of contact",
        "Lana of Westmarch",
        "what we will ask for",
        "NHS North Westmarch and NHS South Westmarch",
        "nothing need be written for us",  # HB 13, 43
        "open to every parent and carer",  # HB 12
        "the whole timetable",
        "Dates from notification to the end of the inspection",
        DEFINITION,
        "‘HB’ and a number is a paragraph of our handbook",
        "there is no Day 0",
        "If something worries you",  # HB 51-52
        "complain formally",
        "If the dates cannot be kept",  # HB 15
        "exceptional circumstances",
        "Copies to",
        "Chief of NHS South Westmarch",
        "His Majesty’s Inspector, lead inspector",
    ],
)
def test_it_says(ready, said):
    assert said in words(markup_of(confirmation_facts(ready)))


def test_every_line_of_the_timetable_has_weekday_and_source(ready):
    facts = confirmation_facts(ready)
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', markup_of(facts))
    table = rows[-len(facts.timetable) :]
    for line, row in zip(facts.timetable, table, strict=True):
        assert row.startswith(f"{line.on:%a} {line.on.day} {line.on:%b} {line.on.year}")
        assert f"<td>{line.source}</td>" in row


def test_a_month_deadline_on_a_sunday_has_its_practical_day(ready):
    facts = confirmation_facts(ready)
    shown = {line.practical_on for line in facts.timetable if line.practical_on}
    kept = Deadline.objects.filter(case=ready).exclude(practical_on=None)
    assert shown == {due.practical_on for due in kept if due.practical_on != due.due_on}
    line = replace(
        facts.timetable[-1],
        on=datetime.date(2026, 11, 29),
        practical_on=datetime.date(2026, 11, 27),
    )
    said = words(markup_of(replace(facts, timetable=(line,))))
    assert "Sun 29 Nov 2026 in practice by Fri 27 Nov" in said.replace("2026in", "2026 in")


def test_without_a_lano_it_asks_who_that_is(ready):
    PostHolder.objects.filter(name="Lana of Westmarch").delete()
    said = words(markup_of(confirmation_facts(ready)))
    assert "Please tell Ada Osei today who this is." in said


# --- issue ---


def test_issue_meets_the_deadline_and_records_the_letter_once(ready, world):
    letter = issue(ready, world)
    event = Event.objects.get(case=ready, kind="confirmation_sent")
    assert event.facts == {"letter": str(letter.pk)}
    assert event.recorded_by == world.officer
    due = Deadline.objects.get(case=ready, rule="IN-CONFIRM")
    assert (due.state, due.met_event) == ("met", event)


def test_the_printed_letter_passes_pdf_ua_1_and_holds_its_words(ready, world, tmp_path):
    letter = issue(ready, world)
    content = (tmp_path / letter.path).read_bytes()
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert [one.message for one in report.failures] == []
    reader = PdfReader(io.BytesIO(content))
    printed = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    assert "Dana of Westmarch" in printed
    assert "RESTRICTED" not in printed
    assert all(letter.reference in sheet.extract_text() for sheet in reader.pages)
    assert reader.metadata.title == (
        f"Joint area SEND inspection of Westmarch: confirmation ({letter.reference})"
    )


def test_no_sheet_holds_the_signature_alone(ready):
    facts = confirmation_facts(ready)
    envelope = compose.Envelope(reference="IN-1/L")
    ends = set()
    for size in range(8, 22, 2):
        team = tuple(Member(f"Inspector {number}", "Inspector") for number in range(size))
        larger = replace(facts, team=team)
        markup = compose.body(CONFIRMATION, larger, envelope)
        file = compose.print_letter(CONFIRMATION, larger, markup, envelope.reference)
        sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(file)).pages]
        number, signed = next(
            (place, text) for place, text in enumerate(sheets) if "Yours sincerely" in text
        )
        ends.add(number)
        assert "Thank you for your help" in signed
        assert "Copies to" in signed
    assert len(ends) > 1  # the sizes tried do push the end over to another sheet


def test_a_confirmation_on_record_leaves_the_letter_failed_with_the_reason(ready, world):
    seen = compose.draft(ready, CONFIRMATION).fingerprint
    letter = letters.approve(ready, CODE, by=world.officer, seen=seen)
    letters.issue(letter.pk, by=world.officer)
    record(ready.pk, events.ConfirmationSent(letter=uuid.uuid4()), by=world.officer)
    assert letters.carry_out(letter.pk) is False
    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED
    assert "already on record" in letter.failure


def test_a_correction_records_no_second_confirmation(ready, world):
    first = issue(ready, world)
    letters.correct(first.pk, by=world.officer, reason="The address was wrong.")
    second = issue(ready, world)
    assert second.replaces == first
    assert Event.objects.filter(case=ready, kind="confirmation_sent").count() == 1
    assert Letter.objects.count() == 2


HOSTILE = [
    "<script>alert(1)</script> & Sons",
    '=HYPERLINK("http://evil.example";"x")',
    "{{ facts.lead }} {% now 'Y' %}",
    "محمد عبد الله",
    "王小明",
    "O’Brien-Ñuñez, Zoë",
    "A" * 300,
    " ".join(["Longname"] * 30)[:300],
    "Robert'); DROP TABLE letters_letter;--",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_of_any_kind_prints_as_it_was_typed(ready, world, tmp_path, name):
    PostHolder.objects.filter(name="Dana of Westmarch").update(name=name)
    ready.refresh_from_db()
    draft = compose.draft(ready, CONFIRMATION)
    if draft.problems:  # a machine without fonts for it: named, and not printed
        assert "cannot be printed" in draft.problems[0].text
        return
    letter = issue(ready, world)
    assert name in html.unescape(letter.html)
    assert "<script" not in letter.html
    content = (tmp_path / letter.path).read_bytes()
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert [one.message for one in report.failures] == []


def test_that_an_issued_letter_was_sent_is_not_struck_out(ready, world, client):
    letter = issue(ready, world)
    sent = Event.objects.get(case=ready, kind="confirmation_sent")
    with pytest.raises(GuardFailed, match="an issued letter never changes"):
        void(sent.pk, by=world.officer, reason="Sent to the wrong address")
    ready.refresh_from_db()
    assert Deadline.objects.get(case=ready, rule="IN-CONFIRM").met_on is not None
    client.force_login(world.officer)
    page = client.post(
        f"/cases/{ready.pk}/events/{sent.seq}/void/",
        {"reason": "Wrong address", "version": ready.version, "key": "k"},
    )
    assert "Correct the letter instead" in page.content.decode()
    letter.refresh_from_db()
    assert letter.state == LetterState.ISSUED
