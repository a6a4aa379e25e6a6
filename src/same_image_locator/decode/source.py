"""Opens a file to be decoded: regular, not empty, and of a kind that its first bytes show."""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

from PIL import Image

from same_image_locator.decode import plugins
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.sniff import HEAD_BYTES, NO_PICTURE, Kind, sniff

# A larger JPEG, of some hundred megapixels, is read piece by piece.
HELD_BYTES = 64 * 1024**2


class Source(NamedTuple):
    """A file at its beginning: ``head`` is the first ``HEAD_BYTES`` of ``file``, at most.

    ``content`` is all of a JPEG that is not too large to be held; else it is empty.
    """

    path: str
    file: IO[bytes]
    head: bytes
    kind: Kind
    content: bytes = b""


class Opened(NamedTuple):
    """A picture whose pixels may still have to be loaded, as a decoder opened it.

    ``size`` is the photo's as it is stored, where the picture is a smaller one that stands for it.
    ``orientation`` is the photo's, where the picture's EXIF data do not tell; ``upright`` says
    that the picture is turned already, or will be by loading it. ``exif`` are the photo's data,
    where they are not the picture's own. ``more`` says that other pictures follow this first one,
    where the picture itself does not know.
    """

    image: Image.Image
    size: tuple[int, int] | None = None
    orientation: int | None = None
    upright: bool = False
    exif: Image.Exif | None = None
    more: bool = False


@contextmanager
def opened(path: str) -> Iterator[Source]:
    """Open a file that is a picture by its content.

    Raises:
        DecodeError: it is none, or cannot be opened.
    """
    with _raw(path) as raw:
        status = os.fstat(raw.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise DecodeError("not a regular file")
        yield _source(path, raw, status.st_size)


def _raw(path: str) -> io.FileIO:
    try:
        return open(path, "rb", buffering=0, opener=_without_waiting)
    except OSError as error:
        raise DecodeError(f"cannot be opened: {error.strerror}", lasting=False) from error


def _source(path: str, raw: io.FileIO, size: int) -> Source:
    try:
        head = raw.read(HEAD_BYTES)
        if not head:
            raise DecodeError("the file is empty")
        kind = sniff(head, path) or plugins.sniff(head)
        if kind is None:
            raise DecodeError(NO_PICTURE)
        raw.seek(0)
        if kind.plugin == "JPEG" and size <= HELD_BYTES:
            content = raw.read(size)
            if len(content) == size:
                return Source(path, io.BytesIO(content), head, kind, content)
            raw.seek(0)
    except OSError as error:
        raise DecodeError(f"cannot be read: {error.strerror}", lasting=False) from error
    return Source(path, io.BufferedReader(raw), head, kind)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
