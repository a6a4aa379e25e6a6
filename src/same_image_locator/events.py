"""What the steps tell their listeners: terminal, page and log all watch the same events."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from same_image_locator.model import Problem

Step = Literal["scan", "fingerprint", "match", "group", "stage", "review", "settle", "verify"]


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step begins; ``total`` counts its files or groups, None while that is unknown.

    ``size`` is the sum of their bytes, 0 where the bytes say nothing about the work.
    """

    step: Step
    total: int | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Advanced:
    """A step went on by ``files`` files (or groups) and ``size`` bytes since its last event."""

    step: Step
    files: int = 1
    size: int = 0


@dataclass(frozen=True, slots=True)
class Spared:
    """So many files and bytes of a step are done without work: known already, or ruled out.

    They count as done, but tell nothing about how fast the step goes.
    """

    step: Step
    files: int = 1
    size: int = 0


@dataclass(frozen=True, slots=True)
class Grown:
    """A step under way got so much more to do."""

    step: Step
    files: int = 1
    size: int = 0


@dataclass(frozen=True, slots=True)
class Awaited:
    """Nothing has come for a moment: these files are being worked on, ``paths`` may be empty."""

    step: Step
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step is over; ``summary`` is a sentence for people."""

    step: Step
    summary: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A line that a person should see."""

    text: str


@dataclass(frozen=True, slots=True)
class Troubled:
    """One file had a problem; the run goes on."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Requested:
    """The web server answered a request; ``line`` is its log line."""

    line: str


Event = (
    StepStarted | Advanced | Spared | Grown | Awaited | StepFinished | Noted | Troubled | Requested
)
Listener = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """Listen to nothing."""
