"""The frameworks under which inspections have been made, by their names in code."""

LOCAL_AREA_2016 = "local-area-send-2016"
AREA_SEND_2023 = "area-send-2023"

#: Working days of notice: HB 7; the two weeks before fieldwork of published reports.
NOTICE = {LOCAL_AREA_2016: 5, AREA_SEND_2023: 10}

#: As a form and a case page name them.
LABELS = {
    LOCAL_AREA_2016: "Local area SEND, 2016",
    AREA_SEND_2023: "Area SEND, 2023",
}


def notice_of(framework: str) -> int:
    """How many working days of notice an area is given under a framework."""
    return NOTICE.get(framework, NOTICE[LOCAL_AREA_2016])
