"""Opens a picture with exactly one of Pillow's plugins, unloaded and within its limits."""

import functools
import warnings

from PIL import Image, JpegImagePlugin

from same_image_locator.decode import jpeg
from same_image_locator.decode.causes import DecodeError, too_large
from same_image_locator.decode.source import Source

PIXEL_LIMIT = 220_000_000
_DNG_VERSION = 50706

# Pillow raises at twice this figure. It guards the pictures inside ICO and ICNS files, which are
# decoded before we can ask for their size; our own check guards the rest.
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT // 2


def opened(source: Source) -> Image.Image:
    """Return the picture with its header read.

    Raises:
        DecodeError: it has more pixels than we decode, or is a camera's raw file after all.
        Exception: whatever the plugin makes of a broken header.
    """
    # Pillow's warnings are for programmers; a person gets our causes. Asked again on each call,
    # because others (a test runner, for one) reset the filters.
    warnings.filterwarnings("ignore", module=r"PIL\b")
    if source.kind.plugin == "JPEG":
        # Not through Image.open: its one limit for all is lower than what a JPEG may have.
        image: Image.Image = JpegImagePlugin.jpeg_factory(source.file)
        jpeg.check(image, source.file)
        return image
    if source.kind.plugin == "HEIF":
        _register_heif()
    image = Image.open(source.file, formats=[source.kind.plugin])
    width, height = image.size
    if width * height > PIXEL_LIMIT:
        raise too_large(PIXEL_LIMIT)
    if source.kind.plugin == "TIFF" and _DNG_VERSION in getattr(image, "tag_v2", ()):
        raise DecodeError("unsupported: a camera raw file", lasting=False)
    return image


@functools.cache
def _register_heif() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
