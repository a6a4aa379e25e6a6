"""Lists folders with what the system tells of each file, on all cores where that can be.

To ask for a file's status takes longer than all that a scan does with the answer. So where a
process can be forked safely, listers are forked off a run that is still young; they do nothing but
list, and what they send back are whole columns: an object for each file would cost what they save.
"""

import contextlib
import marshal
import os
import select
import socket
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import compress
from operator import attrgetter
from types import TracebackType
from typing import Any, NamedTuple, Self

from same_image_locator.interrupts import interrupts_held
from same_image_locator.processors import cores

_NAME = attrgetter("name")
_told = attrgetter("st_mode", "st_ino", "st_size", "st_mtime_ns", "st_nlink", "st_dev")
_FOLDERS_AT_ONCE = 16  # their paths always fit into what a socket holds
_OWED_AT_MOST = 2  # batches, so that a lister need not wait for the next one
_HEAD_BYTES = 8


class Listing(NamedTuple):
    """What a folder holds, sorted by the bytes of the names: names, and a column for each figure.

    ``troubles`` are paths of which the system tells nothing, each with its reason.
    """

    names: tuple[str, ...] = ()
    modes: tuple[int, ...] = ()
    inodes: tuple[int, ...] = ()
    sizes: tuple[int, ...] = ()
    mtimes: tuple[int, ...] = ()
    links: tuple[int, ...] = ()
    devices: tuple[int, ...] = ()
    troubles: tuple[tuple[str, str], ...] = ()

    def chosen(self, wanted: Sequence[object]) -> "Listing":
        """Return the rows for which ``wanted`` holds something true."""

        def kept(column: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(compress(column, wanted))

        return Listing(
            tuple(compress(self.names, wanted)),
            kept(self.modes),
            kept(self.inodes),
            kept(self.sizes),
            kept(self.mtimes),
            kept(self.links),
            kept(self.devices),
        )


def listed(folder: str) -> Listing:
    """List a folder; links in it are not followed."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        return Listing(troubles=((folder, _reason(error)),))
    # A name that is plain ASCII need not be turned into bytes to be sorted.
    ascii_only = all(map(str.isascii, map(_NAME, found)))
    found.sort(key=_NAME if ascii_only else lambda entry: os.fsencode(entry.name))
    try:
        columns = zip(*map(_told, map(_stat, found)), strict=True)
        return Listing(tuple(map(_NAME, found)), *columns)
    except OSError:
        rows, troubles = [], []
        for entry in found:
            try:
                rows.append((entry.name, *_told(_stat(entry))))
            except OSError as error:
                troubles.append((entry.path, _reason(error)))
        return Listing(*zip(*rows, strict=True))._replace(troubles=tuple(troubles))


if sys.platform == "win32":  # pragma: no cover - there an entry knows no device and no inode

    def _stat(entry: os.DirEntry[str]) -> os.stat_result:
        return os.lstat(entry.path)

else:
    _stat = partial(os.DirEntry.stat, follow_symlinks=False)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def prepare() -> None:
    """Fork listers, if no thread is there yet that could hold a lock, for the next ``Listings``."""
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1:
        with contextlib.suppress(OSError):  # no process to be had: the run lists by itself
            while len(_prepared) < cores() - 1:
                _prepared.append(_Lister())


class _Lister:
    """A process that lists folders; ``owed`` are the batches that it has not answered yet."""

    def __init__(self) -> None:
        self.owed: deque[list[str]] = deque()
        self.socket, theirs = socket.socketpair()
        with theirs, interrupts_held():
            self.pid = os.fork()
            if self.pid == 0:
                self.socket.close()  # else it would not see when the run dies
                with contextlib.suppress(BaseException):
                    _serve(theirs)
                os._exit(0)

    def ask(self, folders: list[str]) -> None:
        """Have it list these folders; a dead one will be found out by its silence."""
        self.owed.append(folders)
        with contextlib.suppress(OSError):
            _send(self.socket, folders)

    def answer(self) -> list[Listing]:
        """Return the listings of the oldest batch.

        Raises:
            OSError: it has died.
        """
        listings = [Listing(*columns) for columns in _receive(self.socket)]
        self.owed.popleft()
        return listings

    def end(self) -> None:
        """Let it go, and wait for its end."""
        with contextlib.suppress(OSError):
            _send(self.socket, [])
        self.socket.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


_prepared: list[_Lister] = []


def _serve(asked: socket.socket) -> None:
    """Live as a lister until the run lets go of it, or dies."""
    while folders := _receive(asked):
        _send(asked, [tuple(listed(folder)) for folder in folders])


def _send(to: socket.socket, message: Any) -> None:
    data = marshal.dumps(message)
    to.sendall(len(data).to_bytes(_HEAD_BYTES, "little") + data)


def _receive(asked: socket.socket) -> list[Any]:
    length = int.from_bytes(_exactly(asked, _HEAD_BYTES), "little")
    message: list[Any] = marshal.loads(_exactly(asked, length))  # noqa: S302 - our own process
    return message


def _exactly(asked: socket.socket, length: int) -> bytearray:
    data = bytearray(length)
    view = memoryview(data)
    while view:
        count = asked.recv_into(view)
        if not count:
            raise ConnectionResetError
        view = view[count:]
    return data


class Listings:
    """Lists folder after folder, as they are added while those that came are looked at.

    To be used as a context manager. They come in any order; a folder's own listing comes before
    those of the folders that are added because of it.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self._waiting = [*folders]
        self._listers = [_prepared.pop() for _ in range(len(_prepared))]

    def add(self, folders: Iterable[str]) -> None:
        """Have these folders listed too."""
        self._waiting += folders

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._listers:
            self._listers.pop().end()

    def __iter__(self) -> Iterator[tuple[str, Listing]]:
        while self._waiting or any(lister.owed for lister in self._listers):
            self._deal()
            for lister in self._answering():
                yield from self._heard(lister)
            if self._waiting:
                folder = self._waiting.pop()
                yield folder, listed(folder)

    def _deal(self) -> None:
        for lister in self._listers:
            # The last one is ours; and while few wait, each of us takes few.
            while len(self._waiting) > 1 and len(lister.owed) < _OWED_AT_MOST:
                share = len(self._waiting) // (2 * len(self._listers) + 1)
                count = max(1, min(_FOLDERS_AT_ONCE, share))
                lister.ask([self._waiting.pop() for _ in range(count)])

    def _answering(self) -> list[_Lister]:
        """Return who has answered; when nothing else is left to do, wait for that."""
        owing = {lister.socket: lister for lister in self._listers if lister.owed}
        if not owing:
            return []
        ready, _, _ = select.select(list(owing), [], [], 0 if self._waiting else None)
        return [owing[one] for one in ready]

    def _heard(self, lister: _Lister) -> list[tuple[str, Listing]]:
        """Return what a lister answers; what a dead one owed waits again."""
        folders = lister.owed[0]
        try:
            return list(zip(folders, lister.answer(), strict=True))
        except OSError:
            self._listers.remove(lister)
            lister.end()
            for batch in lister.owed:
                self._waiting += batch
            return []
