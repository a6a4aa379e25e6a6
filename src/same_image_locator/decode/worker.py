"""Runs a function over many files in worker processes, and outlives a worker that dies.

Each worker answers file by file over its own pipe. So when a decoder crashes, hangs or eats all
memory, the parent knows which file it was working on, names that one, and goes on with the rest.
"""

import contextlib
import os
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Any, Self, TypeVar

from same_image_locator.errors import LocatorError

MEMORY_LIMIT = 3 * 1024**3
CPU_SECONDS_PER_FILE = 60.0
_LARGEST_BATCH = 16
_READY = "ready"

Item = TypeVar("Item")
Result = TypeVar("Result")

# Fork would copy locks that other threads hold, so each worker is a fresh interpreter.
_CONTEXT = get_context("spawn")


@dataclass(frozen=True, slots=True)
class Lost:
    """The outcome of an item whose worker died on it, or whose function raised."""

    cause: str


@dataclass(slots=True)
class _Worker:
    """A process, our end of its pipe, and the items that it still owes, in order."""

    process: SpawnProcess
    pipe: "connection.Connection[Any, Any]"
    owed: deque[int] = field(default_factory=deque)
    ready: bool = False


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """A pool of worker processes, to be used as a context manager.

    Workers start when the first work comes, and never more of them than there are batches.
    """

    def __init__(self, count: int | None = None) -> None:
        self._count = count or cores()
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.pipe.close()  # an idle worker reads the end of its pipe, and leaves
            if worker.owed:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join()
            worker.process.close()
        self._workers.clear()

    def run(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[tuple[int, Result | Lost]]:
        """Yield ``(index, outcome)`` for every item, as they complete.

        Args:
            function: a top-level function, which is imported anew in each worker.
            items: plain tuples; anything else would cost more to send than to compute.

        Raises:
            LocatorError: no worker process can be started on this computer.
        """
        size = max(1, min(_LARGEST_BATCH, len(items) // (4 * self._count)))
        batches = deque(
            deque(range(start, min(start + size, len(items))))
            for start in range(0, len(items), size)
        )
        while batches or any(worker.owed for worker in self._workers):
            self._deal(batches, lambda owed: (function, [items[index] for index in owed]))
            for worker in self._speaking():
                yield from self._hear(worker, batches)

    def _deal(
        self, batches: deque[deque[int]], task: Callable[[deque[int]], tuple[object, object]]
    ) -> None:
        """Give each idle worker a batch, and start workers while there are batches for them."""
        while batches:
            worker = next((worker for worker in self._workers if not worker.owed), None)
            if worker is None and len(self._workers) >= self._count:
                return
            worker = worker or self._start()
            worker.owed = batches.popleft()
            with contextlib.suppress(OSError):  # it has died: hearing from it will tell
                worker.pipe.send(task(worker.owed))

    def _start(self) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
        with _interrupts_held():
            process.start()
            self._workers.append(_Worker(process, ours))
        theirs.close()
        return self._workers[-1]

    def _speaking(self) -> list[_Worker]:
        """Wait until at least one worker has answered or died."""
        pipes = set(connection.wait([worker.pipe for worker in self._workers]))
        return [worker for worker in self._workers if worker.pipe in pipes]

    def _hear(self, worker: _Worker, batches: deque[deque[int]]) -> Iterator[tuple[int, Any]]:
        """Yield what a worker answered; of a dead one, that its current item is lost."""
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            cause = self._bury(worker)
            if worker.owed:
                yield worker.owed.popleft(), Lost(cause)
            if worker.owed:
                batches.appendleft(worker.owed)
            return
        if worker.ready:
            yield worker.owed.popleft(), answer
        worker.ready = True  # its first word only says that it lives

    def _bury(self, worker: _Worker) -> str:
        """Take a dead worker out of the pool, and return what it died of."""
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join()
        code = worker.process.exitcode or 0
        worker.process.close()
        if not worker.ready:
            raise LocatorError(
                f"A worker process could not be started (exit code {code})",
                "Run the program from an installed copy or from its launcher, and try again.",
            )
        return _cause_of_death(code)


def _cause_of_death(code: int) -> str:
    if sys.platform != "win32" and code == -signal.SIGPROF:
        return f"gave up: it took more than {CPU_SECONDS_PER_FILE:.0f} seconds of work"
    if sys.platform != "win32" and code == -signal.SIGKILL:
        return "its worker process was killed, perhaps because memory ran out"
    return f"the decoder crashed on it (exit code {code})"


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl+C back while a worker starts, so that the worker inherits it as blocked.

    The terminal sends Ctrl+C to every process of the run; only the parent is to act on it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: "connection.Connection[Any, Any]") -> None:
    """Live as a worker: answer batch after batch, item by item, until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    _silence()
    with contextlib.suppress(EOFError, OSError):  # the parent is gone, or needs us no more
        pipe.send(_READY)
        while True:
            function, items = pipe.recv()
            for item in items:
                _limit_work(CPU_SECONDS_PER_FILE)
                outcome = _outcome(function, item)
                _limit_work(0)
                pipe.send(outcome)


def _outcome(function: Callable[[Any], object], item: object) -> object:
    try:
        return function(item)
    except Exception as error:  # noqa: BLE001 - one file's trouble must not end the worker
        return Lost(f"unexpected {type(error).__name__}: {error}")


def _limit_memory() -> None:
    """Cap this process's memory, so that one monstrous file cannot stall the whole computer."""
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    with contextlib.suppress(ValueError, OSError):  # some systems do not know this limit
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _limit_work(seconds: float) -> None:
    """Have the system end this process after so many seconds of processor time; 0 calls it off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _silence() -> None:
    """Send what decoders write to the terminal nowhere; it would tear the run's own display."""
    warnings.simplefilter("ignore")
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, 2)
    os.close(descriptor)
