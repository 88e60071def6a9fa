"""`manage.py rebuild [--check]`: stage and deadlines of all cases, from their events again; and
whether the record itself is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.chain import verify_chain
from casework.models import Case
from casework.rebuilding import differences

SHOWN = 200


class Command(BaseCommand):
    """Derives every case again; `--check` only compares and exits with 1 on any difference.

    A record that is not what was written cannot be put right: it is told, and exits with 1 always.
    """

    help = "Derive stage, moments and deadlines of all cases from their events again."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check` writes nothing."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="only compare: print what differs and exit with 1",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        broken = self._tell_broken_records()
        found = 0
        for difference in differences(repair=not options["check"]):
            found += 1
            if found <= SHOWN:
                self.stdout.write(str(difference))
        if found > SHOWN:
            self.stdout.write(f"... and {found - SHOWN} more")
        cases = Case.objects.count()
        if broken:
            raise CommandError(f"Entries that are not what was recorded: {broken}.", returncode=1)
        if found and options["check"]:
            raise CommandError(f"{found} differences in {cases} cases.", returncode=1)
        word = "put right" if found else "found"
        self.stdout.write(f"{cases} cases derived again; {found} differences {word}.")

    def _tell_broken_records(self) -> int:
        broken = 0
        for case in Case.objects.order_by("pk").iterator(chunk_size=SHOWN):
            for one in verify_chain(case):
                broken += 1
                self.stdout.write(f"{case.reference} entry {one.seq}: {one.why}")
        return broken
