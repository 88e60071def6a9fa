"""The general case page and forms of statements, monitoring and re-visits, as people use them."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from casework.forms import event_form
from casework.models import Event
from casework.registry import kind_of
from casework.views.record_event import subjects_for_form
from inspections.events import Judgement
from monitoring.tests.conftest import programme
from revisits.tests.test_workflow import london

__all__ = ["programme"]

MOST_QUERIES = 20
FORM = Template("{% load govuk %}{% govuk_form form %}")


def dated(day: str, name: str = "happened_on") -> dict[str, str]:
    year, month, number = day.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


def payload(case: Any, day: str, **given: Any) -> dict[str, Any]:
    values = {**dated(day), "happened_time": "", "note": "", "version": case.version, "key": "k1"}
    return {**values, **given}


def queries_of(client: Any, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_every_step_of_every_kind_has_a_form_with_words(revisit):
    statement = revisit.statement
    for case in (statement.case, revisit.case, statement.child("monitoring")):
        all_have_words(case)


def test_every_step_of_a_support_programme_has_a_form_with_words(programme):
    programme.published(Judgement.FAILINGS, 2)
    all_have_words(programme.case)


def all_have_words(case: Any) -> None:
    kind = kind_of(case)
    for step in kind.steps:
        form_type = event_form(case, step.event, subjects_for_form(case, kind))
        form = form_type(case=case, facts_type=step.event)
        assert all(field.label for field in form.visible_fields()), step.event.kind
        drawn = FORM.render(Context({"form": form}))
        assert all(f'name="{name}' in drawn for name in form.fields), step.event.kind


def test_a_statement_is_submitted_on_its_form_and_gaps_stand_beside_their_fields(statement, client):
    statement.to("2026-10-20T10:00")
    client.force_login(statement.by("dcs"))
    path = f"/cases/{statement.case.pk}/record/submitted/"
    page = client.get(path).content.decode()
    assert "Submit the statement" in page
    assert "Every significant weakness has at least one action" in page
    given = payload(statement.case, "2026-10-20", note="Sent by the chief executive.")
    refused = client.post(path, {**given, "every_weakness": "on"})
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Every action must say who will take it" in text
    assert "Sent by the chief executive." in text
    taken = client.post(path, {**given, "every_weakness": "on", "who_and_when": "on", "key": "k2"})
    assert taken.status_code == 302
    statement.case.refresh_from_db()
    assert statement.case.stage == "submitted"


@pytest.mark.parametrize("odd", ["-1", "many", "99999999999999999999", "<script>"])
def test_odd_numbers_are_refused_kindly(statement, client, odd):
    statement.submitted()
    client.force_login(statement.by("lead_hmi"))
    path = f"/cases/{statement.case.pk}/record/judged_not_fit/"
    given = payload(statement.case, "2026-10-22", weaknesses=odd, reasons="<b>No</b> milestones")
    response = client.post(path, given)
    assert response.status_code == 422
    assert "<script>" not in response.content.decode().split("<main", 1)[1]
    assert "&lt;b&gt;No&lt;/b&gt; milestones" in response.content.decode()
    assert not Event.objects.filter(kind="judged_not_fit").exists()


def test_a_revisit_is_planned_and_scheduled_on_general_forms(statement, client):
    statement.judged_fit().to("2027-01-11T10:00")
    client.force_login(statement.by("support_officer"))
    page = client.get(statement.case.get_absolute_url()).content.decode()
    assert "Plan a re-visit" in page
    given = {
        **payload(statement.case, "2027-01-11", why_late="", direction=""),
        **dated("2027-05-01", "period_from"),
        **dated("2027-07-16", "period_to"),
    }
    path = f"/cases/{statement.case.pk}/record/revisit_planned/"
    assert client.post(path, given).status_code == 302
    revisit = statement.child("revisit")
    path = f"/cases/{revisit.pk}/record/scheduled/"
    page = client.get(path).content.decode()
    assert "Ada Osei" in page
    given = {
        **payload(revisit, "2027-01-11", reason_team="", reason_late=""),
        **dated("2027-06-08", "first_day"),
        **dated("2027-06-10", "last_day"),
        "lead_hmi": statement.world.lead.pk,
        "cqc_inspector": statement.world.cqc.pk,
    }
    assert client.post(path, given).status_code == 302
    revisit.refresh_from_db()
    assert (revisit.stage, revisit.first_day) == ("scheduled", datetime.date(2027, 6, 8))


def test_other_dates_begin_with_those_that_stand(revisit, client):
    revisit.scheduled()
    client.force_login(revisit.by("support_officer"))
    page = client.get(f"/cases/{revisit.case.pk}/record/rescheduled/").content.decode()
    assert 'name="first_day-day"' in page
    assert page.count("checked") == 2  # the lead HMI and the CQC inspector
    given = {
        **payload(revisit.case, "2027-01-11", reason_team="", reason_late="", why="Half term."),
        **dated("2027-06-15", "first_day"),
        **dated("2027-06-17", "last_day"),
        "lead_hmi": revisit.world.lead.pk,
        "cqc_inspector": revisit.world.cqc.pk,
    }
    path = f"/cases/{revisit.case.pk}/record/rescheduled/"
    assert client.post(path, given).status_code == 302
    revisit.case.refresh_from_db()
    assert revisit.case.first_day == datetime.date(2027, 6, 15)


def test_a_visit_is_recorded_by_an_adviser_one_click_from_its_deadline(statement, client):
    statement.judged_fit().to("2027-02-03T14:00")
    monitoring = statement.child("monitoring")
    client.force_login(statement.by("adviser"))
    page = client.get(monitoring.get_absolute_url()).content.decode()
    path = f"/cases/{monitoring.pk}/record/visit_held/"
    assert path in page
    given = payload(monitoring, "2027-02-03", dfe="on", nhs="on", summary="On track.")
    assert client.post(path, given).status_code == 302
    assert Event.objects.filter(case=monitoring, kind="visit_held").exists()


def test_the_pages_take_the_same_queries_whatever_the_case_holds(revisit, client):
    statement = revisit.statement
    pages = [
        (statement.by("support_officer"), statement.case),
        (statement.by("adviser"), statement.child("monitoring")),
        (statement.by("support_officer"), revisit.case),
    ]
    before = []
    for person, case in pages:
        client.force_login(person)
        before.append(queries_of(client, case.get_absolute_url()))
    revisit.published(sufficient=3, not_sufficient=1)
    after = []
    for person, case in pages:
        client.force_login(person)
        after.append(queries_of(client, case.get_absolute_url()))
    assert max(after) <= MOST_QUERIES
    assert [late - early for early, late in zip(before, after, strict=True)] <= [2, 2, 2]


def test_the_list_and_the_home_page_name_kind_and_stage(revisit, client):
    revisit.published(sufficient=3, not_sufficient=1)
    client.force_login(revisit.by("senior_hmi"))
    for path in ("/cases/", "/"):
        text = client.get(path).content.decode()
        for words in ("Written statement", "Re-visit", "Monitoring", "In further support"):
            assert words in text, (path, words)


def test_an_event_of_another_kind_or_framework_is_not_found(statement, client):
    client.force_login(statement.by("support_officer"))
    for event in ("judgement_day", "visit_held", "outcome_decided"):
        response = client.get(f"/cases/{statement.case.pk}/record/{event}/")
        assert response.status_code in (403, 404)


def test_the_survey_form_asks_for_no_more_than_when(revisit, client):
    revisit.notified()
    client.force_login(revisit.by("lead_hmi"))
    revisit.to("2027-06-01T12:30")
    path = f"/cases/{revisit.case.pk}/record/survey_opened/"
    assert client.get(path).status_code == 200
    given = payload(revisit.case, "2027-06-01", happened_time="12:00")
    assert client.post(path, given).status_code == 302
    event = Event.objects.get(case=revisit.case, kind="survey_opened")
    assert event.happened_at == london("2027-06-01T12:00")
