"""The one door for milestones: who, guards, event, stage, deadlines, reactions, notices, in one
transaction.

`record(case_id, facts, by=...)` is all that views, tasks and commands use. Writers of one local
area wait for each other (one advisory lock, since reactions reach sibling cases), so each sees what
the one before has done.
"""

from casework.recording.asking import (
    correct,
    create_case,
    erase_note,
    record,
    record_import,
    void,
)
from casework.recording.importing import (
    Historic,
    Imported,
    give_origin,
    import_case,
    import_events,
)
from casework.recording.writing import Door
from casework.refusals import Conflict, GuardFailed, NotAllowed

__all__ = [
    "Conflict",
    "Door",
    "GuardFailed",
    "Historic",
    "Imported",
    "NotAllowed",
    "correct",
    "create_case",
    "erase_note",
    "give_origin",
    "import_case",
    "import_events",
    "record",
    "record_import",
    "void",
]
