import pytest
import time_machine

from casework.access import Row, register_access
from casework.tests import rehearsal
from letters.tests import trial_letter


@pytest.fixture
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    return tmp_path


@pytest.fixture
def world(files):
    rehearsal.declare()
    register_access([Row("case", "read", "cqc_inspector")])
    told = trial_letter.World()
    trial_letter.declare(told)
    yield told
    trial_letter.withdraw()
    rehearsal.withdraw()


@pytest.fixture
def monday():
    with time_machine.travel(trial_letter.MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def area(db):
    return rehearsal.make_area()


@pytest.fixture
def officer(db):
    return rehearsal.make_person("Olu Officer", role="support_officer")


@pytest.fixture
def case(world, area, officer, monday):
    return trial_letter.fixed_case(area, officer)
