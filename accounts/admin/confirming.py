"""Bulk actions that ask first: a page lists what will happen to each row and what is refused, and
only what was agreed to is done. Without a script, and with an address of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from accounts.leaving import Plan, PlanChanged

#: More than anybody reads through before agreeing.
AT_ONCE = 100


class Asking(forms.Form):
    """What has to be known before a plan can be made; nothing by itself."""


@dataclass(frozen=True)
class Confirmation:
    """One bulk action: how it is called, what it asks, what it plans and how it is carried out."""

    slug: str
    model: type[Model]
    title: str
    button: str
    done: str
    plan: Callable[[QuerySet[Any], dict[str, Any]], Plan]
    carry_out: Callable[[QuerySet[Any], dict[str, Any], Sequence[int]], Plan]
    form: type[Asking] = Asking
    initial: Callable[[], dict[str, Any]] = dict

    @property
    def url_name(self) -> str:
        """The name of its page below `admin:`."""
        meta = self.model._meta
        return f"{meta.app_label}_{meta.model_name}_{self.slug}"

    def address(self, keys: Sequence[int]) -> str:
        """Where its page for some rows is."""
        query = urlencode([("id", key) for key in keys])
        return f"{reverse(f'admin:{self.url_name}')}?{query}"


def named_rows(
    model_admin: admin.ModelAdmin, request: HttpRequest, action: Confirmation, chosen: QuerySet[Any]
) -> HttpResponse:
    """From a list on to the page that asks; back with a message where that is too many rows."""
    keys = list(chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(keys) > AT_ONCE:
        text = f"Choose at most {AT_ONCE} at once. Nothing was changed."
        model_admin.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(request.get_full_path())
    return HttpResponseRedirect(action.address(keys))


def confirming(
    *actions: Confirmation, base: type[admin.ModelAdmin] = admin.ModelAdmin
) -> type[admin.ModelAdmin]:
    """Pages of a model that have these actions' pages beside them."""

    class Confirming(base):  # type: ignore[misc, valid-type]
        def get_urls(self) -> list[URLPattern]:
            pages = [
                path(
                    f"{action.slug}/",
                    self.admin_site.admin_view(_page(self, action)),
                    name=action.url_name,
                )
                for action in actions
            ]
            return [*pages, *super().get_urls()]

    return Confirming


def _page(
    model_admin: admin.ModelAdmin, action: Confirmation
) -> Callable[[HttpRequest], HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        if not model_admin.has_change_permission(request):
            raise PermissionDenied("This is for administrators.")
        rows = _rows(action, request.GET.getlist("id"))
        posted = request.method == "POST"
        form = action.form(request.POST if posted else action.initial())
        plan = action.plan(rows, form.cleaned_data) if form.is_valid() else Plan()
        agreed = request.POST.get("agreed", "")
        if posted and "confirm" in request.POST and form.is_valid() and plan.doing:
            if agreed == _digest(form, plan):
                return _carry_out(model_admin, request, action, rows, form, plan)
            messages.warning(request, "Look at what will happen now, then confirm.")
        return _ask(model_admin, request, action, form, plan)

    return page


def _rows(action: Confirmation, given: Sequence[str]) -> QuerySet[Any]:
    keys = [
        int(one) for one in given[:AT_ONCE] if one.isascii() and one.isdigit() and len(one) < 18
    ]
    return action.model._default_manager.filter(pk__in=keys)


def _digest(form: Asking, plan: Plan) -> str:
    given = [str(form.cleaned_data.get(name) or "") for name in form.fields if name != "reason"]
    return ";".join([*given, ",".join(str(pk) for pk in plan.pks)])


def _carry_out(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    action: Confirmation,
    rows: QuerySet[Any],
    form: Asking,
    plan: Plan,
) -> HttpResponse:
    before = {row.pk: row for row in rows.filter(pk__in=plan.pks)}
    try:
        done = action.carry_out(rows, form.cleaned_data, plan.pks)
    except PlanChanged:
        messages.warning(request, "Something changed meanwhile. Look at what will happen now.")
        return HttpResponseRedirect(request.get_full_path())
    reason = str(form.cleaned_data.get("reason") or "")
    why = f" Reason: {reason}" if reason else ""
    for line in done.doing:
        model_admin.log_change(request, before[line.pk], f"{action.title}. {line.text}{why}")
    text = f"{action.done}: {'; '.join(line.name for line in done.doing)}."
    model_admin.message_user(request, text, messages.SUCCESS)
    return HttpResponseRedirect(_list(action))


def _list(action: Confirmation) -> str:
    meta = action.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def _ask(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    action: Confirmation,
    form: Asking,
    plan: Plan,
) -> HttpResponse:
    valid = form.is_valid()
    context = {
        **model_admin.admin_site.each_context(request),
        "title": action.title,
        "action": action,
        "opts": action.model._meta,
        "form": form,
        "plan": plan,
        "valid": valid,
        "agreed": _digest(form, plan) if valid else "",
        "back": _list(action),
    }
    return cast(HttpResponse, TemplateResponse(request, "admin/confirm.html", context))
