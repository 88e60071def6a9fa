"""Asking a worker for something, in a web request, whether or not the broker is there.

Left to itself the client would try to connect for ever, and the page with it. What was asked for is
in the database as well, so nothing is lost: a sweeper asks again.
"""

import logging
from collections.abc import Sequence
from typing import Any

from config.celery import app

logger = logging.getLogger(__name__)

SECONDS = 2


def ask(task: Any, args: Sequence[Any] = ()) -> bool:
    """Put a Celery task into the queue. False where the broker is away: one try, two seconds."""
    try:
        with app.connection_for_write(
            connect_timeout=SECONDS,
            transport_options={
                **app.conf.broker_transport_options,
                "max_retries": 0,
                "socket_connect_timeout": SECONDS,
                "socket_timeout": SECONDS,
            },
        ) as connection:
            task.apply_async(args=args, connection=connection, retry=False, ignore_result=True)
    except _away() as error:
        logger.warning("The broker is away, %s waits for the sweeper: %s", task.name, error)
        return False
    return True


def _away() -> tuple[type[Exception], ...]:
    from kombu.exceptions import OperationalError
    from redis.exceptions import RedisError

    return OSError, OperationalError, RedisError
