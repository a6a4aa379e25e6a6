"""Reads TIFF pictures that Pillow does not: rare compressions, floating point, many channels."""

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_JPEG_XR = frozenset({22610, 34934})  # its decoder crashes on broken files
_INVERTED, _PALETTE = 0, 3  # photometric interpretations, as the TIFF 6.0 specification counts them
_KNOWN = frozenset({_INVERTED, 1, 2, _PALETTE, 6})  # with grey, RGB, and YCbCr decoded to it
_ORIENTATION = 274
_COLOURS = 3


def opened(source: Source) -> Opened:
    """Return the first page, decoded.

    Raises:
        DecodeError: it has more pixels than we decode, or is of a kind that makes no picture.
        Exception: whatever the library makes of a broken file.
    """
    with tifffile.TiffFile(source.file) as file:
        page = file.pages.first
        if page.imagewidth * page.imagelength > PIXEL_LIMIT:
            raise too_large(PIXEL_LIMIT)
        if page.compression in _JPEG_XR or page.photometric not in _KNOWN:
            raise DecodeError("unsupported: a TIFF of a rare kind")
        tag = page.tags.get(_ORIENTATION)
        return Opened(_image(page), orientation=int(tag.value) if tag else 1)


def _image(page: tifffile.TiffPage) -> Image.Image:
    array = page.asarray()
    if page.photometric == _PALETTE and page.colormap is not None:
        array = np.moveaxis(page.colormap[:, array], 0, -1)
    elif page.axes.startswith("S"):  # one plane for each colour
        array = np.moveaxis(array, 0, -1)
    pixels = _eight_bits(array, page.bitspersample)
    if page.photometric == _INVERTED:
        pixels = 255 - pixels
    if pixels.ndim == 2:  # noqa: PLR2004 - height and width: it is grey
        return Image.fromarray(pixels)
    return _coloured(pixels, alpha=bool(page.extrasamples))


def _coloured(pixels: NDArray[np.uint8], *, alpha: bool) -> Image.Image:
    channels = pixels.shape[-1]
    if channels < _COLOURS:
        grey = Image.fromarray(np.ascontiguousarray(pixels[..., 0]))
        if alpha and channels > 1:
            grey.putalpha(Image.fromarray(np.ascontiguousarray(pixels[..., 1])))
        return grey
    kept = _COLOURS + (alpha and channels > _COLOURS)
    return Image.fromarray(np.ascontiguousarray(pixels[..., :kept]))


def _eight_bits(array: NDArray[np.generic], bits: int) -> NDArray[np.uint8]:
    """Scale samples so that white is 255: integers by their bits, fractions from 0 to 1.

    Raises:
        DecodeError: they are of a type in which white is unknown.
    """
    if array.ndim not in {2, 3}:
        raise DecodeError("unsupported: a TIFF of a rare kind")
    if array.dtype.kind in "bu":
        white = 1.0 if array.dtype.kind == "b" else float(2 ** min(bits, 8 * array.itemsize) - 1)
    elif array.dtype.kind == "f":
        array = np.nan_to_num(array)
        white = max(1.0, float(array.max()))
    else:
        raise DecodeError("unsupported: a TIFF with negative samples")
    if array.dtype == np.uint8 and white == 255:  # noqa: PLR2004 - eight bits' white
        return array.astype(np.uint8, copy=False)
    return (array.astype(np.float32).clip(0, white) * (255.0 / white) + 0.5).astype(np.uint8)
