"""Draw Django forms with GOV.UK components: label, hint, error and control, tied together."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.forms.widgets import Input
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from design_system import components, dates
from design_system.forms import DateWidget

Params = dict[str, Any]
Options = dict[str, Any]

# Attributes that the macros have a parameter for.
_KNOWN = {"autocomplete": "autocomplete", "inputmode": "inputmode", "pattern": "pattern"}
# Attributes that would take away what somebody typed or pasted, or that the macros set.
_DROPPED = {"maxlength", "minlength", "required", "aria-describedby", "aria-invalid", "id"}


def field(bound: forms.BoundField, **options: Any) -> SafeString:
    """One field. Options, also from the form's `looks`: `label`, `label_classes`, `heading` (the
    label is the page's h1), `hide_label`, `hint`, `classes`, `prefix`, `suffix`, `inline`,
    `small`, `width` (characters).
    """
    widget = bound.field.widget
    if widget.is_hidden:
        return mark_safe(bound.as_widget())
    look = dict(getattr(bound.form, "looks", {}).get(bound.name, {}))
    look.update(options)
    for kind, component, build in _DRAWERS:
        if isinstance(widget, kind):
            params = build(bound, look)
            name = component(bound) if callable(component) else component
            return components.render_unguarded(name, params)
    return _plain(bound, look)


def fields(form: forms.BaseForm) -> SafeString:
    """All fields in their order; those that a choice reveals stand inside that choice."""
    inside: Params = getattr(form, "revealed_by", dict)()
    return mark_safe("\n".join(field(bound) for bound in form if bound.name not in inside))


# -- shared parts --------------------------------------------------------------------------------


def _id(bound: forms.BoundField) -> str:
    return bound.auto_id or bound.html_name


def _text(value: Any) -> Params:
    """`{"text": ...}`, or `{"html": ...}` for what is marked as safe."""
    return {"html": value} if hasattr(value, "__html__") else {"text": str(value)}


def _around(bound: forms.BoundField, look: Options) -> Params:
    """Hint, error and classes: the same for every component."""
    params: Params = {}
    hint = look.get("hint", bound.help_text)
    if hint:
        params["hint"] = _text(hint)
    if bound.errors:
        joined = format_html_join(mark_safe("<br>"), "{}", ((text,) for text in bound.errors))
        params["errorMessage"] = {"html": joined}
    if look.get("group_classes"):
        params["formGroup"] = {"classes": look["group_classes"]}
    return params


def _title(bound: forms.BoundField, look: Options, kind: str = "fieldset__legend") -> Params:
    """Label or legend. `label_classes` may be a size: 's', 'm', 'l' or 'xl'."""
    title = _text(look.get("label", bound.label))
    classes = look.get("label_classes", "")
    if look.get("heading"):
        title["isPageHeading"] = True
        classes = look.get("label_classes", "l")
    if classes in ("s", "m", "l", "xl"):
        classes = f"govuk-{kind}--{classes}"
    if look.get("hide_label"):
        classes = f"{classes} govuk-visually-hidden"
    if classes.strip():
        title["classes"] = classes.strip()
    return title


def _attributes(bound: forms.BoundField, look: Options) -> Params:
    """The widget's own attributes: those with a parameter of their own, the others as they are."""
    params: Params = {}
    others: Params = {}
    classes = str(look.get("classes", ""))
    for name, value in bound.field.widget.attrs.items():
        if name == "class":
            classes = f"{value} {classes}" if "classes" not in look else classes
        elif name in _KNOWN:
            params[_KNOWN[name]] = value
        elif name == "spellcheck":
            params["spellcheck"] = str(value).lower() == "true"
        elif name not in _DROPPED and value is not None and value is not False:
            others[name] = "" if value is True else value
    if look.get("width"):
        classes += f" govuk-input--width-{look['width']}"
    if classes.strip():
        params["classes"] = classes.strip()
    if others:
        params["attributes"] = others
    if bound.field.disabled:
        params["disabled"] = True
    return params


def _base(bound: forms.BoundField, look: Options) -> Params:
    return {
        "id": _id(bound),
        "name": bound.html_name,
        "label": _title(bound, look, "label"),
        **_around(bound, look),
        **_attributes(bound, look),
    }


def _shown(bound: forms.BoundField) -> str:
    """The value as the widget would show it."""
    value = bound.field.widget.format_value(bound.value())
    return "" if value is None else str(value)


# -- one builder for each component ----------------------------------------------------------------


def _input(bound: forms.BoundField, look: Options) -> Params:
    params = _base(bound, look)
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "text")
    if kind == "number":  # a spinner changes numbers by accident
        kind = "text"
        params.setdefault("inputmode", "numeric")
        params["spellcheck"] = False
        params.get("attributes", {}).pop("step", None)
    if kind == "email":
        params.setdefault("autocomplete", "email")
        params["spellcheck"] = False
    params["type"] = "text" if kind in ("date", "time", "datetime-local") else kind
    params["value"] = _shown(bound)
    for side in ("prefix", "suffix"):
        if look.get(side):
            params[side] = _text(look[side])
    return params


def _password(bound: forms.BoundField, look: Options) -> Params:
    params = _base(bound, look)
    # A password is not sent back to the page unless the widget says so.
    params["value"] = _shown(bound) if getattr(bound.field.widget, "render_value", False) else ""
    return params


def _textarea(bound: forms.BoundField, look: Options) -> Params:
    params = _base(bound, look)
    others = params.get("attributes", {})
    params["rows"] = str(look.get("rows", others.pop("rows", 5)))
    others.pop("cols", None)
    limit = getattr(bound.field, "max_length", None)
    if limit:
        params["maxlength"] = str(limit)
        # Counting down from far away only distracts.
        params["threshold"] = "75"
    # The macros indent what they nest, which would add spaces to each line of a typed text, and
    # browsers drop a first line break: a break as a character reference survives both.
    text = str(conditional_escape(_shown(bound).replace("\r\n", "\n")))
    text = text.replace("\n", "&#10;")
    params["value"] = mark_safe(f"&#10;{text}" if text.startswith("&#10;") else text)
    return params


def _file(bound: forms.BoundField, look: Options) -> Params:
    params = _base(bound, look)
    if getattr(bound.field.widget, "allow_multiple_selected", False):
        params["multiple"] = True
    return params


def _date(bound: forms.BoundField, look: Options) -> Params:
    typed = bound.field.widget.format_value(bound.value())
    wrong = _wrong_parts(bound)
    identity = _id(bound)
    items = []
    for part in dates.PARTS:
        width = _width_of(part, getattr(typed, part))
        items.append(
            {
                "name": part,
                "id": f"{identity}-{part}",
                "value": getattr(typed, part),
                "classes": f"{width} govuk-input--error" if part in wrong else width,
                # A month may be typed as a word, and a whole date may be pasted.
                "inputmode": "text" if part == "month" else "numeric",
                "attributes": {"aria-invalid": "true"} if part in wrong else {},
            }
        )
    return {
        "id": identity,
        "namePrefix": bound.html_name,
        "items": items,
        "fieldset": {"legend": _title(bound, look)},
        **_around(bound, look),
    }


def _width_of(part: str, text: str) -> str:
    """A box shows all of what was typed, also a month in words or a whole date."""
    usual = 4 if part == "year" else 2
    width = next((size for size in (usual, 5, 10, 20) if len(text) <= size), 20)
    return f"govuk-input--width-{width}"


def _wrong_parts(bound: forms.BoundField) -> tuple[str, ...]:
    """Which boxes of a date are to blame; all of them when the error does not say."""
    if not bound.errors:
        return ()
    found: list[str] = []
    for error in bound.form.errors[bound.name].as_data():
        found.extend((error.params or {}).get("parts", dates.PARTS))
    return tuple(part for part in dates.PARTS if part in found)


def _choices(bound: forms.BoundField) -> Iterator[tuple[str, str]]:
    """Value and label, groups laid flat."""
    for value, label in bound.field.choices:  # type: ignore[attr-defined]
        if isinstance(label, (list, tuple)):
            yield from ((str(inner), str(text)) for inner, text in label)
        else:
            yield ("" if value is None else str(value)), str(label)


def _chosen(bound: forms.BoundField) -> set[str]:
    value = bound.value()
    if value is None:
        return set()
    many = value if isinstance(value, (list, tuple, set)) else [value]
    return {str(getattr(one, "pk", one)) for one in many}


def _options(bound: forms.BoundField) -> list[Params]:
    """The items of radios and checkboxes, with hints and what each reveals."""
    chosen = _chosen(bound)
    hints = getattr(bound.field, "hints", {})
    reveals = getattr(bound.field, "reveals", {})
    items = []
    for value, label in _choices(bound):
        if not value:
            continue
        item: Params = {"value": value, "text": label, "checked": value in chosen}
        if value in hints:
            item["hint"] = _text(hints[value])
        if value in reveals and reveals[value] in bound.form.fields:
            item["conditional"] = {"html": field(bound.form[reveals[value]])}
        items.append(item)
    return items


def _group(component: str) -> Callable[[forms.BoundField, Options], Params]:
    def build(bound: forms.BoundField, look: Options) -> Params:
        classes = str(look.get("classes", ""))
        if look.get("inline"):
            classes += f" govuk-{component}--inline"
        if look.get("small"):
            classes += f" govuk-{component}--small"
        return {
            "idPrefix": _id(bound),
            "name": bound.html_name,
            "fieldset": {"legend": _title(bound, look)},
            "items": _options(bound),
            "classes": classes.strip(),
            **_around(bound, look),
        }

    return build


def _single_checkbox(bound: forms.BoundField, look: Options) -> Params:
    item: Params = {
        "value": "on",
        **_text(look.get("label", bound.label)),
        "checked": bool(bound.value()),
    }
    params = {"idPrefix": _id(bound), "name": bound.html_name, **_around(bound, look)}
    if "hint" in params:
        item["hint"] = params.pop("hint")
    if look.get("small"):
        params["classes"] = "govuk-checkboxes--small"
    return {**params, "items": [item]}


def _select(bound: forms.BoundField, look: Options) -> Params:
    chosen = _chosen(bound)
    items = [
        {"value": value, "text": label, "selected": value in chosen}
        for value, label in _choices(bound)
    ]
    return {**_base(bound, look), "items": items}


def _plain(bound: forms.BoundField, look: Options) -> SafeString:
    """Any other widget, drawn by Django between our label and error."""
    return format_html(
        '<div class="govuk-form-group{}"><label class="govuk-label" for="{}">{}</label>{}{}</div>',
        " govuk-form-group--error" if bound.errors else "",
        bound.id_for_label,
        look.get("label", bound.label),
        format_html_join("", '<p class="govuk-error-message">{}</p>', ((e,) for e in bound.errors)),
        bound.as_widget(),
    )


def _textarea_component(bound: forms.BoundField) -> str:
    return "character-count" if getattr(bound.field, "max_length", None) else "textarea"


_DRAWERS: tuple[
    tuple[
        type[forms.Widget],
        str | Callable[[forms.BoundField], str],
        Callable[[forms.BoundField, Options], Params],
    ],
    ...,
] = (
    (DateWidget, "date-input", _date),
    (forms.CheckboxSelectMultiple, "checkboxes", _group("checkboxes")),
    (forms.RadioSelect, "radios", _group("radios")),
    (forms.SelectMultiple, "checkboxes", _group("checkboxes")),
    (forms.Select, "select", _select),
    (forms.CheckboxInput, "checkboxes", _single_checkbox),
    (forms.Textarea, _textarea_component, _textarea),
    (forms.FileInput, "file-upload", _file),
    (forms.PasswordInput, "password-input", _password),
    (Input, "input", _input),
)


# -- the summary on top --------------------------------------------------------------------------


def error_summary(forms_or_formsets: Iterable[Any]) -> SafeString:
    """Every error of these forms in the order of the page, each a link to its field."""
    found: list[Params] = []
    for one in forms_or_formsets:
        for form in getattr(one, "forms", [one]):
            if form.is_bound:
                found.extend(_of_form(form))
        if hasattr(one, "forms") and one.is_bound:
            found.extend({"text": text} for text in one.non_form_errors())
    if not found:
        return mark_safe("")
    return components.render_unguarded(
        "error-summary", {"titleText": "There is a problem", "errorList": found}
    )


def _of_form(form: forms.BaseForm) -> Iterator[Params]:
    for text in form.non_field_errors():
        yield {"text": str(text)}
    for bound in form:
        for text in bound.errors:
            if bound.is_hidden:
                yield {"text": f"{bound.label}: {text}"}
            else:
                yield {"text": str(text), "href": f"#{_target(bound)}"}


def _target(bound: forms.BoundField) -> str:
    """The id of the control that the line leads to: for a date, the first box at fault."""
    if isinstance(bound.field.widget, DateWidget):
        wrong = _wrong_parts(bound) or ("day",)
        return f"{_id(bound)}-{wrong[0]}"
    return _id(bound)
