"""What the citations of the rules stand for: `HB 58` is paragraph 58 of the handbook."""

import re

SOURCES = {
    "HB": "Handbook for inspecting local areas, Ofsted and CQC, April 2016, edition of April 2019",
    "RV": "Guidance on re-visits to local areas with a written statement of action, Ofsted and CQC,"
    " 2018",
    "ON": "Local area SEND inspections: one year on, on the first 30 inspections, to May 2017",
    "NW": "News item on the programme of re-visits, late 2018",
    "SC": "Area SEND inspections: support and challenge following inspection, Department for"
    " Education, 16 May 2023",
    "AS": "Published reports of area SEND inspections and the guidance of 2025, as they are told:"
    " not among the documents that we hold",
}


def sources_of(citation: str) -> list[str]:
    """The keys of the sources that a citation names, in the order of the list above."""
    return [key for key in SOURCES if re.search(rf"\b{key}\b", citation)]
