"""Cases in Django admin, to look at only: those that their own council may see, and nothing that
people wrote. Notes, reasons and the facts of events have no page here."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from accounts.administration.pages import Choice, RowsToLookAt, ToLookAt
from areas.models import Region
from casework import registry, timetable
from casework.access import ROLE_LABELS
from casework.models import Case, CaseRole, Deadline, DeadlineState, Event, ParameterVersion
from casework.told import told, without_secrets
from config import clock

SEARCH_HELP = "The beginning of a reference, or a part of a local area’s name"


def found_by(text: str) -> Q:
    """Cases by the beginning of their reference or a part of their area's name."""
    condition = Q()
    for word in text.split()[:6]:
        condition &= Q(reference__istartswith=word) | Q(local_area__name__icontains=word)
    return condition


class OfKind(Choice):
    """Cases of one kind."""

    title = "kind"
    parameter_name = "kind"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Every kind that rooms declare."""
        return [(kind.name, kind.label) for kind in registry.kinds()]

    def condition(self, value: str) -> Q:
        """Of that kind."""
        return Q(kind=value)


class AtStage(Choice):
    """Cases at one stage."""

    title = "stage"
    parameter_name = "stage"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Every stage, or those of the kind that was chosen."""
        chosen = request.GET.get("kind", "")
        kinds = [one for one in registry.kinds() if chosen in ("", one.name)]
        return list({name: label for kind in kinds for name, label in kind.stages.items()}.items())

    def condition(self, value: str) -> Q:
        """At that stage."""
        return Q(stage=value)


class InRegion(Choice):
    """Cases of the areas of one region."""

    title = "region"
    parameter_name = "region"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Every region."""
        return list(Region.objects.values_list("code", "name"))

    def condition(self, value: str) -> Q:
        """There."""
        return Q(local_area__region__code=value)


class Standing(Choice):
    """Whether a case goes on."""

    title = "state"
    parameter_name = "state"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Open, suspended, ended."""
        return [("open", "Open"), ("suspended", "Suspended"), ("ended", "Ended")]

    def condition(self, value: str) -> Q:
        """By the days that follow from its events."""
        if value == "open":
            return Q(ended_on__isnull=True, suspended_on__isnull=True)
        if value == "suspended":
            return Q(ended_on__isnull=True, suspended_on__isnull=False)
        return Q(ended_on__isnull=False)


class OfACase:
    """Rows of cases: only of those that their council may see."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without those of cases that are still confidential."""
        found = super().get_queryset(request)  # type: ignore[misc]
        return found.filter(case__in=Case.objects.filter(told()).order_by())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows of the cases that the words find."""
        if not search_term.strip():
            return queryset, False
        cases = Case.objects.filter(found_by(search_term)).order_by()
        return queryset.filter(case__in=cases), False

    @admin.display(description="local area")
    def area(self, row: Any) -> str:
        """The area of the case."""
        return str(row.case.local_area)

    @admin.display(description="kind of case")
    def case_kind(self, row: Any) -> str:
        """In words."""
        return registry.kind_of(row.case).label


class DeadlinesOfCase(RowsToLookAt):
    """What is due on the case."""

    model = Deadline
    verbose_name_plural = "Deadlines"
    fields = ("title", "subject_name", "owed_by", "due_on", "state", "met_on")
    readonly_fields = fields
    ordering = ("due_on", "rule", "subject")


class PeopleOnCase(RowsToLookAt):
    """Who is on the case."""

    model = CaseRole
    verbose_name_plural = "People on the case"
    fields = ("person", "part", "organisation", "starts_on", "ends_on")
    readonly_fields = fields

    @admin.display(description="part")
    def part(self, row: CaseRole) -> str:
        """In words."""
        return ROLE_LABELS.get(row.role, row.role)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseRole]:
        """With people and organisations."""
        return super().get_queryset(request).select_related("person", "organisation", "case")


class EventsOfCase(RowsToLookAt):
    """What happened on the case, without what was said of it."""

    model = Event
    verbose_name_plural = "Entries"
    fk_name = "case"
    fields = ("seq", "what", "happened_on", "recorded_by", "recorded_at", "origin")
    readonly_fields = fields
    ordering = ("seq",)

    @admin.display(description="entry")
    def what(self, row: Event) -> str:
        """The kind of entry, in words."""
        return event_label(row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """With who recorded it; not what it says."""
        found = super().get_queryset(request).select_related("recorded_by", "case")
        return without_secrets(found.defer("facts", "subjects"))


def event_label(row: Event) -> str:
    """The kind of an event in words."""
    kind = registry.kind_of(row.case)
    if not kind.has_step(row.kind):
        return row.kind.replace("_", " ").capitalize()
    return kind.facts_of(row.kind).label or row.kind


@admin.register(Case)
class CaseAdmin(ToLookAt):
    """The register of cases that are no longer confidential."""

    list_display = ["reference", "local_area", "kind_label", "stage_label", "first_day", "ended_on"]
    list_filter = [OfKind, AtStage, Standing, InRegion]
    list_select_related = ["local_area"]
    search_fields = ["reference"]
    search_help_text = SEARCH_HELP
    ordering = ["-created_at", "pk"]
    sortable_by = ()
    fields = (
        "reference",
        "kind_label",
        "framework",
        "edition",
        "local_area",
        "region",
        "came_from",
        "stage_label",
        "first_day",
        "last_day",
        "suspended_on",
        "ended_on",
        "created_at",
        "version",
    )
    readonly_fields = fields
    inlines = [DeadlinesOfCase, PeopleOnCase, EventsOfCase]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """Without the cases that are still confidential."""
        return super().get_queryset(request).filter(told()).select_related("local_area__region")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By reference or area."""
        return queryset.filter(found_by(search_term)), False

    @admin.display(description="kind")
    def kind_label(self, case: Case) -> str:
        """In words."""
        return registry.kind_of(case).label

    @admin.display(description="stage")
    def stage_label(self, case: Case) -> str:
        """In words."""
        return registry.kind_of(case).stage_label(case.stage)

    @admin.display(description="region")
    def region(self, case: Case) -> str:
        """Of the area."""
        return str(case.local_area.region)

    @admin.display(description="came from")
    def came_from(self, case: Case) -> str:
        """The case it came from, where that may be known of."""
        origin = None
        if case.origin_id is not None:
            origin = Case.objects.filter(told(), pk=case.origin_id).first()
        return origin.reference if origin else "None"


class InState(Choice):
    """How a deadline stands. Unless something else is chosen the open ones are shown, and of a
    rule that was searched for all."""

    title = "state"
    parameter_name = "state"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Every state as it is stored, and all of them."""
        stored = [(str(one.value), str(one.label)) for one in DeadlineState if one.value != "open"]
        return [("open", "Open"), *stored, ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        """The links: open ones first."""
        shown = self.shown(changelist.query)
        for key, label in self.lookup_choices:
            yield {
                "selected": shown == str(key),
                "query_string": changelist.get_query_string({self.parameter_name: key}),
                "display": label,
            }

    def shown(self, searched: str) -> str:
        """The state that was chosen, or what is shown where none was."""
        value = self.value()
        if value in {str(key) for key, _ in self.lookup_choices}:
            return str(value)
        return "all" if code_in(searched) else "open"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Of that state."""
        shown = self.shown(request.GET.get(SEARCH_VAR, ""))
        return queryset if shown == "all" else queryset.filter(state=shown)


def code_in(searched: str) -> str:
    """The code of a rule that the words are, in whatever case; '' where they are none."""
    code = searched.strip().upper()
    rules = (rule for one in timetable.rulesets() for rule in one.rules)
    return code if any(rule.code == code for rule in rules) else ""


class OfKindOfCase(OfKind):
    """Rows of the cases of one kind."""

    def condition(self, value: str) -> Q:
        """Of cases of that kind."""
        return Q(case__kind=value)


@admin.register(Deadline)
class DeadlineAdmin(OfACase, ToLookAt):
    """What is due, over all cases that are no longer confidential."""

    list_display = ["title", "case", "area", "owed_by", "due_on", "state", "met_on"]
    list_filter = [InState, OfKindOfCase]
    list_select_related = ["case", "case__local_area"]
    search_fields = ["case__reference"]
    search_help_text = SEARCH_HELP + ", or the code of a rule, like IN-NOTIFY"
    sortable_by = ()
    fields = (
        "case",
        "area",
        "title",
        "rule",
        "subject_name",
        "owed_by",
        "strength",
        "due_on",
        "due_at",
        "computed_on",
        "agreed_on",
        "practical_on",
        "counted_from_on",
        "state",
        "met_on",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With case and area."""
        return super().get_queryset(request).select_related("case", "case__local_area")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The deadlines of a rule where the words are its code, else of the cases found."""
        if code := code_in(search_term):
            return queryset.filter(rule=code), False
        return super().get_search_results(request, queryset, search_term)

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        """The open ones soonest first, for which there is an index; others latest first."""
        open_ones: list[str | Combinable] = ["due_on", "case", "pk"]
        others = request.GET.get("state", "open") != "open"
        return ["-pk"] if others or code_in(request.GET.get(SEARCH_VAR, "")) else open_ones


@admin.register(Event)
class EventAdmin(OfACase, ToLookAt):
    """What was recorded, over all cases that are no longer confidential, without what it says."""

    list_display = ["recorded_at", "case", "area", "what", "happened_on", "recorded_by", "origin"]
    list_filter = [OfKindOfCase, "origin"]
    list_select_related = ["case", "case__local_area", "recorded_by"]
    search_fields = ["case__reference"]
    search_help_text = SEARCH_HELP
    ordering = ["-pk"]
    sortable_by = ()
    fields = (
        "case",
        "area",
        "seq",
        "what",
        "happened_on",
        "happened_at",
        "recorded_by",
        "recorded_at",
        "origin",
        "calendar_version",
        "parameters_version",
    )
    readonly_fields = fields

    @admin.display(description="entry")
    def what(self, row: Event) -> str:
        """The kind of entry, in words."""
        return event_label(row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With case, area and who recorded it; not what it says."""
        found = super().get_queryset(request)
        related = ("case", "case__local_area", "recorded_by")
        return without_secrets(found.select_related(*related).defer("facts", "subjects"))


@admin.register(CaseRole)
class CaseRoleAdmin(OfACase, ToLookAt):
    """Who is on which case, where the case is no longer confidential."""

    list_display = ["person", "part", "case", "area", "starts_on", "ends_on"]
    list_filter = [OfKindOfCase]
    list_select_related = ["case", "case__local_area", "person"]
    search_fields = ["case__reference"]
    search_help_text = SEARCH_HELP + ", or a person’s name"
    ordering = ["-pk"]
    sortable_by = ()
    fields = ("person", "part", "case", "area", "organisation", "starts_on", "ends_on", "named_by")
    readonly_fields = fields

    @admin.display(description="part")
    def part(self, row: CaseRole) -> str:
        """In words."""
        return ROLE_LABELS.get(row.role, row.role)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With all that is shown."""
        related = ("case", "case__local_area", "person", "organisation", "named_by")
        return super().get_queryset(request).select_related(*related)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By case or person."""
        if not search_term.strip():
            return queryset, False
        cases = Case.objects.filter(found_by(search_term)).order_by()
        named = Q(person__name__icontains=search_term.strip())
        return queryset.filter(Q(case__in=cases) | named), False


class FromWhen(Choice):
    """Choices that count by today, and those to come."""

    title = "when"
    parameter_name = "when"

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The two."""
        return [("begun", "In effect by today"), ("coming", "To come")]

    def condition(self, value: str) -> Q:
        """By the day from which they count."""
        today = clock.today()
        if value == "begun":
            return Q(effective_from__lte=today)
        return Q(effective_from__gt=today)


@admin.register(ParameterVersion)
class ParameterVersionAdmin(ToLookAt):
    """The offsets that the sources leave open, as they were chosen; changed on their own page."""

    list_display = ["version", "effective_from", "known_at", "reason", "changed_by"]
    list_filter = [FromWhen]
    list_select_related = ["changed_by"]
    search_fields = ["reason", "changed_by__name"]
    search_help_text = (
        "A word of the reason, who chose it, a version’s number or a value’s whole name"
    )
    ordering = ["-version"]
    sortable_by = ()
    fields = ("version", "effective_from", "known_at", "reason", "changed_by", "chosen")
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By reason or person, number, or the name of a value that was chosen."""
        found, twice = super().get_search_results(request, queryset, search_term)
        word = search_term.strip()
        if not word:
            return found, twice
        more = Q(values__has_key=word)
        if word.isascii() and word.isdigit() and len(word) < 9:
            more |= Q(version=int(word))
        return found | queryset.filter(more), twice

    @admin.display(description="values")
    def chosen(self, row: ParameterVersion) -> str:
        """Those that differ from each rule's own default."""
        told = [f"{key}: {value}" for key, value in sorted(row.values.items())]
        return "; ".join(told) or "Every rule’s own default"
