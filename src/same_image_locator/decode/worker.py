"""Runs a function over many files in worker processes, and outlives a worker that dies or hangs.

Each worker has its own pipe, and tells on which file it is working. So when a decoder crashes,
hangs or eats all memory, the parent names that one file and goes on: what else the worker had to do
goes to others, and a new one takes its place.
"""

import contextlib
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from multiprocessing import connection
from types import TracebackType
from typing import Any, Self, TypeVar

from same_image_locator.decode import nursery, vital
from same_image_locator.decode.nursery import Child
from same_image_locator.decode.serving import CPU_SECONDS_PER_FILE, Lost, note, noted
from same_image_locator.errors import LocatorError, UsageError
from same_image_locator.processors import cores
from same_image_locator.wording import missing_library

__all__ = ["Lost", "Workers"]

_LARGEST_BATCH = 32
_NEEDED = ("numpy", "PIL", "cv2")  # without one of them no worker comes up
_PATIENCE_SECONDS = 1.0  # a wait for answers that is told, and looked into

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Worker:
    """A process, and the items that it still owes, in order; ``answered`` counts since the deal."""

    def __init__(self, child: Child, pulse: vital.Pulse) -> None:
        self.child = child
        self.pulse = pulse
        self.owed: deque[int] = deque()
        self.answered = 0
        self.ready = self.hung = False

    def present(self) -> int:
        """Return the item that it is working on; it must owe one."""
        unsent = noted(self.child.page) - self.answered if self.child.page is not None else 0
        return self.owed[min(max(unsent, 0), len(self.owed) - 1)]


class _Work:
    """What is left to deal: ``back`` came back from workers that died, ``next`` was never dealt."""

    def __init__(self, function: Callable[[Any], object], items: Sequence[Any]) -> None:
        self.function = function
        self.items = items
        self.next = 0
        self.back: deque[int] = deque()

    def __bool__(self) -> bool:
        return bool(self.back) or self.next < len(self.items)

    def batch(self, workers: int) -> deque[int]:
        """Take a worker's share: large at first, smaller to the end, so that all end together."""
        left = len(self.items) - self.next + len(self.back)
        size = max(1, min(_LARGEST_BATCH, left // (4 * workers)))
        if self.back:
            return deque(self.back.popleft() for _ in range(min(size, len(self.back))))
        first, self.next = self.next, min(self.next + size, len(self.items))
        return deque(range(first, self.next))


class Workers:
    """A pool of worker processes, to be used as a context manager.

    Workers start when the first work comes, and never more of them than there are batches.
    """

    def __init__(
        self, count: int | None = None, start: Callable[[str], Child] = nursery.start
    ) -> None:
        self._count = count or cores()
        self._start_child = start
        self._workers: list[_Worker] = []
        self._looked = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.child.pipe.close()  # an idle worker reads the end of its pipe, and leaves
            if worker.owed:
                worker.child.kill()
        for worker in self._workers:
            worker.child.bury()
        self._workers.clear()

    def run(
        self,
        function: Callable[[Item], Result],
        items: Sequence[Item],
        waiting: Callable[[list[int]], None] = lambda _indexes: None,
    ) -> Iterator[tuple[int, Result | Lost]]:
        """Yield ``(index, outcome)`` for every item, as they complete.

        Args:
            function: a top-level function of a module that a worker can import.
            items: plain tuples; anything else would cost more to send than to compute. Each is
                asked for when it is dealt, so that they may be made then.
            waiting: told about each second in which no answer comes: the items being worked on.

        Raises:
            LocatorError: no worker process can be started on this computer.
        """
        work = _Work(function, items)
        while work or any(worker.owed for worker in self._workers):
            self._deal(work)
            for worker in self._speaking(waiting):
                yield from self._hear(worker, work)

    def _deal(self, work: _Work) -> None:
        """Give each idle worker a batch, and start workers while there are batches for them."""
        while work:
            worker = next((worker for worker in self._workers if not worker.owed), None)
            if worker is None and len(self._workers) < self._count:
                worker = self._start(work.function.__module__)
            if worker is None:
                return
            worker.owed, worker.answered = work.batch(self._count), 0
            worker.pulse.beat()
            if worker.child.page is not None:
                note(worker.child.page, 0)
            with contextlib.suppress(OSError):  # it has died: hearing from it will tell
                worker.child.pipe.send((work.function, [work.items[one] for one in worker.owed]))

    def _start(self, module: str) -> _Worker | None:
        """Start a worker; while the system grants no more, those that there are must do."""
        try:
            child = self._start_child(module)
        except OSError as error:
            if not self._workers:
                raise _no_worker(error.strerror or str(error)) from error
            return None
        self._workers.append(_Worker(child, vital.Pulse(child.pid)))
        return self._workers[-1]

    def _speaking(self, waiting: Callable[[list[int]], None]) -> list[_Worker]:
        """Wait until workers have answered or died; those that hang are ended on the way."""
        pipes = [worker.child.pipe for worker in self._workers]
        while True:
            speaking = set(connection.wait(pipes, _PATIENCE_SECONDS))
            heard = [worker for worker in self._workers if worker.child.pipe in speaking]
            self._look([worker for worker in self._workers if worker not in heard])
            if heard:
                return heard
            waiting([worker.present() for worker in self._workers if worker.owed])

    def _look(self, silent: list[_Worker]) -> None:
        """End the workers that show no sign of life, if it is time to look again.

        Looks are counted, not seconds: a computer that slept has not looked.
        """
        if time.monotonic() - self._looked < vital.SECONDS_BETWEEN_LOOKS:
            return
        self._looked = time.monotonic()
        for worker in silent:
            if worker.owed and worker.pulse.hangs():
                worker.hung = True
                worker.child.kill()

    def _hear(self, worker: _Worker, work: _Work) -> Iterator[tuple[int, Any]]:
        """Yield what a worker answered; of a dead one, that its current item is lost."""
        try:
            answer = worker.child.pipe.recv()
        except (EOFError, OSError):
            yield from self._bury(worker, work)
            return
        worker.pulse.beat()
        if not worker.ready:
            worker.ready = True  # its first word only says that it lives
            return
        worker.answered += len(answer)
        for outcome in answer:
            yield worker.owed.popleft(), outcome

    def _bury(self, worker: _Worker, work: _Work) -> Iterator[tuple[int, Lost]]:
        """Take a dead worker out of the pool, name what it died on, and take its other work back.

        What it had done and not yet sent is done again.
        """
        self._workers.remove(worker)
        worker.child.pipe.close()
        code = worker.child.bury()
        if not worker.ready:
            raise _no_worker(f"exit code {code}")
        if worker.owed:
            page = worker.child.page
            done_unsent = noted(page) - worker.answered if page is not None else 0
            worker.owed.rotate(-done_unsent)
            lost = worker.owed.popleft()
            work.back.extend(sorted(worker.owed))
            yield lost, Lost(_cause_of_death(code, hung=worker.hung))


def _no_worker(cause: str) -> LocatorError:
    for library in _NEEDED:
        if find_spec(library) is None:
            return UsageError(missing_library(library))
    return LocatorError(
        f"A worker process could not be started ({cause})",
        "Run the program from an installed copy or from its launcher, and try again.",
    )


def _cause_of_death(code: int, *, hung: bool = False) -> str:
    if hung:
        return "gave up: its decoder came to a standstill"
    if sys.platform != "win32" and code == -signal.SIGPROF:
        return f"gave up: it took more than {CPU_SECONDS_PER_FILE:.0f} seconds of work"
    if sys.platform != "win32" and code == -signal.SIGKILL:
        return "its worker process was killed, perhaps because memory ran out"
    return f"the decoder crashed on it (exit code {code})"
