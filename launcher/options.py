"""The command line of `bin/up`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher import REPOSITORY

DEFAULT_PORT = 8000
DEFAULT_DATA = REPOSITORY / "var" / "demo"


@dataclass(frozen=True)
class Options:
    """What was asked for; `data` None means a folder that is removed at the end (`--smoke`)."""

    port: int
    data: Path | None
    empty: bool
    smoke: bool


def _port(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number") from None
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{number} is not between 1 and 65535")
    return number


def _folder(text: str) -> Path:
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError("it must name a folder")
    return Path(text).expanduser().absolute()


def parse(arguments: Sequence[str]) -> Options:
    """The options; a wrong one is named and ends the command with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="bin/up",
        description="Start the service with everything it needs, on this machine only, with"
        " invented people and cases.",
        epilog="Ctrl-C stops it; a second Ctrl-C stops it at once. DATABASE_URL and REDIS_URL, if"
        " set, are used in place of the embedded PostgreSQL and Redis.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=None,
        help=f"the port to serve on ({DEFAULT_PORT} unless given; 0 picks a free one)",
    )
    parser.add_argument(
        "--data",
        type=_folder,
        default=None,
        metavar="DIR",
        help="the folder that keeps the data between starts (var/demo unless given)",
    )
    parser.add_argument(
        "--empty", action="store_true", help="on the first start, put in no people and no cases"
    )
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="start on a fresh folder and a free port, do the main job over HTTP, stop; exit 0 if"
        " all of it worked, else 1",
    )
    found = parser.parse_args(list(arguments))
    if found.smoke and found.empty:
        parser.error("--smoke needs the demonstration data: leave --empty out")
    if found.smoke:
        return Options(found.port or 0, found.data, empty=False, smoke=True)
    port = DEFAULT_PORT if found.port is None else found.port
    return Options(port, found.data or DEFAULT_DATA, found.empty, smoke=False)
