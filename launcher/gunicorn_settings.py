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

    connections.close_all()
