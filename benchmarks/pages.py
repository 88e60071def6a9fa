"""How long pages take beside a bare Django view of 25 rows with three joins, in one run.

The bare view reads 25 cases with area, region and origin and prints them as a plain table, through
the same middleware, for the same signed-in person. Requests take turns, so that whatever else the
machine does falls on all alike; medians are compared. Then the programme and the list of cases with
100,000 cases beside 1,000 (`pages_at_scale`).

    python -m benchmarks.pages [--rounds N] [--scale-rounds N]
"""

import argparse
import datetime
import os
import statistics
import sys
import time
from typing import Any

LIMITS = {"case list": 2.5, "case page": 4.0}
CASES = 30
COLUMNS = ("reference", "local_area.name", "local_area.region.name", "stage", "origin.reference")
CELLS = "".join(f"<td>{{{{ case.{column} }}}}</td>" for column in COLUMNS)
BARE = f"<table>{{% for case in cases %}}<tr>{CELLS}</tr>{{% endfor %}}</table>"


def bare_view(request: Any) -> Any:
    """The baseline: one query with three joins, a plain table, no layout."""
    from django.http import HttpResponse
    from django.template import engines

    from casework.models import Case

    assert request.user.is_authenticated
    cases = Case.objects.select_related("local_area__region", "origin").order_by("-created_at")[:25]
    global _bare
    _bare = _bare or engines["django"].from_string(BARE)
    return HttpResponse(_bare.render({"cases": cases}, request))


_bare: Any = None


def _fill() -> Any:
    """Invented people and `CASES` inspections, one of them notified; gives that one."""
    from django.core.management import call_command

    from accounts.models import User
    from areas.models import LocalArea
    from config import clock
    from inspections import services
    from overview.demonstration.people import make_people
    from overview.demonstration.places import make_places

    call_command("migrate", verbosity=0)
    make_places(clock.today())
    make_people()
    officer = User.objects.get(email="priya.raman@ofsted.example")
    today = clock.today()
    month = datetime.timedelta(days=28)
    for area in LocalArea.objects.on(today).order_by("name")[:CASES]:
        services.plan_inspection(area, today + month, today + 2 * month, by=officer)
    return officer


def _scheduled_case(officer: Any) -> Any:
    from accounts.models import User
    from casework.models import Case
    from config import clock
    from inspections import services
    from working_days.services import current_calendar

    case = Case.objects.select_related("local_area").order_by("reference").first()
    assert case is not None
    day = clock.today() + datetime.timedelta(days=21)
    people = {role: User.objects.get(email=address).pk for role, address in TEAM.items()}
    for _ in range(60):
        day += datetime.timedelta(days=1)
        if not current_calendar().is_working_day(day):
            continue
        choice = services.Choice(first_day=day, **people)
        if not any(one.blocks for one in services.check_schedule(case, choice, viewer=officer)):
            services.schedule(case, choice, by=officer)
            case.refresh_from_db()
            return case
    raise SystemExit("no free week found for the case that is measured")


TEAM = {
    "lead_hmi": "margaret.ashdown@ofsted.example",
    "ofsted_inspector": "harriet.pemberley@ofsted.example",
    "cqc_inspector": "aoife.brennan@cqc.example",
}


def _measure(rounds: int) -> dict[str, list[float]]:
    from django.test import Client, override_settings
    from django.test.utils import setup_test_environment
    from django.urls import include, path

    from casework.models import Case

    setup_test_environment(debug=False)
    officer = _fill()
    case = _scheduled_case(officer)
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    module = sys.modules[__name__]
    module.urlpatterns = [path("bare/", bare_view), path("", include("config.urls"))]  # type: ignore[attr-defined]
    addresses = {"bare": "/bare/", "case list": "/cases/", "case page": case.get_absolute_url()}
    times: dict[str, list[float]] = {name: [] for name in addresses}
    assert Case.objects.count() >= 25
    with override_settings(ROOT_URLCONF=__name__):
        for round_number in range(rounds + 20):
            for name, address in addresses.items():
                started = time.perf_counter()
                response = client.get(address)
                taken = time.perf_counter() - started
                assert response.status_code == 200, (address, response.status_code)
                if round_number >= 20:  # templates and caches are warm by then
                    times[name].append(taken)
    return times


def main() -> int:
    """Exit code 1 when a page is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--scale-rounds", type=int, default=60)
    given = parser.parse_args()
    rounds = given.rounds
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    os.environ["LOG_LEVEL"] = "ERROR"  # a line a request would only blur the comparison
    from launcher.testing import PrivateServices, use_in_django

    services = PrivateServices()
    services.start()
    try:
        from django.conf import settings

        use_in_django(settings)
        import django

        django.setup()
        from benchmarks import pages_at_scale

        times = _measure(rounds)
        at_scale = pages_at_scale.measure(given.scale_rounds) if given.scale_rounds else []
        from django.db import connections

        connections.close_all()
    finally:
        services.stop()
    bare = statistics.median(times["bare"])
    print(f"{'bare view':<12} {bare * 1000:7.2f} ms   1.00   ({rounds} rounds)")
    missed = 0
    for name, limit in LIMITS.items():
        median = statistics.median(times[name])
        ratio = median / bare
        missed += ratio > limit
        verdict = "within" if ratio <= limit else "OVER"
        print(f"{name:<12} {median * 1000:7.2f} ms  {ratio:5.2f}   {verdict} {limit}")
    if at_scale:
        print(f"{'':<31} {pages_at_scale.FEW:>7,} cases {pages_at_scale.MANY:>9,}")
    for one in at_scale:
        print(one.line())
        missed += not one.within
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
