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


def fresh_days() -> list[date]:
    """The start days as new objects in no order: nothing about them is remembered from before."""
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


def measure(rounds: int) -> dict[str, list[float]]:
    """Nanoseconds of each contender, round by round, in a new order each time."""
    contenders: dict[str, tuple[Callable[[list], None], bool]] = {
        "numpy, prebuilt calendar": (numpy_bare, True),
        "numpy, prebuilt, date to date": (numpy_dates, False),
        "numpy, holidays as a list": (numpy_list, True),
        **{f"add {count}": (our_add(count), False) for count in COUNTS},
    }
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (ask, as_numpy_days) in random.sample(list(contenders.items()), len(contenders)):
            starts = fresh_days()
            given = [numpy.datetime64(day) for day in starts] if as_numpy_days else starts
            taken[name].append(nanoseconds(ask, given))
    return taken


def main() -> int:
    """Print the table; 0 where both targets are met."""
    options = argparse.ArgumentParser(description="Benchmark of the working-day calendar.")
    options.add_argument("--rounds", type=int, default=40)
    check_answers()
    taken = measure(max(options.parse_args().rounds, 1))

    print(f"{'one date':32}{'fastest ns':>12}{'median ns':>12}")
    for name, times in taken.items():
        print(f"{name:32}{min(times):12.0f}{statistics.median(times):12.0f}")

    ours = taken[f"add {DAYS}"]
    met = True
    print(f"\n{'ratio':44}{'lowest':>8}{'median':>8}")
    for name in [name for name in taken if name.startswith("numpy")]:
        ratios = [theirs / our for theirs, our in zip(taken[name], ours, strict=True)]
        print(f"{name + f' / add {DAYS}':44}{min(ratios):8.1f}{statistics.median(ratios):8.1f}")
        met = met and statistics.median(ratios) >= AT_LEAST_FASTER
    fastest = {count: min(taken[f"add {count}"]) for count in COUNTS}
    flat = max(fastest.values()) / min(fastest.values())
    print(f"{'slowest / fastest count of ' + ', '.join(map(str, COUNTS)):44}{flat:8.2f}")
    met = met and flat <= FLAT_WITHIN
    print(f"\n{'met' if met else 'MISSED'}: {AT_LEAST_FASTER:.0f} times faster, flat in the count")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
