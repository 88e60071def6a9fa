"""A further bank holiday, proposed and worked out, that waits for the administrator to decide."""

from accounts.models import User
from casework.changes import services
from casework.changes.content import CalendarContent
from config import clock
from working_days.bundled import PublishedBankHoliday
from working_days.calendar import BeyondCalendar
from working_days.services import current_calendar

TITLE = "Bank holiday for a national day of thanksgiving"
WHY = "Announced on the news this morning; GOV.UK’s list does not have it yet."
#: So far ahead, that deadlines of many cases fall behind it.
WORKING_DAYS_AHEAD = 10


def propose_a_bank_holiday(by: User) -> None:
    """Propose the first Friday that is a working day, two working weeks ahead or more. Nothing
    where the calendar ends before it."""
    calendar = current_calendar()
    try:
        day = calendar.add(clock.today(), WORKING_DAYS_AHEAD)
        while day.weekday() != 4:
            day = calendar.add(day, 1)
    except BeyondCalendar:
        return
    content = CalendarContent(add=(PublishedBankHoliday(day, TITLE, ""),))
    change = services.propose_calendar(content, why=WHY, by=by)
    services.preview(change.pk)
