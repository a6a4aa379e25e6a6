"""Reads cameras' raw files with LibRaw: the preview in them, or a quick development."""

import io
import os
from typing import BinaryIO, cast

import rawpy
from PIL import Image

from same_image_locator.decode import jpeg
from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_PREVIEW_LEAST = 120  # pixels on its shorter side
_TURNS = {3: 3, 5: 8, 6: 6}  # dcraw's flips as EXIF orientations
_LEAST_BITS_A_PIXEL = 0.25  # fewer cannot hold a photo: the file is a stub
_TIFF_MAGICS = (b"II*\x00", b"MM\x00*")


def opened(source: Source) -> Opened:
    """Return the preview that the camera made if it is large enough, else a development.

    Raises:
        DecodeError: the file is a stub, holds too many pixels, or comes out as one flat colour.
        Exception: whatever LibRaw makes of a broken file.
    """
    try:
        with rawpy.imread(cast("BinaryIO", source.file)) as raw:
            return _opened(source, raw)
    except rawpy.LibRawFileUnsupportedError as error:
        raise DecodeError("unsupported: a camera raw file that LibRaw does not know") from error


def _opened(source: Source, raw: rawpy.RawPy) -> Opened:
    size = (raw.sizes.width, raw.sizes.height)
    if size[0] * size[1] > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    bits = 8 * os.fstat(source.file.fileno()).st_size
    if bits < _LEAST_BITS_A_PIXEL * size[0] * size[1]:
        raise DecodeError("damaged RAW: it is too short for its picture")
    turn = _TURNS.get(raw.sizes.flip, 1)
    preview = _preview(raw)
    exif = _exif(source)
    if preview is not None:
        own = preview.getexif()
        turn = turn if _lies_as(preview.size, size) else 1
        return Opened(preview, size, turn, exif=own if exif is None else exif)
    return Opened(_developed(raw), size, turn, exif=exif)


def _lies_as(preview: tuple[int, int], sensor: tuple[int, int]) -> bool:
    """Return whether the preview is stored as the sensor saw it, and not turned upright."""
    return (preview[0] >= preview[1]) == (sensor[0] >= sensor[1])


def _preview(raw: rawpy.RawPy) -> Image.Image | None:
    try:
        found = raw.extract_thumb()
        if isinstance(found.data, bytes):
            image = jpeg.opened(io.BytesIO(found.data))
        else:
            image = Image.fromarray(found.data.copy())
    except Exception:  # noqa: BLE001 - a missing or broken preview raises anything; there is more
        return None
    return image if min(image.size) >= _PREVIEW_LEAST else None


def _developed(raw: rawpy.RawPy) -> Image.Image:
    pixels = raw.postprocess(half_size=True, use_camera_wb=True, user_flip=0, output_bps=8)
    if pixels.min() == pixels.max():
        raise DecodeError("damaged RAW: it comes out as one flat colour")
    return Image.fromarray(pixels)


def _exif(source: Source) -> Image.Exif | None:
    """Return the camera's data, which lie in the file as in a TIFF, if it is one inside."""
    if not source.head.startswith(_TIFF_MAGICS):
        return None
    exif = Image.Exif()
    try:
        source.file.seek(0)
        exif.load_from_fp(source.file)
    except Exception:  # noqa: BLE001 - broken EXIF data raises anything; the pixels are fine
        return None
    return exif
