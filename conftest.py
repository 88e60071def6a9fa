"""One private PostgreSQL and Redis per run of pytest, unless the environment names others."""

from typing import Any

import pytest

from launcher.testing import PrivateServices, restore_after_committing_tests, use_in_django

_services = PrivateServices()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not config.option.collectonly:
        restore_after_committing_tests()
    # xdist's workers inherit the addresses from the controller's environment.
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    try:
        _services.start()
    except BaseException:  # a Ctrl-C too: nothing may be left behind
        _services.stop()
        raise
    from django.conf import settings

    use_in_django(settings)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _services.stop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, whose tables can be emptied after a test that commits."""
    from casework.testing import let_tables_be_emptied

    with django_db_blocker.unblock():
        let_tables_be_emptied()
