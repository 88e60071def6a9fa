"""`{% load govuk %}`: GOV.UK components and forms in Django templates. See README.md beside."""

from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString

from design_system import components, form_rendering, tags, timeline

register = template.Library()


class ComponentNode(template.Node):
    """One component; a mapping given first is the base, named parameters go on top."""

    def __init__(
        self,
        component: FilterExpression,
        base: FilterExpression | None,
        named: dict[str, FilterExpression],
    ) -> None:
        self.component = component
        self.base = base
        self.named = [(components.camel_case(name), value) for name, value in named.items()]

    def render(self, context: template.Context) -> SafeString:
        params: dict[str, Any] = {}
        if self.base is not None:
            base = self.base.resolve(context)
            if not isinstance(base, Mapping):
                raise template.TemplateSyntaxError("govuk: the parameters are no mapping.")
            params.update(base)
        for name, value in self.named:
            params[name] = value.resolve(context)
        return components.render(str(self.component.resolve(context)), params)


@register.tag
def govuk(parser: Parser, token: Token) -> ComponentNode:
    """`{% govuk "button" text="Save" prevent_double_click=True %}`, or with a mapping of
    parameters from the view: `{% govuk "table" params caption="Bookings" %}`."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("govuk: name the component.")
    component = parser.compile_filter(bits.pop(0))
    named: dict[str, FilterExpression] = {}
    base: FilterExpression | None = None
    if bits and not token_kwargs(bits[:1], parser):
        base = parser.compile_filter(bits.pop(0))
    while bits:
        found = token_kwargs(bits, parser)
        if not found:
            raise template.TemplateSyntaxError(f"govuk: '{bits[0]}' is no name=value.")
        named.update(found)
    return ComponentNode(component, base, named)


@register.simple_tag
def govuk_field(field: forms.BoundField, **options: Any) -> SafeString:
    """One field of a form: label, hint, error and control, tied together for screen readers."""
    return form_rendering.field(field, **options)


@register.simple_tag
def govuk_form(form: forms.BaseForm) -> SafeString:
    """All fields of a form in their order, without `<form>`, token, summary and button."""
    return form_rendering.fields(form)


@register.simple_tag
def error_summary(*of: forms.BaseForm) -> SafeString:
    """What is wrong in these forms, on top of the page, each line a link to its field."""
    return form_rendering.error_summary(of)


@register.simple_tag
def deadline_tag(state: str) -> SafeString:
    """The tag of a deadline's state: `{% deadline_tag "met_late" %}`. The words: `tags.STATES`."""
    return tags.deadline_tag(state)


@register.simple_tag
def timeline_key() -> SafeString:
    """What the shapes and shades of the drawn time line mean."""
    return timeline.key()
