"""The notices there are. Subjects are fixed words; what a body may take is listed here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """One kind of notice; its body is `templates/notices/<name>.txt`."""

    subject: str
    takes: frozenset[str] = frozenset()


TEMPLATES: dict[str, Template] = {
    "something_waits": Template("Something waits for you in SEND area inspections"),
    "dates_moved": Template("Dates have changed in SEND area inspections"),
    "letter_ready": Template("A letter is ready for you in SEND area inspections"),
    "role_given": Template("You have been given a part in SEND area inspections"),
}
