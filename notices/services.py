"""Writing to the outbox and sending from it.

A notice says that something waits, and links: no reference, area or name stands in a subject or
body, since a mailbox is not a confidential place.
"""

import datetime
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import sanitize_address
from django.db import connection, transaction
from django.template.loader import render_to_string

from config import clock
from notices.broker import ask
from notices.models import Notice, NoticeState
from notices.templates import TEMPLATES

logger = logging.getLogger(__name__)

BATCH = 50
#: Waits after the first, second, ... failure; after the last of them a notice is given up.
WAITS = tuple(datetime.timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
#: A claim older than this was left behind by a process that died.
CLAIM_LASTS = datetime.timedelta(minutes=5)


def notify(
    recipient_email: str,
    recipient_id: int | None,
    template: str,
    context_json: Mapping[str, str] | None,
    link: str,
    key: str,
    not_before: datetime.datetime | None = None,
) -> Notice:
    """Put a message into the outbox; it goes out once the transaction is committed.

    The same `key` again returns the first notice. `link` is a path of this service. Raises
    ValueError for an unknown template, for context that it does not take, or a foreign link.
    """
    context = dict(context_json or {})
    _check(template, context, link)
    when = not_before or clock.now()
    notice, _ = Notice.objects.get_or_create(
        key=key,
        defaults={
            "recipient_email": recipient_email,
            "recipient_id": recipient_id,
            "template": template,
            "context": context,
            "link": link,
            "created_at": clock.now(),
            "not_before": when,
            "next_try_at": when,
        },
    )
    _send_when_committed()
    return notice


@dataclass(frozen=True)
class Message:
    """What `notify` takes, for many at once."""

    recipient_email: str
    recipient_id: int | None
    template: str
    link: str
    key: str
    context: Mapping[str, str] = field(default_factory=dict)


def notify_many(messages: Iterable[Message]) -> None:
    """Put many messages into the outbox by few statements, each key once. Raises as `notify`."""
    now = clock.now()
    notices = []
    for one in messages:
        _check(one.template, one.context, one.link)
        notices.append(
            Notice(
                key=one.key,
                recipient_email=one.recipient_email,
                recipient_id=one.recipient_id,
                template=one.template,
                context=dict(one.context),
                link=one.link,
                created_at=now,
                not_before=now,
                next_try_at=now,
            )
        )
    Notice.objects.bulk_create(notices, batch_size=1000, ignore_conflicts=True)
    if notices:
        _send_when_committed()


def _check(template: str, context: Mapping[str, str], link: str) -> None:
    declared = TEMPLATES.get(template)
    if declared is None:
        raise ValueError(f"There is no notice {template!r}.")
    if strange := set(context) - declared.takes:
        raise ValueError(f"The notice {template!r} takes no {', '.join(sorted(strange))}.")
    if link and (not link.startswith("/") or link.startswith("//")):
        raise ValueError("A notice links to a page of this service only.")


def _send_when_committed() -> None:
    if not any(waiting[1] is enqueue_sending for waiting in connection.run_on_commit):
        transaction.on_commit(enqueue_sending, robust=True)


def enqueue_sending() -> bool:
    """Ask a worker to send what is due. False where the broker is away: the sweeper will ask."""
    from notices.tasks import send_due

    return ask(send_due)


def claim(limit: int = BATCH) -> list[Notice]:
    """Take notices that are due, each for this caller alone: the update can succeed once."""
    now = clock.now()
    with transaction.atomic():
        ids = list(
            Notice.objects.due(now)
            .select_for_update(skip_locked=True)
            .order_by("next_try_at", "pk")
            .values_list("pk", flat=True)[:limit]
        )
        taken = Notice.objects.filter(pk__in=ids, state=NoticeState.WAITING)
        taken.update(state=NoticeState.SENDING, claimed_at=now)
    return list(Notice.objects.filter(pk__in=ids, state=NoticeState.SENDING, claimed_at=now))


def send_all_due() -> int:
    """Send everything that is due now. Returns how many went out."""
    sent = 0
    while batch := claim():
        for notice in batch:
            sent += send(notice)
    return sent


def send(notice: Notice) -> bool:
    """Send one claimed notice. False where it failed: it waits for another try, or is given up."""
    try:
        message_for(notice).send()
    except Exception as error:
        _put_back(notice, error)
        return False
    Notice.objects.filter(pk=notice.pk).update(
        state=NoticeState.SENT, sent_at=clock.now(), attempts=notice.attempts + 1, error=""
    )
    return True


def message_for(notice: Notice) -> EmailMessage:
    """The message as it goes out. Its Message-ID is the notice's own: a second copy, sent because
    a worker died before it could say 'sent', is known as the same by every mail program."""
    context = {
        **notice.context,
        "link": f"{settings.SITE_URL.rstrip('/')}{notice.link}" if notice.link else "",
        "service": settings.SERVICE_NAME,
    }
    body = render_to_string(f"notices/{notice.template}.txt", context)
    host = sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8").rpartition("@")[2].rstrip(">")
    return EmailMessage(
        subject=TEMPLATES[notice.template].subject,
        body=body,
        to=[notice.recipient_email],
        headers={"Message-ID": f"<notice-{notice.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _put_back(notice: Notice, error: Exception) -> None:
    attempts = notice.attempts + 1
    given_up = attempts > len(WAITS)
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    logger.warning("Notice %s was not sent (try %s): %s", notice.pk, attempts, type(error).__name__)
    Notice.objects.filter(pk=notice.pk).update(
        state=NoticeState.FAILED if given_up else NoticeState.WAITING,
        attempts=attempts,
        next_try_at=clock.now() + wait,
        claimed_at=None,
        error=f"{type(error).__name__}: {error}"[:300],
    )


def sweep() -> int:
    """Free what a dead process had claimed, and ask for sending where something is due.

    Returns how many claims were freed. Also what fills an emptied Redis again.
    """
    now = clock.now()
    stale = Notice.objects.filter(state=NoticeState.SENDING)
    # The clock of a demonstration can be put back: a claim from the future is as dead.
    freed = stale.filter(claimed_at__lt=now - CLAIM_LASTS).update(state=NoticeState.WAITING)
    freed += stale.filter(claimed_at__gt=now + CLAIM_LASTS).update(state=NoticeState.WAITING)
    if Notice.objects.due(now).exists():
        enqueue_sending()
    return freed
