"""Log lines: JSON, with a reference, without personal data."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError
from django.test import Client

from config import logs, task_logs
from config.celery import app
from config.logs import JsonFormatter, ReferenceFilter


def _line(level=logging.INFO, message="text", args=(), exc_info=None, **extra):
    record = logging.LogRecord("config.test", level, "file.py", 1, message, args, exc_info)
    for name, value in extra.items():
        setattr(record, name, value)
    ReferenceFilter().filter(record)
    return json.loads(JsonFormatter().format(record))


@pytest.fixture
def lines(caplog):
    """The lines of the request log as they would be written."""

    def written():
        return [json.loads(JsonFormatter().format(record)) for record in caplog.records]

    caplog.handler.addFilter(ReferenceFilter())
    caplog.set_level(logging.INFO)
    return written


def test_a_line_is_one_json_object():
    line = _line(message="two\nlines %s", args=("é",), status=200, path="/x")
    assert list(line) == ["time", "level", "logger", "message", "status", "path"]
    assert line["message"] == "two\nlines é"
    assert line["time"].endswith("+00:00")


def test_addresses_and_rows_are_masked():
    try:
        raise IntegrityError(
            "duplicate key\nDETAIL:  Key (email)=(jo.o'neil@example.org) already exists."
        )
    except IntegrityError:
        line = _line(logging.ERROR, "to mia@example.org", exc_info=sys.exc_info())
    assert "example.org" not in json.dumps(line)
    assert line["message"] == "to [address]"
    assert line["exception"] == "IntegrityError"
    assert "DETAIL: [not logged]" in line["traceback"]
    repeated = _line(message=repr("x\nDETAIL:  Key (name)=(Jo Bloggs) exists.\n"))
    assert "Bloggs" not in repeated["message"]


@pytest.mark.urls("config.tests.views")
def test_a_request_is_logged_without_what_was_asked(client, lines):
    response = client.get("/form?name=Mia+Smith", headers={"cookie": "a=b"})
    (line,) = [one for one in lines() if one["logger"] == "config.requests"]
    assert line["reference"] == response["X-Request-Reference"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/form", 200)
    assert "Mia" not in json.dumps(lines())


@pytest.mark.urls("config.tests.views")
def test_an_error_and_its_page_share_a_reference(lines):
    response = Client(raise_request_exception=False).get("/broken")
    errors = [one for one in lines() if one["level"] == "ERROR"]
    assert [one["reference"] for one in errors] == [response["X-Request-Reference"]]
    assert "[address] broke it" in errors[0]["traceback"]


@pytest.mark.urls("config.tests.views")
def test_a_quiet_address_is_not_logged(client, lines):
    client.get("/healthz")
    assert [one for one in lines() if one["logger"] == "config.requests"] == []


def test_a_task_carries_the_reference_of_its_request():
    headers = {}
    token = logs.reference.set("ABCD2345")
    task_logs._send_reference(headers=headers)
    logs.reference.reset(token)
    assert headers == {"reference": "ABCD2345"}

    class Task:
        class request:
            headers = {"reference": "ABCD2345"}

    task_logs._task_begins(task_id="task-1", task=Task)
    try:
        line = _line(message="working")
        assert (line["reference"], line["task_id"]) == ("ABCD2345", "task-1")
    finally:
        task_logs._task_ends()
    assert "reference" not in _line()


def test_a_tasks_own_log_lines_have_its_id(lines):
    seen = []

    @app.task(name="config.tests.note", bind=True)
    def note(self):
        logging.getLogger("config.test").info("noted")
        seen.append(self.request.id)

    note.apply()
    assert [one["task_id"] for one in lines() if one["message"] == "noted"] == seen
