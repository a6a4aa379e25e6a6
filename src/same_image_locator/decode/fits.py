"""Reads FITS, the format of astronomers (FITS Standard 4.0): plain pictures in grey.

Not by Pillow, which takes negative and shifted samples for very bright ones.
"""

from collections.abc import Iterator
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 100_000_000  # each sample takes up to eight bytes, and as many while it is scaled
_CARD, _BLOCK = 80, 2880
_MOST_CARDS = 36_000
_TYPES = {8: ">u1", 16: ">i2", 32: ">i4", -32: ">f4", -64: ">f8"}
# Shares of the samples, in percent, that may be darker than black and brighter than white: stars.
_BLACK, _WHITE = 0.25, 99.75


def opened(source: Source) -> Opened:
    """Return the picture, as bright as lets most of it be seen.

    Raises:
        DecodeError: it has more pixels than we decode, or is of a kind that makes no picture.
        ValueError: its header or its pixels are broken.
    """
    header = dict(_cards(source.file))
    bits, axes = int(header["BITPIX"]), int(header["NAXIS"])
    if axes != 2 or bits not in _TYPES:  # noqa: PLR2004 - width and height
        raise DecodeError("unsupported: a FITS file that is not one plain picture")
    width, height = int(header["NAXIS1"]), int(header["NAXIS2"])
    if min(width, height) < 1:
        raise ValueError("it has no pixels")
    if width * height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    kind = np.dtype(_TYPES[bits])
    data = source.file.read(width * height * kind.itemsize)
    if len(data) < width * height * kind.itemsize:
        raise EOFError
    samples = np.frombuffer(data, kind).reshape(height, width)[::-1]  # stored from the bottom up
    known = np.isfinite(samples)
    if "BLANK" in header:
        known &= samples != int(header["BLANK"])
    negative = float(header.get("BSCALE", "1").replace("D", "E")) < 0
    return Opened(Image.fromarray(_shown(-samples.astype(float) if negative else samples, known)))


def _cards(file: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the header's names and values, and leave the file at the first sample."""
    for _ in range(_MOST_CARDS):
        card = file.read(_CARD).decode("ascii", "replace")
        if card.rstrip() == "END":
            file.seek(-(-file.tell() // _BLOCK) * _BLOCK)
            return
        yield card[:8].rstrip(), card[10:].partition("/")[0].strip()
    raise ValueError("its header does not end")


def _shown(samples: NDArray[Any], known: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Scale samples to eight bits; what they measure, and from which zero, makes no difference.

    Raises:
        ValueError: none of them is a number.
    """
    if not known.any():
        raise ValueError("it has no pixels")
    black, white = (float(value) for value in np.percentile(samples[known], (_BLACK, _WHITE)))
    span = (white - black) or 1.0
    light = (np.where(known, samples, black).astype(np.float32) - np.float32(black)) / np.float32(
        span
    )
    return (light.clip(0, 1) * 255 + 0.5).astype(np.uint8)
