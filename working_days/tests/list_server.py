"""A server of lists of bank holidays that answers well, badly, slowly or not at all."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from working_days.bundled import published_bank_holidays

Answer = Callable[[BaseHTTPRequestHandler], None]


def listed_days(first_year: int = 2020) -> list[dict[str, object]]:
    """The entries of a list that agrees with the bundled calendar; old years are dropped."""
    return [
        {
            "title": one.title,
            "date": one.date.isoformat(),
            "notes": one.notes,
            "bunting": one.title != "Good Friday",
        }
        for one in published_bank_holidays()
        if one.date.year >= first_year
    ]


def a_year(year: int) -> list[dict[str, object]]:
    """Eight days of a year that the calendar does not know yet, all on working days."""
    days = []
    for month, day in ((1, 2), (3, 30), (4, 2), (5, 7), (5, 28), (8, 27), (12, 25), (12, 26)):
        on = date(year, month, day)
        while on.weekday() > 4 or on.isoformat() in {one["date"] for one in days}:
            on = on.replace(day=on.day + 1)
        days.append({"title": f"Day {month}.{day}", "date": on.isoformat(), "notes": ""})
    return days


def as_list(events: object, division: str = "england-and-wales") -> dict[str, object]:
    """The events in the form of GOV.UK's list, with another part of the United Kingdom."""
    return {
        division: {"division": division, "events": events},
        "scotland": {
            "division": "scotland",
            "events": [{"title": "2nd January", "date": "2026-01-02", "notes": ""}],
        },
    }


def sends(body: object, status: int = 200, kind: str = "application/json") -> Answer:
    """Answers with this; anything but bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def sends_list(events: object) -> Answer:
    """Answers with a list of these days."""
    return sends(as_list(events))


def leads_to(address: str) -> Answer:
    """Sends whoever asks somewhere else."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def drips(pause: float, headers: bool = False) -> Answer:
    """Sends a byte every `pause` seconds for ever: of the body, or already of the headers."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if headers:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        else:
            handler.send_response(200)
            handler.end_headers()
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(pause)

    return answer


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"england-and-wales": ')


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Closes the connection without a word."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """That whoever asked went away is what is tried here."""


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """A server on a free port whose every page answers so; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *said: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/bank-holidays.json"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/bank-holidays.json"


@contextmanager
def nobody() -> Iterator[str]:
    """An address at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/bank-holidays.json"
