"""Limits of JPEG pictures: pixels, and scans, which a small file can have by the thousand."""

import os
from collections.abc import Iterator
from typing import IO

from PIL import Image, JpegImagePlugin

from same_image_locator.decode.causes import DecodeError, too_large

# What is read in one scan is decoded row by row, at an eighth of its size; anything else is held
# in memory whole.
ONE_SCAN_LIMIT, LIMIT = 1_000_000_000, 220_000_000
SCAN_LIMIT = 1000
LOSSLESS = 0xC3  # the marker of such a frame
_PIECE = 1 << 20
_START_OF_SCAN, _END = 0xDA, 0xD9
START_OF_SCAN_BYTES = b"\xff\xda"
_ALONE = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})  # no length follows: stuffing, restarts


def opened(file: IO[bytes]) -> Image.Image:
    """Return the picture with its header read, unless it would take too long or too much memory.

    Raises:
        DecodeError: it has too many pixels or too many scans, or is a lossless one.
    """
    # Not through Image.open: its one limit for all is lower than what a JPEG may have.
    image: Image.Image = JpegImagePlugin.jpeg_factory(file)
    if not getattr(image, "quantization", True) and _is_lossless(file):  # only these need none
        raise DecodeError("unsupported JPEG: a lossless one")
    many = _has_many_scans(image, file)
    limit = LIMIT if many else ONE_SCAN_LIMIT
    if image.width * image.height > limit:
        raise too_large(limit)
    if many and _scans(file) > SCAN_LIMIT:
        raise DecodeError(f"damaged JPEG: it has more than {SCAN_LIMIT:,} scans")
    return image


def is_large(image: Image.Image) -> bool:
    """Return whether a picture must not be decoded at full size."""
    return image.width * image.height > LIMIT


def segments(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield place, marker and content of the segments that begin a JPEG, as far as they are whole.

    Content after the first scan is none of theirs (ITU-T T.81, annex B).
    """
    at = 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        yield at, marker, data[at + 4 : at + 2 + length]
        if marker == _START_OF_SCAN:
            return
        at += 2 + length


def _is_lossless(file: IO[bytes]) -> bool:
    """Return whether the picture whose header ends where ``file`` stands has a lossless frame."""
    end = file.tell()
    file.seek(0)
    return any(marker == LOSSLESS for _, marker, _ in segments(file.read(end)))


def _has_many_scans(image: Image.Image, file: IO[bytes]) -> bool:
    """Return whether the first scan, whose header ends where ``file`` stands, is not the only one.

    The header of an only scan names all components, so that its first bytes and length are known.
    """
    if image.format != "JPEG" or "progressive" in image.info:
        return True
    components = len(image.getbands())
    length = 6 + 2 * components
    file.seek(-length - 2, os.SEEK_CUR)
    return file.read(5) != START_OF_SCAN_BYTES + bytes((0, length, components))


def _scans(file: IO[bytes]) -> int:
    """Count the scans of the first picture in the file, as far as the limit matters."""
    file.seek(0)
    if _seen(file) <= SCAN_LIMIT:
        return 0
    return _counted(file)


def _seen(file: IO[bytes]) -> int:
    """Count what looks like the start of a scan: never fewer than there are."""
    count, before = 0, b""
    while piece := file.read(_PIECE):
        count += (before + piece).count(START_OF_SCAN_BYTES)
        before = piece[-1:]
    return count


def _counted(file: IO[bytes]) -> int:
    """Count the starts of scans outside of other segments, up to one more than the limit."""
    file.seek(0)
    data, place, count = file.read(), 2, 0
    while count <= SCAN_LIMIT:
        place = data.find(b"\xff", place)
        if place < 0 or place + 4 > len(data):
            break
        marker = data[place + 1]
        if marker == _END:
            break
        count += marker == _START_OF_SCAN
        if marker in _ALONE:
            place += 2
        elif marker == 0xFF:  # noqa: PLR2004 - padding before a marker
            place += 1
        else:
            place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return count
