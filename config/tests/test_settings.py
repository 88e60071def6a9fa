"""Production refuses to start half-configured or as a demonstration; a bare command still runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "a-key-for-tests_0123456789" * 2,
    "ALLOWED_HOSTS": "inspections.example.org",
    "SITE_URL": "https://inspections.example.org",
    "DATABASE_URL": "postgres://user:password@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
OURS = {*PRODUCTION, "DEMONSTRATION", "CLOCK_FILE", "COOKIE_SUFFIX"}
STARTS = {
    "settings": ["-c", "import config.settings.production"],
    "wsgi": ["-c", "import config.wsgi"],
    "celery": ["-m", "celery", "-A", "config", "report"],
    "check": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}


def _start(how, told):
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, *(STARTS[how] if isinstance(how, str) else how)],
        cwd=settings.BASE_DIR,
        env={**inherited, **told},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("how", STARTS)
def test_production_starts_with_all_values(how):
    done = _start(how, PRODUCTION)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"DJANGO_SETTINGS_MODULE"}))
def test_production_names_the_value_that_is_missing(name):
    without = {key: value for key, value in PRODUCTION.items() if key != name}
    for told in (without, {**PRODUCTION, name: ""}):
        done = _start("settings", told)
        assert done.returncode != 0
        assert f"ImproperlyConfigured: {name} is not set" in done.stderr


@pytest.mark.parametrize("how", ["wsgi", "celery", "check"])
def test_nothing_starts_without_a_key(how):
    without = {key: value for key, value in PRODUCTION.items() if key != "SECRET_KEY"}
    done = _start(how, without)
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"DEMONSTRATION": "yes"}, "neither be a demonstration"),
        ({"CLOCK_FILE": "clock"}, "nor move its clock"),
        ({"SECRET_KEY": "short"}, "at least 50 characters"),
    ],
)
def test_production_refuses_what_is_for_demonstration(told, said):
    done = _start("settings", {**PRODUCTION, **told})
    assert done.returncode != 0
    assert said in done.stderr


def test_the_demonstration_is_switched_on_knowingly():
    demo = {**PRODUCTION, "DJANGO_SETTINGS_MODULE": "config.settings.demo"}
    done = _start("wsgi", demo)
    assert done.returncode != 0
    assert "Demonstration settings are for bin/up" in done.stderr
    assert _start("wsgi", {**demo, "DEMONSTRATION": "yes"}).returncode == 0


def test_wsgi_and_celery_are_production_unless_told():
    bare = {key: value for key, value in PRODUCTION.items() if key == "SECRET_KEY"}
    for how in ("wsgi", "celery"):
        done = _start(how, bare)
        assert done.returncode != 0
        assert "ALLOWED_HOSTS is not set" in done.stdout + done.stderr


def test_a_bare_command_runs():
    done = _start(["manage.py", "version"], {})
    assert done.returncode == 0
    assert done.stdout.startswith("5.2")


CODE = """
import django; django.setup()
from django.conf import settings
# Neither static files nor a database are there for this.
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
from django.test import Client
settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
options = {"HTTP_HOST": "inspections.example.org", "secure": True}
response = Client(raise_request_exception=False).get("/sign-in/", **options)
print(response.status_code, "@" in response.content.decode())
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.DEBUG)
"""


def test_production_offers_nobody_to_become():
    done = _start(["-c", CODE], PRODUCTION)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "True True False"
    assert lines[-2] in ("200 False", "404 False"), lines


@pytest.mark.django_db
def test_postgres_is_spoken_to_by_psycopg2():
    with connection.cursor() as cursor:
        assert isinstance(cursor.cursor, psycopg2.extensions.cursor)
    assert connection.pg_version >= 140_000


def test_the_example_lists_every_value_that_settings_read():
    folder = Path(settings.BASE_DIR)
    read = set()
    for path in sorted((folder / "config" / "settings").glob("*.py")):
        read |= set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', path.read_text()))
    listed = set(re.findall(r"^(?:# )?([A-Z_]+)=", (folder / ".env.example").read_text(), re.M))
    assert read - listed == set()
    assert listed - read <= {"DJANGO_SETTINGS_MODULE", "ALLOWED_HOSTS"}
