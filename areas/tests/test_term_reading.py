"""What is read from CSV and iCalendar files, and what is refused, with its line."""

import contextlib
import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from areas.term_import.calendar_file import EventsAre, read_calendar
from areas.term_import.csv_file import read_csv, write_csv
from areas.term_import.reading import LONGEST_FILE, MOST_ROWS, Unreadable, decode

D = datetime.date
#: A busy machine is no mistake.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEAD = "Term,First day,Last day\n"


def _read(text, *, several=False):
    read = read_csv(text, several=several)
    found = [(one.line, one.dfe_code, one.name, one.starts_on, one.ends_on) for one in read.entries]
    return found, [(one.line, one.part, one.text) for one in read.mistakes]


AUTUMN = (2, "", "Autumn", D(2026, 9, 2), D(2026, 10, 23))


# -- characters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_ways_in_which_spreadsheets_write_text_are_read(encoding):
    text = HEAD + "L’automne – première,2026-09-02,2026-10-23\n"
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"<!doctype html>", "web page"),
        (b"a,b\n\x00\x01", "line 2"),
        (b"\x7fELF\x02", "not a text file"),
        (b"\xff\xfea", "cannot be read"),  # UTF-16 cut off in the middle of a character
        (b"caf\x81", "cannot be read"),  # nothing in UTF-8, nothing in Windows 1252
        (b"x" * (LONGEST_FILE + 1), "larger than 500 KB"),
    ],
)
def test_what_is_no_text_is_refused_in_plain_words(data, words):
    with pytest.raises(Unreadable, match=words):
        decode(data)


# -- CSV -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "Autumn,2026-09-02,2026-10-23\n",
        "last day;term;FIRST DAY\n23/10/2026;Autumn;02/09/2026\n",
        "Term\tStart date\tEnd date\nAutumn\t2 September 2026\tFri 23 Oct 2026\n",
        HEAD + "Autumn,2026-09-02,2026-10-23",
        HEAD.replace("\n", "\r\n") + '"Autumn","2026-09-02","2026-10-23"\r\n,,\r\n\r\n',
        HEAD.replace("\n", "\r") + "Autumn,2026-09-02,2026-10-23\r",
        "\ufeff" + HEAD + "  Autumn  ,20260902,23.10.2026\n",
        "DfE number,Area,Term,First day,Last day\n,,Autumn,2026-09-02,2026-10-23\n".replace(
            "DfE number,", ""
        ).replace("\n,,", "\n,"),
    ],
)
def test_a_file_is_read_however_it_is_written(text):
    assert _read(text) == ([AUTUMN], [])


def test_several_areas_are_told_apart_by_their_number():
    text = "dfe_la_code,Area,term,from,to\n935,Suffolk,Autumn,2026-09-02,2026-10-23\n"
    assert _read(text, several=True) == ([(2, "935", *AUTUMN[2:])], [])


@pytest.mark.parametrize(
    ("text", "line", "part", "words"),
    [
        ("Autumn,2026-09-02,2026-10-23\n", 1, "Term", "missing"),
        ("Term,First day\nAutumn,2026-09-02\n", 1, "Last day", "missing"),
        ("Term,First day,Start date,Last day\n", 1, "First day", "twice"),
        (",".join(f"c{n}" for n in range(200)) + "\n", 1, "", "200 columns"),
        (HEAD, None, "", "no line"),
        (HEAD + "Autumn,2026-09-02\n", 2, "Last day", "Enter the last day"),
        (HEAD + ",2026-09-02,2026-10-23\n", 2, "Term", "Enter a name"),
        (HEAD + "\nAutumn,2027-02-29,2027-03-26\n", 3, "First day", "that February has 28 days"),
        (HEAD + "Autumn,29/02/2027,2027-03-26\n", 2, "First day", "that February has 28 days"),
        (HEAD + "Autumn,2026-09-31,2026-10-23\n", 2, "First day", "not a real date"),
        (HEAD + "Autumn,02/09/26,2026-10-23\n", 2, "First day", "four digits"),
        (HEAD + "Autumn,46267,2026-10-23\n", 2, "First day", "not a real date"),
        (HEAD + "Autumn,09/23/2026,2026-10-23\n", 2, "First day", "day first"),
        (HEAD + "=HYPERLINK(A1),2026-09-02,2026-10-23\n", 2, "Term", "formula"),
        (HEAD + "@SUM(A1),2026-09-02,2026-10-23\n", 2, "Term", "formula"),
        (HEAD + "Autumn,=TODAY(),2026-10-23\n", 2, "First day", "formula"),
        (HEAD + "x" * 81 + ",2026-09-02,2026-10-23\n", 2, "Term", "at most 80"),
        (HEAD + "Autumn,2026-09-02,2026-10-23,and more\n", 2, "", "4 columns"),
        (HEAD + 'Autumn,"2026-09-02,2026-10-23\n', 2, "", "quotation mark"),
        (HEAD + 'Au"tumn,2026-09-02,2026-10-23\n"x"y,2026,1\n', 3, "", "quotation mark"),
        (HEAD + f"Autumn,{'9' * 5000},2026-10-23\n", 2, "First day", "not a real date"),
    ],
)
def test_a_mistake_is_named_with_its_line(text, line, part, words):
    _, mistakes = _read(text)
    assert (line, part) in [one[:2] for one in mistakes]
    assert any(words in one[2] for one in mistakes), mistakes
    assert all(len(one[2]) < 200 for one in mistakes)


@pytest.mark.parametrize("code", ["", "1", "9350", "E10000029", "=935", "９３５"])
def test_what_is_no_dfe_number_is_refused(code):
    text = f"DfE number,Term,First day,Last day\n{code},Autumn,2026-09-02,2026-10-23\n"
    entries, mistakes = _read(text, several=True)
    assert entries == []
    assert [one[:2] for one in mistakes] == [(2, "DfE number")]


def test_columns_that_nobody_knows_are_left_and_said_to_be():
    text = "Term,Colour,First day,Last day,<b>\nAutumn,blue,2026-09-02,2026-10-23,1\n"
    read = read_csv(text, several=False)
    assert read.notes == ["These columns are not read: Colour, <b>"]
    assert len(read.entries) == 1


def test_too_many_lines_are_refused():
    text = HEAD + "Autumn,2026-09-02,2026-10-23\n" * (MOST_ROWS + 5)
    _, mistakes = _read(text)
    assert [one[2] for one in mistakes] == ["The file has more than 4,000 lines. Divide it"]


def test_what_is_written_is_read_again():
    text = write_csv([("935", "Suffolk", "Autumn", "2026-09-02", "2026-10-23")])
    assert _read(text, several=True) == ([(2, "935", *AUTUMN[2:])], [])


def test_formulas_are_made_text_when_written():
    assert "'=1+1" in write_csv([("935", "=1+1", "@x", "+1", "-1")])
    assert "'@x,'+1,'-1" in write_csv([("935", "=1+1", "@x", "+1", "-1")])


@patient
@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text):
    for several in (True, False):
        read_csv(text, several=several)
        read_csv(HEAD + text, several=several)


@patient
@given(st.binary(max_size=300))
def test_no_bytes_break_the_decoding(data):
    with contextlib.suppress(Unreadable):
        decode(data)


# -- iCalendar -------------------------------------------------------------------------------------


def _calendar(*events):
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x\r\n{body}END:VCALENDAR\r\n"


def _event(first, last=None, name="Autumn", extra=""):
    end = f"\r\nDTEND;VALUE=DATE:{last}" if last else ""
    return f"DTSTART;VALUE=DATE:{first}{end}\r\nSUMMARY:{name}{extra}"


def _terms(text, are=EventsAre.TERMS):
    read = read_calendar(text, are)
    found = [(one.name, one.starts_on, one.ends_on) for one in read.entries]
    return found, [(one.line, one.part, one.text) for one in read.mistakes], read.notes


LONDON_TIME = "DTSTART;TZID=Europe/London:20260902T084500\r\nDTEND;TZID=Europe/London:"


@pytest.mark.parametrize(
    "event",
    [
        _event("20260902", "20261024"),  # DTEND is the day after
        "DTSTART:20260902\r\nDTEND:20261024\r\nSUMMARY:Autumn",
        "DTSTART;VALUE=DATE:20260902\r\nDURATION:P52D\r\nSUMMARY:Autumn",
        LONDON_TIME + "20261023T151500\r\nSUMMARY:Autumn",
        LONDON_TIME + "20261024T000000\r\nSUMMARY:Autumn",  # midnight: the day before is the last
        "DTSTART:20260901T231500Z\r\nDTEND:20261023T140000Z\r\nSUMMARY:Autumn",  # 2 September here
        "DTSTART:20260902T080000\r\nDTEND:20261023T160000\r\nSUMMARY:Autumn",
        _event("20260902", "20261024", extra="\r\nDTSTART;VALUE=DATE:20200101"),
        _event("20260902", "20261024", name="Autumn\r\n "),
    ],
)
def test_an_event_is_read_with_its_days_in_london(event):
    assert _terms(_calendar(event)) == ([("Autumn", D(2026, 9, 2), D(2026, 10, 23))], [], [])


@pytest.mark.parametrize(
    ("event", "part", "words"),
    [
        (_event("20260902"), "DTEND", "does not say when it ends"),
        ("SUMMARY:Autumn", "DTSTART", "does not say when it begins"),
        (_event("20270229", "20270326"), "DTSTART", "no real date"),
        (_event("20260902", "20260931"), "DTEND", "no real date"),
        ("DTSTART:garbage\r\nSUMMARY:Autumn", "DTSTART", "no real date"),
        (_event("20261023", "20260902"), "DTEND", "ends before it begins"),
        (_event("20260902", "20261024", extra="\r\nRRULE:FREQ=YEARLY"), "RRULE", "repeats"),
        (
            _event("20260902", "20261024", extra="\r\nRDATE;VALUE=DATE:20270901"),
            "RRULE",
            "repeats",
        ),
        (_event("20260902", "20261024", name="=1+1"), "SUMMARY", "formula"),
        (_event("20260902", "20261024", name=""), "SUMMARY", "Enter a name"),
        ("DTSTART;VALUE=PERIOD:20260902T000000Z/P1D\r\nSUMMARY:x", "DTSTART", "no date"),
        ("DTSTART;VALUE=DATE:20260902\r\nDURATION:P9999999D\r\nSUMMARY:x", "DTEND", "too long"),
    ],
)
def test_a_mistake_in_a_calendar_is_named_with_the_line_of_its_event(event, part, words):
    entries, mistakes, _ = _terms(_calendar(_event("20270104", "20270213"), event))
    assert len(entries) == 1
    ((line, where, text),) = mistakes
    assert line == 4 + _calendar(_event("20270104", "20270213")).count("\r\n") - 4
    assert where == part
    assert words in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_calendar(), "no events"),
        ("BEGIN:VCALENDAR\r\nnonsense without a colon\r\nEND:VCALENDAR\r\n", ""),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VTODO\r\n", ""),
        ("BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 300, ""),
    ],
)
def test_a_damaged_calendar_is_refused(text, words):
    entries, mistakes, _ = _terms(text)
    assert entries == []
    assert mistakes
    assert words in mistakes[0][2]


def test_a_cancelled_event_is_left_out_and_said_to_be():
    text = _calendar(
        _event("20260902", "20261024"),
        _event("20270104", "20270213", "Spring", "\r\nSTATUS:CANCELLED"),
    )
    entries, mistakes, notes = _terms(text)
    assert (len(entries), mistakes) == (1, [])
    assert notes == ["‘Spring’ on line 9 is left out: it is cancelled"]


HOLIDAYS = _calendar(
    _event("20261026", "20261031", "Half-term"),  # Monday to Friday
    _event("20260718", "20260902", "Summer"),
    _event("20261102", "20261103", "INSET day"),
    _event("20261219", "20270104", "Christmas"),
    _event("20270213", "20270222", "Half-term"),
    _event("20270215", "20270220", "Half-term again"),  # inside the one before
    _event("20270326", "20270412", "Easter"),
)


def test_terms_are_the_time_between_holidays_without_weekends():
    entries, mistakes, notes = _terms(HOLIDAYS, EventsAre.HOLIDAYS)
    assert mistakes == []
    assert entries == [
        ("Autumn, first half", D(2026, 9, 2), D(2026, 10, 23)),
        ("Autumn, second half", D(2026, 11, 2), D(2026, 12, 18)),
        ("Spring, first half", D(2027, 1, 4), D(2027, 2, 12)),
        ("Spring, second half", D(2027, 2, 22), D(2027, 3, 25)),
    ]
    assert "INSET day" in notes[0]
    assert "they are not known" in notes[1]


def test_one_holiday_has_nothing_between():
    entries, mistakes, _ = _terms(_calendar(_event("20261026", "20261031")), EventsAre.HOLIDAYS)
    assert entries == []
    assert "fewer than two" in mistakes[0][2]


@patient
@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_a_calendar(text):
    for are in EventsAre:
        read_calendar("BEGIN:VCALENDAR\n" + text, are)
        read_calendar(_calendar(_event("20260902", "20261024", extra=f"\r\n{text}")), are)
