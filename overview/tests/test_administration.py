"""Django admin over the whole product: every page of the registry opens, bears odd input and tells
nothing of what administrators have no part in (roles.md: 'Being an administrator gives no access to
drafts, evidence or survey answers'; a case is confidential before its notification)."""

import re

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse

from accounts.models import User
from accounts.role_rules import ON_A_CASE, RULES, faults
from areas.models import AreaOrganisation, LocalArea, Organisation, Region
from casework.measures import suspend
from casework.models import Case, CaseRole, Deadline, Event, EventNote
from casework.told import told
from inspections import services
from inspections.tests.conftest import at, day, london, world  # noqa: F401
from letters import services as letters
from letters.compose import draft
from letters.models import Letter
from letters.registry import letter_kind
from overview.demonstration.people import PEOPLE, REGION

pytestmark = pytest.mark.django_db
LETTER = "L-IN-CONFIRM"
LONG = "ab" * 5000
ODD = ("'\"%\\", "a'; DROP TABLE x; -- {{ 7 * 7 }}", "陳 ليلى 🙂", " ", LONG)


@pytest.fixture
def told_case(world, at):  # noqa: F811
    """A notified inspection whose confirmation letter has been issued."""
    case = world.notified(at)
    services.confirm_go_ahead(case.pk, cqc=True, support_officer=True, by=world.lead)
    for one in (world.north, world.south):
        services.tell_health(
            case.pk,
            one,
            taken_by="named",
            name="Kim of Health",
            at=london("2026-06-01T09:15"),
            by=world.cqc,
        )
    return case


@pytest.fixture
def administrator(world):  # noqa: F811
    return User.objects.create_superuser("adebayo@test.example", "x", name="Adébáyọ̀ Ọlá")


@pytest.fixture
def page(client, administrator, told_case):
    """Django admin as the administrator sees it."""
    client.force_login(administrator)
    return client


def lists():
    for model, pages in admin.site._registry.items():
        meta = model._meta
        yield model, pages, reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def read(page, address):
    response = page.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


# -- what is registered ------------------------------------------------------------------------

#: What has no page at all: content, secrets, and what libraries bring.
NEVER = {
    "casework.eventnote",
    "casework.change",
    "casework.move",
    "inspections.inspection",
    "inspections.booking",
    "inspections.declaredinterest",
    "notices.notice",
    "sessions.session",
    "auth.group",
    "mfa.authenticator",
    "account.emailaddress",
    "django_celery_beat.periodictask",
}
#: Columns of casework and letters that say what somebody wrote, found or drafted.
CONTENT = {
    "facts",
    "html",
    "path",
    "failure",
    "replaces_reason",
    "reason",
    "note",
    "content",
    "salt",
    "outcome",
    "note_commitment",
}


def test_content_is_never_registered():
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert not registered & NEVER
    assert {name for name in registered if name.startswith(("casework.", "letters."))} == {
        "casework.case",
        "casework.caserole",
        "casework.deadline",
        "casework.event",
        "casework.parameterversion",
        "letters.letter",
    }


def test_no_page_of_casework_shows_what_people_wrote():
    for model, pages, _ in lists():
        if model._meta.app_label not in ("casework", "letters"):
            continue
        if model._meta.model_name == "parameterversion":
            continue  # the administrators' own choices, with their own reason
        shown = {*pages.list_display, *pages.fields, *pages.search_fields}
        for inline in pages.inlines:
            shown |= set(inline.fields)
        assert not shown & CONTENT, model
        text = (models.TextField, models.JSONField, models.BinaryField)
        columns = {f.name for f in model._meta.get_fields() if isinstance(f, text)}
        assert not shown & columns, model


def test_nothing_of_casework_or_the_calendar_can_be_changed_here(page, told_case):
    for model, pages, address in lists():
        if model._meta.app_label not in ("casework", "letters", "working_days"):
            continue
        row = pages.get_queryset(_request(page)).first()
        assert page.get(f"{address}add/").status_code == 403
        assert page.post(f"{address}add/", {}).status_code == 403
        assert pages.get_actions(_request(page)) == {}
        if row is None:
            continue
        before = model.objects.filter(pk=row.pk).values().get()
        changed = page.post(f"{address}{row.pk}/change/", {"stage": "closed", "state": "met"})
        assert changed.status_code == 403
        page.post(f"{address}{row.pk}/delete/", {"post": "yes"})
        page.post(address, {"action": "delete_selected", "_selected_action": [row.pk], "index": 0})
        assert model.objects.filter(pk=row.pk).values().get() == before


def _request(page):
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=page.session["_auth_user_id"])
    return request


# -- what is confidential ----------------------------------------------------------------------


@pytest.fixture
def secret(world, at):  # noqa: F811
    """An inspection of another area that is scheduled and not told, with everything about it."""
    case = services.plan_inspection(
        world.other_area, day("2026-06-01"), day("2026-07-17"), by=world.officer
    )
    choice = world.choice("2026-06-22", **world.other_team())
    services.schedule(case, choice, by=world.officer)
    return case


def test_a_case_that_is_not_told_is_on_no_page(page, told_case, secret):
    assert secret.deadlines.exists()
    assert secret.roles.exists()
    assert secret.events.exists()
    for _, _, address in lists():
        for asked in (address, f"{address}?q={secret.reference}", f"{address}?q=Eastmarch"):
            shown = read(page, asked)
            found = re.sub(r'(q=|q%3D|value=")[^"&]*', "", shown)
            assert secret.reference not in found, asked
            if "casework" in asked or "letters" in asked:
                assert secret.local_area.name not in found, asked
    for query in ("kind=inspection", "stage=scheduled", "state=open"):
        assert "Eastmarch" not in read(page, f"/admin/casework/case/?{query}")
    assert told_case.reference in read(page, "/admin/casework/case/")
    rows = [secret, secret.deadlines.first(), secret.roles.first(), secret.events.first()]
    for row in rows:
        address = f"/admin/casework/{row._meta.model_name}/{row.pk}/"
        for tail in ("change/", "history/", "delete/"):
            response = page.get(address + tail)
            assert response.status_code == 302, address
            assert response["Location"] == "/admin/", address
    assert page.get(f"/cases/{secret.pk}/").status_code == 404


def test_a_result_that_is_not_told_is_on_no_page(page, told_case):
    """A statement is opened by the determination, before the final report tells (HB 65)."""
    opening = told_case.events.order_by("-seq").first()
    common = {"local_area": told_case.local_area, "created_at": opening.recorded_at}
    statement = Case.objects.create(
        kind="wsoa", reference="WS-2026-0042", stage="required", origin=told_case, **common
    )
    judged = Case.objects.create(
        kind="wsoa",
        reference="WS-2026-0043",
        stage="not_fit",
        moments=["final_sent", "published", "submitted", "judged"],
        **common,
    )
    assert not Case.objects.filter(told(), pk__in=[statement.pk, judged.pk]).exists()
    shown = read(page, "/admin/casework/case/")
    assert "WS-2026" not in shown
    judged.moments = [*judged.moments, "judgement_told"]
    judged.save()
    shown = read(page, "/admin/casework/case/")
    assert "WS-2026-0043" in shown
    assert "WS-2026-0042" not in shown


def test_an_entry_by_which_something_confidential_was_opened_is_left_out(page, told_case):
    """A re-visit is planned on its statement, and confidential until it is notified (roles.md)."""
    entry = told_case.events.order_by("-seq").first()
    address = f"/admin/casework/event/{entry.pk}/change/"
    assert page.get(address).status_code == 200
    opened = Case.objects.create(
        kind="revisit",
        reference="RV-2026-0001",
        stage="planned",
        origin=told_case,
        opening_key=f"revisit:{entry.pk}",
        local_area=told_case.local_area,
        created_at=entry.recorded_at,
    )
    assert page.get(address).status_code == 302
    shown = read(page, f"/admin/casework/case/{told_case.pk}/change/")
    assert "RV-2026-0001" not in shown
    Case.objects.filter(pk=opened.pk).update(moments=["notified"])
    assert page.get(address).status_code == 200


def test_notes_reasons_and_facts_are_not_shown(page, told_case, world):  # noqa: F811
    suspend(told_case, by=world.officer, reason="A confidential reason")
    assert EventNote.objects.filter(content__icontains="confidential reason").exists()
    CaseRole.objects.filter(case=told_case).update(reason="Whispered")
    addresses = [f"/admin/casework/case/{told_case.pk}/change/"]
    for model in (Event, Deadline, CaseRole):
        rows = model.objects.filter(case=told_case)
        name = model._meta.model_name
        addresses += [f"/admin/casework/{name}/{row.pk}/change/" for row in rows]
    for address in addresses:
        shown = read(page, address)
        for text in ("confidential reason", "Whispered", "Dana of Westmarch", "Kim of Health"):
            assert text not in shown, (address, text)
    assert "Westmarch" in read(page, addresses[0])


def test_the_register_of_letters_holds_what_went_out_and_not_what_it_says(page, told_case, world):  # noqa: F811
    seen = draft(told_case, letter_kind(LETTER)).fingerprint
    letter = letters.approve(told_case, LETTER, by=world.officer, seen=seen)
    assert letter.reference not in read(page, "/admin/letters/letter/")
    assert page.get(f"/admin/letters/letter/{letter.pk}/change/").status_code == 302
    letters.issue(letter.pk, by=world.officer)
    letters.carry_out(letter.pk)
    letter = Letter.objects.get(pk=letter.pk)
    assert letter.is_issued
    assert letter.reference in read(page, "/admin/letters/letter/")
    shown = read(page, f"/admin/letters/letter/{letter.pk}/change/")
    assert letter.sha256 in shown
    assert letter.path not in shown
    words = re.sub(r"<[^>]+>", " ", letter.html)
    sentences = [one.strip() for one in words.split(".") if len(one.strip()) > 40]
    assert sentences
    assert not [one for one in sentences if one in shown]


def test_a_lead_hmi_is_not_taken_off_and_a_confidential_case_is_not_named(
    page,
    told_case,
    secret,
    world,  # noqa: F811
):
    people = [world.lead, world.second_lead, world.second_cqc]
    query = "&".join(f"id={one.pk}" for one in people)
    response = page.post(f"/admin/accounts/user/deactivate/?{query}", {"look": "1"})
    reasons = {line.pk: line.text for line in response.context["plan"].refused}
    assert reasons[world.lead.pk] == (
        f"{told_case.reference} (Westmarch) would be left without a lead HMI."
    )
    assert reasons[world.second_lead.pk] == (
        "A case that is still confidential would be left without a lead HMI: a support officer "
        "knows which."
    )
    assert "Eastmarch" not in response.content.decode()
    assert response.context["plan"].pks == []
    ended = world.lead.memberships.get()
    response = page.post(
        f"/admin/accounts/membership/end/?id={ended.pk}", {"ends_on": "2026-06-30", "look": "1"}
    )
    assert "would be left without a lead HMI" in response.content.decode()


# -- every page --------------------------------------------------------------------------------


@pytest.fixture
def rows(page, told_case, administrator):
    """Something on every list that can have something."""
    held = told_case.local_area.memberships.first()
    page.post(f"/admin/accounts/membership/{held.pk}/change/", {"ends_on": "", "reason": "Moved"})
    return page


def test_every_page_opens(rows, told_case):
    for _, pages, address in lists():
        read(rows, address)
        found = pages.get_queryset(_request(rows)).first()
        if pages.has_add_permission(_request(rows)):
            read(rows, f"{address}add/")
        if found is not None:
            read(rows, f"{address}{found.pk}/change/")
            read(rows, f"{address}{found.pk}/history/")
        for spec in pages.get_changelist_instance(_changelist(rows, address)).filter_specs:
            for choice in spec.choices(pages.get_changelist_instance(_changelist(rows, address))):
                read(rows, address + choice["query_string"])


def _changelist(page, address):
    from django.test import RequestFactory

    request = RequestFactory().get(address)
    request.user = User.objects.get(pk=page.session["_auth_user_id"])
    return request


def test_no_page_fails_at_odd_questions(rows):
    parameters = ("q", "p", "o", "e", "kind", "stage", "state", "region", "who", "what", "when")
    parameters += ("role__exact", "region__id__exact", "date__year", "nothing__like__it", "all")
    parameters += ("is_active__exact", "_to_field", "_popup", "_facets", "starts_on__gte")
    for _, _, address in lists():
        asked = [("q", value) for value in ODD]
        asked += [(name, ("'", "-1", "9" * 30)[place % 3]) for place, name in enumerate(parameters)]
        for name, value in asked:
            response = rows.get(address, {name: value})
            assert response.status_code in (200, 302, 400), (address, name, value[:20])
        assert rows.get(f"{address}?q=%00").status_code == 400
        for key in ("nothing", "0", "-1", "9" * 40, "00000000-0000-0000-0000-000000000000", "_3B"):
            for tail in ("change/", "history/", "delete/"):
                response = rows.get(f"{address}{key}/{tail}")
                assert response.status_code in (302, 404), (address, key, tail)


def test_no_page_fails_at_bad_forms(rows):
    for model, pages, address in lists():
        for value in ("", "\0", LONG, "2026-02-30"):
            fields = {field.name: value for field in model._meta.fields}
            bad = {**fields, "action": value, "_selected_action": [value, "x"], "index": value}
            response = rows.post(address, bad)
            assert response.status_code in (200, 302), (address, value[:10])
            if not pages.has_add_permission(_request(rows)):
                continue
            response = rows.post(f"{address}add/", fields)
            assert response.status_code in (200, 302, 400), (address, value[:10])
            found = model.objects.first()
            if found is not None:
                prefixes = ("memberships", "memberships-2", "gss_codes", "holders", "links")
                forms = {f"{one}-TOTAL_FORMS": value for one in prefixes}
                forms |= {f"{one}-INITIAL_FORMS": value for one in prefixes}
                response = rows.post(f"{address}{found.pk}/change/", {**fields, **forms})
                assert response.status_code in (200, 302, 400), (address, value[:10])


def test_every_list_asks_as_often_however_many_cases(
    page, told_case, django_assert_max_num_queries
):
    """25 a page, each count capped: 100,000 cases cost what 30 cost."""
    first = told_case

    def ask(address):
        with django_assert_max_num_queries(16) as asked:
            read(page, address)
        return len(asked)

    addresses = [address for model, _, address in lists() if model._meta.app_label == "casework"]
    before = [ask(address) for address in addresses]
    event, role = first.events.order_by("-seq").first(), first.roles.first()
    template = Case.objects.filter(pk=first.pk).values().get()
    for number in range(40):
        case = Case(**{**template, "id": None, "reference": f"IN-2025-{number:04d}"})
        case.id = Case._meta.pk.get_default()
        case.opening_key = ""
        case.save(force_insert=True)
        for row in (event, role, first.deadlines.first()):
            values = type(row).objects.filter(pk=row.pk).values().get()
            values |= {"id": None, "case_id": case.pk}
            type(row)(**values).save(force_insert=True)
    assert [ask(address) for address in addresses] == before
    lead = f"/admin/casework/case/{first.pk}/change/"
    many = ask_many(page, lead)
    assert many <= 30


def ask_many(page, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        read(page, address)
    return len(asked)


def test_a_long_list_is_paged_no_further_than_it_is_counted(page, monkeypatch):
    from accounts.administration import pages

    monkeypatch.setattr(pages, "COUNTED_TO", 60)
    shown = read(page, "/admin/areas/organisation/")
    assert "The first 60 organisations. There may be more: search or filter to find them." in shown
    assert "?p=3" in shown
    assert page.get("/admin/areas/organisation/?p=4").status_code == 302


# -- roles -------------------------------------------------------------------------------------


def test_everybody_in_the_demonstration_holds_what_could_be_given_here(db):
    make_forum_of_each_area()
    scopes = {"England": "national", "region": "region", "area": "area"}
    for one in PEOPLE:
        given = {
            "role": one.role,
            "scope": scopes[one.place],
            "organisation": Organisation.objects.get(name=one.organisation),
            "local_area": LocalArea.objects.get(name=one.area) if one.place == "area" else None,
            "region": Region.objects.get(code=REGION) if one.place == "region" else None,
            "starts_on": day("2026-06-01"),
        }
        assert faults(given) == {}, one


def make_forum_of_each_area():
    for one in PEOPLE:
        if one.role == "parent_carer_forum":
            area = LocalArea.objects.get(name=one.area)
            forum, _ = Organisation.objects.get_or_create(
                kind="parent_carer_forum", name=one.organisation
            )
            AreaOrganisation.objects.get_or_create(local_area=area, organisation=forum)


def test_every_role_says_where_it_can_be_held():
    from accounts import roles

    assert set(RULES) | ON_A_CASE == set(roles.LABELS)
