import pytest

from casework.tests.changes.helpers import administrator


@pytest.fixture
def admin(db):
    return administrator()
