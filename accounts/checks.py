"""System checks: a demonstration must not be able to serve real cases."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def production_is_no_demonstration(app_configs: Any, **options: Any) -> list[Error]:
    """`check --deploy` fails where people can be become by a click or the clock be moved."""
    if settings.DEMONSTRATION or settings.CLOCK_FILE:
        return [
            Error(
                "Demonstration mode is on: anybody could become anybody, and move the clock.",
                hint="Serve real cases with config.settings.production.",
                id="accounts.E001",
            )
        ]
    return []
