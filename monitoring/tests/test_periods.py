"""Nobody responds to the "minded to" papers: the notice counts from the end of ten days (SC)."""

import datetime

import pytest
from django.core.management import call_command

from casework.models import Deadline, Event
from casework.periods import record_periods_over
from inspections.events import Judgement
from monitoring import events_support as events

pytestmark = pytest.mark.django_db


def notice(programme):
    row = Deadline.objects.get(case=programme.case, rule="SC-NOTICE")
    return row.state, row.counted_from_event, str(row.due_on)


def test_the_final_notice_counts_from_the_end_of_the_period(programme):
    programme.published(Judgement.FAILINGS, 2)
    programme.to("2026-09-10T10:00").record(events.SeniorOfficialsMet(papers=True))
    programme.record(events.MindedNoticeSent(), "minister")
    # Sent on Thursday 10 September: ten working days end on the 24th, twenty more on 22 October.
    assert notice(programme) == ("forecast", "notice_period_over", "2026-10-22")
    programme.to("2026-09-24T23:00")
    assert record_periods_over() == 0
    programme.to("2026-09-25T05:20")
    assert record_periods_over() == 1
    assert record_periods_over() == 0
    assert notice(programme) == ("open", "notice_period_over", "2026-10-22")
    over = Event.objects.get(case=programme.case, kind="notice_period_over")
    assert (over.happened_on, over.recorded_by) == (datetime.date(2026, 9, 24), None)
    call_command("rebuild", "--check")
