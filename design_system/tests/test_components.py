import json
import re
from pathlib import Path

from django.conf import settings

from design_system import components

GOVUK = Path(settings.BASE_DIR) / "node_modules" / "govuk-frontend" / "dist" / "govuk"


def normal(html):
    """Without the white space that no browser shows."""
    html = re.sub(r"\s+", " ", html)
    html = re.sub(r"\s*(<[^>]*>)\s*", lambda found: found[1].replace(" >", ">"), html)
    return html.replace("&#39;", "'").replace("&#34;", "&quot;").strip()


def upstream():
    found = sorted(GOVUK.glob("components/*/fixtures.json"))
    for path in found:
        for fixture in json.loads(path.read_text())["fixtures"]:
            yield path.parent.name, fixture


def test_macros_agree_with_every_upstream_fixture():
    assert GOVUK.exists(), "run `python -m design_system.build` first"
    tried, different = 0, []
    for component, fixture in upstream():
        tried += 1
        try:
            html = components.render_unguarded(component, fixture["options"])
        except Exception as error:
            html = f"{type(error).__name__}: {error}"
        if normal(html) != normal(fixture["html"]):
            different.append(f"{component}: {fixture['name']}\n{html}\n{fixture['html']}")
    assert tried == 657
    assert not different, f"{len(different)}\n" + "\n---\n".join(different[:4])
