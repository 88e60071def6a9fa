"""School terms from a CSV or iCalendar file: read, checked, shown, and taken all or not at all."""
