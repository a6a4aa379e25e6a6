"""Hashes a stretch of one photo's bytes, and proves that the photo is still what the scan saw."""

import errno
import hashlib
import os
import threading
from typing import Protocol, Self

from same_image_locator.fingerprint.freshness import CHANGED, VANISHED, is_fresh
from same_image_locator.model import Photo

_CHUNK_BYTES = 1 << 20
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class Hash(Protocol):
    """What we need of hashlib's objects."""

    def update(self, data: memoryview, /) -> None:
        """Take in more bytes."""

    def digest(self) -> bytes:
        """Return the hash of all bytes so far."""

    def copy(self) -> Self:
        """Return a second object in the same state."""


class UnreadableError(Exception):
    """The photo cannot be hashed; the message says why."""


class StoppedError(Exception):
    """The run is being stopped, so the hash was not finished."""


def hash_on(photo: Photo, state: Hash | None, start: int, end: int, stop: threading.Event) -> Hash:
    """Return ``state`` (None: a fresh SHA-256) carried on over the bytes ``start`` to ``end``.

    The given state stays as it is, so that one state may be carried on for many files.

    Raises:
        UnreadableError: the file is gone, unreadable, or not what the scan saw.
        StoppedError: ``stop`` was set.
    """
    carried = hashlib.sha256() if state is None else state.copy()
    try:
        descriptor = os.open(photo.path, _FLAGS)
    except OSError as error:
        raise UnreadableError(_cause(error)) from error
    try:
        _require_fresh(descriptor, photo)
        os.lseek(descriptor, start, os.SEEK_SET)
        _feed(carried, descriptor, end - start, stop)
        _require_fresh(descriptor, photo)
    except OSError as error:
        raise UnreadableError(_cause(error)) from error
    finally:
        os.close(descriptor)
    return carried


def _feed(carried: Hash, descriptor: int, size: int, stop: threading.Event) -> None:
    buffer = memoryview(bytearray(min(size, _CHUNK_BYTES)))
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        while size:
            if stop.is_set():
                raise StoppedError
            got = file.readinto(buffer[: min(size, len(buffer))])
            if not got:
                raise UnreadableError(CHANGED)
            carried.update(buffer[:got])
            size -= got


def _require_fresh(descriptor: int, photo: Photo) -> None:
    if not is_fresh(os.fstat(descriptor), photo.identity):
        raise UnreadableError(CHANGED)


def _cause(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return VANISHED
    if error.errno == errno.ELOOP:
        return CHANGED  # a link stands where the photo was
    return f"cannot be read: {error.strerror}"
