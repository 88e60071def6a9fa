"""What may be shown of cases to somebody who has no part in them but keeps the system: no more than
each local area's own council may see that day (roles.md). Before notification a case is the
inspectorates' alone, and so is a result before its report or letter tells it."""

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts import roles
from accounts.models import Scope
from casework.access import Grant, cases_where
from casework.models import Case, Event

#: The director of children's services of whatever area.
ANY_COUNCIL = (Grant(roles.DCS, Scope.NATIONAL, None, None, None),)


def told() -> Q:
    """The condition for cases whose council may know of them and read their dates today."""
    known = cases_where(None, "case", "read", ANY_COUNCIL)
    return known & cases_where(None, "timetable", "read", ANY_COUNCIL)


def without_secrets(events: QuerySet[Event]) -> QuerySet[Event]:
    """Entries without those by which a case was opened that is still confidential: a re-visit that
    was planned on its statement."""
    opened = Case.objects.filter(~told(), origin=OuterRef("case")).annotate(
        opened_by=Concat(
            F("kind"), Value(":"), Cast(OuterRef("pk"), CharField()), output_field=CharField()
        )
    )
    return events.exclude(Exists(opened.filter(opening_key=F("opened_by")).order_by()))
