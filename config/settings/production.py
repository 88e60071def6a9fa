"""Production: refuses to start without its values, and with anything made for demonstration."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import env

for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "SITE_URL"):
    if not env.str(name, default=""):
        raise ImproperlyConfigured(f"{name} is not set; .env.example says what it is for.")
if env.bool("DEMONSTRATION", default=False) or env.str("CLOCK_FILE", default=""):
    raise ImproperlyConfigured("Production can neither be a demonstration nor move its clock.")
if len(env.str("SECRET_KEY")) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters.")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
PROXIES_IN_FRONT = env.int("PROXIES_IN_FRONT", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
