"""Children are kept alive, with back-off, and ended in order, however they behave."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from launcher import LauncherError
from launcher.identity import Identity
from launcher.running import descendants, is_alive, wait_until
from launcher.services import spawn
from launcher.supervisor import Child, StopRequested, Supervisor

SLEEPER = "import time; time.sleep(100)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(100)"
)
PARENT = (
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(99)'])"
)


def _child(name, program, **options):
    def start():
        return spawn([sys.executable, "-c", program], identity=Identity(), log=None)

    return Child(name, start, **options)


@pytest.fixture
def supervisor():
    handlers = {number: signal.getsignal(number) for number in signal.Signals if number != 9}
    one = Supervisor()
    one.install_signals()
    yield one
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, handlers[number])
    one.kill_all()
    for child in one.children:
        if child.process:
            child.process.kill()
            child.process.wait()


def _run_for(supervisor, seconds, then=signal.SIGTERM):
    timer = threading.Timer(seconds, os.kill, (os.getpid(), then))
    timer.start()
    supervisor.run()
    timer.join()


def test_what_dies_is_started_again(supervisor, capsys):
    child = supervisor.add(_child("web", SLEEPER))
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    _run_for(supervisor, 1)
    assert child.process.pid != first
    assert child.alive
    assert "web was ended by SIGKILL; it is started again now" in capsys.readouterr().out
    supervisor.stop_all()
    assert not child.alive


def test_what_keeps_dying_is_started_ever_more_slowly():
    child = _child("web", SLEEPER)
    assert [child.died(10.0) for _ in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]
    child.started_at = 100.0
    assert child.died(131.0) == 0


def test_what_it_left_running_is_ended_with_it(supervisor):
    child = supervisor.add(_child("worker", PARENT))
    below = wait_until(lambda: descendants(child.process.pid), 5, "it has a child")
    os.kill(child.process.pid, signal.SIGKILL)
    _run_for(supervisor, 1)
    wait_until(lambda: not any(map(is_alive, below)), 5, "its child has ended")
    supervisor.stop_all()


def test_what_does_not_listen_is_killed(supervisor, capsys):
    child = supervisor.add(_child("web", DEAF, stop_seconds=0.5))
    time.sleep(0.3)
    supervisor.starting = False
    started = time.monotonic()
    supervisor.stop_all()
    assert not child.alive
    assert time.monotonic() - started < 5
    assert "web does not end; it is killed" in capsys.readouterr().out


def test_services_end_after_those_who_use_them(supervisor):
    ends = []

    class Watched(Child):
        @property
        def alive(self):
            now = super().alive
            if not now and self.name not in ends:
                ends.append(self.name)
            return now

    for name in ("redis", "postgres", "web", "worker"):
        child = _child(name, SLEEPER)
        supervisor.add(Watched(name, child.start))
    supervisor.starting = False
    supervisor.stop_all()
    assert set(ends[:2]) == {"web", "worker"}
    assert set(ends[2:]) == {"redis", "postgres"}


def test_a_second_ctrl_c_ends_everything_at_once(supervisor):
    child = supervisor.add(_child("web", DEAF, stop_seconds=60))
    time.sleep(0.3)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    _run_for(supervisor, 0.2, then=signal.SIGINT)
    timer.start()
    started = time.monotonic()
    supervisor.stop_all()
    assert time.monotonic() - started < 5
    assert not child.alive


def test_a_signal_while_starting_ends_the_start(supervisor):
    with pytest.raises(StopRequested):
        signal.raise_signal(signal.SIGHUP)
    assert supervisor.requested is signal.SIGHUP


def test_a_child_that_fails_to_start_is_named(supervisor):
    child = supervisor.add(_child("web", "raise SystemExit(3)"))
    with pytest.raises(LauncherError, match="web process ended while starting"):
        supervisor.wait_for(child, lambda: False, 10, "")


def test_one_that_cannot_be_started_again_is_tried_later(supervisor, capsys):
    child = supervisor.add(_child("web", SLEEPER))

    def refuse() -> "subprocess.Popen[bytes]":
        raise OSError("no more processes")

    child.start = refuse
    os.kill(child.process.pid, signal.SIGKILL)
    _run_for(supervisor, 1)
    assert (
        "web could not be started (no more processes); next try in 1 s" in capsys.readouterr().out
    )
