"""Starts worker processes: forked from one warm process where that is safe, else each from cold.

A cold start takes a tenth of a second of work, mostly imports. On Linux these are done once, in the
warm process. Elsewhere the system's own libraries do not bear a fork, and ``multiprocessing``
starts a fresh interpreter for each worker.
"""

import contextlib
import mmap
import os
import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing import connection, get_context
from typing import NamedTuple

from same_image_locator.decode import warm
from same_image_locator.decode.serving import PAGE, Pipe, serve
from same_image_locator.interrupts import interrupts_held


class Child(NamedTuple):
    """A worker process: its number, our end of its pipe, and the page that it shares, if any.

    ``bury`` waits for its end and returns the exit code, negative for a signal; to be called once.
    """

    pid: int
    pipe: Pipe
    page: mmap.mmap | None
    bury: Callable[[], int]

    def kill(self) -> None:
        """End it at once."""
        # Until it is buried its number is not given to another process.
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def start(module: str) -> Child:
    """Start a worker by the best way that this system has; see :func:`forked`, :func:`fresh`."""
    return forked(module) if sys.platform == "linux" else fresh(module)


def fresh(_module: str) -> Child:
    """Start a worker in an interpreter of its own.

    Raises:
        OSError: the system gives us no process.
    """
    # Fork would copy locks that other threads hold, so each is a fresh interpreter.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    with interrupts_held():
        process.start()
    theirs.close()

    def bury() -> int:
        process.join()
        code = process.exitcode or 0
        process.close()
        return code

    return Child(process.pid or 0, ours, None, bury)


def forked(module: str) -> Child:
    """Start a worker as a copy of the warm process.

    Args:
        module: what a worker will need; imported once, before the first fork.

    Raises:
        OSError: the system gives us no process.
    """
    with contextlib.ExitStack() as stack:
        ours, theirs = (stack.enter_context(end) for end in socket.socketpair())
        memory = os.memfd_create("worker")
        stack.callback(os.close, memory)
        os.write(memory, bytes(PAGE))
        page = mmap.mmap(memory, PAGE)
        pid = warm.fork(module, (theirs.fileno(), memory))
        pipe: Pipe = connection.Connection(ours.detach())
    return Child(pid, pipe, page, lambda: warm.buried(pid))
