"""Each refusal is tried on data that could leak: other areas, other moments, other people."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.administrators import mark
from accounts.models import User
from casework import access
from casework.access import case_or_refuse, may, may_record, register_exclusion, roles_on
from casework.access_rows import ROWS, TEAM
from casework.models import Case, Deadline, Event
from casework.people import end_role, give_role, people_on
from casework.recording import NotAllowed, create_case, record
from casework.tests.rehearsal import (
    Drafted,
    Published,
    Seen,
    Told,
    grant,
    make_area,
    make_person,
    put_on_case,
)
from casework.tests.test_recording import FIX

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def elsewhere(declared, db):
    return make_area("Elsewhere", region="Other Region", code="T02")


@pytest.fixture
def other_case(elsewhere, officer, monday):
    case = create_case("rehearsal", local_area=elsewhere, by=officer)
    return case


def seen_by(person):
    """What a fresh look at the person's access shows."""
    fresh = User.objects.get(pk=person.pk)
    return set(Case.objects.visible_to(fresh))


def notify(case, officer):
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    case.refresh_from_db()


def publish(case, officer, monday):
    monday.move_to(datetime.datetime(2026, 6, 12, 15, 0, tzinfo=datetime.UTC))
    record(case.pk, Seen(), by=officer)
    record(case.pk, Drafted(), by=officer)
    record(case.pk, Published(), by=officer)
    case.refresh_from_db()


@pytest.mark.parametrize(
    "role",
    ["support_officer", "senior_hmi", "cqc_quality_assurer", "regional_director", "hmci"],
)
def test_the_inspectorates_know_of_a_case_before_notification(case, other_case, role):
    assert seen_by(make_person("Nat", role=role)) == {case, other_case}
    assert seen_by(make_person("Reg", role=role, region=case.local_area.region)) == {case}
    assert seen_by(make_person("Are", role=role, area=other_case.local_area)) == {other_case}


@pytest.mark.parametrize("role", [*TEAM, "quality_assurer"])
def test_who_is_named_on_a_case_sees_that_case_alone(case, other_case, role):
    person = make_person("Tess")
    put_on_case(person, case, role)
    assert seen_by(person) == {case}


@pytest.mark.parametrize("role", ["hmi", "lead_hmi", "ofsted_inspector", "cqc_inspector"])
def test_a_standing_inspector_sees_no_case_before_being_named_on_it(case, other_case, role):
    assert seen_by(make_person("Ina", role=role)) == set()


@pytest.mark.parametrize(
    "role",
    [
        "lano",
        "health_lano",
        "dcs",
        "health_chief_executive",
        "send_lead",
        "chief_executive",
        "parent_carer_forum",
    ],
)
def test_the_local_area_sees_its_own_case_once_notified(case, other_case, officer, role):
    person = make_person("Lou", role=role, area=case.local_area)
    assert seen_by(person) == set()
    notify(case, officer)
    notify(other_case, officer)
    assert seen_by(person) == {case}


@pytest.mark.parametrize("role", ["lano", "health_lano"])
def test_the_nominated_officers_task_ends_at_publication(case, officer, monday, role):
    lano = make_person("Lou", role=role, area=case.local_area)
    lead = make_person("Sam", role="send_lead", area=case.local_area)
    notify(case, officer)
    publish(case, officer, monday)
    assert seen_by(lano) == set()
    assert seen_by(lead) == {case}
    assert may(lano, "case.read", case).reason == "This closed when the report has been published."


@pytest.mark.parametrize(
    ("role", "moment"),
    [
        ("adviser", "feedback"),
        ("official", "final_sent"),
        ("publications", "final_sent"),
        ("minister", "final_sent"),
        ("dhsc", "final_sent"),
        ("chair", "published"),
    ],
)
def test_departments_see_a_case_from_their_moment_on(case, other_case, role, moment):
    person = make_person("Dee", role=role)
    for one in (case, other_case):
        Case.objects.filter(pk=one.pk).update(moments=["notified"])
    assert seen_by(person) == set()
    Case.objects.filter(pk=case.pk).update(moments=["notified", moment])
    assert seen_by(person) == {case}


def test_an_administrator_and_a_superuser_see_no_case_by_that(case):
    admin = make_person("Ada", role="administrator")
    assert seen_by(admin) == set()
    root = User.objects.create_superuser("root@example.org", None, name="Root")
    assert seen_by(root) == set()
    assert not may(root, "case.read", case)


def test_the_world_sees_nothing(case, officer):
    from django.contrib.auth.models import AnonymousUser

    notify(case, officer)
    assert set(Case.objects.visible_to(AnonymousUser())) == set()
    assert not may(AnonymousUser(), "case.read", case)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "holds"),
    [
        (D(2026, 6, 1), D(2026, 6, 1), True),
        (D(2026, 6, 2), None, False),
        (D(2020, 1, 1), D(2026, 5, 31), False),
    ],
)
def test_a_role_holds_from_its_first_day_to_its_last(case, starts_on, ends_on, holds):
    standing = make_person("Sta")
    grant(standing, "support_officer", starts_on=starts_on, ends_on=ends_on)
    named = make_person("Nam")
    put_on_case(named, case, "lead_hmi", starts_on=starts_on, ends_on=ends_on)
    assert bool(seen_by(standing)) is holds
    assert bool(seen_by(named)) is holds


def test_a_person_who_left_sees_nothing(case, officer):
    officer.is_active = False
    officer.save()
    assert seen_by(officer) == set()


def test_a_declared_interest_hides_the_areas_cases(case, other_case, officer, monkeypatch):
    monkeypatch.setattr(access, "_exclusions", [])
    monkeypatch.setattr(access, "_exclusions_of_everybody", [])
    register_exclusion(
        lambda user: {case.local_area_id} if user == officer else set(),
        lambda: [(officer.pk, case.local_area_id)],
    )
    assert seen_by(officer) == {other_case}
    assert roles_on(officer, case) == frozenset()
    with pytest.raises(NotAllowed):
        record(case.pk, FIX, by=officer)
    with pytest.raises(NotAllowed):
        create_case("rehearsal", local_area=case.local_area, by=officer)


def test_lists_and_single_answers_agree_for_every_row(case, other_case, elsewhere):
    """The compiled condition and `may` are two forms of one table: they never differ."""
    moments = [[], ["notified", "feedback"], ["notified", "final_sent", "published"]]
    people = []
    for role in sorted({row.role for row in ROWS}):
        people += [
            make_person(f"{role} national", role=role),
            make_person(f"{role} area", role=role, area=elsewhere),
        ]
        named = make_person(f"{role} named")
        put_on_case(named, case, role)
        people.append(named)
    cells = sorted({(row.thing, row.action) for row in ROWS})
    for person in people:
        access.remember_grants(person)
    for known in moments:
        Case.objects.update(moments=known)
        cases = list(Case.objects.with_area())
        for person in people:
            asked = [access.Access(person, one) for one in cases]
            for thing, action in cells:
                listed = set(Case.objects.filter(access.cases_where(person, thing, action)))
                single = {one.case for one in asked if one.may(f"{thing}.{action}")}
                assert listed == single, (person.name, known, thing, action)


def test_a_persons_cases_are_one_query_after_their_roles(case, other_case, officer):
    access.remember_grants(officer)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert len(Case.objects.visible_to(officer)) == 2
        assert len(Deadline.objects.visible_to(officer)) == 0
        assert len(Event.objects.visible_to(officer)) == 2
    assert len(captured) == 3


def test_refusals_say_why(case, officer):
    notify(case, officer)
    dora = make_person("Dora", role="dcs", area=case.local_area)
    assert may(dora, "timetable.edit", case).reason == (
        "Your role (Director of children's services) does not include this. "
        "It is for the support officer, the lead HMI, the Ofsted Inspector and others."
    )
    assert may_record(dora, "feedback_given", case).reason == (
        "“Feedback given” is recorded by the support officer or the lead HMI."
    )
    assert may_record(officer, "opened", case).reason == (
        "“Case opened” is recorded by the system alone."
    )
    ada = make_person("Ada", role="adviser")
    assert may(ada, "case.read", case).reason == "This opens once feedback has been given."


def request_of(user, rf):
    request = rf.get("/")
    request.user = user
    return request


def test_before_notification_even_the_existence_is_confidential(case, officer, rf):
    dora = make_person("Dora", role="dcs", area=case.local_area)
    with pytest.raises(Http404):
        case_or_refuse(request_of(dora, rf), case.pk)
    # One who may know of the case is told the reason, not that it does not exist.
    hmci = make_person("Hana", role="hmci")
    with pytest.raises(PermissionDenied, match=r"Your role \(HMCI\) does not include this"):
        case_or_refuse(request_of(hmci, rf), case.pk, "timetable.read")
    notify(case, officer)
    stranger = make_person("Sol", role="dcs", area=make_area("Third", code="T03"))
    with pytest.raises(PermissionDenied, match=r"^This rehearsal is of another area\.$"):
        case_or_refuse(request_of(stranger, rf), case.pk)
    nobody = make_person("Ned")
    with pytest.raises(PermissionDenied, match="You have no part in this rehearsal"):
        case_or_refuse(request_of(nobody, rf), case.pk)


def test_a_case_that_is_not_there_is_not_there(officer, rf, declared):
    with pytest.raises(Http404):
        case_or_refuse(request_of(officer, rf), "11111111-1111-4111-8111-111111111111")
    with pytest.raises(Http404):
        case_or_refuse(request_of(officer, rf), "no-uuid")


def test_the_pages_of_a_request_ask_for_roles_once(
    case, officer, rf, django_assert_max_num_queries
):
    request = request_of(officer, rf)
    found = case_or_refuse(request, case.pk)
    with django_assert_max_num_queries(0):
        for action in ("case.read", "timetable.edit", "history.read", "note.erase"):
            may(request.user, action, found)
        may_record(request.user, "fixed", found)


# --- people on the case ---


def test_people_are_put_on_a_case_and_taken_off_by_those_who_may(case, officer, monday):
    lena = make_person("Lena")
    held = give_role(case, lena, "lead_hmi", by=officer)
    assert give_role(case, lena, "lead_hmi", by=officer) == held
    assert [(one.role, one.person) for one in people_on(case)] == [("lead_hmi", lena)]
    assert seen_by(lena) == {case}
    with pytest.raises(NotAllowed):
        give_role(case, lena, "cqc_inspector", by=make_person("Rita", role="regional_director"))
    monday.shift(datetime.timedelta(days=3))
    ended = end_role(held, by=officer)
    assert ended.ends_on == D(2026, 6, 3)
    assert people_on(case) == []
    assert seen_by(lena) == set()


def test_a_role_that_never_began_is_taken_back_whole(case, officer, monday):
    held = give_role(case, make_person("Lena"), "lead_hmi", by=officer)
    end_role(held, by=officer)
    assert case.roles.count() == 0


def test_roles_are_listed_in_english():
    from casework.access import ROLE_LABELS, _listed

    assert _listed({"hmci"}) == "HMCI"
    assert _listed({"dhsc", "chair"}) == (
        "the Department of Health and Social Care or the improvement board chair"
    )
    assert _listed(set(ROLE_LABELS)).count(",") == 2


def test_the_navigation_names_cases_to_those_who_may_have_any(monday):
    """An administrator who is nothing else sees no case, so is not led to a list without any."""
    ada, olu, both = (make_person(name) for name in ("Ada", "Olu", "Bo"))
    for person in (ada, both):
        grant(person, "administrator")
    for person in (olu, both):
        grant(person, "support_officer")
    mark([ada.pk, both.pk])
    for person in (ada, olu, both):
        person.refresh_from_db()
    assert [access.may_have_cases(one) for one in (ada, olu, both)] == [False, True, True]
    assert not access.may_have_cases(AnonymousUser())
