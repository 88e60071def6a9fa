from datetime import date

import pytest

from casework.timetable import Happening, Subject, TimetableError
from casework.timetable.typed import typed_date, typed_happenings

KENT = {"body": [Subject("kent-1", "Kent County Council"), Subject("nhs-1", "NHS Kent")]}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-27", date(2026, 3, 27)),
        (" 2026-03-27 ", date(2026, 3, 27)),
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date(1, 1, 1)),
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_a_date(text, day):
    assert typed_date(text) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2023-02-29", "'2023-02-29' is not a date: February 2023 has 28 days."),
        ("2026-04-31", "'2026-04-31' is not a date: April 2026 has 30 days."),
        ("2026-13-01", "'2026-13-01' is not a date: a year has months 1 to 12."),
        ("0000-01-01", "'0000-01-01' is not a date: there is no year 0."),
        ("27/03/2026", "'27/03/2026' is not a date: write it as 2026-03-27."),
        ("20260327", "'20260327' is not a date: write it as 2026-03-27."),
        ("2026-W13-5", "'2026-W13-5' is not a date: write it as 2026-03-27."),
        ("٢٠٢٦-٠٣-٢٧", "'٢٠٢٦-٠٣-٢٧' is not a date: write it as 2026-03-27."),
        ("", "'' is not a date: write it as 2026-03-27."),
    ],
)
def test_no_date(text, why):
    with pytest.raises(ValueError, match="is not a date") as caught:
        typed_date(text)
    assert str(caught.value) == why


def test_events_with_and_without_a_subject():
    typed = [
        "drafted=2026-04-17",
        "answered:kent county council=2026-04-20",
        "met:2026-03-24=2026-03-24",
        "child:first_day=2027-03-01",
        "published:Two=2026-05-01",
    ]
    assert typed_happenings("trial", typed, KENT) == [
        Happening("drafted", date(2026, 4, 17)),
        Happening("answered", date(2026, 4, 20), subject="kent-1"),
        Happening("met", date(2026, 3, 24), subject="2026-03-24"),
        Happening("child:first_day", date(2027, 3, 1)),
        Happening("published", date(2026, 5, 1), subject="two"),
    ]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("drafted", "'drafted' names no date: write NAME=2026-03-27."),
        ("drafted:Kent=2026-04-17", "drafted has one date for all: leave out ':Kent'."),
        (
            "answered:Essex=2026-04-17",
            "answered: there is no body 'Essex'. There is Kent County Council or NHS Kent.",
        ),
        ("received:Essex=2026-04-17", "received: there is no recipient 'Essex'. None is named."),
        ("drafted=2026-02-30", "drafted: '2026-02-30' is not a date: February 2026 has 28 days."),
        ("met:monday=2026-04-17", "met: 'monday' is not a date: write it as 2026-03-27."),
        ("=2026-04-17", "A trial has no event ''."),
        ("dragted=2026-04-17", "A trial has no event 'dragted'. Did you mean 'drafted'?"),
    ],
)
def test_what_cannot_be_read(typed, why):
    with pytest.raises(TimetableError) as caught:
        typed_happenings("trial", [typed], KENT)
    assert caught.value.messages[0][1].startswith(why)


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(TimetableError) as caught:
        typed_happenings("trial", ["dragted=2026-04-17", "drafted=soon", "first_day"], {})
    assert [event for event, _ in caught.value.messages] == ["dragted", "drafted", ""]


def test_one_event_has_one_date_unless_it_repeats():
    with pytest.raises(TimetableError) as caught:
        typed_happenings("trial", ["drafted=2026-04-17", "drafted=2026-04-20"], {})
    assert caught.value.messages == [("drafted", "drafted is given with 2 dates: it has one.")]
    for again in (
        ["drafted=2026-04-17", "drafted=2026-04-17"],
        ["visited=2026-04-17", "visited=2026-07-17"],
        ["met=2026-03-23", "met=2026-03-24"],
        ["answered:Kent County Council=2026-04-17", "answered:NHS Kent=2026-04-20"],
    ):
        assert len(typed_happenings("trial", again, KENT)) == 2
