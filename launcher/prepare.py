"""Run once per start where needed, as the product's user: migrations, then demonstration data.

`python -m launcher.prepare [--demonstration FILE]`: FILE takes the list of who can sign in.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when the database is ready."""
    import django

    django.setup()
    from django.core.management import call_command, get_commands
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from launcher.terminal import done

    started = time.monotonic()
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        call_command("migrate", interactive=False, verbosity=0)
    done(f"migrations ({len(missing)} applied)", time.monotonic() - started)
    if arguments[:1] == ["--demonstration"]:
        started = time.monotonic()
        if "demonstration" in get_commands():
            call_command("demonstration", verbosity=0)
            with Path(arguments[1]).open("w") as file:
                call_command("demonstration", "--who", stdout=file)
        done("demonstration data", time.monotonic() - started)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
