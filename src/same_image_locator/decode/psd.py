"""Reads Photoshop's files that Pillow does not: large ones, and unusual compressions."""

from psd_tools import PSDImage

from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000


def opened(source: Source) -> Opened:
    """Return the merged picture that Photoshop saved along with the layers.

    Raises:
        DecodeError: it has more pixels than we decode, or only layers.
        Exception: whatever the library makes of a broken file.
    """
    height, width = (int.from_bytes(source.head[at : at + 4], "big") for at in (14, 18))
    if width * height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    document = PSDImage.open(source.file)
    merged = document.topil() if document.has_preview() else None
    if merged is None:
        raise DecodeError("unsupported: a Photoshop file without a merged picture")
    return Opened(merged)
