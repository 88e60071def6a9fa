import datetime

import pytest
import time_machine

from casework.recording import create_case
from casework.tests import rehearsal


@pytest.fixture
def declared():
    """The kinds of case of `rehearsal`, for as long as a test lasts."""
    rehearsal.declare()
    yield
    rehearsal.withdraw()


@pytest.fixture
def monday():
    """A Monday morning at nine in London."""
    with time_machine.travel(
        datetime.datetime(2026, 6, 1, 8, 0, tzinfo=datetime.UTC), tick=False
    ) as traveller:
        yield traveller


@pytest.fixture
def area(db, declared):
    return rehearsal.make_area()


@pytest.fixture
def officer(db):
    return rehearsal.make_person("Olu Officer", role="support_officer")


@pytest.fixture
def case(area, officer, monday):
    return create_case("rehearsal", local_area=area, by=officer)
