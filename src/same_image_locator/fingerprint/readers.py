"""Runs the threads that read files for exact mode, and hands out what they find."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import NamedTuple

from same_image_locator.fingerprint.edges import Edges, edges_of
from same_image_locator.fingerprint.lockstep import Comparison, Outcome, StoppedError, Task
from same_image_locator.fingerprint.pace import Pace
from same_image_locator.fingerprint.room import Blocks
from same_image_locator.fingerprint.turns import Turns
from same_image_locator.model import Photo
from same_image_locator.processors import cores

Work = Task | list[Photo]  # files to be compared, or files whose edges are to be read
_PATIENCE_SECONDS = 1.0


class Wait(NamedTuple):
    """Nothing has come for a moment; these are being read, one name for each thread."""

    paths: tuple[str, ...]


Report = Outcome | Edges | Wait | int  # the int is a number of bytes read


def reports(work: Iterable[Work], pace: Pace) -> Iterator[Report]:
    """Do the work in threads; yield an outcome or edges for each piece, in any order.

    When the caller stops listening, the threads stop too.
    """
    shared = _Shared(deque(work), pace)
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

    def __init__(self, work: deque[Work], pace: Pace) -> None:
        self.work = work
        self.told: SimpleQueue[_Told] = SimpleQueue()
        self.stop = threading.Event()
        self.started = 0
        self._lock = threading.Lock()
        self._most = min(max(pace.readers, cores()), len(work))
        self._pace = pace
        self._turns = Turns(pace, self.start_another)
        self._spare: list[Blocks] = []
        self._present: dict[int, str] = {}  # by thread: a file of the piece that it reads

    def start(self) -> None:
        """Start as many threads as the processor has work for, or all that may be needed."""
        for _ in range(cores() if self._pace.tells else self._most):
            self.start_another()

    def start_another(self) -> None:
        """Start a thread, since another is about to wait for the drive, unless they are enough."""
        if self.started == self._most:
            return
        with self._lock:
            if self.started < self._most:
                self.started += 1  # before it can end
                try:
                    threading.Thread(target=self.run, name="reader", daemon=True).start()
                except RuntimeError:  # pragma: no cover - the system has no more threads to give
                    self.started -= 1
                    if not self.started:
                        raise

    def next_report(self) -> "_Told | Wait":
        """Return what is told next, or after a moment what is being waited for."""
        try:
            return self.told.get(timeout=_PATIENCE_SECONDS)
        except Empty:
            return Wait(tuple(self._present.copy().values()))

    def run(self) -> None:
        """Work until nothing is left; whatever goes wrong is told, for the caller to raise."""
        try:
            with self._turns:
                self._work()
        except StoppedError:
            pass
        except BaseException as error:  # noqa: BLE001 - a thread has nobody else to tell it to
            self.told.put(error)
        self._present.pop(threading.get_ident(), None)
        self.told.put(None)

    def _work(self) -> None:
        comparison = Comparison(self._pace, self._turns, self.told.put, self.stop, self._spare)
        while self.work and not self.stop.is_set():
            piece = self.work.popleft()
            photos = piece.photos if isinstance(piece, Task) else piece
            self._present[threading.get_ident()] = photos[0].path
            if isinstance(piece, Task):
                comparison.take(piece)
            else:
                self.told.put([edges_of(piece, self._pace, self._turns)])
        comparison.finish()
