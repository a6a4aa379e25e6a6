"""Reads BMP pictures that Pillow does not: any bit fields, short headers, a JPEG or PNG inside.

By Microsoft's "Bitmap Header Types" and, for OS/2, Murray and van Ryper's "Encyclopedia of Graphics
File Formats".
"""

import io
import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.decode import jpeg
from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_FILE_HEADER, _OS2_SHORT, _INFO, _WITH_ALPHA = 14, 16, 40, 56  # bytes of headers
_BIT_FIELDS, _JPEG, _PNG = 3, 4, 5  # compressions
_PIXEL_TYPES = {16: "<u2", 32: "<u4"}
_COLOURS = 3
_WIDEST = 24  # bits of a channel that can be scaled in 32


class _Header(NamedTuple):
    pixels_at: int
    size: int
    width: int
    height: int
    planes: int
    bits: int
    compression: int
    data_size: int


def opened(source: Source) -> Opened:
    """Return the picture; of one with bit fields, all its pixels.

    Raises:
        DecodeError: it has more pixels than we decode, or is of a kind that nobody reads.
        Exception: its header or its pixels are broken.
    """
    if int.from_bytes(source.head[_FILE_HEADER : _FILE_HEADER + 4], "little") == _OS2_SHORT:
        return Opened(_checked(Image.open(_lengthened(source), formats=["BMP"])))
    header = _Header(*struct.unpack_from("<10xIIiiHHII", source.head))
    if header.compression in {_JPEG, _PNG} and not header.bits:
        return Opened(_checked(_inside(source, header)))
    if header.compression != _BIT_FIELDS or header.bits not in _PIXEL_TYPES:
        raise DecodeError("unsupported: a BMP of a rare kind")
    if header.width * abs(header.height) > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    return Opened(_unpacked(source, header))


def _checked(image: Image.Image) -> Image.Image:
    if image.width * image.height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    return image


def _lengthened(source: Source) -> io.BytesIO:
    """Return the file with its header filled up to a usual one: what it lacks is zero in both."""
    data = source.file.read()
    pixels_at = int.from_bytes(data[10:14], "little") + _INFO - _OS2_SHORT
    sizes, body = data[_FILE_HEADER + 4 : 30], data[30:]
    lacking = bytes(_INFO - _OS2_SHORT)
    return io.BytesIO(data[:10] + struct.pack("<II", pixels_at, _INFO) + sizes + lacking + body)


def _inside(source: Source, header: _Header) -> Image.Image:
    """Return the JPEG or PNG that takes the place of the pixels."""
    source.file.seek(header.pixels_at)
    data = source.file.read(header.data_size)
    if len(data) < header.data_size:
        raise EOFError
    if header.compression == _JPEG:
        return jpeg.opened(io.BytesIO(data))
    return Image.open(io.BytesIO(data), formats=["PNG"])


def _unpacked(source: Source, header: _Header) -> Image.Image:
    kind, rows = np.dtype(_PIXEL_TYPES[header.bits]), abs(header.height)
    row = (header.width * kind.itemsize + 3) // 4 * 4  # bytes, filled up to four
    source.file.seek(header.pixels_at)
    data = source.file.read(row * rows)
    if header.width < 1 or rows < 1:
        raise ValueError("it has no pixels")
    if len(data) < row * rows:
        raise EOFError
    stored = np.frombuffer(data, kind).reshape(rows, -1)[:, : header.width].astype(np.uint32)
    if header.height > 0:  # then its rows are stored from the bottom up
        stored = stored[::-1]
    channels = [_channel(stored, mask) for mask in _masks(source, header)]
    if len(channels) > _COLOURS and not channels[_COLOURS].any():
        channels.pop()  # nothing would be seen: who wrote it did not mean transparency
    return Image.fromarray(np.dstack(channels))


def _masks(source: Source, header: _Header) -> list[int]:
    """Return which bits are red, green, blue and, if there are any, alpha.

    Raises:
        DecodeError: they make no picture.
    """
    count = _COLOURS + (header.size >= _WITH_ALPHA)
    masks = list(struct.unpack_from(f"<{count}I", source.head, _FILE_HEADER + _INFO))
    if not masks[-1] and count > _COLOURS:
        masks.pop()
    for mask in masks:
        apart = mask // (mask & -mask) + 1 if mask else 0  # a power of two if its bits are joined
        if not mask or apart & (apart - 1) or mask.bit_count() > _WIDEST:
            raise DecodeError("unsupported: a BMP with bit fields of a rare kind")
    return masks


def _channel(stored: NDArray[np.uint32], mask: int) -> NDArray[np.uint8]:
    lowest = mask & -mask
    white = mask // lowest
    values = (stored & np.uint32(mask)) >> np.uint32(lowest.bit_length() - 1)
    return ((values * np.uint32(255) + np.uint32(white // 2)) // np.uint32(white)).astype(np.uint8)
