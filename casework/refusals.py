"""What the one door answers when it does not open, each with reasons a person can read."""

from dataclasses import dataclass

Reason = tuple[str, str]


class Refused(Exception):
    """Nothing was written."""


class NotAllowed(Refused):
    """The person may not do this; `reason` says why in plain English."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class GuardFailed(Refused):
    """The step is not possible now; `reasons` are pairs of form field ('' for none) and text."""

    def __init__(self, reasons: list[Reason]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(text for _, text in reasons))


@dataclass(frozen=True)
class Meanwhile:
    """One thing somebody did since the page was read."""

    seq: int
    who: str
    what: str
    when: str


class Conflict(Refused):
    """The case moved on since it was read; `meanwhile` says who did what."""

    def __init__(self, version: int, meanwhile: list[Meanwhile]) -> None:
        self.version = version
        self.meanwhile = meanwhile
        done = "; ".join(f"{one.who}: {one.what}, {one.when}" for one in meanwhile)
        super().__init__(f"The case has changed since you opened this page. {done}")
