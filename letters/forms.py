"""What people type about letters."""

from design_system.forms import GovukForm, LongTextField


class CorrectionForm(GovukForm):
    """Why an issued letter is replaced; the new letter says it."""

    reason = LongTextField(
        label="What does the correction put right?",
        help_text="The new letter states this, in these words.",
        max_length=500,
    )
