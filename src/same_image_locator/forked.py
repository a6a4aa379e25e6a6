"""Processes that are forked off a young run, and work for it on the other cores.

They are there before the run has threads, which no fork may copy, and before it has loaded much.
A helper calls functions by their names and answers with plain values. When the run dies, it ends.
"""

import contextlib
import marshal
import os
import socket
import sys
from collections import deque
from importlib import import_module
from typing import Any, NamedTuple

from same_image_locator.interrupts import interrupts_held
from same_image_locator.processors import cores

_HEAD_BYTES = 8


class Call(NamedTuple):
    """A function, by its module and its name, and what it is given: plain values of Python."""

    module: str
    name: str
    argument: Any


class Helper:
    """A process that works for this one; ``owed`` are the calls that it has not answered yet."""

    def __init__(self) -> None:
        self.owed: deque[Call] = deque()
        self.socket, theirs = socket.socketpair()
        with theirs, interrupts_held():
            self.pid = os.fork()
            if self.pid == 0:
                self.socket.close()  # else it would not see when the run dies
                with contextlib.suppress(BaseException):
                    _serve(theirs)
                os._exit(0)

    def ask(self, call: Call) -> None:
        """Have it call a function; a dead one will be found out by its silence."""
        self.owed.append(call)
        with contextlib.suppress(OSError):
            _send(self.socket, tuple(call))

    def answer(self) -> Any:
        """Return what the function of the oldest call has returned.

        Raises:
            OSError: it has died.
        """
        found = _receive(self.socket)
        self.owed.popleft()
        return found

    def end(self) -> None:
        """Let it go, and wait for its end."""
        with contextlib.suppress(OSError):
            _send(self.socket, None)  # to hang up is not enough: later helpers hold this line, too
        self.socket.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


_ready: list[Helper] = []


def prepare() -> None:
    """Fork a helper for each further core, if no thread is there yet that could hold a lock."""
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1:
        with contextlib.suppress(OSError):  # no process to be had: the run works by itself
            while len(_ready) < cores() - 1:
                _ready.append(Helper())


def taken() -> list[Helper]:
    """Return the helpers that are there; whoever takes them hands them back, or ends them."""
    found = [*_ready]
    _ready.clear()
    return found


def hand_back(helpers: list[Helper]) -> None:
    """Let somebody else take these helpers; one that owes something is ended instead."""
    for helper in helpers:
        if helper.owed:
            helper.end()
        else:
            _ready.append(helper)
    helpers.clear()


def dismiss() -> None:
    """End the helpers that nobody needs any more."""
    for helper in taken():
        helper.end()


def _serve(asked: socket.socket) -> None:
    """Live as a helper until the run lets go of it, or dies."""
    while call := _receive(asked):
        module, name, argument = call
        _send(asked, getattr(import_module(module), name)(argument))


def _send(to: socket.socket, message: Any) -> None:
    data = marshal.dumps(message)
    to.sendall(len(data).to_bytes(_HEAD_BYTES, "little") + data)


def _receive(asked: socket.socket) -> Any:
    length = int.from_bytes(_exactly(asked, _HEAD_BYTES), "little")
    return marshal.loads(_exactly(asked, length))  # noqa: S302 - our own process


def _exactly(asked: socket.socket, length: int) -> bytearray:
    data = bytearray(length)
    view = memoryview(data)
    while view:
        count = asked.recv_into(view)
        if not count:
            raise ConnectionResetError
        view = view[count:]
    return data
