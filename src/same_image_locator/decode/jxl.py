"""Reads JPEG XL, after a look at its size: its decoder decodes all of it at once."""

from typing import IO

from PIL import Image
from pillow_jxl import JpegXLImagePlugin

from same_image_locator.decode.causes import too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_BARE = b"\xff\x0a"
_WHOLE, _PARTS = b"jxlc", b"jxlp"
_PART_NUMBER_BYTES = 4
_ENOUGH = 16  # bytes that hold any size
_MOST_BOXES = 1000
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))

JpegXLImagePlugin.DECODE_THREADS = 0  # the other cores have pictures of their own


def opened(source: Source) -> Opened:
    """Return the decoded picture.

    Raises:
        DecodeError: it has more pixels than we decode.
        Exception: whatever the decoder makes of a broken file.
    """
    width, height = size_of(source.file)
    if width * height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    source.file.seek(0)
    return Opened(Image.open(source.file, formats=["JXL"]))


def size_of(file: IO[bytes]) -> tuple[int, int]:
    """Return width and height from the header (ISO/IEC 18181-1:2022, SizeHeader).

    Raises:
        ValueError: there is none.
    """
    bits = _Bits(_codestream(file)[len(_BARE) :])
    small = bits.take(1)
    height = _side(bits, small)
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return height * across // down, height
    return _side(bits, small), height


class _Bits:
    """Takes numbers from bytes, the lowest bit first."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._number & ((1 << count) - 1)
        self._number >>= count
        return value


def _side(bits: _Bits, small: int) -> int:
    if small:
        return 8 * (bits.take(5) + 1)
    return bits.take((9, 13, 18, 30)[bits.take(2)]) + 1


def _codestream(file: IO[bytes]) -> bytes:
    """Return the first bytes of the picture itself, bare or in a box of a container."""
    file.seek(0)
    head = file.read(_ENOUGH)
    if head.startswith(_BARE):
        return head
    place = 0
    for _ in range(_MOST_BOXES):
        file.seek(place)
        head = file.read(16 + _PART_NUMBER_BYTES + _ENOUGH)
        size, kind, start = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:  # then it follows in eight bytes
            size, start = int.from_bytes(head[8:16], "big"), 16
        if kind in {_WHOLE, _PARTS}:
            return head[start + (_PART_NUMBER_BYTES if kind == _PARTS else 0) :]
        if size < start:
            break
        place += size
    raise ValueError("no picture in its container")
