"""GOV.UK components: the macros of govuk-frontend-jinja, in one Jinja environment per process.

An environment of one's own per component would cost 10 ms each time; the macros themselves cost
some 0.05 ms.
"""

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from django.utils.safestring import SafeString, mark_safe
from markupsafe import Markup, escape


class UnsafeHtml(TypeError):
    """An `html` parameter was given plain text, which the macros would print unescaped."""


# The macros of every component call this one for each element; in Python it costs a tenth.
_ATTRIBUTES = (
    "{% macro govukAttributes(attributes) -%}{{- attributes_html(attributes) -}}{%- endmacro %}"
)
_METHODS = frozenset(dir(dict))


def attributes_html(attributes: Any) -> Markup:
    """`govukAttributes` of GOV.UK Frontend: ` name="value"` for each attribute of an element.

    A value may say that it is optional: then nothing is printed for none and false, and the bare
    name for true.
    """
    if isinstance(attributes, str):
        return Markup(attributes)
    if not isinstance(attributes, Mapping):
        return Markup("")
    printed = []
    for name, value in attributes.items():
        optional = False
        if isinstance(value, Mapping):
            if value.get("val") is not None:
                value = value["val"]
            else:
                optional, value = value.get("optional") is True, value.get("value", "")
        elif isinstance(value, bool):
            value = str(value).lower()
        if optional:
            if value is None or value is False or isinstance(value, jinja2.Undefined):
                continue
            if value is True:
                printed.append(f" {escape(name)}")
                continue
        printed.append(f' {escape(name)}="{escape(value)}"')
    return Markup("".join(printed))


class _Environment(jinja2.Environment):
    """Looks into mappings first: parameters are mappings, and asking them for an attribute first,
    as Jinja does, raises and catches an exception for each."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute` in a template."""
        if type(obj) is dict and attribute not in _METHODS:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


class _Loader(jinja2.PackageLoader):
    """Moves the imports that stand inside the macros to the top of each file, where they are done
    once and not at each call."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool] | None]:
        """The source of one file of macros."""
        source, path, is_current = super().get_source(environment, template)
        imports = re.findall(r"{%-? *from [^%]+%}", source)
        body = re.sub(r"{%-? *from [^%]+%}\n?", "", source)
        return "".join(imports) + body, path, is_current


@functools.cache
def _environment() -> jinja2.Environment:
    loader = jinja2.ChoiceLoader(
        [
            jinja2.DictLoader({"govuk_frontend_jinja/macros/attributes.html": _ATTRIBUTES}),
            jinja2.PrefixLoader({"govuk_frontend_jinja": _Loader("govuk_frontend_jinja")}),
        ]
    )
    environment = _Environment(
        loader=loader,
        autoescape=True,
        auto_reload=False,
        cache_size=200,
        # Half of what the macros print would otherwise be empty lines.
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["attributes_html"] = attributes_html
    return environment


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
