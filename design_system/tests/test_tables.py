import datetime
import re

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from design_system import tables, timeline

COLUMNS = [
    tables.Column("Area", sort_address="?order=area&x=1", sorted="ascending"),
    tables.Column("Day 1", nowrap=True, sort=True),
    tables.Column("Deadlines", numeric=True),
    tables.Column("Next step", hide_label=True),
]


def table(**options):
    rows = [
        ["<b>Barnet</b>", tables.Cell("1 June 2026", "2026-06-01"), 12, mark_safe("<i>go</i>")],
        tables.Row(["Kent", None, 0, ""], tone="alert", id="kent"),
    ]
    return tables.Table("Cases <now>", COLUMNS, rows, **{"id": "cases", **options})


def test_a_table_has_caption_heads_and_escaped_cells():
    html = Template("{{ table }}").render(Context({"table": table()}))
    assert '<caption class="govuk-table__caption govuk-table__caption--m" id="cases">' in html
    assert "Cases &lt;now&gt;" in html
    assert "&lt;b&gt;Barnet&lt;/b&gt;" in html
    assert "<i>go</i>" in html
    assert html.count('scope="col"') == 4
    assert html.count('scope="row"') == 2
    assert 'href="?order=area&amp;x=1"' in html
    assert html.count('aria-sort="ascending"') == 1
    assert 'data-sort-value="2026-06-01"' in html
    assert "<span>0</span>" in html
    assert 'app-table__row--alert" id="kent"' in html
    assert 'role="region" aria-labelledby="cases" tabindex="0"' in html


def test_cards_keep_the_roles_of_a_table_and_name_each_column():
    html = str(table())
    for role in ("table", "rowgroup", "row", "columnheader", "rowheader", "cell"):
        assert f' role="{role}"' in html
    assert re.findall(r'data-label="([^"]+)"', html)[:2] == ["Day 1", "Deadlines"]
    flat = str(table(stack=False, row_heads=False))
    assert 'role="row"' not in flat
    assert "data-label" not in flat
    assert 'scope="row"' not in flat


def test_a_table_without_rows_says_so():
    html = str(tables.Table("Letters", COLUMNS, [], empty="No letter yet."))
    assert "<table" not in html
    assert "No letter yet." in html
    assert '<h2 class="govuk-heading-m">Letters</h2>' in html


def test_a_row_of_the_wrong_length_is_a_mistake():
    with pytest.raises(ValueError, match="argument"):
        str(tables.Table("x", COLUMNS, [["too short"]]))


def closed(day):
    if day == datetime.date(2026, 4, 6):
        return "Easter Monday"
    return f"{day:%A}" if day.weekday() >= 5 else None


def draw(**options):
    marks = [
        timeline.Mark(datetime.date(2026, 4, 20), "First day on site", "forecast"),
        timeline.Mark(datetime.date(2026, 3, 27), "<Called> " + "x" * 60, "met", href="#due-1"),
    ]
    options = {"title": "Time line & more", "closed": closed, **options}
    return timeline.draw(marks, **options)


def test_a_time_line_shades_closed_days_by_name_and_orders_its_marks():
    html = draw(today=datetime.date(2026, 4, 1))
    assert "6 April: Easter Monday" in html
    assert html.count("app-timeline__closed") == 1
    assert html.count("app-timeline__weekend") == 8
    assert html.index("&lt;Called&gt;") < html.index("First day on site")
    assert 'aria-label="Time line &amp; more"' in html
    assert '<a href="#due-1">' in html
    assert ">Today<" in html
    assert "style=" not in html


def test_a_long_time_line_is_not_shaded_and_a_far_today_left_out():
    assert ">Today<" not in draw(today=datetime.date(2029, 4, 1))
    far = timeline.Mark(datetime.date(2028, 2, 28), "Re-visit due", "forecast")
    near = timeline.Mark(datetime.date(2026, 2, 26), "Fit for purpose", "event")
    html = timeline.draw([far, near], title="t", closed=closed)
    assert "weekend" not in html
    assert "Jan ’28" in html
    assert "Feb ’28" not in html
    assert timeline.draw([], title="t", closed=closed) == ""


def test_a_date_far_behind_the_others_does_not_squeeze_them():
    near = [timeline.Mark(datetime.date(2026, 3, day), f"Near {day}") for day in (2, 9, 16, 30)]
    far = timeline.Mark(datetime.date(2026, 10, 1), "Evidence reviewed", "forecast")
    html = timeline.draw([*near, far], title="t", closed=closed)
    assert "→ Thu 1 Oct 2026" in html
    assert html.count("app-timeline__break") == 1
    assert "May" not in html
    xs = [float(x) for x in re.findall(r' (?:x|cx)="([-\d.]+)"', html)]
    assert max(xs) <= timeline.WIDTH
    assert "→" not in timeline.draw([near[0], far], title="t", closed=closed)


def test_positions_stay_inside_the_picture():
    html = draw(
        bands=[timeline.Band(datetime.date(2026, 4, 20), datetime.date(2026, 4, 24), "On site")]
    )
    xs = [float(x) for x in re.findall(r' x="([-\d.]+)"', html)]
    assert min(xs) >= 0
    assert max(xs) <= timeline.WIDTH
    assert "On site" in html
