"""What the steps tell their listeners: terminal, page and log all watch the same events."""

import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from same_image_locator.model import Problem

_TOLD_EVERY = 0.1  # seconds

Step = Literal[
    "scan", "fingerprint", "match", "group", "stage", "review", "settle", "verify", "report"
]


class StepStarted(NamedTuple):
    """A step begins; ``total`` counts its files or groups, None while that is unknown.

    ``size`` is the sum of their bytes, 0 where the bytes say nothing about the work.
    """

    step: Step
    total: int | None = None
    size: int = 0


class Advanced(NamedTuple):
    """A step went on by ``files`` files (or groups) and ``size`` bytes since its last event."""

    step: Step
    files: int = 1
    size: int = 0


class Spared(NamedTuple):
    """So many files and bytes of a step are done without work: known already, or ruled out.

    They count as done, but tell nothing about how fast the step goes.
    """

    step: Step
    files: int = 1
    size: int = 0


class Grown(NamedTuple):
    """A step under way got so much more to do."""

    step: Step
    files: int = 1
    size: int = 0


class Awaited(NamedTuple):
    """Nothing has come for a moment: these files are being worked on, ``paths`` may be empty."""

    step: Step
    paths: tuple[str, ...]


class StepFinished(NamedTuple):
    """A step is over; ``summary`` is a sentence for people."""

    step: Step
    summary: str


class Noted(NamedTuple):
    """A line that a person should see."""

    text: str


class Troubled(NamedTuple):
    """One file had a problem; the run goes on."""

    problem: Problem


class Requested(NamedTuple):
    """The web server answered a request; ``line`` is its log line."""

    line: str


Event = (
    StepStarted | Advanced | Spared | Grown | Awaited | StepFinished | Noted | Troubled | Requested
)
Listener = Callable[[Event], None]


class Tally:
    """Tells how far a step goes on, ten times a second, and when it is asked to.

    More often nobody sees it, and an event for each file costs more than some files do.
    """

    def __init__(self, step: Step, listener: Listener) -> None:
        self._step: Step = step
        self._listener = listener
        self._files = self._bytes = 0
        self._told_at = 0.0

    def add(self, files: int, size: int) -> None:
        """Count so many more files and bytes."""
        self._files += files
        self._bytes += size
        if time.monotonic() - self._told_at >= _TOLD_EVERY:
            self.tell()

    def tell(self) -> None:
        """Tell what was not told yet."""
        if self._files:
            self._listener(Advanced(self._step, self._files, self._bytes))
        self._files = self._bytes = 0
        self._told_at = time.monotonic()


def ignore(_event: Event) -> None:
    """Listen to nothing."""
