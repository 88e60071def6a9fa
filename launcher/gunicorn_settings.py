"""gunicorn as `bin/up` runs it; the address comes on the command line."""

from typing import Any

from config.processes import end_with_parent

workers = 2
threads = 4
worker_class = "gthread"
preload_app = True  # one import for all workers: a quicker start, less memory
timeout = 60
graceful_timeout = 10
keepalive = 5
accesslog = None  # config.middleware logs requests, without query strings
control_socket_disable = True
# A long address is refused by gunicorn itself; a form is checked by Django.
limit_request_line = 8190
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"reference": {"()": "config.logs.ReferenceFilter"}},
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["reference"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


def post_fork(server: Any, worker: Any) -> None:
    """In each new worker: end with the master, and share no connection with it."""
    end_with_parent(worker.ppid)
    from django.db import connections
    from gunicorn import util  # type: ignore[import-untyped]

    connections.close_all()
    util.write_error = _refuse


def _refuse(connection: Any, status: int, reason: str, _message: str) -> None:
    """Our page for what gunicorn refuses before Django sees it, in place of its own bare one."""
    from gunicorn import util

    from config import errors

    known = status if status in errors.TITLES else 500 if status > 500 else 400
    body = errors.page(None, known).content
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(connection, head.encode("latin1") + body)
