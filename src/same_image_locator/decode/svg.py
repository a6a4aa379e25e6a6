"""Draws SVG with resvg, without letting it reach any other file."""

import io
import re
import zlib

import resvg_py
from PIL import Image

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.source import Opened, Source

BYTE_LIMIT = 20_000_000
_WIDTH = 1024  # pixels: a drawing has none of its own
_DEPTH_LIMIT = 500  # elements within elements; thousands end resvg's stack
_REFERENCE = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_INSIDE = ("#", "data:image/")
_ELEMENT = re.compile(r"<(/?)[A-Za-z][^<>]*?(/?)>")
_ENTITIES = "<!ENTITY"
_GZIP, _GZIP_WINDOW = b"\x1f\x8b", 31  # zlib's largest window, 15, with a gzip header: 16


def opened(source: Source) -> Opened:
    """Return the drawing, 1,024 pixels wide.

    Raises:
        DecodeError: it is too long, too deep, or defines entities.
        ValueError: it is no valid SVG.
    """
    data = source.file.read(BYTE_LIMIT + 1)
    if data.startswith(_GZIP):
        data = zlib.decompressobj(_GZIP_WINDOW).decompress(data, BYTE_LIMIT + 1)
    if len(data) > BYTE_LIMIT:
        raise DecodeError(f"too large: an SVG of more than {BYTE_LIMIT // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DecodeError("unsupported: an SVG that is not UTF-8") from error
    if _ENTITIES in text.upper():
        raise DecodeError("unsupported: an SVG that defines entities")
    if _depth(text) > _DEPTH_LIMIT:
        raise DecodeError("unsupported: an SVG with elements nested too deeply")
    drawn = resvg_py.svg_to_bytes(
        svg_string=_REFERENCE.sub(_without_files, text), width=_WIDTH, skip_system_fonts=True
    )
    return Opened(Image.open(io.BytesIO(drawn), formats=["PNG"]))


def _without_files(found: re.Match[str]) -> str:
    """Return a reference unless it leads out of the drawing: resvg would show that file."""
    target = (found[1] or found[2] or "").strip().lower()
    return found[0] if target.startswith(_INSIDE) else 'href=""'


def _depth(text: str) -> int:
    deepest = depth = 0
    for found in _ELEMENT.finditer(text):
        if found[1]:
            depth -= 1
        elif not found[2]:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
