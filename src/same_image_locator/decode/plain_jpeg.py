"""Reads plain JPEG photos, as nearly all are, with little work beside the decoder's own.

Pillow's plugin makes itself ready for whatever a JPEG may hold, which takes nearly as long as to
decode a small picture. What is not plain is left to it, and so is to say what is wrong with a file:
of the same file both give the same pixels and the same facts, or this one gives none.
"""

import struct
from typing import NamedTuple

from PIL import Image

from same_image_locator.decode import exif, jpeg

Segments = dict[int, list[tuple[int, int]]]  # by marker: where the contents begin and end

_BASELINE, _EXTENDED, _PROGRESSIVE = 0xFFC0, 0xFFC1, 0xFFC2
_HUFFMAN, _START_OF_SCAN, _QUANTIZATION, _RESTARTS = 0xFFC4, 0xFFDA, 0xFFDB, 0xFFDD
_COMMENT, _APP0, _APP1, _APP2, _APP15 = 0xFFFE, 0xFFE0, 0xFFE1, 0xFFE2, 0xFFEF
_FRAMES = frozenset({_BASELINE, _EXTENDED, _PROGRESSIVE})
_OTHERS = frozenset({_HUFFMAN, _QUANTIZATION, _RESTARTS, _COMMENT, *range(_APP0, _APP15 + 1)})

_EXIF, _XMP, _XMP_TURN = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"tiff:Orientation"
_PROFILE, _ONE_OF_ONE, _SEVERAL_PICTURES = b"ICC_PROFILE\0", b"\1\1", b"MPF\0"
_MODES = {(8, 1): "L", (8, 3): "RGB"}  # by bits per channel, and channels
_LENGTH_BYTES = 2  # they count as a part of the length
_TABLE_BYTES = 65  # its number, and 64 entries of one byte

_segment = struct.Struct(">HH").unpack_from
_frame = struct.Struct(">BHHB").unpack_from


class Header(NamedTuple):
    """What stands before the pixels; ``table`` is the one for luminance, as it is stored."""

    size: tuple[int, int]
    mode: str
    table: bytes
    exif: Image.Exif | None
    profile: bytes

    @property
    def turn(self) -> int:
        """The orientation as EXIF counts it."""
        return 1 if self.exif is None else exif.orientation(self.exif)


def header(content: bytes) -> Header | None:
    """Return the header of a file's whole content, None if it is not plain or out of bounds."""
    try:
        segments, scan = _segments(content)
        frames = [marker for marker in segments if marker in _FRAMES]
        if len(frames) != 1 or len(segments[frames[0]]) != 1:
            return None
        ((start, _),) = segments[frames[0]]
        bits, height, width, channels = _frame(content, start)
        if (bits, channels) not in _MODES or not (width and height):
            return None
        only_scan = content.startswith(bytes((0, 6 + 2 * channels, channels)), scan + 2)
        if not _is_within(
            content, width * height, one_scan=frames[0] != _PROGRESSIVE and only_scan
        ):
            return None
        return Header(
            (width, height),
            _MODES[bits, channels],
            _table(content, segments),
            _exif(content, segments),
            _profile(content, segments, start),
        )
    except (struct.error, IndexError, _NotPlainError):
        return None


def decoded(content: bytes, header: Header, mode: str, eighths: int) -> Image.Image | None:
    """Return the picture at 1/``eighths`` of its size, None if it cannot be decoded.

    Args:
        content: of the file.
        header: of the picture.
        mode: "L", or the picture's own.
        eighths: 1, 2, 4 or 8.
    """
    width, height = (-(-side // eighths) for side in header.size)
    try:
        return Image.frombytes(mode, (width, height), content, "jpeg", mode, "", eighths, 0)
    except (ValueError, MemoryError):
        return None


class _NotPlainError(Exception):
    """This picture is for Pillow's plugin."""


def _segments(content: bytes) -> tuple[Segments, int]:
    """Return the segments before the first scan, and where that begins."""
    segments: Segments = {}
    place = 2
    while True:
        marker, length = _segment(content, place)
        if marker == _START_OF_SCAN:
            return segments, place
        if length < _LENGTH_BYTES or (marker not in _OTHERS and marker not in _FRAMES):
            raise _NotPlainError
        segments.setdefault(marker, []).append((place + 4, place + 2 + length))
        place += 2 + length


def _is_within(content: bytes, pixels: int, *, one_scan: bool) -> bool:
    """Return whether the picture is for certain not too large, nor has too many scans."""
    if one_scan:
        return pixels <= jpeg.ONE_SCAN_LIMIT
    return pixels <= jpeg.LIMIT and content.count(jpeg.START_OF_SCAN_BYTES) <= jpeg.SCAN_LIMIT


def _table(content: bytes, segments: Segments) -> bytes:
    """Return the entries of the quantization table with number 0, in the order of the file."""
    table = b""
    for start, end in segments.get(_QUANTIZATION, ()):
        if (end - start) % _TABLE_BYTES:
            raise _NotPlainError
        for place in range(start, end, _TABLE_BYTES):
            if content[place] == 0:
                table = content[place + 1 : place + _TABLE_BYTES]
            elif content[place] > 0xF:  # noqa: PLR2004 - entries of two bytes
                raise _NotPlainError
    if not table:
        raise _NotPlainError
    return table


def _exif(content: bytes, segments: Segments) -> Image.Exif | None:
    found = None
    for start, end in segments.get(_APP1, ()):
        if content.startswith(_EXIF, start):
            if found is not None:
                raise _NotPlainError
            found = content[start:end]
        elif content.startswith(_XMP, start) and content.find(_XMP_TURN, start, end) >= 0:
            raise _NotPlainError
    try:
        return None if found is None else exif.loaded(found)
    except Exception as error:  # broken EXIF data raises anything
        raise _NotPlainError from error


def _profile(content: bytes, segments: Segments, frame: int) -> bytes:
    profile = b""
    for start, end in segments.get(_APP2, ()):
        if content.startswith(_SEVERAL_PICTURES, start):
            raise _NotPlainError
        if content.startswith(_PROFILE, start):
            begin = start + len(_PROFILE) + len(_ONE_OF_ONE)
            if profile or start > frame or content[begin - 2 : begin] != _ONE_OF_ONE:
                raise _NotPlainError
            profile = content[begin:end]
    return profile
