"""Reads one photo piece by piece, proves it unchanged, and leaves the page cache as it was."""

import errno
import os

from same_image_locator.fingerprint.freshness import CHANGED, VANISHED, is_fresh
from same_image_locator.fingerprint.pace import Pace, held_in_memory
from same_image_locator.fingerprint.turns import Turns
from same_image_locator.model import Photo

EDGE_BYTES = 4096
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class UnreadableError(Exception):
    """The photo cannot be read; the message says why."""


class Reading:
    """A photo that is open; the thread has the turn, and reading may let go of it.

    ``trouble`` is why the photo's bytes are not to be trusted, empty when nothing is wrong.

    What the drive had to be asked for is dropped from the page cache after use: a library that
    is read once must not push out what the user's other programs work with. What was there
    before stays.

    Raises:
        UnreadableError: when the file is gone, unreadable, or not what the scan saw.
    """

    __slots__ = ("_absent", "_descriptor", "_pace", "_position", "_turns", "photo", "trouble")

    def __init__(self, photo: Photo, pace: Pace, turns: Turns) -> None:
        self.photo = photo
        self._pace = pace
        self._turns = turns
        self._position = 0
        self._absent: list[int] | None = None
        self.trouble = ""
        try:
            self._descriptor = os.open(photo.path, _FLAGS)
        except OSError as error:
            raise UnreadableError(_cause(error)) from error

    def edge(self, start: int = -1) -> bytes:
        """Return a block of the file, by default its last one."""
        size = self.photo.identity.size
        if start < 0:
            start = max(0, size - EDGE_BYTES)
        return self._read(start, min(EDGE_BYTES, size - start))

    def chunk(self) -> bytes:
        """Return the next bytes of the file; none are left when that is its size."""
        start = self._position
        length = min(self._pace.chunk_bytes, self.photo.identity.size - start)
        data = self._read(start, length)
        self._position = start + length
        if self._absent is not None:
            self._drop(self._position)
        return data

    def prove(self) -> None:
        """Note as its trouble when this is not, or is no more, the file that the scan saw."""
        try:
            if not is_fresh(os.fstat(self._descriptor), self.photo.identity):
                self.trouble = self.trouble or CHANGED
        except OSError as error:
            self.trouble = self.trouble or _cause(error)

    def shut(self) -> None:
        """Close the file."""
        if self._absent is not None:
            self._drop(self.photo.identity.size)
        os.close(self._descriptor)

    def _read(self, start: int, length: int) -> bytes:
        try:
            if not self._pace.tells or held_in_memory(self._descriptor, start):
                data = _read_at(self._descriptor, length, start)
            else:
                if self._absent is None:
                    self._absent = self._survey()
                with self._turns.waiting():
                    data = _read_at(self._descriptor, length, start)
        except OSError as error:
            raise UnreadableError(_cause(error)) from error
        if len(data) < length:
            raise UnreadableError(CHANGED)
        return data

    def _survey(self) -> list[int]:
        """Return the chunks that memory does not hold, the last one first, and ask for haste.

        This is asked before the first wait, since then the system begins to read ahead.
        """
        os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        starts = range(0, self.photo.identity.size, self._pace.chunk_bytes)
        return [start for start in starts if not held_in_memory(self._descriptor, start)][::-1]

    def _drop(self, end: int) -> None:
        """Drop from the page cache the chunks before ``end`` that were not there before."""
        length = self._pace.chunk_bytes
        while self._absent and self._absent[-1] < end:
            os.posix_fadvise(self._descriptor, self._absent.pop(), length, os.POSIX_FADV_DONTNEED)


def _read_at(descriptor: int, length: int, start: int) -> bytes:
    """Return ``length`` bytes, fewer where the file ends; some systems hand them out in parts."""
    data = _pread(descriptor, length, start)
    while 0 < len(data) < length:
        more = _pread(descriptor, length - len(data), start + len(data))
        if not more:
            break
        data += more
    return data


if hasattr(os, "pread"):
    _pread = os.pread
else:  # pragma: no cover - Windows

    def _pread(descriptor: int, length: int, start: int, /) -> bytes:
        os.lseek(descriptor, start, os.SEEK_SET)
        return os.read(descriptor, length)


def _cause(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return VANISHED
    if error.errno == errno.ELOOP:
        return CHANGED  # a link stands where the photo was
    return f"cannot be read: {error.strerror}"
