"""The form of the file: its columns and limits, and the error for one that cannot be read."""

#: In the order in which the published compilation has them; any other order is read as well.
COLUMNS = (
    "framework",
    "event",
    "local_area",
    "gss_code",
    "ofsted_region",
    "notification_date",
    "start_date",
    "end_date",
    "end_date_basis",
    "publication_date",
    "outcome",
    "n_weaknesses",
    "n_sufficient",
    "n_insufficient",
    "principal_authority",
    "wsoa_due",
    "wsoa_submitted",
    "wsoa_fit_for_purpose_letter",
    "next_inspection",
    "wd_end_to_publication",
    "deadline_33wd",
    "wd_over_33",
    "source",
    "notes",
)

#: England has some 150 areas and each is inspected about once in five years: a file with more rows
#: is no such record, and reading on would only fill the memory.
MOST_ROWS = 20_000
MOST_CELL_CHARACTERS = 10_000
#: Of all cells together.
MOST_CHARACTERS = 20_000_000
#: In bytes, of one line of a CSV file.
LONGEST_LINE = 1_000_000
#: Lines that one row may span, by line breaks within quotes, before a quote is taken for unclosed.
MOST_LINES_OF_A_ROW = 100
#: Of a workbook, in bytes: as stored, and unpacked.
LARGEST_WORKBOOK = 20_000_000
LARGEST_UNPACKED = 300_000_000


class Unreadable(Exception):
    """The file as a whole cannot be taken: one sentence that says why and, if possible, where."""
