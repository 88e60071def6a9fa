"""Printing: PDF/UA-1, same bytes from same words, any script or a clear refusal."""

import hashlib
import io
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import page
import pytest
from pypdf import PdfReader

from letters import pdf

BODY = (
    "<h1>Dates</h1><p>Words</p><table><caption>Team</caption><thead><tr><th scope='col'>Name</th>"
    "<th scope='col'>Role</th></tr></thead><tbody><tr><th scope='row'>A</th><td>B</td></tr></tbody>"
    "</table><ul><li>One</li><li>Two</li></ul>"
)
SCRIPTS = {
    "Latin": "Zoë Łukasiewicz-Ñuñez O’Brien",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Наталія Шевченко",
    "Arabic": "محمد عبد الله",
    "Urdu": "پروین شاکر",
    "Hebrew": "רחל כהן",
    "Bengali": "রবীন্দ্রনাথ ঠাকুর",
    "Devanagari": "प्रिया रमन",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Tamil": "கண்ணன்",
    "Thai": "สมชาย ใจดี",
    "Ethiopic": "አበበ በቀለ",
    "Georgian": "ნინო",
    "Armenian": "Արամ",
    "Gujarati": "પ્રિયંકા",
    "Telugu": "శ్రీనివాస్",
    "Sinhala": "ශ්‍රී",
    "Malayalam": "ശ്രീജിത്ത്",
    "Khmer": "សុខា",
    "Burmese": "အောင်ဆန်း",
    "Vietnamese": "Nguyễn Thị Minh",
    "Both ways": "Sarah (سارة) Khan",
}


def failures(content):
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    return [(one.rule_id, one.message) for one in report.failures]


def text_of(content):
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)


def test_a_page_passes_pdf_ua_1_with_title_and_language():
    content = pdf.render(BODY, title="Trial & error", author="Ofsted", subject="A trial")
    assert failures(content) == []
    reader = PdfReader(io.BytesIO(content))
    assert reader.metadata.title == "Trial & error"
    assert reader.metadata.author == "Ofsted"
    assert reader.root_object["/Lang"] == "en-GB"
    assert reader.root_object["/MarkInfo"]["/Marked"]


def test_all_fonts_are_embedded():
    content = pdf.render(BODY + "<p>Ελένη محمد</p>", title="Fonts")
    fonts = PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"].values()
    descriptors = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts
    ]
    assert len(descriptors) >= 2
    assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)


def test_a_sheet_is_a4():
    sheet = PdfReader(io.BytesIO(pdf.render(BODY, title="A4"))).pages[0]
    assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == (595, 842)


def test_the_same_words_give_the_same_bytes_also_after_other_letters():
    first = pdf.render(BODY, title="Same")
    pdf.render("<h1>Other</h1><p>ठाकुर</p>", title="Other")
    assert pdf.render(BODY, title="Same") == first


def test_another_process_gives_the_same_bytes():
    program = (
        "import hashlib, sys; from letters import pdf; "
        "print(hashlib.sha256(pdf.render(sys.argv[1], title='Same')).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program, BODY], capture_output=True, text=True, check=True
    )
    here = hashlib.sha256(pdf.render(BODY, title="Same")).hexdigest()
    assert other.stdout.strip() == here


def test_threads_of_one_process_print_one_after_another():
    wanted = {n: pdf.render(f"<h1>Letter {n}</h1>", title=f"Letter {n}") for n in range(6)}
    with ThreadPoolExecutor(6) as pool:
        again = list(
            pool.map(lambda n: pdf.render(f"<h1>Letter {n}</h1>", title=f"Letter {n}"), range(6))
        )
    assert again == list(wanted.values())


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/logo.png", "file:///etc/passwd", "data:text/plain,x"]
)
def test_nothing_is_fetched(address, caplog):
    caplog.set_level(logging.DEBUG, logger="weasyprint")
    markup = f"<h1>Logo</h1><p><img src='{address}' alt='Logo'>after</p>"
    content = pdf.render(markup, title="No fetching")
    assert "fetches nothing" in caplog.text
    assert b"root:" not in content


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_in_many_scripts_print(script):
    name = SCRIPTS[script]
    assert pdf.unprintable(name) == []
    content = pdf.render(f"<h1>To <bdi>{name}</bdi></h1>", title=f"Letter to {name}")
    assert failures(content) == []


def test_a_chinese_name_prints_or_is_named():
    missing = pdf.unprintable("王小明")
    if missing:
        assert missing == ["王", "小", "明"]
        with pytest.raises(pdf.UnprintableText, match=r"王 \(U\+738B\)") as refused:
            pdf.render("<h1>王小明</h1>", title="Letter")
        assert refused.value.characters == missing
    else:
        assert failures(pdf.render("<h1>王小明</h1>", title="Letter")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\U0010fffd", ["\U0010fffd"]),
        ("a\x07b", ["\x07"]),
        ("a\x00", ["\x00"]),
        ("a\x85b", ["\x85"]),
        ("gnp\u202eexe", ["\u202e"]),
        ("\ufffe", ["\ufffe"]),
        ("two\nlines\tand tab", []),
        ("‘quotes’ – dashes…", []),
        ("", []),
    ],
)
def test_what_cannot_be_printed_is_listed(text, found):
    assert pdf.unprintable(text) == found


def test_the_list_names_each_character_once_in_order():
    assert pdf.unprintable("\x07\x01\x07") == ["\x07", "\x01"]


def test_characters_are_described_in_words_that_any_screen_shows():
    assert pdf.describe(["中", "\x07"]) == "中 (U+4E2D), U+0007"


def test_a_title_that_cannot_be_printed_is_refused_too():
    with pytest.raises(pdf.UnprintableText):
        pdf.render("<h1>Plain</h1>", title="Bell \x07")


def test_very_long_words_stay_on_the_sheet():
    content = pdf.render(f"<h1>{'W' * 300}</h1><p>{'x' * 2000}</p>", title="Long")
    assert failures(content) == []
    assert "".join(text_of(content).split()).count("x") == 2000
