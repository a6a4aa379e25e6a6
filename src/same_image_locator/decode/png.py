"""Reads PNG pictures of which only remarks are broken, by leaving these out.

Each piece of a PNG has a checksum of its own, so that it is known that the pixels are whole.
"""

import io
import zlib
from collections.abc import Iterator

from PIL import Image

from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_SIGNATURE = 8
_AROUND = 12  # bytes of a chunk beside its data: length, name, checksum
# Chunks that do not change how the picture looks when they are left out, or hardly: PNG's own
# remarks. All others stay, also those of transparency, colour profile, orientation and animation.
_REMARKS = frozenset(
    {b"bKGD", b"cHRM", b"gAMA", b"hIST", b"iTXt", b"pHYs", b"sBIT", b"sPLT"}
    | {b"sRGB", b"tEXt", b"tIME", b"zTXt"}
)
_PROFILE = b"iCCP"  # a broken one changes nothing, as in any picture


def opened(source: Source) -> Opened:
    """Return the picture without its remarks.

    Raises:
        DecodeError: it has more pixels than we decode, or more than remarks is broken.
        Exception: whatever Pillow makes of a broken header.
    """
    data = source.file.read()
    kept = io.BytesIO(data[:_SIGNATURE] + b"".join(_kept(data)))
    image = Image.open(kept, formats=["PNG"])
    if image.width * image.height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    return Opened(image)


def _kept(data: bytes) -> Iterator[bytes]:
    at = _SIGNATURE
    while at < len(data):
        end = at + _AROUND + int.from_bytes(data[at : at + 4], "big")
        name, chunk = data[at + 4 : at + 8], data[at:end]
        if end > len(data):
            raise EOFError
        whole = zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")
        if not whole and name not in _REMARKS and name != _PROFILE:
            raise DecodeError("damaged PNG: more than its remarks is broken")
        if name not in _REMARKS and whole:
            yield chunk
        if name == b"IEND":
            return
        at = end
