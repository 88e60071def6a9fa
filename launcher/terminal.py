"""What the launcher says on the terminal: a line a step, with its time."""

import contextlib
import sys
import time
from collections.abc import Iterator

WIDTH = 46


def say(text: str = "") -> None:
    """One line. A terminal that is gone (closed window, broken pipe) stops nothing."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def complain(text: str) -> None:
    """One message on standard error."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Say how long the work inside took, in seconds."""
    started = time.monotonic()
    if sys.stdout.isatty():
        with contextlib.suppress(OSError):
            sys.stdout.write(f"  {name} ...")
            sys.stdout.flush()
    try:
        yield
    except BaseException:
        if sys.stdout.isatty():
            say()
        raise
    with contextlib.suppress(OSError):
        if sys.stdout.isatty():
            sys.stdout.write("\r")
    done(name, time.monotonic() - started)


def done(name: str, seconds: float) -> None:
    """The line of a finished step."""
    say(f"  {name + ' ':.<{WIDTH}} {seconds:5.1f} s")
