"""Fills an empty installation with a demonstration: real areas, invented people and cases."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import demonstration
from config import clock
from overview.demonstration.cases import make_cases
from overview.demonstration.people import make_people
from overview.demonstration.places import make_places


class Command(BaseCommand):
    """`manage.py demonstration` fills, `--who` lists; neither works on a real installation."""

    help = "Fill an empty installation with invented people and cases; safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """One option."""
        parser.add_argument("--who", action="store_true", help="only list who can sign in as whom")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError outside a demonstration."""
        if not settings.DEMONSTRATION:
            raise CommandError("Demonstration data is for installations that bin/up starts.")
        if not options["who"]:
            with transaction.atomic():
                make_places(clock.today())
                make_people()
            make_cases()
        else:
            people = demonstration.people()
            width = max((len(one.name) for one in people), default=0)
            for one in people:
                role = one.role or "Named on a case since"
                self.stdout.write(f"{one.name:<{width}}  {role}")
