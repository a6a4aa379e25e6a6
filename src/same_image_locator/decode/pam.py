"""Reads PAM, the netpbm project's format for any number of channels (PAM specification, 2000)."""

from typing import IO

from PIL import Image

from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_MOST_LINES, _LONGEST_LINE = 1000, 1000
_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_BYTE, _TWO_BYTES = 255, 65535


def opened(source: Source) -> Opened:
    """Return the first picture in the file.

    Raises:
        DecodeError: it has more pixels than we decode, or channels that make no picture.
        ValueError: its header or its pixels are broken.
    """
    header = _header(source.file)
    width, height, depth = (int(header[name]) for name in ("WIDTH", "HEIGHT", "DEPTH"))
    white = int(header["MAXVAL"])
    if width * height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    if depth not in _MODES or not 0 < white <= _TWO_BYTES or min(width, height) < 1:
        raise DecodeError("unsupported: a PAM of a rare kind")
    size = width * height * depth * (2 if white > _BYTE else 1)
    samples = source.file.read(size)
    if len(samples) < size:
        raise EOFError
    return Opened(Image.frombytes(_MODES[depth], (width, height), _in_bytes(samples, white)))


def _in_bytes(samples: bytes, white: int) -> bytes:
    """Scale samples so that white is 255; of two bytes for each the first is nearly all."""
    if white > _BYTE:
        return _scaled(samples[::2], white >> 8)
    return _scaled(samples, white)


def _scaled(samples: bytes, white: int) -> bytes:
    if white == _BYTE:
        return samples
    return samples.translate(bytes(min(255, round(value * 255 / white)) for value in range(256)))


def _header(file: IO[bytes]) -> dict[str, str]:
    """Return the header's entries, and leave the file at the first pixel."""
    entries: dict[str, str] = {}
    for _ in range(_MOST_LINES):
        line = file.readline(_LONGEST_LINE).decode("ascii", "replace").strip()
        if line == "ENDHDR":
            return entries
        name, _, value = line.partition(" ")
        entries[name] = value.strip()
    raise ValueError("its header does not end")
