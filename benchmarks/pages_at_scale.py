"""How long the programme and the list of cases take with 100,000 cases beside 1,000, in one run.

Two databases that differ in nothing but that number; each request is made on the one and on the
other in turn, and medians are compared. Called by `benchmarks.pages`.
"""

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

FEW, MANY = 1_000, 100_000
LIMIT = 1.2
WARM = 5
PAGES = {
    "programme": "/programme/",
    "programme, by day": "/programme/?order=-last&region=london",
    "case list": "/cases/",
    "case list, by area": "/cases/?order=area",
    "case list, by case": "/cases/?order=-reference",
    "case list, by stage": "/cases/?order=stage",
    "case list, by day": "/cases/?order=-day",
    "case list, by day up": "/cases/?order=day",
}


@dataclass
class Taken:
    """What one page took one person: seconds and queries, by number of cases."""

    person: str
    page: str
    times: dict[int, list[float]] = field(default_factory=lambda: {FEW: [], MANY: []})
    queries: dict[int, int] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Many cases to few, of medians."""
        return statistics.median(self.times[MANY]) / statistics.median(self.times[FEW])

    @property
    def within(self) -> bool:
        """Whether time and queries hold."""
        return self.ratio <= LIMIT and self.queries[FEW] == self.queries[MANY]

    def line(self) -> str:
        """For the report."""
        few, many = (statistics.median(self.times[size]) * 1000 for size in (FEW, MANY))
        verdict = "within" if self.within else "OVER"
        counts = dict.fromkeys(self.queries[size] for size in (FEW, MANY))
        queries = f"{', then '.join(map(str, counts))} queries"
        return (
            f"{self.page:<21} {self.person:<9} {few:7.2f} ms {many:7.2f} ms  {self.ratio:5.2f}   "
            f"{verdict} {LIMIT}   {queries}"
        )


def measure(rounds: int) -> list[Taken]:
    """Both pages for a person with all of England and one with an area. Needs the places."""
    people = _people()
    connections = _two_databases()
    clients = {size: {name: _signed_in(person) for name, person in people.items()}
               for size in connections if not _use(connections[size])}  # fmt: skip
    taken = [Taken(person, page) for person in people for page in PAGES]
    for number in range(rounds + WARM):
        for one in taken:
            # In turn first and second, so that neither profits from the other.
            for size in (FEW, MANY) if number % 2 else (MANY, FEW):
                _use(connections[size])
                seconds = _ask(clients[size][one.person], one, size, count=number == 0)
                if number >= WARM:
                    one.times[size].append(seconds)
    return taken


def _ask(client: Any, one: Taken, size: int, *, count: bool) -> float:
    from django.db import connection

    if count:
        client.get(PAGES[one.page])  # whatever is remembered for the day is by then
        connection.force_debug_cursor = True
        before = len(connection.queries_log)
    started = time.perf_counter()
    answer = client.get(PAGES[one.page])
    taken = time.perf_counter() - started
    assert answer.status_code == 200, (one.page, one.person, answer.status_code)
    if count:
        one.queries[size] = len(connection.queries_log) - before
        connection.force_debug_cursor = False
    return taken


def _people() -> dict[str, Any]:
    """A support officer for England, and one for the area that has every twentieth case."""
    from accounts.models import Membership, Scope, User
    from areas.models import LocalArea
    from config import clock

    area = LocalArea.objects.filter(ends_on__isnull=True).order_by("name").last()
    local = User.objects.create_user("area@benchmark.example", name="Area Officer")
    Membership.objects.create(
        person=local,
        role="support_officer",
        scope=Scope.AREA,
        local_area=area,
        starts_on=clock.today(),
    )
    return {"England": User.objects.get(email="priya.raman@ofsted.example"), "one area": local}


def _signed_in(person: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _two_databases() -> dict[int, Any]:
    """A connection to a database with few cases and to one with many."""
    from django.db import connections

    from benchmarks.many_cases import make_cases

    small = connections["default"]
    make_cases(FEW)
    name = small.settings_dict["NAME"]
    large_name = f"{name}_large"
    small.close()
    admin = small.copy()
    admin.settings_dict = {**small.settings_dict, "NAME": "postgres"}
    with admin.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{large_name}" TEMPLATE "{name}"')
    admin.close()
    large = small.copy()
    large.settings_dict = {**small.settings_dict, "NAME": large_name}
    _use(large)
    make_cases(MANY, already=FEW)
    for one in (small, large):
        with one.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return {FEW: small, MANY: large}


def _use(connection: Any) -> None:
    from django.db import connections

    connections["default"] = connection
