"""How far a step is, how fast it goes, how long it will still take, and what it waits for."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from same_image_locator.events import (
    Advanced,
    Awaited,
    Event,
    Grown,
    Spared,
    Step,
    StepFinished,
    StepStarted,
)

# The steps that look for groups, in order; of these a page shows the one under way.
SEARCH: tuple[Step, ...] = ("scan", "fingerprint", "match", "group")

_TICK_SECONDS = 0.5  # what happens within one tick is measured together
_WINDOW_SECONDS = 10.0  # the rates shown are those of so long
_MEMORY_SECONDS = 60.0  # after so long a measurement counts a third of a new one
_CALM_SECONDS = 4.0  # the end that is shown follows a new forecast within about so long
_SETTLED_SECONDS = 2.0  # a forecast from less would be a guess
_STILL_SECONDS = 3.0  # nothing for so long, and a person wants to know why
# A file costs as much as so many of its bytes, as long as the measurements do not tell otherwise.
_BYTES_OF_A_FILE, _WISH = 250_000, 0.01


class Standing(NamedTuple):
    """Where a step stands at one moment.

    ``spared`` of the ``done`` files needed no work. Rates are those of the last seconds, and do
    not count the spared. ``left`` is in seconds, None while nobody can know it. ``waiting`` names
    the files that are being worked on when nothing has come for ``still`` seconds.
    """

    step: Step
    done: int
    total: int | None
    spared: int = 0
    files_a_second: float = 0.0
    bytes_a_second: float = 0.0
    left: float | None = None
    waiting: tuple[str, ...] = ()
    still: float = 0.0


class Costs:
    """What a file and what a byte costs, by least squares over the measurements of late.

    Files differ in size by a factor of a thousand, so that neither files nor bytes alone tell how
    much is left. Older measurements fade: a drive that has become slow is believed to be slow.
    """

    def __init__(self) -> None:
        self._files = self._bytes = self._seconds = 0.0
        self._ff = self._fs = self._ss = self._ft = self._st = 0.0

    def measure(self, files: int, size: int, seconds: float) -> None:
        """Take in that so many files with so many bytes took so long."""
        fade = math.exp(-seconds / _MEMORY_SECONDS)
        more = (files, size, seconds, files**2, files * size, size**2, files * seconds)
        sums = (self._files, self._bytes, self._seconds, self._ff, self._fs, self._ss, self._ft)
        self._st = self._st * fade + size * seconds
        (
            self._files,
            self._bytes,
            self._seconds,
            self._ff,
            self._fs,
            self._ss,
            self._ft,
        ) = (old * fade + new for old, new in zip(sums, more, strict=True))

    def forecast(self, files: int, size: int) -> float | None:
        """Return the seconds that so many files with so many bytes will take."""
        of_file, of_byte = self._split()
        measured = self._files * of_file + self._bytes * of_byte
        if measured <= 0:
            return None
        # A standstill is in no file's cost, but in the time that all of them took together.
        return (files * of_file + size * of_byte) * self._seconds / measured

    def _split(self) -> tuple[float, float]:
        """Return the seconds of a file and of a byte, neither below nothing."""
        # The wish that a file costs as much as so many bytes: weak, so that it only decides where
        # all files are of one size, and as strong as the measurements are many.
        wish = _WISH * (self._ff + self._ss / _BYTES_OF_A_FILE**2)
        ff, ss = self._ff + wish, self._ss + wish * _BYTES_OF_A_FILE**2
        fs = self._fs - wish * _BYTES_OF_A_FILE
        determinant = ff * ss - fs**2
        if determinant <= 0:
            return 0.0, 0.0
        of_file = (self._ft * ss - self._st * fs) / determinant
        of_byte = (self._st * ff - self._ft * fs) / determinant
        if of_file < 0:
            return 0.0, self._st / self._ss
        if of_byte < 0:
            return self._ft / self._ff, 0.0
        return of_file, of_byte


class _Course:
    """One step under way; the caller holds the lock."""

    def __init__(self, total: int | None, size: int, began: float) -> None:
        self.total = total
        self.size = size
        self.began = self.moved_at = began
        self.files = self.bytes = 0
        self.spared_files = self.spared_bytes = 0
        self.waiting: tuple[str, ...] = ()
        self.end: float | None = None
        self.end_told_at = 0.0
        self.costs = Costs()
        # When, and how many files and bytes had been worked on by then.
        self.marks = deque([(began, 0, 0)])

    def advance(self, files: int, size: int, now: float) -> None:
        if files and self.bytes and not self.files:
            # Until the first file was done, only the edges of many files were looked at: how long
            # that took says nothing about the rest.
            self.costs = Costs()
            self.marks.clear()
            self.marks.append((now, files, self.bytes + size))
        self.files += files
        self.bytes += size
        self.moved_at, self.waiting = now, ()
        self.measure(now)

    def spare(self, files: int, size: int, now: float) -> None:
        if self.marks[-1][1:] == (self.files, self.bytes):
            # Nothing was worked on since: the time went into finding that out, and counts for none.
            self.marks[-1] = (now, self.files, self.bytes)
        self.spared_files += files
        self.spared_bytes += size
        self.moved_at, self.waiting = now, ()

    def measure(self, now: float) -> None:
        at, files, size = self.marks[-1]
        if now - at < _TICK_SECONDS:
            return
        # Bytes of which nobody knows how many are to come cannot tell what is left.
        worked = self.bytes - size if self.size else 0
        self.costs.measure(self.files - files, worked, now - at)
        self.marks.append((now, self.files, self.bytes))
        while len(self.marks) > 2 and now - self.marks[1][0] >= _WINDOW_SECONDS:  # noqa: PLR2004 - the rates need two
            self.marks.popleft()

    def rates(self, now: float) -> tuple[float, float]:
        at, files, size = self.marks[0]
        seconds = now - at
        if seconds <= 0:
            return 0.0, 0.0
        return (self.files - files) / seconds, (self.bytes - size) / seconds

    def left(self, now: float) -> float | None:
        """Return the seconds to the end; a new forecast moves the end that was told only calmly."""
        if self.total is None or not self.files or now - self.began < _SETTLED_SECONDS:
            return None
        files = max(0, self.total - self.files - self.spared_files)
        size = max(0, self.size - self.bytes - self.spared_bytes)
        ahead = self.costs.forecast(files, size)
        if ahead is None:
            return None
        if self.end is None:
            self.end = now + ahead
        else:
            share = 1 - math.exp((self.end_told_at - now) / _CALM_SECONDS)
            self.end += (now + ahead - self.end) * share
        self.end_told_at = now
        return max(0.0, self.end - now)


class Progress:
    """A listener that knows where each step stands; it may be told and asked from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._steps: dict[Step, _Course] = {}

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        with self._lock:
            now = self._clock()
            match event:
                case StepStarted(step, total, size):
                    self._steps[step] = _Course(total, size, now)
                case StepFinished(step, _):
                    self._steps.pop(step, None)
                case Advanced(step) | Spared(step) | Grown(step) | Awaited(step):
                    if (course := self._steps.get(step)) is not None:
                        _move(course, event, now)
                case _:
                    pass

    def standing(self, step: Step) -> Standing | None:
        """Return where a step stands, None when it is not under way."""
        with self._lock:
            course = self._steps.get(step)
            return _standing(step, course, self._clock()) if course else None

    def search(self) -> Standing | None:
        """Return where the search for groups stands."""
        with self._lock:
            for step in reversed(SEARCH):
                if step in self._steps:
                    return _standing(step, self._steps[step], self._clock())
        return None


def _move(course: _Course, event: Advanced | Spared | Grown | Awaited, now: float) -> None:
    match event:
        case Advanced(_, files, size):
            course.advance(files, size, now)
        case Spared(_, files, size):
            course.spare(files, size, now)
        case Grown(_, files, size):
            course.total = (course.total or 0) + files
            course.size += size
        case Awaited(_, paths):  # pragma: no branch - mypy proves that none is missing
            course.waiting = paths


def _standing(step: Step, course: _Course, now: float) -> Standing:
    course.measure(now)
    files_a_second, bytes_a_second = course.rates(now)
    still = now - course.moved_at
    waits = still >= _STILL_SECONDS
    return Standing(
        step,
        course.files + course.spared_files,
        course.total,
        course.spared_files,
        files_a_second,
        bytes_a_second,
        course.left(now),
        course.waiting if waits else (),
        still if waits else 0.0,
    )
