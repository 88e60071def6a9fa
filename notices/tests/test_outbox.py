import datetime
import threading

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection, transaction

from config import clock
from config.celery import app
from notices import services
from notices.models import Notice, NoticeState
from notices.services import claim, enqueue_sending, notify, send_all_due, sweep
from notices.templates import TEMPLATES

NOON = datetime.datetime(2026, 6, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def put(key="one", **options):
    return notify("anna@example.org", 7, "something_waits", {}, "/cases/", key, **options)


@transaction.atomic
def put_and_fail():
    put()
    return 1 / 0


def waiting(number):
    moment = NOON
    return Notice.objects.bulk_create(
        Notice(
            key=f"n{one}",
            recipient_email=f"person{one}@example.org",
            template="something_waits",
            created_at=moment,
            not_before=moment,
            next_try_at=moment,
        )
        for one in range(number)
    )


@pytest.mark.django_db
def test_a_notice_goes_out_once_and_says_that_something_waits(noon):
    notice = put()
    assert send_all_due() == 1
    assert send_all_due() == 0
    [message] = mail.outbox
    assert message.to == ["anna@example.org"]
    assert message.subject == "Something waits for you in SEND area inspections"
    assert f"{settings.SITE_URL}/cases/" in message.body
    assert message.extra_headers["Message-ID"] == f"<notice-{notice.pk}@localhost>"
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.sent_at) == (NoticeState.SENT, 1, NOON)


@pytest.mark.django_db
def test_the_same_key_is_one_notice(noon):
    assert put() == put()
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_what_is_for_later_waits_for_its_time(noon):
    put(not_before=NOON + datetime.timedelta(hours=1))
    assert send_all_due() == 0
    noon.shift(datetime.timedelta(hours=1))
    assert send_all_due() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("template", "context", "link"),
    [
        ("no_such_notice", {}, "/"),
        ("something_waits", {"area": "Barnet"}, "/"),
        ("something_waits", {}, "https://elsewhere.example/"),
        ("something_waits", {}, "//elsewhere.example/"),
    ],
)
def test_nothing_confidential_and_no_foreign_link_gets_into_a_notice(template, context, link):
    with pytest.raises(ValueError, match="notice"):
        notify("anna@example.org", 7, template, context, link, "key")
    assert Notice.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_notice_can_be_written(name, noon):
    notice = notify("anna@example.org", 7, name, {}, "/cases/", f"key-{name}")
    message = services.message_for(notice)
    assert settings.SITE_URL in message.body
    assert "\n" not in message.subject


@pytest.mark.django_db
def test_a_notice_of_a_transaction_that_fails_is_never_written(noon):
    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    assert send_all_due() == 0


@pytest.mark.django_db
def test_a_failure_waits_longer_each_time_and_is_given_up_at_last(noon, settings):
    settings.EMAIL_BACKEND = "no.such.Backend"
    notice = put()
    waits = []
    for _ in range(len(services.WAITS)):
        assert send_all_due() == 0
        notice.refresh_from_db()
        assert notice.state == NoticeState.WAITING
        waits.append(notice.next_try_at - clock.now())
        noon.shift(waits[-1])
    assert waits == list(services.WAITS)
    send_all_due()
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (NoticeState.FAILED, len(services.WAITS) + 1)
    assert notice.error.startswith("ModuleNotFoundError")


@pytest.mark.django_db
def test_what_a_dead_worker_had_claimed_is_sent_by_the_sweeper(noon):
    put()
    [claimed] = claim()
    assert send_all_due() == 0
    assert sweep() == 0
    noon.shift(datetime.timedelta(minutes=6))
    assert sweep() == 1
    assert send_all_due() == 1
    # The copy that the dead worker may have sent carried the same Message-ID.
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<notice-{claimed.pk}@localhost>"


@pytest.mark.django_db
def test_a_claim_from_the_future_is_freed_when_the_clock_was_put_back(noon):
    put()
    claim()
    noon.shift(datetime.timedelta(days=-30))
    assert sweep() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_senders_at_once_send_each_notice_once(noon):
    waiting(60)
    barrier = threading.Barrier(10)
    sent = []

    def run():
        try:
            barrier.wait(timeout=20)
            sent.append(send_all_due())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(sent) == 60
    assert sorted(m.to[0] for m in mail.outbox) == sorted(
        Notice.objects.values_list("recipient_email", flat=True)
    )
    assert Notice.objects.filter(state=NoticeState.SENT).count() == 60


def queued():
    """The names of the tasks that lie in the broker."""
    import json

    import redis

    client = redis.Redis.from_url(settings.REDIS_URL)
    return [json.loads(one)["headers"]["task"] for one in client.lrange("celery", 0, -1)]


def empty_redis():
    import redis

    redis.Redis.from_url(settings.REDIS_URL).flushdb()


@pytest.mark.django_db(transaction=True)
def test_a_commit_asks_a_worker_once_however_many_notices_it_holds(noon):
    empty_redis()
    with transaction.atomic():
        for number in range(5):
            put(f"n{number}")
        assert queued() == []
    assert queued() == ["notices.send_due"]


@pytest.mark.django_db(transaction=True)
def test_an_emptied_redis_is_filled_again_by_the_sweeper(noon):
    put()
    empty_redis()
    assert queued() == []
    sweep()
    assert queued() == ["notices.send_due"]
    sweep()


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_costs_no_notice_and_little_time():
    import time

    started = time.perf_counter()
    with app_with_broker("redis://127.0.0.1:1/0"):
        put()
        assert enqueue_sending() is False
    assert time.perf_counter() - started < 5
    assert Notice.objects.get().state == NoticeState.WAITING
    assert send_all_due() == 1


class app_with_broker:
    """Celery with another broker for a while."""

    def __init__(self, url):
        self.url = url

    def __enter__(self):
        self.before = app.conf.broker_url
        self._switch(self.url)

    def __exit__(self, *error):
        self._switch(self.before)

    def _switch(self, url):
        app.conf.broker_url = url
        app.conf.broker_write_url = url
        app.amqp._producer_pool = None
        app._pool = None
        app.set_current()


@pytest.mark.django_db
def test_the_sweeper_is_in_the_schedule():
    from django_celery_beat.models import PeriodicTask

    task = PeriodicTask.objects.get(task="notices.sweep")
    assert (task.enabled, task.interval.every, task.interval.period) == (True, 60, "seconds")
