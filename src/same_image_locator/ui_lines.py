"""The run as plain lines on standard error: for logs, and wherever no screen can be split."""

import os
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self

from same_image_locator.events import (
    Advanced,
    Awaited,
    Event,
    Listener,
    Noted,
    Spared,
    Step,
    StepFinished,
    StepStarted,
    Troubled,
    ignore,
)
from same_image_locator.progress import Progress
from same_image_locator.ui_words import problem_line, shown, standing_words, started

_INTERVAL = 2.0  # seconds between two progress lines of a step
# By these a person asks for a terminal's output where there is none.
_ASKED_FOR = ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")

Sort = Literal["done", "note", "problem"]


def is_plain() -> bool:
    """Return whether standard error is no terminal, nor to be taken for one."""
    asked_for = any(os.environ.get(name) for name in _ASKED_FOR)
    return not (asked_for or (sys.stderr is not None and sys.stderr.isatty()))


class Lines:
    """A listener that prints a line for each thing that happens; also a context manager.

    Events may come from any thread. ``progress`` knows where each step stands. ``log`` is told all
    events, too.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, log: Listener = ignore
    ) -> None:
        self.progress = Progress(clock)
        self._log = log
        self._clock = clock
        self._lock = threading.RLock()
        self._told_at: dict[Step, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        self._log(event)
        with self._lock:
            self.progress(event)
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Advanced(step) | Spared(step) | Awaited(step):
                self._tell_progress(step)
            case StepStarted(step, total):
                self._told_at[step] = self._clock()
                self._print(started(step, total))
            case StepFinished(step, summary):
                self._told_at.pop(step, None)
                self._say("done", f"{step}: ", shown(summary))
            case Noted(text):
                self._say("note", "", shown(text))
            case Troubled(problem):
                self._say("problem", "problem: ", problem_line(problem))
            case _:
                pass  # more work is told by the next progress line; the page's log has its pane

    def _tell_progress(self, step: Step) -> None:
        if step in self._told_at:
            now = self._clock()
            if now - self._told_at[step] >= _INTERVAL:
                self._told_at[step] = now
                self._print(f"{step}: {self._words(step)}")

    def _words(self, step: Step) -> str:
        standing = self.progress.standing(step)
        return standing_words(standing) if standing else ""

    def _say(self, _sort: Sort, head: str, words: str) -> None:
        """Print what a person should see at the end, too."""
        self._print(head + words)

    def _print(self, line: str) -> None:
        """Print what is of interest now; in a log a line stays one line, however long."""
        if sys.stderr is not None:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
