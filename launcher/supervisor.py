"""Keeps the product's processes alive, and ends all of them, in order, when it ends."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from launcher import LauncherError
from launcher.terminal import say

STEADY_SECONDS = 30  # alive for so long, a child's earlier deaths are forgotten
LONGEST_WAIT = 30.0

Start = Callable[[], "subprocess.Popen[bytes]"]


class StopRequested(BaseException):
    """A signal asked for the end while the product was still starting."""


@dataclass
class Child:
    """One supervised process: how to start it, and how to ask it to end."""

    name: str
    start: Start
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0
    kill_signal: signal.Signals = signal.SIGKILL
    process: "subprocess.Popen[bytes] | None" = None
    deaths: int = 0
    started_at: float = 0.0
    again_at: float | None = None
    after_restart: Callable[[], None] | None = None

    def launch(self) -> None:
        self.process = self.start()
        self.started_at = time.monotonic()
        self.again_at = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_group(self, how: signal.Signals) -> None:
        """To the child and whatever it has started: each child leads a process group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, how)

    def died(self, now: float) -> float:
        """Note a death; gives the seconds to wait before the next start."""
        lived = now - self.started_at
        orderly = self.process is not None and self.process.returncode == 0
        if lived > STEADY_SECONDS or (orderly and lived > 1):
            self.deaths = 0
        self.deaths += 1
        wait = 0.0 if self.deaths == 1 else min(2.0 ** (self.deaths - 2), LONGEST_WAIT)
        self.again_at = now + wait
        return wait


@dataclass
class Supervisor:
    """The children in their order of starting; they end in the opposite order.

    Everything here runs in the main thread: a child gets its parent-death signal when the
    *thread* that started it ends.
    """

    children: list[Child] = field(default_factory=list)
    on_change: Callable[[], None] = lambda: None
    requested: signal.Signals | None = None
    starting: bool = True
    stopping: bool = False

    def install_signals(self) -> None:
        """Ctrl-C, TERM and a closed terminal all end everything in order; once more, at once."""
        reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._wake = reader
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes the loop

    def _on_signal(self, number: int, _frame: object) -> None:
        if self.requested is None:
            self.requested = signal.Signals(number)
            if self.starting:
                raise StopRequested
        elif number == signal.SIGINT or self.stopping:
            self.kill_all()

    def add(self, child: Child) -> Child:
        """Start a child and look after it from now on."""
        self.children.append(child)
        child.launch()
        self.on_change()
        return child

    def run(self) -> None:
        """Restart what dies until a signal asks for the end."""
        self.starting = False
        while self.requested is None:
            self._look()
            self._sleep(0.5)

    def wait_for(self, child: Child, until: Callable[[], bool], seconds: float, log: str) -> None:
        """Wait while starting. Raises LauncherError where the child dies or time runs out."""
        deadline = time.monotonic() + seconds
        while not until():
            if not child.alive:
                raise LauncherError(f"The {child.name} process ended while starting.\n{log}")
            if time.monotonic() > deadline:
                raise LauncherError(f"The {child.name} process does not answer.\n{log}")
            self._sleep(0.05)

    def _sleep(self, seconds: float) -> None:
        select.select([self._wake], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 512)

    def _look(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.alive:
                continue
            if child.again_at is None and child.process is not None:
                how = _how_it_ended(child.process.returncode)
                wait = child.died(now)
                # What it left running would get in the way of the next one.
                child.signal_group(signal.SIGKILL)
                soon = "now" if wait == 0 else f"in {wait:.0f} s"
                say(f"! {child.name} {how}; it is started again {soon}")
            if child.again_at is not None and now >= child.again_at:
                self._start_again(child, now)

    def _start_again(self, child: Child, now: float) -> None:
        try:
            child.launch()
        except (OSError, LauncherError) as error:
            child.started_at = now
            wait = child.died(now)
            say(f"! {child.name} could not be started ({error}); next try in {wait:.0f} s")
            return
        try:
            self.on_change()
        except (OSError, LauncherError) as error:  # such as a full disk: it runs all the same
            say(f"! {error}")

    def stop_all(self) -> None:
        """End every child: first what takes work, then what it works with; kill what stays."""
        self.stopping = True
        services = [child for child in self.children if child.name in ("postgres", "redis")]
        workers = [child for child in self.children if child not in services]
        for group in (workers, services):
            for child in group:
                if child.alive and child.process is not None:
                    with contextlib.suppress(ProcessLookupError):
                        child.process.send_signal(child.stop_signal)
            for child in group:
                self._wait_for_end(child)
            for child in group:
                child.signal_group(signal.SIGKILL)

    def _wait_for_end(self, child: Child) -> None:
        deadline = time.monotonic() + child.stop_seconds
        while child.alive and time.monotonic() < deadline:
            self._sleep(0.1)
        if child.alive and child.process is not None:
            say(f"! {child.name} does not end; it is killed")
            child.signal_group(child.kill_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(5)
            child.signal_group(signal.SIGKILL)
            child.process.wait()

    def kill_all(self) -> None:
        """End everything this instant. PostgreSQL recovers at its next start; nothing is lost."""
        for child in self.children:
            if child.alive:
                child.signal_group(child.kill_signal)


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
