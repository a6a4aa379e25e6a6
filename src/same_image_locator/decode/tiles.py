"""Cuts a picture that is too large to be shown whole into pieces, each pixel as it is."""

from same_image_locator.decode import thumbnails
from same_image_locator.decode.glimpse import pixels
from same_image_locator.decode.views import QUALITY, SUBSAMPLING

SIDE = 1024  # pixels


def cut(path: str) -> tuple[int, list[bytes]]:
    """Return the number of columns, and a JPEG for each tile, row by row, upright and in sRGB.

    Raises:
        DecodeError: it cannot be read, in full and undamaged; or it is too large for that.
    """
    whole = pixels(path, "RGB")
    width, height = whole.size
    made = (
        whole.crop((left, top, min(left + SIDE, width), min(top + SIDE, height)))
        for top in range(0, height, SIDE)
        for left in range(0, width, SIDE)
    )
    return -(-width // SIDE), [thumbnails.jpeg(tile, QUALITY, SUBSAMPLING) for tile in made]
