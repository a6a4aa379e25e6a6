"""Brings greys through the encoding of another file, to see what that would have left of them."""

import io

from PIL import Image

from same_image_locator.decode import colours, plain_jpeg, quality, source

_BACK = {6: 8, 8: 6}  # what undoes each turn; the others undo themselves


def encoded_like(greys: Image.Image, path: str) -> Image.Image | None:
    """Return what a JPEG file would show if these were the greys that it was made from.

    They are brought on its blocks, turned as it is stored, and quantised by its table for luminance
    (ITU-T T.81, 1992). None if the file is no plain JPEG.

    Args:
        greys: an upright picture of mode "L", of the size of that file's.
        path: of the file.

    Raises:
        DecodeError: the file cannot be opened.
    """
    with source.opened(path) as file:
        header = plain_jpeg.header(file.content) if file.content else None
    if header is None:
        return None
    stored = colours.upright(greys, _BACK.get(header.turn, header.turn))
    encoded = io.BytesIO()
    stored.save(encoded, "JPEG", qtables=[quality.row_by_row(header.table)])
    with Image.open(encoded, formats=["JPEG"]) as image:
        image.load()
        return colours.upright(image, header.turn)
