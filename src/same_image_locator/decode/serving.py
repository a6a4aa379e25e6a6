"""What a worker process does: it answers item after item, within its limits, until it is let go.

Small answers travel together, since a message costs about as much as a small picture. So that a
death still names the right file, a page of shared memory says which item is being worked on.
"""

import contextlib
import mmap
import signal
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing import connection
from typing import Any, NamedTuple, TypeAlias

from same_image_locator.decode.silence import silence
from same_image_locator.processors import keep_products_single

MEMORY_LIMIT = 3 * 1024**3
CPU_SECONDS_PER_FILE = 20.0
READY = "ready"
PAGE = 4096  # bytes of memory that a worker shares with the run

_HELD_AT_MOST = 16
_KEPT_BYTES = 16 << 20
_HELD_SECONDS = 0.05

Pipe: TypeAlias = "connection.Connection[Any, Any]"


class Lost(NamedTuple):
    """The outcome of an item whose worker died on it, or whose function raised."""

    cause: str


def live(descriptor: int, memory: int) -> None:
    """Live as a forked worker, with its end of a pipe and the memory that it shares."""
    with connection.Connection(descriptor) as pipe, mmap.mmap(memory, PAGE) as page:
        serve(pipe, page)


def serve(pipe: Pipe, page: mmap.mmap | None = None) -> None:
    """Live as a worker: answer batch after batch until the pipe is closed.

    Args:
        pipe: brings a function and its items, takes lists of outcomes.
        page: shared with the parent, where the place in the batch is noted. Without it each
            outcome is sent at once.
    """
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    _keep_memory()
    keep_products_single()
    silence()
    with contextlib.suppress(EOFError, OSError):  # the parent is gone, or needs us no more
        pipe.send(READY)
        while True:
            function, items = pipe.recv()
            _answer(pipe, page, function, items)


def _answer(
    pipe: Pipe, page: mmap.mmap | None, function: Callable[[Any], object], items: Sequence[object]
) -> None:
    held: list[object] = []
    sent = time.monotonic()
    for place, item in enumerate(items):
        if page is not None:
            note(page, place)
        _limit_work(CPU_SECONDS_PER_FILE)
        held.append(_outcome(function, item))
        now = time.monotonic()
        if page is None or len(held) >= _HELD_AT_MOST or now - sent >= _HELD_SECONDS:
            pipe.send(held)
            held, sent = [], now
    _limit_work(0)
    if held:
        pipe.send(held)


def note(page: mmap.mmap, place: int) -> None:
    """Write down which item of the batch is being worked on."""
    page[:4] = place.to_bytes(4, "little")


def noted(page: mmap.mmap) -> int:
    """Return which item of its batch a worker was working on last."""
    return int.from_bytes(page[:4], "little")


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


def _keep_memory() -> None:
    """Let the C library keep what is freed, for the next picture, which needs as much.

    GNU's gives large blocks back to the system at once, and has each page of the next ones cleared
    anew: a third of the time that keypoints take. From the first block on that was freed it keeps
    those of up to its size (mallopt(3), M_MMAP_THRESHOLD). Elsewhere this does nothing.
    """
    bytes(_KEPT_BYTES)  # no page of it is ever touched


def _limit_work(seconds: float) -> None:
    """Have the system end this process after so many seconds of processor time; 0 calls it off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
