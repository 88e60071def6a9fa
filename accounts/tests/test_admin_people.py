"""Roles and accounts in Django admin: given with plain refusals, ended and deactivated only after a
page has listed what will happen, and never so that nobody administers any more."""

import datetime
import threading

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection

from accounts import leaving
from accounts.leaving import PlanChanged, register_hindrance
from accounts.models import Membership, User
from accounts.tests.test_admin import person_form
from areas.models import AreaOrganisation, LocalArea, Organisation, Region

pytestmark = pytest.mark.django_db
TODAY = "2026-06-01"
DAY = datetime.date


@pytest.fixture(autouse=True)
def first_of_june():
    with time_machine.travel("2026-06-01T10:00:00+01:00", tick=False):
        yield


@pytest.fixture
def administrator():
    return User.objects.create_superuser("ada@test.example", "x", name="Ada Lark")


@pytest.fixture
def page(client, administrator):
    """Django admin as the administrator sees it."""
    client.force_login(administrator)
    return client


@pytest.fixture
def ofsted():
    return Organisation.objects.get(kind="inspectorate", name="Ofsted")


@pytest.fixture
def westmarch():
    region = Region.objects.create(code="marches", name="The Marches")
    return LocalArea.objects.create(
        dfe_code="999", name="Westmarch", region=region, authority_type="county"
    )


@pytest.fixture
def council(westmarch):
    council = Organisation.objects.create(kind="council", name="Westmarch Council")
    AreaOrganisation.objects.create(
        local_area=westmarch, organisation=council, starts_on=DAY(2020, 1, 1)
    )
    return council


def make(name, role="", **more):
    user = User.objects.create_user(f"{name.lower()}@test.example", "x", name=name)
    if role:
        given = {"scope": "national", "starts_on": "2020-01-01", **more}
        Membership.objects.create(person=user, role=role, **given)
    return user


def give(page, person, **role):
    return page.post(f"/admin/accounts/user/{person.pk}/change/", person_form(person, **role))


def errors(response):
    """What the new role was refused for, by field."""
    formset = response.context["inline_admin_formsets"][-1].formset
    return {name: list(texts) for form in formset for name, texts in form.errors.items()}


def confirm(page, address, **given):
    """Look at what will happen, then agree to it."""
    agreed = page.post(address, {**given, "look": "1"}).context["agreed"]
    return page.post(address, {**given, "agreed": agreed, "confirm": "1"}, follow=True)


def messages(response):
    return [str(one) for one in response.context["messages"]]


# -- giving ------------------------------------------------------------------------------------


def test_a_role_is_given_on_the_page_of_a_person_with_who_gave_it(page, administrator, ofsted):
    officer = make("Oona")
    role = {"role": "hmci", "scope": "national", "organisation": ofsted.pk, "starts_on": TODAY}
    assert give(page, officer, **role).status_code == 302
    held = officer.memberships.get()
    assert (held.role, held.granted_by) == ("hmci", administrator)
    entry = LogEntry.objects.latest("pk")
    assert entry.get_change_message() == (
        "Added role “Oona: HMCI”: Role: HMCI; For how far: All of England; Organisation: Ofsted; "
        "First day: 1 June 2026."
    )
    assert entry.action_time.isoformat() == "2026-06-01T09:00:00+00:00"


NATIONAL = {"scope": "national", "starts_on": TODAY}


@pytest.mark.parametrize(
    ("role", "fault"),
    [
        (
            {**NATIONAL, "role": "hmci", "organisation": "ofsted", "ends_on": "2026-05-31"},
            {"ends_on": ["The last day must not be before the first."]},
        ),
        (
            {**NATIONAL, "role": "hmci", "organisation": "ofsted", "local_area": "westmarch"},
            {"local_area": ["Leave this empty: the role does not end at this place."]},
        ),
        (
            {"role": "dcs", "scope": "area", "organisation": "council", "starts_on": TODAY},
            {"local_area": ["Choose the place: the role is for one local area."]},
        ),
        (
            {"role": "regional_director", "scope": "region", "starts_on": TODAY},
            {
                "region": ["Choose the place: the role is for one region."],
                "organisation": ["Choose the organisation: Regional director is held in one."],
            },
        ),
        (
            {**NATIONAL, "role": "dcs", "organisation": "council"},
            {"scope": ["Director of children's services is a role for one local area."]},
        ),
        (
            {**NATIONAL, "role": "support_officer", "organisation": "council"},
            {
                "organisation": [
                    "Support officer is held in this kind of organisation: inspectorate."
                ]
            },
        ),
        (
            {
                "role": "dcs",
                "scope": "area",
                "organisation": "council",
                "local_area": "westmarch",
                "starts_on": "2019-12-31",
            },
            {"organisation": ["Westmarch Council does not serve Westmarch on 31 December 2019."]},
        ),
        (
            {**NATIONAL, "role": "lead_hmi", "organisation": "ofsted"},
            {
                "role": [
                    "Select a valid choice. lead_hmi is not one of the available choices.",
                ]
            },
        ),
        (
            {**NATIONAL, "role": "dhsc", "starts_on": "31 June"},
            {"starts_on": ["Enter a valid date."]},
        ),
    ],
)
def test_a_role_that_cannot_be_is_refused_beside_its_field(
    page, ofsted, council, westmarch, role, fault
):
    places = {"ofsted": ofsted.pk, "council": council.pk, "westmarch": westmarch.pk}
    officer = make("Oona")
    response = give(page, officer, **{name: places.get(v, v) for name, v in role.items()})
    assert response.status_code == 200
    found = errors(response)
    assert {name: found[name] for name in fault} == fault
    assert not officer.memberships.exists()


def test_the_same_role_is_not_given_twice_for_one_time(page, ofsted):
    officer = make("Oona", "hmci", organisation=ofsted, ends_on="2026-07-01")
    role = {"role": "hmci", "scope": "national", "organisation": ofsted.pk}
    response = give(page, officer, **role, starts_on=TODAY)
    assert errors(response) == {
        "role": ["They hold this role already, from 1 January 2020 until 1 July 2026."]
    }
    assert give(page, officer, **role, starts_on="2026-07-02").status_code == 302


def test_nobody_gives_themselves_a_role(page, administrator, ofsted):
    role = {"role": "hmci", "scope": "national", "organisation": ofsted.pk, "starts_on": TODAY}
    before = administrator.memberships.count()
    response = give(page, administrator, **role)
    assert administrator.memberships.count() == before
    assert "Give a role" not in page.get(response.headers["Location"]).content.decode()
    own = administrator.memberships.get()
    address = f"/admin/accounts/membership/{own.pk}/change/"
    assert page.post(address, {"ends_on": "2036-01-01", "reason": "x"}).status_code == 403
    assert page.get("/admin/accounts/membership/add/").status_code == 403


def test_whoever_is_given_the_role_opens_the_administration_and_no_longer_than_it_holds(
    page, client, administrator
):
    other = make("Bede")
    assert not other.is_staff
    given = {
        "role": "administrator",
        "scope": "national",
        "starts_on": TODAY,
        "ends_on": "2026-06-02",
    }
    assert give(page, other, **given).status_code == 302
    other.refresh_from_db()
    assert other.is_staff
    client.force_login(other)
    assert client.get("/admin/").status_code == 200
    with time_machine.travel("2026-06-03T10:00:00+01:00"):
        assert client.get("/admin/", follow=True).status_code == 403


# -- ending ------------------------------------------------------------------------------------


def test_roles_end_on_a_day_after_a_page_has_listed_them(page, ofsted):
    ann, ben = make("Ann", "hmi", organisation=ofsted), make("Ben", "hmi", organisation=ofsted)
    kept = make("Cat", "hmi", organisation=ofsted)
    chosen = [ann.memberships.get().pk, ben.memberships.get().pk]
    response = page.post(
        "/admin/accounts/membership/",
        {"action": "end", "_selected_action": chosen, "index": 0},
        follow=True,
    )
    assert [line.text for line in response.context["plan"].doing] == ["Last day 1 June 2026."] * 2
    address = response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"]
    given = {"ends_on": "30/06/2026", "reason": "Contract ended"}
    response = confirm(page, address, **given)
    assert messages(response) == [
        "Ended: Ann: His Majesty's Inspector, England; Ben: His Majesty's Inspector, England."
    ]
    assert {row.ends_on for row in Membership.objects.filter(pk__in=chosen)} == {DAY(2026, 6, 30)}
    assert kept.memberships.get().ends_on is None
    told = LogEntry.objects.filter(object_id__in=[str(pk) for pk in chosen])
    assert {one.get_change_message() for one in told} == {
        "End roles. Last day 30 June 2026. Reason: Contract ended"
    }


def test_what_was_not_looked_at_is_not_done(page, ofsted):
    ann = make("Ann", "hmi", organisation=ofsted).memberships.get()
    address = f"/admin/accounts/membership/end/?id={ann.pk}"
    agreed = page.post(address, {"ends_on": "2026-06-30", "look": "1"}).context["agreed"]
    later = {"ends_on": "2026-07-31", "agreed": agreed, "confirm": "1"}
    response = page.post(address, later)
    assert messages(response) == ["Look at what will happen now, then confirm."]
    ann.refresh_from_db()
    assert ann.ends_on is None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", "Enter the last day."),
        ("31/6/2026", "The last day must be a real date, like 31/3/2026."),
        ("\0", "The last day must be a real date, like 31/3/2026."),
        ("9999-01-01", "The last day must be between 2014 and 2100."),
    ],
)
def test_a_wrong_day_is_said_beside_its_field(page, ofsted, typed, text):
    ann = make("Ann", "hmi", organisation=ofsted).memberships.get()
    response = page.post(f"/admin/accounts/membership/end/?id={ann.pk}", {"ends_on": typed})
    assert response.context["form"].errors == {"ends_on": [text]}
    assert "Nothing was changed" in response.content.decode()


def test_a_role_that_has_ended_or_began_later_stays_or_is_taken_back(page, ofsted):
    ended = make("Ann", "hmi", organisation=ofsted, ends_on="2026-01-31").memberships.get()
    later = make("Ben", "hmi", organisation=ofsted, starts_on="2026-09-01").memberships.get()
    begun = make("Cat", "hmi", organisation=ofsted, starts_on="2026-05-20").memberships.get()
    plan = leaving.plan_ending(Membership.objects.exclude(role="administrator"), DAY(2026, 5, 10))
    assert [(line.pk, line.text) for line in plan.doing] == [
        (later.pk, "Taken back: it was to begin on 1 September 2026.")
    ]
    assert [(line.pk, line.text) for line in plan.refused] == [
        (ended.pk, "Ended on 31 January 2026 already."),
        (begun.pk, "Began on 20 May 2026: the last day cannot be before it."),
    ]
    confirm(page, f"/admin/accounts/membership/end/?id={later.pk}", ends_on="2026-05-10")
    assert not Membership.objects.filter(pk=later.pk).exists()
    assert LogEntry.objects.latest("pk").object_repr == "Ben: His Majesty's Inspector"


@pytest.fixture
def needed():
    """Ann is needed somewhere as an inspector."""
    ann = make("Ann")

    def hindrance(people, held, after):
        wanted = held is None or "hmi" in held
        return {ann.pk: ["IN-2026-0001 needs Ann."]} if wanted and ann.pk in people else {}

    register_hindrance(hindrance)
    yield ann
    leaving._hindrances.remove(hindrance)


def test_nobody_leaves_who_would_be_missed(page, needed, ofsted):
    Membership.objects.create(
        person=needed, role="hmi", scope="national", starts_on="2020-01-01", organisation=ofsted
    )
    row = needed.memberships.get()
    address = f"/admin/accounts/membership/end/?id={row.pk}"
    response = page.post(address, {"ends_on": TODAY, "look": "1"})
    assert [line.text for line in response.context["plan"].refused] == ["IN-2026-0001 needs Ann."]
    assert 'name="confirm"' not in response.content.decode()
    response = page.post(
        f"/admin/accounts/membership/{row.pk}/change/", {"ends_on": TODAY, "reason": ""}
    )
    assert response.context["errors"] == [["IN-2026-0001 needs Ann."]]
    response = confirm(page, f"/admin/accounts/user/deactivate/?id={needed.pk}")
    assert [line.text for line in response.context["plan"].refused] == ["IN-2026-0001 needs Ann."]
    needed.refresh_from_db()
    assert needed.is_active
    # Held otherwise too, the one can go.
    region = Region.objects.create(code="north", name="North")
    Membership.objects.create(
        person=needed, role="hmi", scope="region", region=region, starts_on="2020-01-01"
    )
    assert leaving.plan_ending(Membership.objects.filter(pk=row.pk), DAY(2026, 6, 1)).pks == [
        row.pk
    ]


# -- accounts ----------------------------------------------------------------------------------


def test_people_are_deactivated_and_signed_out_of_every_session(page, client, django_user_model):
    ann = make("Ann", "hmci")
    theirs = client.__class__()
    theirs.force_login(ann)
    assert "Acting as" in theirs.get("/areas/").content.decode()
    response = page.post(
        "/admin/accounts/user/",
        {"action": "deactivate", "_selected_action": [ann.pk], "index": 0},
        follow=True,
    )
    address = response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"]
    assert messages(confirm(page, address)) == ["Deactivated and signed out: Ann."]
    ann.refresh_from_db()
    assert not ann.is_active
    assert ann.memberships.get().ends_on is None
    assert "Acting as" not in theirs.get("/areas/").content.decode()
    # Active again, the old session still holds no more.
    confirm(page, f"/admin/accounts/user/reactivate/?id={ann.pk}")
    assert "Acting as" not in theirs.get("/areas/").content.decode()
    theirs.force_login(User.objects.get(pk=ann.pk))
    assert "Acting as" in theirs.get("/areas/").content.decode()
    with time_machine.travel("2026-06-01T10:05:00+01:00"):
        confirm(page, f"/admin/accounts/user/sign-out/?id={ann.pk}")
    assert "Acting as" not in theirs.get("/areas/").content.decode()
    assert LogEntry.objects.filter(object_id=str(ann.pk)).count() == 3


def test_the_page_of_a_person_leads_to_the_actions(page):
    ann = make("Ann", "hmci")
    shown = page.get(f"/admin/accounts/user/{ann.pk}/change/").content.decode()
    assert f'href="/admin/accounts/user/deactivate/?id={ann.pk}"' in shown
    assert f'href="/admin/accounts/user/sign-out/?id={ann.pk}"' in shown
    User.objects.filter(pk=ann.pk).update(is_active=False)
    shown = page.get(f"/admin/accounts/user/{ann.pk}/change/").content.decode()
    assert f'href="/admin/accounts/user/reactivate/?id={ann.pk}"' in shown


def test_the_last_administrator_stays_one(page, administrator):
    own = administrator.memberships.get()
    addresses = (
        f"/admin/accounts/membership/end/?id={own.pk}",
        f"/admin/accounts/user/deactivate/?id={administrator.pk}",
    )
    for address in addresses:
        response = page.post(address, {"ends_on": TODAY, "look": "1"})
        assert [line.text for line in response.context["plan"].refused] == [
            leaving.LAST_ADMINISTRATOR
        ]
        sent = {"ends_on": TODAY, "agreed": response.context["agreed"], "confirm": "1"}
        page.post(address, sent)
    administrator.refresh_from_db()
    own.refresh_from_db()
    assert (administrator.is_active, own.ends_on) == (True, None)
    # Somebody whose role has ended or who is inactive is no other administrator.
    make("Gone", "administrator", ends_on="2026-05-31")
    other = make("Off", "administrator")
    User.objects.filter(pk=other.pk).update(is_active=False)
    assert leaving.plan_deactivation(User.objects.filter(pk=administrator.pk)).refused
    User.objects.filter(pk=other.pk).update(is_active=True)
    assert messages(confirm(page, addresses[0], ends_on=TODAY)) == [
        "Ended: Ada Lark: Administrator, England."
    ]


def test_two_administrators_chosen_at_once_leave_one(administrator):
    other = make("Bede", "administrator")
    plan = leaving.plan_deactivation(User.objects.filter(pk__in=[administrator.pk, other.pk]))
    assert (plan.pks, [line.pk for line in plan.refused]) == ([administrator.pk], [other.pk])
    plan = leaving.plan_ending(Membership.objects.all(), DAY(2026, 6, 1))
    assert plan.pks == []


@pytest.mark.django_db(transaction=True)
def test_two_who_take_each_other_away_at_the_same_moment_leave_one(administrator):
    other = make("Bede", "administrator")
    results = []

    def leave(person):
        try:
            people = User.objects.filter(pk=person.pk)
            results.append(leaving.deactivate(people, agreed=[person.pk]).pks)
        except PlanChanged:
            results.append([])
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[one]) for one in (administrator, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(one) for one in results) == [0, 1]
    assert User.objects.filter(is_active=True).count() == 1


def test_more_than_can_be_read_through_are_refused(page):
    people = User.objects.bulk_create(
        User(email=f"p{number}@test.example", name=f"P {number}") for number in range(102)
    )
    sent = {
        "action": "deactivate",
        "_selected_action": [people[0].pk],
        "select_across": "1",
        "index": 0,
    }
    response = page.post("/admin/accounts/user/", sent, follow=True)
    assert messages(response) == ["Choose at most 100 at once. Nothing was changed."]


def test_nothing_chosen_changes_nothing(page):
    for query in ("", "?id=", "?id=abc&id=99999999999999999999", "?id=-1"):
        response = page.get(f"/admin/accounts/user/deactivate/{query}")
        assert (
            "Nothing will be changed: nobody and nothing was chosen." in response.content.decode()
        )


def test_only_administrators_reach_the_actions(client, administrator):
    ann = make("Ann", "support_officer")
    client.force_login(ann)
    for address in (
        f"/admin/accounts/user/deactivate/?id={administrator.pk}",
        f"/admin/accounts/membership/end/?id={administrator.memberships.get().pk}",
    ):
        assert client.get(address, follow=True).status_code == 403
        client.post(address, {"confirm": "1", "agreed": str(administrator.pk)})
    administrator.refresh_from_db()
    assert administrator.is_active
