"""GOV.UK components: the macros of govuk-frontend-jinja, in one Jinja environment per process.

An environment of one's own per component would cost 10 ms each time; the macros themselves cost
some 0.05 ms.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from django.utils.safestring import SafeString, mark_safe


class UnsafeHtml(TypeError):
    """An `html` parameter was given plain text, which the macros would print unescaped."""


@functools.cache
def _environment() -> jinja2.Environment:
    loader = jinja2.PrefixLoader(
        {"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}
    )
    return jinja2.Environment(
        loader=loader,
        autoescape=True,
        auto_reload=False,
        cache_size=200,
        # Half of what the macros print would otherwise be empty lines.
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _macro(component: str) -> Callable[[Mapping[str, Any]], str]:
    name = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    template = _environment().get_template(
        f"govuk_frontend_jinja/components/{component}/macro.html"
    )
    macro: Callable[[Mapping[str, Any]], str] = getattr(template.module, name)
    return macro


def render(component: str, params: Mapping[str, Any]) -> SafeString:
    """The HTML of one component, its parameters named as in the GOV.UK Design System's pages.

    Raises UnsafeHtml when an `html` parameter, at any depth, is text that is not marked as safe,
    and jinja2.TemplateNotFound for a component that does not exist.
    """
    _refuse_plain_html(component, params)
    return render_unguarded(component, params)


def render_unguarded(component: str, params: Mapping[str, Any]) -> SafeString:
    """As `render`, for parameters of which every `html` is known to be ours."""
    return mark_safe(str(_macro(component)(params)).strip())


def _refuse_plain_html(path: str, value: Any) -> None:
    """Walk the parameters; `...html` keys may hold only text that says it is safe."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str):
                if key.lower().endswith("html") and inner and not hasattr(inner, "__html__"):
                    raise UnsafeHtml(
                        f"{path}: '{key}' is plain text. Use 'text', or format_html()."
                    )
            elif isinstance(inner, (Mapping, list, tuple)):
                _refuse_plain_html(f"{path}.{key}", inner)
    else:
        for inner in value:
            if isinstance(inner, (Mapping, list, tuple)):
                _refuse_plain_html(path, inner)


@functools.cache
def camel_case(name: str) -> str:
    """`prevent_double_click` as the macros call it: `preventDoubleClick`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
