"""Reads one photo piece by piece, proves it unchanged, and leaves the page cache as it was."""

import errno
import os

from same_image_locator.fingerprint.freshness import CHANGED, VANISHED, is_fresh
from same_image_locator.fingerprint.pace import NOWAIT, Pace, held_in_memory
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
        "_absent",
        "_descriptor",
        "_drop_at",
        "_pace",
        "_size",
        "_turns",
        "photo",
        "trouble",
    )

    def __init__(self, photo: Photo, pace: Pace, turns: Turns) -> None:
        self.photo = photo
        self.trouble = ""
        self._size = photo.identity.size
        self._pace = pace
        self._turns = turns
        self._absent: list[tuple[int, int]] = []
        self._drop_at = _DROP_BYTES
        try:
            self._descriptor = os.open(photo.path, _FLAGS)
        except OSError as error:
            raise UnreadableError(_cause(error)) from error
        if pace.tells:  # nothing is fetched beyond what is asked for
            os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_RANDOM)

    def edge(self, buffer: memoryview, start: int) -> None:
        """Fill ``buffer`` with the bytes from ``start`` on: a block of the file."""
        if self._pace.tells and _read_held(self._descriptor, buffer, start) == len(buffer):
            return
        if self._pace.tells:
            self._absent.append((start, start + len(buffer)))
        self._read(buffer, start, absent=self._pace.tells)

    def chunk(self, buffer: memoryview, start: int) -> None:
        """Fill ``buffer`` with the bytes from ``start`` on; chunks follow one another from 0 on."""
        if self._pace.tells and not start and self._begun(buffer):
            return
        end = start + len(buffer)
        absent = any(first < end and start < last for first, last in self._absent)
        self._read(buffer, start, absent)
        if end >= self._drop_at:
            self._drop(end)
            self._drop_at = end + _DROP_BYTES

    def prove(self) -> None:
        """Note as its trouble when this is not, or is no more, the file that the scan saw."""
        try:
            if not is_fresh(os.fstat(self._descriptor), self.photo.identity):
                self.trouble = self.trouble or CHANGED
        except OSError as error:
            self.trouble = self.trouble or _cause(error)

    def shut(self) -> None:
        """Close the file."""
        if self._absent:
            self._drop(self._size)
        os.close(self._descriptor)

    def _read(self, buffer: memoryview, start: int, absent: bool) -> None:
        try:
            if absent:
                with self._turns.waiting():
                    length = _read_at(self._descriptor, buffer, start)
            else:
                length = _read_at(self._descriptor, buffer, start)
        except OSError as error:
            raise UnreadableError(_cause(error)) from error
        if length < len(buffer):
            raise UnreadableError(CHANGED)

    def _begun(self, buffer: memoryview) -> bool:
        """Find out what memory does not hold; return whether ``buffer`` was filled meanwhile.

        A small file whose end is held, as nearly all are, is just read, as far as that goes.
        """
        if self._absent or self._size > min(len(buffer), _SURVEY_BYTES):
            self._absent = self._survey()
            return False
        held = _read_held(self._descriptor, buffer, 0)
        if held < self._size:  # the rest is being fetched from now on
            self._absent = [(held, max(held + 1, self._size - EDGE_BYTES))]
        return held == self._size

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
        for start in range(0, self._size, _SURVEY_BYTES):
            end = min(start + _SURVEY_BYTES, self._size)
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


def read_whole(photo: Photo, buffer: memoryview, pace: Pace, turns: Turns) -> None:
    """Fill ``buffer`` with all bytes of a small photo, proven to be what the scan saw.

    The thread has the turn, and lets go of it where the drive must be asked; what that brings is
    dropped from the page cache again, what was there before stays.

    Raises:
        UnreadableError: when the file is gone, unreadable, or not what the scan saw.
    """
    try:
        descriptor = os.open(photo.path, _FLAGS)
        try:
            held = _read_held(descriptor, buffer, 0) if pace.tells else 0
            if held < len(buffer):
                _fetch(descriptor, buffer, held, pace, turns)
            status = os.fstat(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnreadableError(_cause(error)) from error
    if not is_fresh(status, photo.identity):
        raise UnreadableError(CHANGED)


def _fetch(descriptor: int, buffer: memoryview, held: int, pace: Pace, turns: Turns) -> None:
    """Have the drive asked for all of a file of which memory holds so many bytes."""
    end = len(buffer)
    if pace.tells and _read_held(descriptor, buffer[-1:], end - 1):  # it has not come so soon
        end = max(held + 1, end - EDGE_BYTES)
    with turns.waiting():
        length = _read_at(descriptor, buffer, 0)
        if pace.tells:
            os.posix_fadvise(descriptor, held, end - held, os.POSIX_FADV_DONTNEED)
    if length < len(buffer):
        raise UnreadableError(CHANGED)


def _read_held(descriptor: int, buffer: memoryview, start: int) -> int:
    """Return how many bytes were read without asking the drive; none when that is not known."""
    try:
        return os.preadv(descriptor, [buffer], start, NOWAIT)
    except OSError:
        return 0


def _read_at(descriptor: int, buffer: memoryview, start: int) -> int:
    """Fill ``buffer``, less where the file ends; some systems hand bytes out in parts."""
    done = length = _pread_into(descriptor, buffer, start)
    while length > 0 and done < len(buffer):
        length = _pread_into(descriptor, buffer[done:], start + done)
        done += length
    return done


if hasattr(os, "preadv"):

    def _pread_into(descriptor: int, buffer: memoryview, start: int) -> int:
        return os.preadv(descriptor, [buffer], start)

else:  # pragma: no cover - Windows

    def _pread_into(descriptor: int, buffer: memoryview, start: int) -> int:
        os.lseek(descriptor, start, os.SEEK_SET)
        data = os.read(descriptor, len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _cause(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return VANISHED
    if error.errno == errno.ELOOP:
        return CHANGED  # a link stands where the photo was
    return f"cannot be read: {error.strerror}"
