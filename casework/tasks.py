"""The tasks of this room."""

from casework.changes.tasks import ask_gov_uk as ask_gov_uk
from casework.changes.tasks import go_on_with_change as go_on_with_change
from casework.changes.tasks import sweep_changes as sweep_changes
