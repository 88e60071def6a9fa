"""A request that was sent before: harmless where it says the same, refused where it does not."""

from casework.models import Event, EventNote
from casework.recording.wanted import Wanted
from casework.refusals import GuardFailed


def same_again(first: Event, wanted: Wanted) -> None:
    """Raises GuardFailed where the key of `first` comes back with other content."""
    if says_the_same(first, wanted):
        return
    raise GuardFailed(
        [
            (
                "",
                f"This form was sent before and is on record as entry {first.seq}. What it says "
                f"now is different and was not recorded. Correct entry {first.seq}, or open the "
                "form again to record something more.",
            )
        ]
    )


def says_the_same(first: Event, wanted: Wanted) -> bool:
    """Whether what is wanted is what the event says: facts, day and hour where they were given,
    and note. A note that was erased since is not compared."""
    kept, personal = wanted.facts.stored()
    target = (wanted.corrects and wanted.corrects.pk, wanted.voids and wanted.voids.pk)
    if (first.kind, first.corrects_id, first.voids_id) != (wanted.facts.kind, *target):
        return False
    if first.schema_version == wanted.facts.schema_version and first.facts != kept:
        return False
    happened = (first.happened_on, first.happened_at)
    if wanted.dated and happened != (wanted.happened_on, wanted.happened_at):
        return False
    return _note_is_the_same(first, wanted.note.strip(), personal)


def _note_is_the_same(first: Event, text: str, personal: dict[str, object]) -> bool:
    note = EventNote.objects.filter(event=first).first()
    if note is not None and note.erased_at is not None:
        return True
    content = note.content if note else {}
    return (content.get("text", ""), content.get("fields", {})) == (text, personal)
