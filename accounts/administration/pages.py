"""What holds for every page of Django admin: lists that stay quick, a history that can be read, and
plain words in place of an error."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import DataError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.administration import wording

PER_PAGE = 25
COUNTED_TO = 1000
#: What odd values in an address or a form end in, where Django asks the database without a form.
ODD = (ValueError, OverflowError, ValidationError, DataError)


class CappedPaginator(Paginator):
    """Counts no further than `COUNTED_TO` rows, and so pages no further: whoever wants what comes
    after searches or filters. The time it takes does not grow with the table."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `COUNTED_TO`."""
        rows = cast("models.QuerySet[Any]", self.object_list)
        return rows.order_by()[:COUNTED_TO].count()

    @property
    def capped(self) -> bool:
        """Whether there may be more than were counted."""
        return self.count >= COUNTED_TO


if TYPE_CHECKING:
    _Pages = admin.ModelAdmin
else:
    _Pages = object


class Kept(_Pages):
    """Put in front of every class that is registered. Rows are ended, not deleted, unless a class
    says otherwise; a deletion that something else rests on is refused in words."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = PER_PAGE
    list_max_show_all = PER_PAGE
    show_facets = admin.ShowFacets.NEVER
    save_on_top = False
    #: Said in place of a bare refusal to delete.
    never_deleted = "This is never deleted: it stays on record, and ends on a day."

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """None: that widget needs JavaScript. The lists to choose from are short."""
        return ()

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        """The rows below, without that widget too; the fields of a table of rows say what they are,
        since its heads are no labels."""
        found: Any = super().get_inline_instances(request, obj)
        for inline in found:
            inline.autocomplete_fields = ()
            if isinstance(inline, admin.TabularInline):
                one: Any = inline
                if not (
                    one.has_add_permission(request, obj)
                    or one.has_change_permission(request, obj)
                    or one.has_delete_permission(request, obj)
                ):
                    one.template = RowsToLookAt.template
                one.formfield_for_dbfield = _named(one.formfield_for_dbfield)
                one.get_formset = _with_named_removal(one.get_formset)
        return found

    # -- history ---------------------------------------------------------------------------------

    def construct_change_message(  # type: ignore[override]
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> str:
        """What was changed, from what to what."""
        if add:
            rows = wording.changed(form, formsets or ()) if formsets else ""
            return wording.added(form) if not formsets else f"Added. {rows}"
        return wording.changed(form, formsets or ())

    # -- odd questions ---------------------------------------------------------------------------

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; values that no row can have are told like other wrong filters."""
        try:
            with transaction.atomic():
                return super().get_changelist_instance(request)
        except ODD as error:
            raise IncorrectLookupParameters from error

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; what cannot have been chosen on it changes nothing."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if any(not self._is_key(one) for one in chosen):
            messages.warning(request, "What was selected is not on this list. Nothing was changed.")
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def _is_key(self, text: str) -> bool:
        try:
            self.model._meta.pk.to_python(text)
        except ODD:
            return False
        return "\0" not in text

    # -- deleting ----------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page that asks again; where a row cannot go, back to it with the reason."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            gone = cast(Any, self)._get_obj_does_not_exist_redirect
            return cast(HttpResponse, gone(request, self.opts, object_id))
        reason = self.why_not_delete(request, row)
        if not reason:
            return super().delete_view(request, object_id, extra_context)
        messages.error(request, reason)
        name = self.opts
        address = f"admin:{name.app_label}_{name.model_name}_change"
        return HttpResponseRedirect(reverse(address, args=[quote(row.pk)]))

    def why_not_delete(self, request: HttpRequest, row: Any) -> str:
        """Why a row cannot be deleted, in words; '' where it can. A class has reasons of its own
        in `why_it_stays(row)`."""
        if not self.has_delete_permission(request, row):
            return self.never_deleted
        own = getattr(self, "why_it_stays", None)
        if own is not None and (reason := str(own(row))):
            return reason
        if found := references(row):
            return f"“{row}” is not deleted: {', '.join(found)} still name it."
        return ""


def _named(make: Callable[..., Any]) -> Callable[..., Any]:
    """The same fields, each named for those who do not see the head of its column."""

    def made(column: Any, request: HttpRequest, **options: Any) -> Any:
        field = make(column, request, **options)
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)
            label = str(options.get("label") or field.label)
            widget.attrs.setdefault("aria-label", label[:1].upper() + label[1:])
        return field

    return made


def _with_named_removal(make: Callable[..., Any]) -> Callable[..., Any]:
    """The same rows, with a name for the box that removes one."""

    def made(*given: Any, **options: Any) -> Any:
        base = make(*given, **options)
        box = forms.CheckboxInput(attrs={"aria-label": "Remove this row"})
        return type(base.__name__, (base,), {"get_deletion_widget": classmethod(lambda cls: box)})

    return made


def references(row: models.Model) -> list[str]:
    """What in the database names a row, by kinds, in words: 'roles', 'cases'."""
    found = []
    for relation in row._meta.related_objects:
        if relation.related_model is row.__class__ and relation.many_to_many:
            continue
        model: Any = relation.related_model
        field = cast(Any, relation).field.name
        if model._base_manager.filter(**{field: row.pk}).exists():
            name = str(model._meta.verbose_name_plural)
            found += [name] if name not in found else []
    return found


_made: dict[type[admin.ModelAdmin], type[admin.ModelAdmin]] = {}


def kept(admin_class: type[admin.ModelAdmin] | None) -> type[admin.ModelAdmin]:
    """The same pages, with what holds for all of them."""
    given = admin_class or admin.ModelAdmin
    if issubclass(given, Kept):
        return given
    if given not in _made:
        _made[given] = cast(
            "type[admin.ModelAdmin]",
            type(given.__name__, (Kept, given), {"__module__": given.__module__}),
        )
    return _made[given]


class ToLookAt(Kept, admin.ModelAdmin):
    """Pages that show rows and change none."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False


class RowsToLookAt(admin.TabularInline):
    """Rows below another that show and change nothing."""

    template = "admin/rows.html"
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False


class Choice(admin.SimpleListFilter):
    """A filter whose choices are known without asking for each row: subclasses give `choices_of`
    and `condition`."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices: value and label."""
        return self.choices_of(request)

    def choices_of(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The choices: value and label."""
        raise NotImplementedError

    def condition(self, value: str) -> models.Q:
        """What a choice narrows to."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
        """The rows of the choice; all where nothing known was chosen."""
        value = self.value()
        known = {str(key) for key, _ in self.lookup_choices}
        return queryset.filter(self.condition(value)) if value in known else queryset
