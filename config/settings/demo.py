"""Demonstration: started by `bin/up` only, which sets DEMONSTRATION=yes. Invented people, one
click to become each of them, and a clock that can be moved: never for real cases."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, env

if not env.bool("DEMONSTRATION", default=False):
    raise ImproperlyConfigured("Demonstration settings are for bin/up, which sets DEMONSTRATION.")

DEMONSTRATION = True
# Cookies know no ports: two copies on one machine must not sign each other out.
SESSION_COOKIE_NAME = "session" + env.str("COOKIE_SUFFIX", default="")
CSRF_COOKIE_NAME = "csrf" + env.str("COOKIE_SUFFIX", default="")
CLOCK_FILE = env.str("CLOCK_FILE", default=str(BASE_DIR / "var" / "clock"))
