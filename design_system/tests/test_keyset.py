"""Pages by key: whatever is equal or empty, each row stands on exactly one page, in order."""

import base64
import datetime
import uuid

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from design_system.keyset import BY_ID, Key, Order, read_moment

DAY = datetime.date(2026, 6, 1)
ORDERS = [
    Order.of(Key("day", datetime.date.fromisoformat, descending, nullable=True), *more)
    for descending in (False, True)
    for more in ((BY_ID,), (Key("name"), BY_ID), (Key("name", descending=True), BY_ID))
]
rows_of_a_list = st.lists(
    st.fixed_dictionaries(
        {
            "pk": st.uuids(version=4),
            "name": st.sampled_from(["Barnet", "Bath", "Åker", ""]),
            "day": st.sampled_from([None, None, DAY, DAY + datetime.timedelta(days=1)]),
        }
    ),
    unique_by=lambda row: row["pk"],
    max_size=25,
)


def ask(**query):
    return RequestFactory().get("/", query)


def walk(page_of, size):
    """All pages from the first to the last."""
    pages, query = [], {}
    while True:
        page = page_of(ask(**query), size)
        pages.append(page)
        if not page.after:
            return pages
        query = {"after": page.after}


@given(rows_of_a_list, st.sampled_from(ORDERS), st.integers(1, 7))
def test_every_row_stands_on_one_page_in_order_there_and_back(rows, order, size):
    def page_of(request, size):
        return order.page_of(rows, request, size)

    pages = walk(page_of, size)
    there = [row for page in pages for row in page.rows]
    assert there == order.sorted(rows)
    assert pages[0].before == ""
    page = pages[-1]
    back = [page]
    while page.before:
        page = page_of(ask(before=page.before), size)
        back.insert(0, page)
    assert [row for page in back for row in page.rows] == there
    assert all(len(page.rows) == size for page in pages[:-1])


@given(rows_of_a_list, st.sampled_from(ORDERS))
def test_what_is_empty_stands_last_and_equal_days_by_the_next_key(rows, order):
    days = [row["day"] for row in order.sorted(rows)]
    given_days = [day for day in days if day is not None]
    assert days == given_days + [None] * (len(days) - len(given_days))
    assert given_days == sorted(given_days, reverse=order.keys[0].descending)


@given(rows_of_a_list, st.sampled_from(ORDERS), st.integers(0, 24))
def test_a_page_begins_at_its_place_although_that_row_is_gone(rows, order, number):
    ordered = order.sorted(rows)
    if not ordered:
        return
    gone = ordered.pop(number % len(ordered))
    page = order.page_of(ordered, ask(after=order.write(gone)), 100)
    assert page.rows == ordered[number % (len(ordered) + 1) :]


@given(st.text(max_size=60))
def test_no_text_in_the_address_breaks_a_page(text):
    for order in ORDERS:
        found = order.read(text)
        assert found is None or len(found) == len(order.keys)


@pytest.mark.parametrize(
    "values",
    ['["2026-06-01"]', '{"a":1}', '[null,null]', '[1,2]', '["2026-06-01","no id"]',
     '["31 June","x"]', '["2026-06-01","\\ud800"]', '[["2026-06-01"],"x"]', "[" * 5000],
)  # fmt: skip
def test_what_is_no_place_is_the_first_page(values):
    order = Order.of(Key("day", datetime.date.fromisoformat, nullable=True), BY_ID)
    text = base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")
    assert order.read(text) is None
    assert order.page_of([{"day": DAY, "pk": uuid.uuid4()}], ask(after=text), 5).before == ""


def test_a_moment_has_an_offset():
    assert read_moment("2026-06-01T08:00:00+00:00").tzinfo is not None
    with pytest.raises(ValueError, match="offset"):
        read_moment("2026-06-01T08:00:00")


@pytest.mark.django_db
@pytest.mark.parametrize("descending", [False, True])
def test_a_query_set_is_paged_alike(descending):
    for number in range(7):
        Group.objects.create(name=f"Test {number}")
    order = Order.of(Key("name", descending=descending), Key("pk", int))
    rows = Group.objects.filter(name__startswith="Test ")
    pages = walk(lambda request, size: order.page(rows, request, size), 3)
    names = [f"Test {number}" for number in range(7)]
    assert [one.name for page in pages for one in page.rows] == sorted(names, reverse=descending)
    before = order.page(rows, ask(before=pages[2].before), 3)
    assert [one.pk for one in before.rows] == [one.pk for one in pages[1].rows]
