"""What holds of every import of terms: properties of the plan, without a database."""

import datetime
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from areas.models import LocalArea, Term
from areas.term_import.plan import Entry, make_plan
from areas.term_import.reading import Read

D = datetime.date
#: A busy machine is no mistake.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

YEAR_2026 = D(2026, 9, 1)
spans = st.lists(
    st.tuples(st.integers(0, 330), st.integers(0, 60), st.sampled_from("ABC")), max_size=8
)


def _apart(found):
    """Those of the spans that do not overlap one before."""
    kept, over = [], -1
    for first, length, name in sorted(found):
        if first > over:
            over = first + length
            kept.append((name, first, over))
    return kept


def _day(number):
    return YEAR_2026 + datetime.timedelta(days=number)


def _as_terms(area, found):
    return [
        Term(pk=number, local_area=area, name=name, starts_on=_day(first), ends_on=_day(last))
        for number, (name, first, last) in enumerate(found, 1)
    ]


@patient
@given(spans, spans)
def test_after_any_import_terms_are_apart_and_the_same_file_changes_nothing(there, file):
    area = LocalArea(dfe_code="935", name="Suffolk")
    terms = _as_terms(area, _apart(there))
    entries = [
        Entry(line, "", name, _day(first), _day(last))
        for line, (name, first, last) in enumerate(_apart(file), 2)
    ]
    plan = make_plan(Read(entries), {"": area}, terms, known={})
    assert plan.mistakes == []
    gone = {pk for one in plan.areas for pk in one.gone}
    new = [(one.name, one.starts_on, one.ends_on) for one in entries]
    left = [(t.name, t.starts_on, t.ends_on) for t in terms if t.pk not in gone]
    after = sorted({*new, *left}, key=lambda one: one[1])
    assert all(one[2] < other[1] for one, other in pairwise(after))
    assert set(new) <= set(after)
    for term in terms:  # whatever shares no day with the file stays
        shares = any(e.starts_on <= term.ends_on and e.ends_on >= term.starts_on for e in entries)
        assert shares or term.pk not in gone
    again = [
        Term(pk=number, local_area=area, name=name, starts_on=first, ends_on=last)
        for number, (name, first, last) in enumerate(after, 100)
    ]
    assert not make_plan(Read(entries), {"": area}, again, known={})


@patient
@given(spans)
def test_a_file_whose_lines_overlap_is_refused(file):
    area = LocalArea(dfe_code="935", name="Suffolk")
    entries = [
        Entry(line, "", name, _day(first), _day(first + length))
        for line, (first, length, name) in enumerate(file, 2)
    ]
    plan = make_plan(Read(entries), {"": area}, [], known={})
    assert bool(plan.mistakes) == (len(_apart(file)) < len(file))
