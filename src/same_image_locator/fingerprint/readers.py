"""Runs the threads that read files for exact mode, and hands out what they find."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import NamedTuple

from same_image_locator.fingerprint import helped
from same_image_locator.fingerprint.edges import Edges, edges_of
from same_image_locator.fingerprint.lockstep import Comparison, Outcome, StoppedError, Task
from same_image_locator.fingerprint.pace import Pace
from same_image_locator.fingerprint.room import Blocks
from same_image_locator.fingerprint.turns import Turns
from same_image_locator.forked import Helper
from same_image_locator.model import Photo
from same_image_locator.processors import cores

Work = Task | list[Photo]  # files to be compared, or files whose edges are to be read
_PATIENCE_SECONDS = 1.0
_TASKS_AT_ONCE = 32  # for a helper
_BATCHES_EACH = 4


class Wait(NamedTuple):
    """Nothing has come for a moment; these are being read, one name for each thread."""

    paths: tuple[str, ...]


Report = Outcome | Edges | Wait | int  # the int is a number of bytes read


def reports(work: Iterable[Work], pace: Pace, helpers: Sequence[Helper] = ()) -> Iterator[Report]:
    """Do the work in threads; yield an outcome or edges for each piece, in any order.

    Small files are told apart by the ``helpers``, too, which are ended. When the caller stops
    listening, the threads stop too.
    """
    shared = _Shared(work, pace, helpers)
    shared.start()
    ended = 0
    try:
        while ended < shared.started:
            report = shared.next_report()
            if report is None:
                ended += 1
            elif isinstance(report, BaseException):
                raise report
            elif isinstance(report, Wait):
                yield report
            else:
                yield from report
    finally:
        shared.stop.set()


_Told = Sequence[Outcome | Edges | int] | BaseException | None


class _Shared:
    """What the threads of one run share."""

    def __init__(self, work: Iterable[Work], pace: Pace, helpers: Sequence[Helper]) -> None:
        self.told: SimpleQueue[_Told] = SimpleQueue()
        self.stop = threading.Event()
        self.started = 0
        self._work: deque[Work] = deque()
        self._small: deque[Task] = deque()  # what helpers may take
        for piece in work:
            if helpers and isinstance(piece, Task) and piece.whole:
                self._small.append(piece)
            else:
                self._work.append(piece)
        self._lock = threading.Lock()
        self._readers = 0
        self._most = min(max(pace.readers, cores()), len(self._work) + len(self._small))
        self._helpers = helpers
        self._pace = pace
        self._turns = Turns(pace, self.start_another)
        self._spare: list[Blocks] = []
        self._present: dict[int, str] = {}  # by thread: a file of the piece that it reads

    def start(self) -> None:
        """Start as many threads as the processor has work for, or all that may be needed."""
        for helper in self._helpers:
            if not self._begin(partial(self._lead, helper), "helper"):
                helper.end()
        for _ in range(cores() if self._pace.tells else self._most):
            self.start_another()

    def start_another(self) -> None:
        """Start a thread, since another is about to wait for the drive, unless they are enough."""
        if self._readers == self._most:
            return
        with self._lock:
            if self._readers < self._most and self._begin(self._read, "reader"):
                self._readers += 1

    def next_report(self) -> "_Told | Wait":
        """Return what is told next, or after a moment what is being waited for."""
        try:
            return self.told.get(timeout=_PATIENCE_SECONDS)
        except Empty:
            return Wait(tuple(self._present.copy().values()))

    def _begin(self, work: Callable[[], None], name: str) -> bool:
        """Start a thread; returns whether it could be, or fails when none could."""
        self.started += 1  # before it can end
        try:
            threading.Thread(target=self._run, args=[work], name=name, daemon=True).start()
        except RuntimeError:  # pragma: no cover - the system has no more threads to give
            self.started -= 1
            if not self.started:
                raise
            return False
        return True

    def _run(self, work: Callable[[], None]) -> None:
        """Work until nothing is left; whatever goes wrong is told, for the caller to raise."""
        try:
            work()
        except StoppedError:
            pass
        except BaseException as error:  # noqa: BLE001 - a thread has nobody else to tell it to
            self.told.put(error)
        self._present.pop(threading.get_ident(), None)
        self.told.put(None)

    def _read(self) -> None:
        with self._turns:
            comparison = Comparison(self._pace, self._turns, self.told.put, self.stop, self._spare)
            while (piece := self._next()) is not None:
                self._note(piece)
                if isinstance(piece, Task):
                    comparison.take(piece)
                else:
                    self.told.put([edges_of(piece, self._pace, self._turns)])
            comparison.finish()

    def _next(self) -> Work | None:
        """Return what to read next, the large files first: helpers take small ones alone."""
        for left in (self._work, self._small):
            with suppress(IndexError):  # another thread may be faster
                return left.popleft() if not self.stop.is_set() else None
        return None

    def _note(self, piece: Work) -> None:
        photos = piece.photos if isinstance(piece, Task) else piece
        self._present[threading.get_ident()] = photos[0].path

    def _lead(self, helper: Helper) -> None:
        """Have a helper take small files, and end it; what a dead one owes is read here."""
        try:
            while tasks := self._some():
                self._note(tasks[0])
                helper.ask(helped.call(tasks, self._pace))
                try:
                    self.told.put(helped.outcomes(tasks, helper.answer()))
                except OSError:
                    self._work += tasks
                    self._read()
                    return
        finally:
            helper.end()

    def _some(self) -> list[Task]:
        """Return small files for a helper: fewer towards the end, so that all end together."""
        share = len(self._small) // (_BATCHES_EACH * (len(self._helpers) + 1))
        tasks: list[Task] = []
        with suppress(IndexError):
            while len(tasks) < max(1, min(_TASKS_AT_ONCE, share)) and not self.stop.is_set():
                tasks.append(self._small.pop())
        return tasks
