"""Runs the threads that read files for exact mode, and hands out what they find."""

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import NamedTuple

from same_image_locator.fingerprint.edges import Edges, edges_of
from same_image_locator.fingerprint.lockstep import Comparison, Outcome, StoppedError, Task
from same_image_locator.fingerprint.pace import Pace
from same_image_locator.fingerprint.turns import Turns
from same_image_locator.model import Photo

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
    room = _Room(deque(work), pace)
    running = min(max(pace.readers, _cores() + 1), len(room.work))
    for _ in range(running):
        threading.Thread(target=room.run, name="reader", daemon=True).start()
    try:
        while running:
            report = room.next_report()
            if report is None:
                running -= 1
            elif isinstance(report, BaseException):
                raise report
            else:
                yield report
    finally:
        room.stop.set()


class _Room:
    """What the threads of one run share."""

    def __init__(self, work: deque[Work], pace: Pace) -> None:
        self.work = work
        self.told: SimpleQueue[Report | BaseException | None] = SimpleQueue()
        self.stop = threading.Event()
        self._pace = pace
        self._turns = Turns(pace)
        self._present: dict[int, str] = {}  # by thread: a file of the piece that it reads

    def next_report(self) -> Report | BaseException | None:
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
        comparison = Comparison(self._pace, self._turns, self.told.put, self.stop)
        while self.work and not self.stop.is_set():
            piece = self.work.popleft()
            photos = piece.photos if isinstance(piece, Task) else piece
            self._present[threading.get_ident()] = photos[0].path
            if isinstance(piece, Task):
                comparison.take(piece)
            else:
                self.told.put(edges_of(piece, self._pace, self._turns))
        comparison.finish()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
