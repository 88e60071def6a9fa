"""How fast the calendar counts, against numpy.busday_offset in the same run.

Run from the repository's root: `.venv/bin/python -m benchmarks.working_days [--rounds N]`.
Ends with 1 where a target is missed: a validated `add` of 20 working days to one date at least 10
times faster than numpy with its calendar made beforehand, and no slower for more days.
"""

import argparse
import random
import statistics
import sys
import timeit
from collections.abc import Callable
from datetime import date

import numpy

from working_days.bundled import bundled_calendar

AT_LEAST_FASTER = 10.0
FLAT_WITHIN = 1.25
DAYS = 20
COUNTS = (1, 20, 100, 1000)
# Every day of ten years from which 1,000 working days on are still inside the calendar.
STARTS = range(date(2014, 1, 1).toordinal(), date(2023, 12, 31).toordinal())
WARM_UP = 1000

calendar = bundled_calendar()
closed = numpy.array(sorted(calendar.closed), dtype="datetime64[D]")
made_beforehand = numpy.busdaycalendar(holidays=closed)


def one_day() -> list[date]:
    """The same day again and again."""
    return [date(2022, 9, 9)] * len(STARTS)


def fresh_days() -> list[date]:
    """Ten years of days as new objects in no order: nothing is remembered, caches help nobody."""
    days = [date.fromordinal(ordinal) for ordinal in STARTS]
    random.shuffle(days)
    return days


def nanoseconds(ask: Callable[[list], None], starts: list) -> float:
    """The time of one question, from asking it once for each start, after a little warming up."""
    # Whoever comes after another contender would pay for filling the processor's cache again.
    ask(starts[:WARM_UP])
    starts = starts[WARM_UP:]
    return timeit.timeit(lambda: ask(starts), number=1) / len(starts) * 1e9


def our_add(count: int) -> Callable[[list], None]:
    """Ask the calendar, as any caller does: everything given is checked."""
    add = calendar.add

    def ask(starts: list) -> None:
        for start in starts:
            add(start, count)

    return ask


# 'backward' first moves a start that is no working day to the one before, from which N days are
# counted: the same answer as ours.


def numpy_bare(starts: list) -> None:
    """numpy at its best: its own kind of day in and out, its calendar made beforehand."""
    offset = numpy.busday_offset
    for start in starts:
        offset(start, DAYS, roll="backward", busdaycal=made_beforehand)


def numpy_dates(starts: list) -> None:
    """The same, from a date to a date."""
    offset = numpy.busday_offset
    for start in starts:
        offset(start, DAYS, roll="backward", busdaycal=made_beforehand).item()


def numpy_list(starts: list) -> None:
    """numpy with the bank holidays given as a list each time."""
    offset = numpy.busday_offset
    for start in starts:
        offset(start, DAYS, roll="backward", holidays=closed)


def check_answers() -> None:
    """Both must say the same, or the comparison means nothing."""
    for start in fresh_days():
        theirs = numpy.busday_offset(start, DAYS, roll="backward", busdaycal=made_beforehand).item()
        if calendar.add(start, DAYS) != theirs:
            raise SystemExit(f"The answers differ: {DAYS} working days after {start}.")


CONTENDERS: dict[str, tuple[Callable[[list], None], bool]] = {
    "numpy, prebuilt calendar": (numpy_bare, True),
    "numpy, prebuilt, date to date": (numpy_dates, False),
    "numpy, holidays as a list": (numpy_list, True),
    **{f"add {count}": (our_add(count), False) for count in COUNTS},
}


def measure(rounds: int, choose_days: Callable[[], list[date]]) -> dict[str, list[float]]:
    """Nanoseconds of each contender, round by round, in a new order each time."""
    taken: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name in random.sample(list(CONTENDERS), len(CONTENDERS)):
            ask, as_numpy_days = CONTENDERS[name]
            days = choose_days()
            given = [numpy.datetime64(day) for day in days] if as_numpy_days else days
            taken[name].append(nanoseconds(ask, given))
    return taken


def report(title: str, taken: dict[str, list[float]]) -> bool:
    """Print one table; whether both targets are met in it."""
    print(f"{title:48}{'fastest':>8}{'median':>8}")
    for name, times in taken.items():
        print(f"  {name + ', ns':46}{min(times):8.0f}{statistics.median(times):8.0f}")
    # Of the two fastest, the median round, the worst round: only the first is free of what else
    # the machine was doing.
    print(f"{'':48}{'fastest':>8}{'median':>8}{'lowest':>8}")
    ours = taken[f"add {DAYS}"]
    met = True
    for name in [name for name in taken if name.startswith("numpy")]:
        ratios = [theirs / our for theirs, our in zip(taken[name], ours, strict=True)]
        of_fastest, median = min(taken[name]) / min(ours), statistics.median(ratios)
        print(f"  {f'{name} / add {DAYS}':46}{of_fastest:8.1f}{median:8.1f}{min(ratios):8.1f}")
        met = met and min(of_fastest, median) >= AT_LEAST_FASTER
    fastest = [min(taken[f"add {count}"]) for count in COUNTS]
    flat = max(fastest) / min(fastest)
    print(f"  {f'slowest / fastest of add {COUNTS}':46}{flat:8.2f}\n")
    return met and flat <= FLAT_WITHIN


def main() -> int:
    """Print both tables; 0 where the targets are met for one date, which is what is promised."""
    options = argparse.ArgumentParser(description="Benchmark of the working-day calendar.")
    options.add_argument("--rounds", type=int, default=25)
    rounds = max(options.parse_args().rounds, 1)
    check_answers()
    met = report("One date", measure(rounds, one_day))
    report("Dates of ten years in no order, for comparison", measure(rounds, fresh_days))
    print(f"{'met' if met else 'MISSED'}: {AT_LEAST_FASTER:.0f} times faster, flat in the count")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
