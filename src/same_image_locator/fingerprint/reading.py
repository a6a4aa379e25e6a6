"""Reads one photo piece by piece, proves it unchanged, and leaves the page cache as it was."""

import errno
import os

from same_image_locator.fingerprint.freshness import CHANGED, VANISHED, is_fresh
from same_image_locator.fingerprint.pace import Pace, held_in_memory
from same_image_locator.fingerprint.turns import Turns
from same_image_locator.model import Photo

EDGE_BYTES = 4096
_SURVEY_BYTES = 1 << 17  # how far apart it is asked what memory holds
_DROP_BYTES = 8 << 20  # what a large file may fill of the page cache before that is emptied
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

    __slots__ = (
        *("_absent", "_descriptor", "_drop_at", "_pace", "_position", "_turns"),
        *("photo", "trouble"),
    )

    def __init__(self, photo: Photo, pace: Pace, turns: Turns) -> None:
        self.photo = photo
        self._pace = pace
        self._turns = turns
        self._position = 0
        self._absent: list[tuple[int, int]] = []
        self._drop_at = _DROP_BYTES
        self.trouble = ""
        try:
            self._descriptor = os.open(photo.path, _FLAGS)
        except OSError as error:
            raise UnreadableError(_cause(error)) from error
        if pace.tells:  # nothing is fetched beyond what is asked for
            os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_RANDOM)

    def edge(self, start: int = -1) -> bytes:
        """Return a block of the file, by default its last one."""
        size = self.photo.identity.size
        if start < 0:
            start = max(0, size - EDGE_BYTES)
        end = min(start + EDGE_BYTES, size)
        absent = self._pace.tells and not self._holds(start)
        if absent:
            self._absent.append((start, end))
        return self._read(start, end, absent)

    def chunk(self) -> bytes:
        """Return the next bytes of the file; none are left when that is its size."""
        start = self._position
        self._position = end = min(start + self._pace.chunk_bytes, self.photo.identity.size)
        if self._pace.tells and not start:
            self._absent = self._survey()
        absent = any(first < end and start < last for first, last in self._absent)
        data = self._read(start, end, absent)
        if end >= self._drop_at:
            self._drop(end)
            self._drop_at = end + _DROP_BYTES
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
        self._drop(self.photo.identity.size)
        os.close(self._descriptor)

    def _read(self, start: int, end: int, absent: bool) -> bytes:
        try:
            if absent:
                with self._turns.waiting():
                    data = _read_at(self._descriptor, end - start, start)
            else:
                data = _read_at(self._descriptor, end - start, start)
        except OSError as error:
            raise UnreadableError(_cause(error)) from error
        if len(data) < end - start:
            raise UnreadableError(CHANGED)
        return data

    def _holds(self, offset: int) -> bool:
        """Return whether memory holds a page; when in doubt the drive is asked, which may fail."""
        try:
            return held_in_memory(self._descriptor, offset)
        except OSError:
            return False

    def _survey(self) -> list[tuple[int, int]]:
        """Return the stretches of the file that memory does not hold, as start and end.

        To ask for a page is to begin to fetch it. So what was asked for before counts as absent,
        and all is asked at once, before the system begins to read ahead.
        """
        asked = {
            place // _SURVEY_BYTES for start, end in self._absent for place in (start, end - 1)
        }
        absent: list[tuple[int, int]] = []
        for start in range(0, self.photo.identity.size, _SURVEY_BYTES):
            end = min(start + _SURVEY_BYTES, self.photo.identity.size)
            if start // _SURVEY_BYTES in asked or not self._holds(end - 1):
                joined = bool(absent) and absent[-1][1] == start
                absent.append((absent.pop()[0] if joined else start, end))
        if absent:
            os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        return absent

    def _drop(self, end: int) -> None:
        """Drop from the page cache what lies before ``end`` and was not there before.

        A page may be large and begin in an earlier stretch, so each is dropped from its start.
        """
        for start, stop in self._absent:
            if start < end:
                length = min(stop, end) - start
                os.posix_fadvise(self._descriptor, start, length, os.POSIX_FADV_DONTNEED)


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
