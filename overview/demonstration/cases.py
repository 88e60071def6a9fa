"""Cases in every stage around today, made through the same doors as real ones."""


def make_cases() -> None:
    """Write the demonstration's cases, once."""
