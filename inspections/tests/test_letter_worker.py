"""A real worker is killed between the letter's file and its row, five times: one letter."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction

from casework.models import Case, Event
from inspections import services
from inspections.correspondence import CODE, CONFIRMATION
from inspections.tests.conftest import NOW, build_world
from letters import compose
from letters import services as letters
from letters.models import Letter, LetterState
from notices.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60.0


@pytest.fixture
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    return tmp_path


def start_worker(files: Path) -> subprocess.Popen:
    """A Celery worker of its own on this test's database, Redis and files."""
    base = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "FILES_DIR": str(files),
        "LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "prefork"]
    return subprocess.Popen(
        [*command, "--concurrency", "1", "--loglevel", "WARNING"],
        cwd=settings.BASE_DIR,
        env=environment,
        start_new_session=True,
    )


def kill(worker: subprocess.Popen) -> None:
    """As the kernel does when memory runs out: the worker and its children, at once."""
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_for(condition, what: str) -> None:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < PATIENCE, f"waited in vain for {what}"
        time.sleep(0.05)


def printed(files: Path) -> list[Path]:
    return list(files.glob("case/*/letters/*.pdf"))


def letter_asked_for() -> Letter:
    """A confirmation on its way since 1 June 2026: long ago for the workers, who live now."""
    with time_machine.travel(NOW, tick=False) as at:
        world = build_world()
        case = world.notified(at)
        services.confirm_go_ahead(case.pk, cqc=True, support_officer=True, by=world.lead)
        case.refresh_from_db()
        seen = compose.draft(case, CONFIRMATION).fingerprint
        letter = letters.approve(case, CODE, by=world.officer, seen=seen)
        return letters.issue(letter.pk, by=world.officer)


def test_a_worker_killed_between_file_and_row_five_times_leaves_one_letter(files):
    letter = letter_asked_for()
    for _ in range(5):
        worker = start_worker(files)
        try:
            with transaction.atomic():
                # The worker prints, stores, and then waits for the case, which we hold.
                Case.objects.select_for_update().get(pk=letter.case_id)
                letters.hand_to_worker(letter.pk)
                wait_for(lambda: printed(files), "the file")
                assert not Event.objects.filter(kind="confirmation_sent").exists()
                kill(worker)
        finally:
            if worker.poll() is None:
                kill(worker)
        letter.refresh_from_db()
        assert letter.state == LetterState.ISSUING
    worker = start_worker(files)
    try:
        for found in letters.still_issuing():
            letters.hand_to_worker(found)
        wait_for(
            lambda: Letter.objects.filter(state=LetterState.ISSUED).exists(), "the issued letter"
        )
    finally:
        kill(worker)
    letter = Letter.objects.get()
    assert [one.stem for one in printed(files)] == [letter.sha256]
    assert Event.objects.filter(kind="confirmation_sent").count() == 1
    assert Notice.objects.filter(template="letter_ready").count() == 3
