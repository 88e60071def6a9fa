"""One private PostgreSQL and Redis per run of pytest, unless the environment names others."""

import shutil
from pathlib import Path

import pytest

from launcher.testing import (
    PrivateServices,
    files_folder,
    restore_after_committing_tests,
    use_in_django,
)

FILES = pytest.StashKey[Path]()
_services = PrivateServices()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.collectonly:
        return
    from django.conf import settings

    restore_after_committing_tests()
    config.stash[FILES] = settings.FILES_DIR = files_folder()
    # xdist's workers inherit the addresses from the controller's environment.
    if hasattr(config, "workerinput"):
        return
    try:
        _services.start()
    except BaseException:  # a Ctrl-C too: nothing may be left behind
        _services.stop()
        raise
    use_in_django(settings)


def pytest_unconfigure(config: pytest.Config) -> None:
    if FILES in config.stash:
        shutil.rmtree(config.stash[FILES], ignore_errors=True)
    if not hasattr(config, "workerinput"):
        _services.stop()
