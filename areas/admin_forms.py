"""What the forms of Django admin check beside their fields: mistakes get a message there, where
the database alone would answer with an error."""

from typing import Any

from django import forms


class DatedForm(forms.ModelForm):
    """A row that holds from a day to a day."""

    def clean(self) -> dict[str, Any]:
        """The data; the last day must not be before the first."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day must not be before the first.")
        return cleaned
