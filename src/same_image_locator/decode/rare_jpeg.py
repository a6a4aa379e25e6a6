"""Reads JPEG pictures that Pillow does not: lossless ones, and those of more than eight bits."""

from typing import Any, NamedTuple

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.decode import jpeg
from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 100_000_000  # each channel takes up to four bytes while it is scaled
_END_OF_PICTURE = b"\xff\xd9"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, jpeg.LOSSLESS})
_EXIF_SEGMENT, _EXIF = 0xE1, b"Exif\0\0"
_GREY, _COLOURED = 1, 3


class _Frame(NamedTuple):
    at: int
    marker: int
    bits: int
    width: int
    height: int
    channels: int
    exif: bytes


def opened(source: Source) -> Opened:
    """Return the picture in eight bits.

    Raises:
        DecodeError: it has more pixels than we decode, is cut off, or of a kind that nobody reads.
        Exception: whatever the library makes of a broken file.
    """
    data = source.file.read()
    frame = _frame(data)
    if frame.width * frame.height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    if frame.channels not in {_GREY, _COLOURED}:
        raise DecodeError("unsupported: a JPEG of a rare kind")
    if data.find(_END_OF_PICTURE, frame.at) < 0:  # the library would fill up what lacks
        raise EOFError
    # What is lossless is not stored as luminance and chrominance, which would lose a little.
    as_stored = frame.marker == jpeg.LOSSLESS and frame.channels == _COLOURED
    colours = "RGB" if as_stored else None
    samples = imagecodecs.jpeg8_decode(data, colorspace=colours, outcolorspace=colours)
    exif = Image.Exif()
    exif.load(frame.exif)
    return Opened(Image.fromarray(_eight_bits(samples, frame.bits)), exif=exif)


def _frame(data: bytes) -> _Frame:
    """Read the header.

    Raises:
        ValueError: it has no frame that this library decodes.
    """
    exif = b""
    for at, marker, body in jpeg.segments(data):
        if marker in _FRAMES:
            height, width = (int.from_bytes(body[place : place + 2], "big") for place in (1, 3))
            return _Frame(at, marker, body[0], width, height, body[5], exif)
        if marker == _EXIF_SEGMENT and body.startswith(_EXIF):
            exif = exif or body
    raise ValueError("no frame of a known kind")


def _eight_bits(samples: NDArray[np.unsignedinteger[Any]], bits: int) -> NDArray[np.uint8]:
    if samples.dtype == np.uint8:
        return samples.astype(np.uint8, copy=False)
    scaled = samples.astype(np.float32) * np.float32(255 / (2**bits - 1)) + np.float32(0.5)
    return scaled.clip(0, 255).astype(np.uint8)
