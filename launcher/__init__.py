"""Starts the product with everything it needs, as real processes: `bin/up`, `bin/manage`,
`bin/test`. Nothing here is imported by a room."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


class LauncherError(RuntimeError):
    """Something the person at the terminal can put right; the message says what and how."""
