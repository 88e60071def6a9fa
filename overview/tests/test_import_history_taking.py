"""What a row makes of the record: a closed case, its statement, what followed; and again later."""

import datetime
import io
import re

import pytest
import time_machine
from django.core.management import CommandError, call_command

from areas.models import LocalArea
from casework.models import Case, Deadline, Event
from casework.recording import correct, create_case, record
from casework.tests.rehearsal import make_person
from inspections.events import DatesOnRecord, Scheduled
from notices.models import Notice
from overview.tests.history_files import FULL, INSPECTION, REVISIT, as_csv, figures, row, run

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture(autouse=True)
def today():
    moment = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
    with time_machine.travel(moment, tick=False) as traveller:
        yield traveller


@pytest.fixture
def bring_in(tmp_path):
    """Import rows as a file; gives the lines printed and the figures, and tries `rebuild`."""

    def imported(*rows, options=()):
        found = run(as_csv(tmp_path / "record.csv", rows), *options)
        call_command("rebuild", "--check", stdout=io.StringIO())
        return found

    return imported


def case_of(kind, **given):
    return Case.objects.get(kind=kind, **given)


def states(case):
    return dict(Deadline.objects.filter(case=case).values_list("rule", "state"))


# --- one row ---


def test_an_inspection_becomes_a_closed_case_with_its_deadlines(bring_in):
    """Kent, on site to 1 February 2019, published 29 March: 40 working days, 7 too many (HB 59)."""
    bring_in(row(publication_date="2019-03-29"))
    case = case_of("inspection")
    assert (case.local_area.name, case.framework) == ("Kent", "local-area-send-2016")
    assert (case.stage, case.outcome) == ("closed", "statement_required")
    assert (case.first_day, case.last_day) == (D(2019, 1, 28), D(2019, 2, 1))
    assert (case.published_on, case.ended_on) == (D(2019, 3, 29), D(2019, 3, 29))
    assert case.reference == "IN-2019-0001"
    late = Deadline.objects.get(case=case, rule="IN-PUBLISH")
    assert (late.state, late.due_on, late.met_on) == ("met_late", D(2019, 3, 20), D(2019, 3, 29))
    assert states(case)["IN-DRAFT"] == "not_recorded"
    assert set(case.events.values_list("origin", flat=True)) == {"imported"}


def test_within_33_working_days_is_what_the_stored_deadline_says(bring_in):
    wrong = {"wd_end_to_publication": "60", "deadline_33wd": "2019-03-01", "wd_over_33": "27"}
    _, found = bring_in(row(**wrong))
    assert found["within_33"] == 1
    _, found = bring_in(
        row(local_area="Surrey", gss_code="E10000030", publication_date="2019-03-21")
    )
    assert (found["inspections"], found["within_33"]) == (1, 0)


def test_published_history_is_open_to_those_who_may_read_published_cases(bring_in):
    bring_in(INSPECTION)
    director = make_person("Dana", role="dcs", area=LocalArea.objects.get(name="Kent"))
    stranger = make_person("Otto", role="dcs", area=LocalArea.objects.get(name="Surrey"))
    assert {one.kind for one in Case.objects.visible_to(director)} == {"inspection", "wsoa"}
    assert not Case.objects.visible_to(stranger).exists()
    assert not Notice.objects.exists()


def test_the_note_says_where_it_is_from_and_what_is_doubtful(bring_in):
    bring_in(row(end_date_basis="assumed Friday of start week", notes="council says 30 January"))
    opened, days = list(case_of("inspection").events.order_by("seq"))[:2]
    assert opened.note.content["text"] == (
        "Source: statistics of 2022. Notes: council says 30 January. Doubtful: The last day on site"
        " is assumed Friday of start week. Sources differ or are doubted: council says 30 January."
    )
    assert days.facts["last_day_assumed"] is True
    assert days.note.content["text"] == "Last day: assumed Friday of start week."


def test_a_notification_that_is_known_is_held_against_its_day(bring_in):
    bring_in(row(REVISIT, notification_date="2022-09-12"))
    """Day -10 is over the bank holiday of the state funeral (RV 12)."""
    assert Deadline.objects.get(rule="RE-NOTIFY").state == "met"


def test_an_inspection_of_2023_has_its_own_rules_and_outcome(bring_in):
    _, found = bring_in(FULL)
    case = case_of("inspection")
    assert (case.framework, case.outcome) == ("area-send-2023", "failings")
    assert states(case)["AS-PUBLISH"] == "met"
    assert (found["rows"], found["inspections"], found["wsoa_required"]) == (1, 0, 0)


def test_an_area_that_was_abolished_keeps_its_history(bring_in):
    given = {"local_area": "Cumbria", "gss_code": "E10000006", "ofsted_region": "North West"}
    printed, found = bring_in(row(**given))
    assert (found["taken"], found["doubted"]) == (0, 1)
    assert any("Cumbria was abolished at the end of Friday 31 March 2023" in one for one in printed)
    assert case_of("inspection").local_area.name == "Cumbria"


def test_what_is_not_known_leaves_gaps_and_no_guess(bring_in):
    bare = {"start_date": "", "end_date": "", "outcome": "", "n_weaknesses": ""}
    bring_in(row(FULL, **bare))
    case = case_of("inspection")
    assert (case.stage, case.outcome, case.first_day) == ("closed", "", None)
    assert case.published_on == D(2025, 8, 5)


def test_a_refused_row_leaves_nothing_and_the_others_are_taken(bring_in):
    printed, found = bring_in(
        row(local_area="Wessex", gss_code=""), INSPECTION, row(start_date="2019-02-29")
    )
    assert (found["taken"], found["refused"], found["created"]) == (1, 2, 1)
    assert "     - There is no local area 'Wessex'." in [f"     {one.strip()}" for one in printed]
    assert Case.objects.filter(kind="inspection").count() == 1


def test_its_page_says_that_it_was_taken_over_and_what_is_assumed(bring_in, client):
    bring_in(
        row(end_date_basis="assumed Friday", publication_date="2019-03-29"),
        row(REVISIT, outcome="sufficient progress: some", n_sufficient="2", n_insufficient="7"),
        row(FULL, local_area="Surrey", gss_code="E10000030"),
    )
    client.force_login(make_person("Olu", role="support_officer"))

    def page(kind, area="Kent"):
        case = case_of(kind, local_area__name=area)
        text = client.get(case.get_absolute_url()).content.decode()
        return " ".join(re.sub(r"<[^>]+>", " ", text).split())

    inspection, statement, revisit = page("inspection"), page("wsoa"), page("revisit")
    assert "Taken over from published history; the last day on site is assumed" in inspection
    assert "Met late Fri 29 March 2019, 7 working days late" in inspection
    assert "a written statement of action is required, for 9 significant weaknesses" in inspection
    assert "taken over from published history" in inspection
    assert "Not recorded" in inspection
    assert "Record Taken over from published history" in statement
    assert "Record Taken over from published history" in revisit
    assert "Progress judged on each weakness: sufficient in 2 of 9" in revisit
    surrey = page("inspection", "Surrey")
    assert "widespread and/or systemic failings; 2 areas for priority action" in surrey


# --- statements ---


def test_an_inspection_that_required_a_statement_makes_it(bring_in):
    bring_in(
        row(wsoa_due="2019-07-08", wsoa_submitted="2019-07-01",
            wsoa_fit_for_purpose_letter="2019-07-12")
    )  # fmt: skip
    statement = case_of("wsoa")
    assert statement.origin == case_of("inspection")
    assert (statement.stage, statement.outcome) == ("fit", "fit")
    assert {k: states(statement)[k] for k in ("WS-REVIEW", "WS-LETTER")} == {
        "WS-REVIEW": "met",
        "WS-LETTER": "met",
    }
    note = statement.events.get(kind="opened").note.content["text"]
    assert "Principal authority: joint: council + CCGs. Due by 8 July 2019" in note


def test_no_statement_where_none_was_required(bring_in):
    bring_in(row(outcome="no WSOA", n_weaknesses="", principal_authority=""))
    assert not Case.objects.filter(kind="wsoa").exists()


def test_bodies_are_those_of_its_time(bring_in):
    bring_in(row(wsoa_fit_for_purpose_letter="2019-07-12"), row(FULL))
    owed = Deadline.objects.filter(case=case_of("wsoa"), rule="WS-PUBLISH")
    names = set(owed.values_list("subject_name", flat=True))
    assert any("Clinical Commissioning Group" in name or "CCG" in name for name in names)
    assert not any("Integrated Care Board" in name for name in names)


SUFFICIENT = {"outcome": "sufficient progress: all", "n_sufficient": "9", "n_insufficient": "0"}


@pytest.mark.parametrize(
    ("rows", "stage"),
    [
        ([INSPECTION], "required"),
        ([INSPECTION, row(REVISIT, **SUFFICIENT)], "closed"),  # RV 28
        ([INSPECTION, REVISIT], "in_further_support"),  # RV 29
        ([INSPECTION, REVISIT, FULL], "superseded"),
        ([INSPECTION, FULL], "superseded"),
        ([INSPECTION, row(REVISIT, **SUFFICIENT), FULL], "closed"),
    ],
)
def test_a_statement_ends_as_history_says(bring_in, rows, stage):
    bring_in(*rows)
    assert case_of("wsoa").stage == stage


def test_a_revisit_comes_from_the_statement_which_hears_of_it(bring_in):
    bring_in(INSPECTION, REVISIT)
    revisit, statement = case_of("revisit"), case_of("wsoa")
    assert (revisit.origin, revisit.outcome) == (statement, "none_sufficient")
    heard = Event.objects.filter(case=statement, kind="related_happened")
    assert "child:first_day" in {one.facts["event"] for one in heard}


def test_a_revisit_that_came_late_is_shown_as_late(bring_in):
    """18 months from the judgement of 12 July 2019 end in January 2021 (RV 5)."""
    bring_in(row(wsoa_fit_for_purpose_letter="2019-07-12"), REVISIT)
    late = Deadline.objects.get(rule="WS-REVISIT")
    assert (late.due_on, late.state, late.met_on) == (D(2021, 1, 12), "met_late", D(2022, 9, 27))


def test_what_was_found_without_counts_is_as_published(bring_in):
    given = {"outcome": "sufficient progress: some (count not seen)", "n_sufficient": ""}
    bring_in(INSPECTION, row(REVISIT, **given, n_insufficient=""))
    assert case_of("revisit").outcome == "some_sufficient"
    assert case_of("wsoa").stage == "in_further_support"


def test_a_revisit_without_its_inspection_stands_alone(bring_in):
    bring_in(REVISIT)
    assert case_of("revisit").origin is None
    assert case_of("revisit").stage == "closed"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_whichever_file_came_first_the_end_is_the_same(bring_in, order):
    rows = [INSPECTION, REVISIT, FULL]
    for place in order:
        bring_in(rows[place])
    statement, revisit = case_of("wsoa"), case_of("revisit")
    assert (statement.stage, statement.ended_on) == ("superseded", D(2025, 8, 5))
    assert revisit.origin == statement
    _, again = bring_in(*rows)
    assert (again["created"], again["unchanged"]) == (0, 3)


def test_the_statement_of_an_abolished_area_lasts_until_all_that_followed_are_inspected(bring_in):
    north_west = {"ofsted_region": "North West", "gss_code": "E10000006"}
    bring_in(row(local_area="Cumbria", **north_west))
    bring_in(row(FULL, local_area="Westmorland and Furness", **north_west))
    assert case_of("wsoa").stage == "required"
    bring_in(row(FULL, local_area="Cumberland", publication_date="2025-09-09", **north_west))
    assert (case_of("wsoa").stage, case_of("wsoa").ended_on) == ("superseded", D(2025, 9, 9))


# --- again ---


def test_the_same_file_again_changes_nothing(bring_in):
    rows = [INSPECTION, REVISIT, FULL]
    _, first = bring_in(*rows)
    before = list(Event.objects.order_by("pk").values_list("pk", "hash"))
    _, again = bring_in(*rows)
    assert (first["created"], first["unchanged"]) == (3, 0)
    assert (again["created"], again["unchanged"]) == (0, 3)
    assert {**first, "created": 0, "unchanged": 3} == again
    assert list(Event.objects.order_by("pk").values_list("pk", "hash")) == before


def test_a_row_that_is_there_twice_counts_once(bring_in):
    printed, found = bring_in(INSPECTION, INSPECTION, row(end_date="2019-01-31"))
    assert (found["taken"], found["refused"], found["inspections"]) == (1, 2, 1)
    assert any("It repeats the row on line 2." in one for one in printed)
    assert any("speaks of the same event as the row on line 2, and says" in one for one in printed)


def test_a_later_file_that_says_more_adds_to_the_record(bring_in):
    bring_in(row(publication_date="", outcome="", n_weaknesses=""))
    _printed, found = bring_in(INSPECTION)
    case = case_of("inspection")
    assert (case.outcome, case.published_on) == ("statement_required", D(2019, 3, 20))
    assert (case.stage, case.ended_on) == ("closed", D(2019, 3, 20))
    assert (found["created"], found["unchanged"], found["within_33"]) == (0, 0, 1)
    assert Deadline.objects.get(case=case, rule="IN-PUBLISH").state == "met"
    assert bring_in(INSPECTION)[1]["unchanged"] == 1


def test_what_comes_late_to_an_ended_statement_leaves_it_ended(bring_in):
    bring_in(INSPECTION, REVISIT, FULL)
    bring_in(row(wsoa_submitted="2019-07-01", wsoa_fit_for_purpose_letter="2019-07-12"))
    statement = case_of("wsoa")
    assert (statement.stage, statement.outcome) == ("superseded", "fit")
    assert Deadline.objects.get(case=statement, rule="WS-REVISIT").state == "met_late"


def test_an_end_that_was_assumed_gives_way_to_one_that_is_stated(bring_in):
    bring_in(row(end_date_basis="assumed Friday of start week"))
    _printed, found = bring_in(row(end_date="2019-01-31", end_date_basis="stated: report"))
    assert (found["taken"], found["refused"]) == (1, 0)
    assert case_of("inspection").last_day == D(2019, 1, 31)
    corrected = Event.objects.exclude(corrects=None).get(case=case_of("inspection"))
    assert corrected.note.content["text"] == "The published source says more now."


def test_a_row_that_says_otherwise_is_refused_and_the_record_stands(bring_in):
    bring_in(INSPECTION)
    printed, found = bring_in(row(publication_date="2019-03-29"))
    assert (found["refused"], found["within_33"]) == (1, 0)
    assert any("On record: Report published (Ofsted), Wednesday 20 March 2019. In the file:" in one
               for one in printed)  # fmt: skip
    assert any("Nothing was changed; with --correct it is." in one for one in printed)
    assert case_of("inspection").published_on == D(2019, 3, 20)


def test_with_correct_the_record_is_corrected_with_a_reason_and_only_once(bring_in):
    bring_in(INSPECTION)
    changed = row(publication_date="2019-03-29", n_weaknesses="8")
    _, found = bring_in(changed, options=["--correct"])
    case = case_of("inspection")
    assert (case.published_on, found["taken"], found["within_33"]) == (D(2019, 3, 29), 1, 0)
    assert Deadline.objects.get(case=case, rule="IN-PUBLISH").state == "met_late"
    assert case.stage == "closed"
    reasons = {one.note.content["text"] for one in case.events.exclude(corrects=None)}
    assert reasons == {"The published source says otherwise now."}
    assert bring_in(changed, options=["--correct"])[1]["unchanged"] == 1
    assert bring_in(changed)[1]["unchanged"] == 1


def test_with_correct_an_outcome_that_changed_takes_its_statement_along(bring_in):
    bring_in(INSPECTION)
    bring_in(row(outcome="no WSOA", n_weaknesses="", principal_authority=""),
             options=["--correct"])  # fmt: skip
    assert case_of("inspection").outcome == "no_statement"
    assert case_of("wsoa").stage == "cancelled"
    bring_in(row(local_area="Surrey", gss_code="E10000030", outcome="no WSOA", n_weaknesses=""))
    bring_in(row(local_area="Surrey", gss_code="E10000030"), options=["--correct"])
    made = case_of("wsoa", local_area__name="Surrey")
    assert made.stage == "required"
    assert not Deadline.objects.filter(case=made, state="open").exists()


def test_what_people_corrected_here_stands_and_is_no_news(bring_in):
    bring_in(INSPECTION)
    case = case_of("inspection")
    days = case.events.get(kind="dates_on_record")
    facts = DatesOnRecord(first_day=D(2019, 1, 28), last_day=D(2019, 1, 31))
    correct(days.pk, facts, by=None, reason="The council's page has the 31st")
    assert bring_in(INSPECTION)[1]["unchanged"] == 1
    case.refresh_from_db()
    assert case.last_day == D(2019, 1, 31)


def test_dates_that_moved_a_little_are_of_the_same_event(bring_in):
    bring_in(row(REVISIT, start_date="", end_date="", publication_date="",
                 notes="September 2022; exact days not seen"))  # fmt: skip
    bring_in(REVISIT)
    assert Case.objects.filter(kind="revisit").count() == 1
    revisit = case_of("revisit")
    assert (revisit.first_day, revisit.ended_on) == (D(2022, 9, 27), D(2022, 11, 9))


def test_an_area_is_inspected_anew_after_years(bring_in):
    later = {"start_date": "2026-03-23", "end_date": "2026-03-27", "publication_date": "2026-05-27"}
    first = {"start_date": "2023-02-06", "end_date": "2023-02-10", "publication_date": "2023-05-05"}
    _, found = bring_in(row(FULL, **first), row(FULL, **later))
    assert found["created"] == 2


def test_a_case_that_was_run_here_keeps_its_own_record(bring_in, today):
    officer = make_person("Olu", role="support_officer")
    kent = LocalArea.objects.get(name="Kent")
    team = [
        make_person(f"Inspector {n}", role=r)
        for n, r in enumerate(("hmi", "ofsted_inspector", "cqc_inspector"))
    ]
    today.move_to(datetime.datetime(2025, 5, 1, 9, tzinfo=datetime.UTC))
    case = create_case("inspection", local_area=kent, by=officer, framework="area-send-2023")
    lead, ofsted, cqc = (one.pk for one in team)
    record(
        case.pk,
        Scheduled(first_day=D(2025, 6, 16), last_day=D(2025, 6, 20), lead_hmi=lead,
                  ofsted_inspector=ofsted, cqc_inspector=cqc),
        by=None,
    )  # fmt: skip
    today.move_to(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC))
    printed, found = bring_in(FULL)
    assert found["refused"] == 1
    assert any(f"{case.reference} is about the same full inspection" in one for one in printed)
    assert Case.objects.count() == 1


def test_the_command_says_what_is_wrong_with_a_file_and_gives_code_2(tmp_path):
    with pytest.raises(CommandError) as error:
        figures(tmp_path / "no.csv")
    assert error.value.returncode == 2
    assert not Case.objects.exists()
