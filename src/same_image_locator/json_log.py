"""What a run tells, for other programs: a JSON object a line, of the events that a terminal shows.

It goes to a file, which may be a pipe, and never to standard error: there a person reads, and a
screen is drawn. Where a step stands is told at most once a second.
"""

import contextlib
import datetime as dt
import json
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from same_image_locator import __version__, journal
from same_image_locator.errors import ExitCode, LocatorError, UsageError
from same_image_locator.events import (
    Advanced,
    Awaited,
    Event,
    Grown,
    Noted,
    Requested,
    Spared,
    Step,
    StepFinished,
    StepStarted,
    Troubled,
)
from same_image_locator.progress import Progress

VERSION = 1
_HEAD = b'{"version": 1, "type": "'
_INTERVAL = 1.0  # seconds between two lines on where a step stands


class JsonLog:
    """A listener that writes a line for each thing that happens; events may come from any thread.

    A log that cannot be written never stops a run: ``trouble`` then says why it ends early.
    """

    def __init__(self, file: BinaryIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.trouble = ""
        self._file = file
        self._clock = clock
        self._progress = Progress(clock)
        self._lock = threading.Lock()
        self._told_at: dict[Step, float] = {}

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        with self._lock:
            self._progress(event)
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case StepStarted(step, total, size):
                self._told_at[step] = self._clock()
                self._line("step-started", step=step, total=total, bytes=size)
            case StepFinished(step, summary):
                self._told_at.pop(step, None)
                self._line("step-finished", step=step, summary=summary)
            case Advanced(step) | Spared(step) | Grown(step) | Awaited(step):
                self._standing(step)
            case Noted(text):
                self._line("note", text=text)
            case Troubled(problem):
                self._line("problem", **problem._asdict())
            case Requested(line):
                self._line("request", line=line)

    def _standing(self, step: Step) -> None:
        now = self._clock()
        if now - self._told_at.get(step, now) < _INTERVAL:
            return
        if standing := self._progress.standing(step):
            self._told_at[step] = now
            self._line("progress", **_rounded(standing._asdict()))

    def begin(self, verb: str, root: str | None) -> None:
        """Write the first line of a run."""
        self._line("run-started", program_version=__version__, verb=verb or None, root=root)

    def end(self, code: ExitCode, error: str = "") -> None:
        """Write the last line of a run."""
        self._line("run-ended", exit_code=int(code), error=error or None)

    def _line(self, kind: str, **facts: Any) -> None:
        if self.trouble:
            return
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"version": VERSION, "type": kind, "at": at, **facts})
        try:
            self._file.write(line.encode("ascii") + b"\n")
        except OSError as error:
            self.trouble = error.strerror or str(error)


@contextlib.contextmanager
def logged(path: str, verb: str, root: str | None) -> Iterator[JsonLog]:
    """Give the log of one run, from its first line to its last, which tells how it ended.

    The caller tells the end of a run that was not interrupted by an error.

    Raises:
        UsageError: the file cannot be written, or is no log of ours.
    """
    with _opened(path) as file:
        log = JsonLog(file)
        log.begin(verb, root)
        try:
            yield log
        except LocatorError as error:
            log.end(error.exit_code, str(error))
            raise
        except KeyboardInterrupt:
            log.end(ExitCode.INTERRUPTED, "interrupted")
            raise
        except BrokenPipeError:
            log.end(ExitCode.DONE)  # whoever read the output has enough
            raise
        except OSError as error:
            log.end(ExitCode.NEEDS_RECOVERY, str(error))
            raise


def _opened(path: str) -> BinaryIO:
    try:
        if _is_foreign(path):
            what = f"{path} exists and is no JSON log"
            raise UsageError(what, "It was left as it is; name another")
        return journal.added_to(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _is_foreign(path: str) -> bool:
    """Whether a file holds anything but the logs of earlier runs, to which a new one is added."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(mode):
        return False  # a pipe, a terminal: nothing lies there
    with open(path, "rb") as file:
        return file.read(len(_HEAD)) not in {b"", _HEAD}


def _rounded(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: round(v, 1) if isinstance(v, float) else v for name, v in facts.items()}
