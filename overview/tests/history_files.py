"""Files in the form of the national record, for tests: as CSV, XLSX and ODS, whole and damaged."""

import csv
import datetime
import io
import json
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.management import call_command
from openpyxl import Workbook

from overview.history.form import COLUMNS

REAL = Path(settings.BASE_DIR).parent / "shared" / "data" / "real_cases.csv"
WHY_SKIPPED = "The 300 real events (../shared/data/real_cases.csv) are not here."

INSPECTION = {
    "framework": "2016-2022",
    "event": "inspection",
    "local_area": "Kent",
    "gss_code": "E10000016",
    "ofsted_region": "South East",
    "start_date": "2019-01-28",
    "end_date": "2019-02-01",
    "end_date_basis": "stated: council's page",
    "publication_date": "2019-03-20",
    "outcome": "WSOA required",
    "n_weaknesses": "9",
    "principal_authority": "joint: council + CCGs",
    "source": "statistics of 2022",
}
REVISIT = {
    **INSPECTION,
    "event": "revisit",
    "start_date": "2022-09-27",
    "end_date": "2022-09-29",
    "publication_date": "2022-11-09",
    "outcome": "sufficient progress: none",
    "n_sufficient": "0",
    "n_insufficient": "9",
    "principal_authority": "",
}
FULL = {
    **INSPECTION,
    "framework": "2023-",
    "event": "full inspection",
    "start_date": "2025-06-16",
    "end_date": "2025-06-20",
    "publication_date": "2025-08-05",
    "outcome": "widespread and/or systemic failings",
    "n_weaknesses": "2",
    "principal_authority": "",
    "next_inspection": "18 months",
}


def row(base=INSPECTION, **given):
    return {**base, **given}


def lines(rows, columns=COLUMNS):
    """The rows as lists, with a heading."""
    return [list(columns), *([one.get(name, "") for name in columns] for one in rows)]


def as_csv(path, rows, columns=COLUMNS, encoding="utf-8"):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines(rows, columns))
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def real_lines():
    with REAL.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def typed(text):
    """A cell as somebody would have it in a spreadsheet: days as days, numbers as numbers."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.date.fromisoformat(text)
    return int(text) if re.fullmatch(r"-?\d+", text) else text or None


def as_xlsx(path, table):
    book = Workbook()
    for cells in table:
        book.active.append([typed(text) for text in cells])
    book.save(path)
    return path


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def as_ods(path, table):
    body = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>" for cells in table
    )
    return ods_of(path, body)


def ods_of(path, body):
    content = (
        f'<office:document-content xmlns:office="{OFFICE}:office:1.0"'
        f' xmlns:table="{OFFICE}:table:1.0" xmlns:text="{OFFICE}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Record">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<m:manifest xmlns:m="{OFFICE}:manifest:1.0"><m:file-entry m:full-path="/"'
        f' m:media-type="{MIMETYPE}"/></m:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def _ods_cell(text):
    value = typed(text)
    shown = f"<text:p>{escape(text)}</text:p>"
    if isinstance(value, datetime.date):
        kind = f'office:value-type="date" office:date-value="{value}"'
    elif isinstance(value, int):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}>{shown}</table:table-cell>"


def run(path, *options):
    """The lines that the command prints, and the figures of its last."""
    out = io.StringIO()
    call_command("import_history", str(path), *options, stdout=out, stderr=io.StringIO())
    printed = out.getvalue().splitlines()
    return printed, json.loads(printed[-1])


def figures(path, *options):
    return run(path, *options)[1]
