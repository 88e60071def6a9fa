"""'The people who owe it are told' (timetable.md, rules are data): one notice each."""

import datetime

import pytest

from areas.models import Organisation
from casework import access
from casework.recording import create_case, record
from casework.tests.changes.helpers import (
    applied,
    holidays,
    told,
)
from casework.tests.rehearsal import (
    COUNCIL,
    HEALTH,
    Told,
    grant,
    make_area,
    make_person,
    put_on_case,
)
from casework.tests.test_recording import FIX
from notices.models import Notice
from notices.services import message_for

pytestmark = pytest.mark.django_db
D = datetime.date
#: A Monday between feedback and publication.
DAY = D(2026, 6, 22)


@pytest.fixture
def fixed(case, officer):
    record(case.pk, FIX, by=officer)
    return case


def test_each_person_who_owes_what_moved_is_told_once(fixed, area, officer, admin):
    """'The people who owe it are told': one notice each, however many dates; nobody else."""
    other = create_case("rehearsal", local_area=area, by=officer)
    record(other.pk, FIX, by=officer)
    lead = make_person("Lena Lead", role="hmi")
    for case in (fixed, other):
        put_on_case(lead, case, "lead_hmi")
        record(case.pk, Told(taken_by="Dan"), by=officer)
    idle = make_person("Ida Idle", role="hmi")
    council = Organisation.objects.create(pk=COUNCIL.key, kind="council", name="Council")
    board = Organisation.objects.create(pk=HEALTH.key, kind="council", name="Board")
    dora, elsewhere, stranger = (make_person(name) for name in ("Dora", "Else", "Stella"))
    grant(dora, "dcs", area=area, organisation=council)
    grant(stranger, "dcs", area=area, organisation=Organisation.objects.create(name="Another"))
    grant(elsewhere, "dcs", area=make_area("Elsewhere", code="E01"), organisation=board)
    gone = make_person("Gone", role="hmi")
    put_on_case(gone, fixed, "lead_hmi", ends_on=D(2026, 5, 1))
    left = make_person("Left", role="hmi")
    put_on_case(left, other, "lead_hmi")
    left.is_active = False
    left.save()
    change = applied(holidays(DAY), admin)
    assert {pk for pk, _ in told(change)} == {lead.pk, officer.pk, dora.pk}
    assert change.told == len(told(change)) == 3
    assert idle.pk not in {pk for pk, _ in told(change)}
    notice = Notice.objects.get(recipient_id=lead.pk)
    assert fixed.reference not in str(notice.context) + notice.link


def test_the_notice_leads_to_the_case_where_it_is_one_and_says_what_is_true(
    fixed, area, officer, admin
):
    """What moved on one case is shown there; what moved on several is found from the home page."""
    record(fixed.pk, Told(taken_by="Dan"), by=officer)
    lead = make_person("Lena Lead", role="hmi")
    put_on_case(lead, fixed, "lead_hmi")
    council = Organisation.objects.create(pk=COUNCIL.key, kind="council", name="Council")
    dora = make_person("Dora")
    grant(dora, "dcs", area=area, organisation=council)
    other = create_case("rehearsal", local_area=area, by=officer)
    record(other.pk, FIX, by=officer)
    elsewhere = create_case("rehearsal", local_area=make_area("Elsewhere", code="E01"), by=officer)
    record(elsewhere.pk, FIX, by=officer)
    change = applied(holidays(DAY), admin)
    links = dict(
        Notice.objects.filter(key__startswith=change.key).values_list("recipient_id", "link")
    )
    # The local area is not told yet that there is another.
    assert links == {
        lead.pk: f"/cases/{fixed.pk}/",
        dora.pk: f"/cases/{fixed.pk}/",
        officer.pk: "/",
    }
    body = message_for(Notice.objects.get(recipient_id=dora.pk)).body
    assert f"/cases/{fixed.pk}/\n" in body
    assert "what it was before" in body


def test_nobody_hears_of_a_case_that_is_confidential_to_them(fixed, area, officer, admin):
    """Before notification the local area must not learn that there is an inspection."""
    dora = make_person("Dora")
    council = Organisation.objects.create(pk=COUNCIL.key, kind="council", name="Council")
    grant(dora, "dcs", area=area, organisation=council)
    change = applied(holidays(DAY), admin)
    assert change.moves.filter(owed_roles__contains=["dcs"]).exists()
    assert [pk for pk, _ in told(change)] == [officer.pk]


def test_nobody_hears_of_an_area_in_which_they_declared_an_interest(
    fixed, officer, admin, monkeypatch
):
    lead = make_person("Lena Lead", role="hmi")
    put_on_case(lead, fixed, "lead_hmi")
    everybody = lambda: [(lead.pk, fixed.local_area_id)]  # noqa: E731
    monkeypatch.setattr(access, "_exclusions_of_everybody", [everybody])
    assert [pk for pk, _ in told(applied(holidays(DAY), admin))] == [officer.pk]
