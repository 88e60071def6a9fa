import json
import re
from html import unescape
from pathlib import Path

import jinja2
import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from design_system import components, tags

ROOT = Path(settings.BASE_DIR)
GOVUK = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"


def draw(template, **context):
    return Template("{% load govuk %}" + template).render(Context(context))


def normal(html):
    """Without the white space that no browser shows."""
    html = re.sub(r"\s+", " ", html)
    html = re.sub(r"\s*(<[^>]*>)\s*", lambda found: found[1].replace(" >", ">"), html)
    return html.replace("&#39;", "'").replace("&#34;", "&quot;").strip()


def words(html):
    """The text as it is read, in which a lost space between two words would show."""
    inline = re.sub(r"</?(?:span|a|strong|b|em|input)\b[^>]*>", "", html)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inline)).strip())


def test_macros_agree_with_every_upstream_fixture():
    assert GOVUK.exists(), "run `python -m design_system.build` first"
    tried, different = 0, []
    for path in sorted(GOVUK.glob("components/*/fixtures.json")):
        for fixture in json.loads(path.read_text())["fixtures"]:
            tried += 1
            html = components.render_unguarded(path.parent.name, fixture["options"])
            for view in (normal, words):
                if view(html) != view(fixture["html"]):
                    different.append(
                        f"{path.parent.name}: {fixture['name']}\n{html}\n{fixture['html']}"
                    )
                    break
    assert tried == 657
    assert not different, f"{len(different)}\n" + "\n---\n".join(different[:4])


def test_styles_script_and_macros_are_of_one_version():
    version = json.loads((ROOT / "node_modules/govuk-frontend/package.json").read_text())["version"]
    styles = (ROOT / "static/dist/app.css").read_text()
    script = (ROOT / "static/dist/app.js").read_text()
    assert version == "6.3.0"
    assert f'--govuk-frontend-version: "{version}"'.replace(" ", "") in styles.replace(" ", "")
    assert f'version="{version}"' in script


def test_a_tag_with_named_and_mapped_parameters():
    html = draw('{% govuk "button" text="Save" prevent_double_click=True %}')
    assert 'data-prevent-double-click="true"' in html
    assert isinstance(html, SafeString)
    html = draw('{% govuk name params text="Over" %}', name="tag", params={"text": "Under"})
    assert normal(html) == '<strong class="govuk-tag">Over</strong>'
    with pytest.raises(TemplateSyntaxError):
        draw("{% govuk %}")
    with pytest.raises(TemplateSyntaxError):
        draw('{% govuk "tag" params other %}')
    with pytest.raises(TemplateSyntaxError):
        draw('{% govuk "tag" params %}', params="text")
    with pytest.raises(jinja2.TemplateNotFound):
        draw('{% govuk "no-such-thing" text="x" %}')


def test_text_is_escaped_and_plain_html_is_refused():
    assert "&lt;b&gt;" in draw('{% govuk "tag" text=t %}', t="<b>")
    with pytest.raises(components.UnsafeHtml, match="Use 'text'"):
        draw('{% govuk "tag" html=t %}', t="<b>")
    nested = {"rows": [{"key": {"text": "k"}, "value": {"html": "<script>"}}]}
    with pytest.raises(components.UnsafeHtml):
        draw('{% govuk "summary-list" p %}', p=nested)
    nested["rows"][0]["value"]["html"] = format_html("<i>{}</i>", "<script>")
    assert "<i>&lt;script&gt;</i>" in draw('{% govuk "summary-list" p %}', p=nested)


def test_one_environment_serves_all():
    assert components._environment() is components._environment()


def test_every_state_of_a_deadline_has_a_tag():
    for state, look in tags.STATES.items():
        assert look.words in draw("{% deadline_tag state %}", state=state)
    with pytest.raises(KeyError):
        tags.deadline_tag("perhaps")
