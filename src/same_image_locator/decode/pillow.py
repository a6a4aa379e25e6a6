"""Opens a picture with exactly one of Pillow's plugins, unloaded and within its limits."""

import functools
import warnings
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageChops, PngImagePlugin, UnidentifiedImageError

from same_image_locator.decode import jpeg
from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Opened, Source

PIXEL_LIMIT = 220_000_000
_HEAVY = {
    "BLP": 34_000_000
}  # decoded in Python, at many times its size; the largest are 4096 x 8192
# Tags of TIFF, and values of them that matter here.
_DNG_VERSION, _BITS_PER_SAMPLE, _ORIENTATION = 50706, 258, 274
_PLANES, _SEPARATE = 284, 2
_PHOTOMETRIC, _YCBCR = 262, 6
_COMPRESSION, _OLD_JPEG, _JPEG, _WEBP = 259, 6, 7, 50001
_TILE_WIDTH, _STRIP_OFFSETS = 322, 273

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
    limit = _HEAVY.get(plugin, PIXEL_LIMIT)
    if width * height > limit:
        raise too_large(limit)
    if plugin == "HEIF":  # turned while it was opened
        return Opened(image, orientation=image.info.get("original_orientation"), upright=True)
    if plugin == "TIFF":  # turned by loading, and as wide and high as it will then be
        return _tiff(image)
    return Opened(_inverted(image) if plugin == "XBM" else image)


def _inverted(image: Image.Image) -> Image.Image:
    """Return the negative: what is drawn in an XBM is black, and Pillow makes it white."""
    return ImageChops.invert(image.convert("L"))


def _tiff(image: Image.Image) -> Opened:
    tags: Mapping[int, Any] = getattr(image, "tag_v2", {})
    if _DNG_VERSION in tags:
        raise DecodeError("unsupported: a camera raw file under a TIFF's name", lasting=False)
    if _is_mistakable(tags):
        raise UnidentifiedImageError("a TIFF of a rare kind")
    told = tags.get(_ORIENTATION)  # loading removes it
    orientation = told if told in range(1, 9) else None
    if tags.get(_COMPRESSION) == _OLD_JPEG:
        image.load()  # that it fails does not yet mean that the picture is broken
    return Opened(image, orientation=orientation, upright=True)


def _is_mistakable(tags: Mapping[int, Any]) -> bool:
    """Return whether Pillow would fail at a whole TIFF's pixels, or mix them up.

    It takes tiles for strips where the tag is that of strips, mixes up the bytes of 16-bit planes,
    does not know planes of luminance and chrominance, and its library comes without WebP and
    without JPEG of more than eight bits.
    """
    compression, planes = tags.get(_COMPRESSION), tags.get(_PLANES) == _SEPARATE
    deep = max(tags.get(_BITS_PER_SAMPLE, ()), default=8) > 8  # noqa: PLR2004 - a byte's
    return (
        compression == _WEBP
        or (compression == _JPEG and deep)
        or (planes and (deep or tags.get(_PHOTOMETRIC) == _YCBCR))
        or (_TILE_WIDTH in tags and _STRIP_OFFSETS in tags)
    )


def quiet() -> None:
    """Silence Pillow's warnings, which are for programmers; a person gets our causes.

    To be asked again for each picture, because others (a test runner, for one) reset the filters.
    """
    warnings.filterwarnings("ignore", module=r"PIL\b")


@functools.cache
def _register_heif() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
