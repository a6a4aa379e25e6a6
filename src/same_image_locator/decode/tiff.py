"""Reads TIFF pictures that Pillow does not: rare compressions, floating point, many channels."""

from typing import IO

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_JPEG_XR = frozenset({22610, 34934})  # its decoder crashes on broken files
# Photometric interpretations, as the TIFF 6.0 specification and its supplements count them.
_INVERTED, _GREY, _RGB, _PALETTE, _CMYK, _YCBCR, _LAB = 0, 1, 2, 3, 5, 6, 8
_KNOWN = frozenset({_INVERTED, _GREY, _RGB, _PALETTE, _CMYK, _YCBCR, _LAB})
_JPEGS = frozenset({6, 7})  # compressions that come out as RGB, and do not tell that they were cut
_PLAIN = frozenset({1, 5, 8, 32773, 32946, 34925, 50000})  # what comes out as it was stored
_END_OF_JPEG, _END_BYTES = b"\xff\xd9", 16
_ORIENTATION, _PROFILE = 274, 34675
_INK_SET, _CMYK_INK_SET = 332, 1
_ALPHAS = frozenset({1, 2})  # what an extra channel may be; others are not to be seen
_COLOURS, _INKS = 3, 4


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
        if not _is_known(page):
            raise DecodeError("unsupported: a TIFF of a rare kind")
        if page.compression in _JPEGS:
            _refuse_cut(source.file, page)
        tag, profile = page.tags.get(_ORIENTATION), page.tags.get(_PROFILE)
        image = _image(page)
        if profile and isinstance(profile.value, bytes):
            image.info["icc_profile"] = profile.value
        return Opened(image, orientation=int(tag.value) if tag else 1, more=_has_more(file))


def _has_more(file: tifffile.TiffFile) -> bool:
    """Return whether a second page is a picture of its own; to count them all may take minutes."""
    try:
        return not getattr(file.pages.get(1), "is_reduced", False)
    except Exception:  # noqa: BLE001 - none, or a broken one; the first is fine
        return False


def _is_known(page: tifffile.TiffPage) -> bool:
    """Return whether its colours come out as they are meant, and its decoder is to be trusted."""
    if page.compression in _JPEG_XR or page.photometric not in _KNOWN:
        return False
    if page.photometric == _CMYK:
        inks = page.tags.get(_INK_SET)
        return page.compression in _PLAIN and (inks is None or inks.value == _CMYK_INK_SET)
    if page.photometric in {_YCBCR, _LAB}:
        return page.compression in _PLAIN | (_JPEGS if page.photometric == _YCBCR else set())
    return True


def _refuse_cut(file: IO[bytes], page: tifffile.TiffPage) -> None:
    """Refuse a picture whose last piece does not end as a JPEG does: what lacks would be filled up.

    Raises:
        EOFError: it does not.
    """
    at, size = max(zip(page.dataoffsets, page.databytecounts, strict=True))
    file.seek(at)
    if _END_OF_JPEG not in file.read(size)[-_END_BYTES:]:
        raise EOFError


def _image(page: tifffile.TiffPage) -> Image.Image:
    array = page.asarray()
    if page.photometric == _PALETTE and page.colormap is not None:
        array = np.moveaxis(page.colormap[:, array], 0, -1)
    elif page.axes.startswith("S"):  # one plane for each colour
        array = np.moveaxis(array, 0, -1)
    pixels = _eight_bits(array, page.bitspersample)
    alpha = bool(page.extrasamples) and page.extrasamples[0] in _ALPHAS
    if page.photometric == _CMYK:
        inks = _in_mode("CMYK", pixels)
        return _with_alpha(inks, pixels[..., _INKS:]) if alpha else inks
    if page.photometric == _LAB:
        lab = _in_mode("LAB", _high_bytes(array)).convert("RGB")
        return _with_alpha(lab, pixels[..., _COLOURS:]) if alpha else lab
    if page.photometric == _YCBCR and page.compression in _PLAIN:
        return _in_mode("YCbCr", pixels)
    return _grey_or_coloured(255 - pixels if page.photometric == _INVERTED else pixels, alpha=alpha)


def _with_alpha(image: Image.Image, rest: NDArray[np.uint8]) -> Image.Image:
    rgb = image.convert("RGB")
    rgb.putalpha(Image.fromarray(np.ascontiguousarray(rest[..., 0])))
    return rgb


def _in_mode(mode: str, pixels: NDArray[np.uint8]) -> Image.Image:
    """Return a picture of one of Pillow's modes, from the channels that belong to it.

    Raises:
        DecodeError: there are fewer.
    """
    channels = len(Image.new(mode, (1, 1)).getbands())
    if pixels.ndim != 3 or pixels.shape[-1] < channels:  # noqa: PLR2004 - height, width, channels
        raise DecodeError("unsupported: a TIFF of a rare kind")
    size = (pixels.shape[1], pixels.shape[0])
    return Image.frombytes(mode, size, np.ascontiguousarray(pixels[..., :channels]).tobytes())


def _high_bytes(array: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return samples in eight bits although some of them are negative, as two's complements.

    Raises:
        DecodeError: they are neither of eight nor of sixteen bits.
    """
    if array.dtype == np.uint8:
        return array.astype(np.uint8, copy=False)
    if array.dtype != np.uint16:
        raise DecodeError("unsupported: a TIFF of a rare kind")
    return (array.astype(np.uint16, copy=False) >> 8).astype(np.uint8)


def _grey_or_coloured(pixels: NDArray[np.uint8], *, alpha: bool) -> Image.Image:
    if pixels.ndim == 2:  # noqa: PLR2004 - height and width: it is grey
        return Image.fromarray(pixels)
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
