"""Reads farbfeld: "farbfeld", width and height in 32 bits, then 16 bits for each of R, G, B, A."""

import struct

import numpy as np
from PIL import Image

from same_image_locator import Kind, Opened, Source

_HEADER = struct.Struct(">8sII")
_CHANNELS = 4
_MOST_PIXELS = 220_000_000


def sniff(head: bytes) -> Kind | None:
    """Return the kind of a file that begins as farbfeld does."""
    return Kind("farbfeld") if head.startswith(b"farbfeld") else None


def opened(source: Source) -> Opened:
    """Return the picture. Whatever is raised here is told as the cause, and costs this file alone.

    Raises:
        ValueError: it has more pixels than a picture may have.
        EOFError: the file ends before the picture does.
    """
    _, width, height = _HEADER.unpack(source.file.read(_HEADER.size))
    if width * height > _MOST_PIXELS:
        raise ValueError("too many pixels")
    size = width * height * _CHANNELS * 2
    content = source.file.read(size)
    if len(content) < size:
        raise EOFError
    samples = np.frombuffer(content, ">u2").reshape(height, width, _CHANNELS)
    return Opened(Image.fromarray((samples >> 8).astype(np.uint8), "RGBA"))
