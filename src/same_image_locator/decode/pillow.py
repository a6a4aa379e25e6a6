"""Opens a picture with exactly one of Pillow's plugins, unloaded and within its limits."""

import functools
import warnings
from collections.abc import Mapping
from typing import Any

from PIL import Image, PngImagePlugin, UnidentifiedImageError

from same_image_locator.decode import jpeg
from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_DNG_VERSION, _BITS_PER_SAMPLE, _PLANES, _SEPARATE = 50706, 258, 284, 2

# Pillow raises at twice this figure. It guards the pictures inside ICO and ICNS files, which are
# decoded before we can ask for their size; our own check guards the rest.
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT // 2
PngImagePlugin.MAX_TEXT_CHUNK = 16 * 1024**2  # bytes; the default refuses real photos' notes


def opened(source: Source) -> Opened:
    """Return the picture with its header read.

    Raises:
        DecodeError: it has more pixels than we decode, or is a camera's raw file after all.
        Exception: whatever the plugin makes of a broken header.
    """
    quiet()
    plugin = source.kind.plugin
    if plugin == "JPEG":
        return Opened(jpeg.opened(source.file))
    if plugin == "HEIF":
        _register_heif()
    image = Image.open(source.file, formats=[plugin])
    width, height = image.size
    if width * height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    if plugin == "HEIF":  # turned while it was opened
        return Opened(image, orientation=image.info.get("original_orientation"), upright=True)
    if plugin == "TIFF":  # turned by loading, and as wide and high as it will then be
        _refuse_mistakable(getattr(image, "tag_v2", {}))
        return Opened(image, upright=True)
    return Opened(image)


def _refuse_mistakable(tags: Mapping[int, Any]) -> None:
    """Refuse a TIFF of which Pillow would show something else than the photo.

    It takes the preview in a raw file for the photo, and mixes up the bytes of 16-bit planes.
    """
    if _DNG_VERSION in tags:
        raise DecodeError("unsupported: a camera raw file under a TIFF's name", lasting=False)
    depths = tags.get(_BITS_PER_SAMPLE, ())
    if tags.get(_PLANES) == _SEPARATE and max(depths, default=8) > 8:  # noqa: PLR2004 - a byte's
        raise UnidentifiedImageError("16-bit planes")


def quiet() -> None:
    """Silence Pillow's warnings, which are for programmers; a person gets our causes.

    To be asked again for each picture, because others (a test runner, for one) reset the filters.
    """
    warnings.filterwarnings("ignore", module=r"PIL\b")


@functools.cache
def _register_heif() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
