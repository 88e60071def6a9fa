"""What the pages of this room show, as tables."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from areas.models import AreaOrganisation, GssCode, LocalArea, PostHolder, Term
from design_system.forms import in_words
from design_system.tables import Cell, Column, Row, Table


def day(one: datetime.date | None, otherwise: str) -> Cell:
    """A day in words that sorts as a day; `otherwise` where none is recorded."""
    return Cell(in_words(one), one.isoformat()) if one else Cell(otherwise, "")


def list_table(areas: Iterable[LocalArea], caption: str) -> Table:
    """The areas found."""
    rows = [
        Row(
            [
                format_html(
                    '<a class="govuk-link" href="{}">{}</a>', area.get_absolute_url(), area.name
                ),
                area.dfe_code,
                area.region.name,
                area.get_authority_type_display(),
                f"Until {in_words(area.ends_on)}" if area.ends_on else "Current",
            ],
            tone="quiet" if area.ends_on else "",
        )
        for area in areas
    ]
    columns = [
        Column("Local area", sort=True),
        Column("DfE number", numeric=True, sort=True),
        Column("Region", sort=True),
        Column("Type", sort=True),
        Column("Standing", nowrap=True),
    ]
    empty = "No local area matches."
    return Table(caption, columns, rows, hide_caption=True, empty=empty, id="areas")


def codes_table(codes: Sequence[GssCode]) -> Table:
    """The statistical codes of an area, with dates."""
    return Table(
        "Statistical (GSS) codes",
        [Column("Code"), Column("From", nowrap=True), Column("To", nowrap=True)],
        [
            [one.code, day(one.starts_on, "The beginning"), day(one.ends_on, "Today")]
            for one in codes
        ],
        empty="No code is recorded.",
        id="codes",
    )


def bodies_table(links: Sequence[AreaOrganisation]) -> Table:
    """Who serves or served an area; those of the past in grey."""
    rows = [
        Row(
            [
                link.organisation.name,
                link.organisation.get_kind_display(),
                day(link.starts_on, "The beginning"),
                day(link.ends_on, "Today"),
            ],
            tone="quiet" if link.ends_on else "",
        )
        for link in links
    ]
    columns = [
        Column("Organisation"),
        Column("What it is"),
        Column("From", nowrap=True),
        Column("To", nowrap=True),
    ]
    empty = "No organisation is recorded."
    return Table("Organisations that serve the area", columns, rows, empty=empty, id="bodies")


def people_table(
    holders: Sequence[tuple[PostHolder, SafeString]], caption: str, table_id: str
) -> Table:
    """Who holds which post; with each what can be done about it."""
    rows = [
        [
            holder.post.title,
            holder.post.organisation.name,
            holder.name,
            _reached_at(holder),
            _held(holder),
            actions,
        ]
        for holder, actions in holders
    ]
    columns = [
        Column("Post"),
        Column("Organisation"),
        Column("Name"),
        Column("E-mail and telephone"),
        Column("Holds it"),
        Column("What to do", hide_label=True),
    ]
    return Table(caption, columns, rows, empty="Nobody is recorded.", id=table_id)


def _reached_at(holder: PostHolder) -> SafeString | str:
    address: Any = ""
    if holder.email:
        address = format_html('<a class="govuk-link" href="mailto:{0}">{0}</a>', holder.email)
    if address and holder.phone:
        return format_html("{}<br>{}", address, holder.phone)
    return address or holder.phone


def _held(holder: PostHolder) -> str:
    began = f"from {in_words(holder.starts_on)}" if holder.starts_on else ""
    ended = f"to {in_words(holder.ends_on)}" if holder.ends_on else ""
    text = f"{began} {ended}".strip() or "now"
    return text[:1].upper() + text[1:]


def terms_table(terms: Sequence[tuple[Term, SafeString]]) -> Table:
    """The stretches of term, soonest first; what lies between them is holiday."""
    rows = [
        [term.name, day(term.starts_on, ""), day(term.ends_on, ""), actions]
        for term, actions in terms
    ]
    columns = [
        Column("Stretch of term"),
        Column("First day", nowrap=True),
        Column("Last day", nowrap=True),
        Column("What to do", hide_label=True),
    ]
    empty = "No terms are recorded: whether a day is in term time is not known."
    return Table("School terms", columns, rows, empty=empty, id="terms")
