"""Importing terms: choose, look, agree. Who may, what is refused, all or nothing, two at once."""

import datetime
import re
import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from areas import contacts
from areas.contacts import Contacts
from areas.models import LocalArea, Term
from areas.term_import import services
from areas.term_import.plan import Entry
from areas.term_import.reading import Read

pytestmark = pytest.mark.django_db

D = datetime.date
HEAD = "Term,First day,Last day\n"
YEAR = HEAD + (
    "Autumn 1,2026-09-02,2026-10-23\n"
    "Autumn 2,2026-11-02,2026-12-18\n"
    "Spring 1,2027-01-04,2027-02-12\n"
)
SEVERAL = "DfE number,Term,First day,Last day\n"


@pytest.fixture
def address(suffolk):
    return f"/areas/{suffolk.pk}/terms/import/"


@pytest.fixture
def keeper(client, editor, monkeypatch):
    """A signed-in person who keeps the terms of Suffolk and Norfolk."""

    def areas_of(user, on):
        mine = ["935", "926"] if user == editor else []
        return LocalArea.objects.filter(dfe_code__in=mine)

    monkeypatch.setattr(contacts, "_term_areas", [areas_of])
    return editor


def _look(client, address, text="", *, file=None, name="terms.csv", **answers):
    given = {"text": text, **answers}
    if file is not None:
        given["file"] = SimpleUploadedFile(name, file)
    return client.post(address, given)


def _agree(client, address, response):
    return client.post(address, {"carried": response.context["carried"]})


def _terms(area):
    rows = area.terms.order_by("starts_on")
    return [(term.name, term.starts_on, term.ends_on) for term in rows]


def _mistakes(response):
    """Line, part and words of each mistake that the page lists."""
    assert response.status_code == 200
    page = response.content.decode()
    assert "There is a problem" in page
    table = page[page.index('id="mistakes"') :]
    rows = re.findall(r"<tr class=\"govuk-table__row\".*?</tr>", table, re.DOTALL)[1:]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
            for row in rows]  # fmt: skip


# -- one area --------------------------------------------------------------------------------------


def test_terms_are_shown_and_then_imported(client, today, suffolk, address, editor):
    response = _look(client, address, file=YEAR.encode())
    page = response.content.decode()
    assert "3 new, 0 in place of others, 0 there already" in page
    assert "terms.csv" in page
    assert _terms(suffolk) == []  # nothing yet
    response = _agree(client, address, response)
    assert response.status_code == 302
    assert response["Location"] == f"/areas/{suffolk.pk}/terms/"
    assert _terms(suffolk) == [
        ("Autumn 1", D(2026, 9, 2), D(2026, 10, 23)),
        ("Autumn 2", D(2026, 11, 2), D(2026, 12, 18)),
        ("Spring 1", D(2027, 1, 4), D(2027, 2, 12)),
    ]
    assert "3 added." in client.get(response["Location"]).content.decode()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (editor, str(suffolk.pk))
    assert entry.change_message == "Imported terms from terms.csv: 3 added, 0 in place of others."


def test_the_same_file_twice_changes_nothing(client, today, suffolk, address, editor):
    _agree(client, address, _look(client, address, YEAR))
    ids = set(Term.objects.values_list("pk", flat=True))
    response = _look(client, address, YEAR)
    page = response.content.decode()
    assert "Nothing would change" in page
    assert "Import these terms" not in page
    response = _agree(client, address, response)  # somebody sends it all the same
    assert set(Term.objects.values_list("pk", flat=True)) == ids
    assert LogEntry.objects.count() == 1


def test_the_file_of_an_area_can_be_imported_again(client, today, suffolk, address, editor):
    _agree(client, address, _look(client, address, YEAR))
    file = client.get(f"/areas/{suffolk.pk}/terms/terms.csv")
    assert file["Content-Disposition"] == 'attachment; filename="terms-935.csv"'
    response = _look(client, address, file=file.content)
    assert "3 there already" in response.content.decode()


def test_what_shares_a_day_gives_way_and_all_else_stays(client, today, suffolk, address, editor):
    for name, first, last in (
        ("Autumn", D(2026, 9, 1), D(2026, 12, 18)),
        ("Summer", D(2026, 6, 1), D(2026, 7, 21)),
        ("Spring 1", D(2027, 1, 4), D(2027, 2, 12)),
    ):
        Term.objects.create(local_area=suffolk, name=name, starts_on=first, ends_on=last)
    response = _look(client, address, YEAR)
    page = response.content.decode()
    assert "0 new, 2 in place of others, 1 there already" in page
    assert "1 other term that is entered will stay" in page
    assert page.count("Autumn, 1 September 2026 to 18 December 2026") == 2
    _agree(client, address, response)
    assert [name for name, _, _ in _terms(suffolk)] == [
        "Summer", "Autumn 1", "Autumn 2", "Spring 1"
    ]  # fmt: skip


def test_terms_of_other_areas_are_left_alone(client, today, suffolk, address, editor):
    norfolk = LocalArea.objects.get(dfe_code="926")
    Term.objects.create(
        local_area=norfolk, name="Autumn", starts_on=D(2026, 9, 1), ends_on=D(2026, 10, 1)
    )
    _agree(client, address, _look(client, address, YEAR))
    assert len(_terms(norfolk)) == 1


def test_a_calendar_needs_to_say_what_its_events_are(client, today, suffolk, address, editor):
    events = "".join(
        f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{last}\r\n"
        f"SUMMARY:{name}\r\nEND:VEVENT\r\n"
        for first, last, name in (
            ("20260718", "20260902", "Summer"),
            ("20261026", "20261031", "Half-term"),
        )
    )
    file = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()
    response = _look(client, address, file=file, name="school.ics")
    assert list(response.context["form"].errors) == ["events_are"]
    response = _look(client, address, file=file, name="school.ics", events_are="holidays")
    _agree(client, address, response)
    assert _terms(suffolk) == [("Autumn, first half", D(2026, 9, 2), D(2026, 10, 23))]
    response = _look(client, address, file=file, name="school.ics", events_are="terms")
    assert "in place of others" in response.content.decode()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Autumn,2026-10-23,2026-09-02"], ["Line 2", "Last day", "is before the first"]),
        (["Autumn,2014-09-02,2014-10-23"], ["Line 2", "First day", "is not between"]),
        (["Autumn,2040-09-02,2041-01-23"], ["Line 2", "Last day", "is not between"]),
        (["Autumn,2026-09-02,2027-02-12"], ["Line 2", "Last day", "too long"]),
        (
            ["Autumn,2026-09-02,2026-10-23", "Again,2026-10-23,2026-12-18"],
            ["Line 3", "First day", "shares days with ‘Autumn’ on line 2"],
        ),
        (
            ["Autumn,2026-09-02,2026-10-23", "Autumn,2026-09-02,2026-10-23"],
            ["Line 3", "First day", "has the same days as ‘Autumn’ on line 2"],
        ),
        (["Autumn,2027-02-29,2027-03-26"], ["Line 2", "First day", "has 28 days"]),
    ],
)
def test_a_mistake_stands_with_its_line_and_nothing_is_imported(
    client, today, suffolk, address, editor, lines, expected
):
    text = HEAD + "\n".join(["Summer,2026-06-01,2026-07-21", *lines]) + "\n"
    text = text.replace("Summer,2026-06-01,2026-07-21\n", "") + "Spring,2028-01-04,2028-02-12\n"
    response = _look(client, address, text)
    ((line, part, words),) = _mistakes(response)
    assert [line, part] == expected[:2]
    assert expected[2] in words
    assert response.context["form"]["text"].value() == text  # nothing typed is lost
    assert not Term.objects.exists()


def test_the_29th_of_february_of_a_leap_year_is_a_day(client, today, suffolk, address, editor):
    _agree(client, address, _look(client, address, HEAD + "Spring,29/02/2028,31/03/2028\n"))
    assert _terms(suffolk) == [("Spring", D(2028, 2, 29), D(2028, 3, 31))]


def test_an_area_that_has_gone_takes_no_terms_of_later_days(client, today, editor):
    cumbria = LocalArea.objects.get(dfe_code="909")
    address = f"/areas/{cumbria.pk}/terms/import/"
    response = _look(client, address, HEAD + "Spring,2023-02-20,2023-04-03\n")
    assert _mistakes(response) == [["Line 2", "Last day", "Cumbria ended on 31 March 2023"]]
    cumberland = LocalArea.objects.get(dfe_code="942")
    address = f"/areas/{cumberland.pk}/terms/import/"
    response = _look(client, address, HEAD + "Spring,2023-02-20,2023-04-03\n")
    assert _mistakes(response) == [["Line 2", "First day", "Cumberland began on 1 April 2023"]]


def test_what_a_file_with_mistakes_says_can_be_put_right_in_the_box(client, today, address, editor):
    response = _look(client, address, file=b"\xef\xbb\xbf" + (HEAD + "A,x,2026-10-23\n").encode())
    assert response.context["form"]["text"].value() == HEAD + "A,x,2026-10-23\n"
    assert len(_mistakes(response)) == 1


def test_a_hundred_mistakes_are_listed_of_a_thousand(client, today, address, editor):
    response = _look(client, address, HEAD + "A,x,2026-10-23\n" * 1000)
    assert len(_mistakes(response)) == 100
    page = response.content.decode()
    assert "the first 100 of 1,000" in page
    assert "1,000 things need putting right" in page


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({}, "file", "Choose a file, or paste what it says"),
        ({"text": "  \n"}, "file", "Choose a file, or paste what it says"),
        ({"text": HEAD, "file": YEAR.encode()}, "file", "not both"),
        ({"file": b""}, "file", "The file is empty"),
        ({"file": b"PK\x03\x04"}, "file", "spreadsheet"),
        ({"file": b"x" * 500_001}, "file", "larger than 500 KB"),
        ({"text": HEAD, "events_are": "moons"}, "events_are", ""),
    ],
)
def test_an_odd_answer_is_told_beside_its_field(
    client, today, address, editor, given, field, words
):
    given = dict(given)
    response = _look(client, address, given.pop("text", ""), **given)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert words in str(response.context["form"].errors[field])
    assert not Term.objects.exists()


def test_a_file_that_is_far_too_large_is_refused_unread(client, today, address, editor):
    given = {"text": "", "file": SimpleUploadedFile("a.csv", b"x" * 3_000_000)}
    response = client.post(address, given)
    assert response.status_code == 200
    assert "The file is larger than 500 KB" in response.content.decode()


def test_the_limits_are_said_beforehand(client, today, address, editor):
    page = client.get(address).content.decode()
    assert "At most 500 KB and 4,000 lines" in page


def test_the_form_is_protected_against_forgery(today, address, editor, client):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(address, {"text": YEAR}).status_code == 403
    assert not Term.objects.exists()


def test_names_are_shown_as_text(client, today, suffolk, address, editor):
    text = HEAD + "<script>alert(1)</script>,2026-09-02,2026-10-23\nאביב,2027-01-04,2027-02-12\n"
    response = _look(client, address, file=text.encode(), name="<b>.csv")
    page = response.content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>.csv" not in page
    _agree(client, address, response)
    assert [name for name, _, _ in _terms(suffolk)] == ["<script>alert(1)</script>", "אביב"]


def test_doubts_are_told_and_leave_the_decision(client, today, address, editor):
    text = HEAD + (
        "Autumn,2026-09-05,2026-10-23\nMore,2026-10-26,2026-12-18\nOpen day,2027-01-04,2027-01-04\n"
    )
    page = _look(client, address, text).content.decode()
    assert "Line 2, Autumn, begins on a Saturday." in page
    assert "Between Autumn (line 2) and More (line 3) there is no holiday." in page
    assert "Line 4, Open day, is 1 day long." in page
    assert "Import these terms" in page


# -- between the look and the word -----------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "nonsense", "a:b:c"])
def test_what_was_not_given_out_here_is_refused(client, today, address, editor, text):
    response = client.post(address, {"carried": text}, follow=True)
    assert "That page is too old" in response.content.decode()
    assert not Term.objects.exists()


def test_a_look_counts_for_its_person_and_area_alone(
    client, today, suffolk, address, editor, grants
):
    response = _look(client, address, YEAR)
    norfolk = LocalArea.objects.get(dfe_code="926")
    other = f"/areas/{norfolk.pk}/terms/import/"
    assert "too old" in client.post(
        other, {"carried": response.context["carried"]}, follow=True
    ).content.decode()  # fmt: skip
    assert not Term.objects.exists()


def test_a_change_in_between_is_shown_before_anything_is_imported(
    client, today, suffolk, address, editor
):
    response = _look(client, address, YEAR)
    Term.objects.create(
        local_area=suffolk, name="Mine", starts_on=D(2026, 11, 3), ends_on=D(2026, 11, 30)
    )
    response = _agree(client, address, response)
    page = response.content.decode()
    assert "Somebody changed these terms since you looked" in page
    assert "Mine, 3 November 2026 to 30 November 2026" in page
    assert [name for name, _, _ in _terms(suffolk)] == ["Mine"]
    assert _agree(client, address, response).status_code == 302
    assert [name for name, _, _ in _terms(suffolk)] == ["Autumn 1", "Autumn 2", "Spring 1"]


def test_who_lost_the_right_in_between_imports_nothing(
    client, today, suffolk, address, editor, grants
):
    response = _look(client, address, YEAR)
    grants[editor.pk] = Contacts(reads_all=True)
    assert _agree(client, address, response).status_code == 403
    assert not Term.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_the_same_moment_import_once(suffolk, today, django_user_model):
    user = django_user_model.objects.create_user("two@ofsted.example", name="Two")
    read = Read([Entry(2, "", "Autumn", D(2026, 9, 2), D(2026, 10, 23))])
    scope = services.Scope(LocalArea.objects.filter(pk=suffolk.pk), suffolk)
    seen = services.plan_import(read, scope).digest
    results = []

    def agree():
        try:
            services.take_terms(read, scope, seen=seen, by=user, source="x")
            results.append("taken")
        except services.ChangedMeanwhile:
            results.append("changed")
        finally:
            connection.close()

    threads = [threading.Thread(target=agree) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["changed", "taken"]
    assert suffolk.terms.count() == 1


# -- several areas ---------------------------------------------------------------------------------

BOTH = SEVERAL + (
    "935,Autumn 1,2026-09-02,2026-10-23\n926,Autumn 1,2026-09-03,2026-10-23\n"
    "935,Autumn 2,2026-11-02,2026-12-18\n"
)


def test_several_areas_are_imported_from_one_file(client, today, suffolk, keeper):
    norfolk = LocalArea.objects.get(dfe_code="926")
    response = _look(client, "/areas/terms/import/", file=BOTH.encode())
    assert "3 new" in response.content.decode()
    response = _agree(client, "/areas/terms/import/", response)
    assert response["Location"] == "/areas/"
    assert (len(_terms(suffolk)), len(_terms(norfolk))) == (2, 1)
    assert LogEntry.objects.count() == 2
    again = _look(client, "/areas/terms/import/", file=BOTH.encode())
    assert "Nothing would change" in again.content.decode()


def test_one_wrong_line_leaves_every_area_as_it_was(client, today, keeper):
    text = BOTH + (
        "302,Autumn,2026-09-02,2026-10-23\n999,Autumn,2026-09-02,2026-10-23\n"
        "926,More,2026-10-01,2026-11-20\n"
    )
    response = _look(client, "/areas/terms/import/", text)
    assert _mistakes(response) == [
        ["Line 5", "DfE number", "You do not keep the terms of Barnet (302) here"],
        ["Line 6", "DfE number", "No area has the DfE number 999"],
        ["Line 7", "First day", "‘More’ shares days with ‘Autumn 1’ on line 3"],
    ]
    assert not Term.objects.exists()


def test_a_calendar_is_of_one_area(client, today, keeper):
    response = _look(client, "/areas/terms/import/", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert "A calendar is of one area" in _mistakes(response)[0][2]


def test_a_file_for_one_area_may_name_no_other(client, today, address, editor):
    response = _look(client, address, SEVERAL + "926,Autumn,2026-09-02,2026-10-23\n")
    assert "Norfolk (926)" in _mistakes(response)[0][2]


def test_all_authorities_for_three_years_cost_as_many_queries_as_one_line(
    client, today, editor, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(contacts, "_term_areas", [lambda user, on: LocalArea.objects.all()])
    codes = list(LocalArea.objects.on(today).values_list("dfe_code", flat=True))

    def rows(codes, years):
        return SEVERAL + "".join(
            f"{code},Autumn {half},{year}-{first},{year}-{last}\n"
            for code in codes
            for year in years
            for half, first, last in ((1, "09-02", "10-23"), (2, "11-02", "12-18"))
        )

    address = "/areas/terms/import/"
    client.get(address)
    one = _look(client, address, rows(codes[:1], [2031]))
    with django_assert_num_queries(6):
        one = _look(client, address, rows(codes[:1], [2031]))
    with django_assert_num_queries(6):
        many = _look(client, address, file=rows(codes, [2026, 2027, 2028]).encode())
    assert "918 new" in many.content.decode()
    with django_assert_num_queries(12):
        _agree(client, address, one)
    with django_assert_num_queries(12):
        assert _agree(client, address, many).status_code == 302
    assert Term.objects.count() == 920


# -- who may ---------------------------------------------------------------------------------------

PAGES = ("import/", "template.csv")


def test_visitors_are_sent_to_sign_in(client, suffolk):
    for start in (f"/areas/{suffolk.pk}/terms/", "/areas/terms/"):
        for rest in PAGES:
            response = client.get(start + rest)
            assert response.status_code == 302
            assert response["Location"].startswith("/sign-in/?next=")
        assert client.post(f"{start}import/", {"text": YEAR}).status_code == 302
    assert not Term.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "officer"])
def test_who_keeps_no_terms_is_refused_with_the_reason(client, request, today, suffolk, who):
    request.getfixturevalue(who)
    for rest in PAGES:
        response = client.get(f"/areas/{suffolk.pk}/terms/{rest}")
        assert response.status_code == 403
        assert "terms are kept by support officers" in response.content.decode()
        assert client.get(f"/areas/terms/{rest}").status_code == 403
    response = client.post(f"/areas/{suffolk.pk}/terms/import/", {"text": YEAR})
    assert response.status_code == 403
    assert not Term.objects.exists()


def test_who_keeps_the_terms_of_an_area_changes_nothing_else_there(
    client, today, suffolk, stranger, grants
):
    grants[stranger.pk] = Contacts(edits_terms=True)
    page = client.get(suffolk.get_absolute_url()).content.decode()
    assert "Import school terms" in page
    assert "Add an organisation" not in page
    assert client.get(f"/areas/{suffolk.pk}/terms/new/").status_code == 200
    assert client.get(f"/areas/{suffolk.pk}/organisations/new/").status_code == 403
    address = f"/areas/{suffolk.pk}/terms/import/"
    assert _agree(client, address, _look(client, address, YEAR)).status_code == 302
    assert len(_terms(suffolk)) == 3


def test_files_to_fill_in(client, today, suffolk, keeper):
    file = client.get(f"/areas/{suffolk.pk}/terms/template.csv").content.decode("utf-8-sig")
    assert file.splitlines()[:2] == [
        "DfE number,Area,Term,First day,Last day",
        '935,Suffolk,"Autumn, first half",,',
    ]
    several = client.get("/areas/terms/template.csv").content.decode("utf-8-sig").splitlines()
    assert len(several) == 1 + 2 * 6
    filled = file.replace(",,", ",2026-09-02,2026-10-23", 1)
    filled = "\n".join(line for line in filled.splitlines() if not line.endswith(",,"))
    response = _look(client, f"/areas/{suffolk.pk}/terms/import/", filled)
    assert "1 new" in response.content.decode()


def test_what_breaks_in_the_middle_leaves_everything_as_it_was(suffolk, editor, monkeypatch):
    Term.objects.create(
        local_area=suffolk, name="Old", starts_on=D(2026, 9, 1), ends_on=D(2026, 10, 1)
    )
    read = Read([Entry(2, "", "Autumn", D(2026, 9, 2), D(2026, 10, 23))])
    scope = services.Scope(LocalArea.objects.filter(pk=suffolk.pk), suffolk)
    seen = services.plan_import(read, scope).digest

    def broken(changes, *, by):
        raise OSError("gone")

    monkeypatch.setattr(services, "note_changes", broken)
    with pytest.raises(OSError, match="gone"):
        services.take_terms(read, scope, seen=seen, by=editor, source="x")
    assert [name for name, _, _ in _terms(suffolk)] == ["Old"]
