"""Tests: everything real (PostgreSQL, Redis), started privately by `conftest.py`."""

from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR

SECRET_KEY = "tests-only"
DEMONSTRATION = True
CLOCK_FILE = ""
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
BANK_HOLIDAYS_URL = ""  # no test asks the real one
FILES_DIR = BASE_DIR / "var" / "no-test-files"  # conftest.py makes one per process
# live_server answers 404 for hashed names.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
