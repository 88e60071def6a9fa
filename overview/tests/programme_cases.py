"""Cases as the fold leaves them, in one row each: for tests of lists, which read nothing else."""

import datetime
import itertools

from areas.models import LocalArea, Region
from casework.models import Case, Deadline
from config import clock

EARLIER, PRESENT = "local-area-send-2016", "area-send-2023"
_numbers = itertools.count(1)


def day(text):
    return datetime.date.fromisoformat(text)


def area(name, region="London", **more):
    """A local area of this test alone."""
    number = next(_numbers)
    return LocalArea.objects.create(
        name=name,
        dfe_code=f"Z{number % 256:02x}",
        region=Region.objects.get(name=region),
        authority_type="unitary",
        **more,
    )


def case(local_area, kind="inspection", **given):
    """A case; `on` is its first day on site, five days long."""
    number = next(_numbers)
    first = day(given.pop("on")) if "on" in given else None
    values = {
        "reference": f"T-{number:05d}",
        "framework": EARLIER,
        "stage": "closed",
        "created_at": clock.now(),
        "first_day": first,
        "last_day": first + datetime.timedelta(days=4) if first else None,
        **given,
    }
    if values["stage"] in ("closed", "superseded"):
        end = first + datetime.timedelta(days=60) if first else clock.today()
        values.setdefault("ended_on", end)
        values.setdefault("moments", ["notified", "feedback", "final_sent", "published"])
    return Case.objects.create(local_area=local_area, kind=kind, **values)


def due(of_case, rule, on, state="open"):
    """A deadline of a case."""
    return Deadline.objects.create(
        case=of_case,
        rule=rule,
        title=rule,
        owed_by="Ofsted and CQC",
        strength="normally",
        due_on=day(on),
        computed_on=day(on),
        counted_from_event="judged_fit",
        counted_from_on=day(on),
        state=state,
    )
