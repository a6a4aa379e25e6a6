"""Opens a file to be decoded: regular, not empty, and of a kind that its first bytes show."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, NamedTuple

from PIL import Image

from same_image_locator.decode import plugins
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.sniff import HEAD_BYTES, Kind, sniff


class Source(NamedTuple):
    """A file at its beginning: ``head`` is the first ``HEAD_BYTES`` of ``file``, at most."""

    path: str
    file: IO[bytes]
    head: bytes
    kind: Kind


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
    with _regular(path) as file:
        try:
            head = file.read(HEAD_BYTES)
        except OSError as error:
            raise DecodeError(f"cannot be read: {error.strerror}", lasting=False) from error
        if not head:
            raise DecodeError("the file is empty")
        kind = sniff(head, path) or plugins.sniff(head)
        if kind is None:
            raise DecodeError("not a picture")
        file.seek(0)
        yield Source(path, file, head, kind)


@contextmanager
def _regular(path: str) -> Iterator[IO[bytes]]:
    """Open ``path`` for reading if it is a regular file; a named pipe must not make us wait."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open(path, "rb", opener=_without_waiting))
        except OSError as error:
            raise DecodeError(f"cannot be opened: {error.strerror}", lasting=False) from error
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise DecodeError("not a regular file")
        yield file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
