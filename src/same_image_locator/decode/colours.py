"""Makes pixels plain, each step once: eight bits, sRGB, over white, upright."""

import functools
import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from PIL import ImageCms

_WHITE_16_BIT = 65535.0
_RED_GREEN_BLUE = "RGB"
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = frozenset({5, 6, 7, 8})  # the EXIF orientations that swap width and height


def is_deep(image: Image.Image) -> bool:
    """Return whether a grey picture has more than eight bits, so that it has to be scaled."""
    return image.mode == "F" or image.mode.startswith("I")


def white_of(image: Image.Image) -> float:
    """Return what white is in a deep grey picture: 1, 255 or 65535, judged by the brightest."""
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM"):
        return _WHITE_16_BIT
    brightest = image.getextrema()[1]
    top = float(brightest) if isinstance(brightest, int | float) else 255.0
    return next((white for white in (1.0, 255.0, _WHITE_16_BIT) if top <= white), top)


def averageable(image: Image.Image) -> Image.Image:
    """Return the picture in a mode whose pixels may be averaged, for the same looks.

    Transparency becomes an alpha channel, so that hidden pixels never mix with those that show.
    """
    if is_deep(image):
        return image.convert("I") if image.mode.startswith("I") else image
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image.convert(_RED_GREEN_BLUE) if image.mode == "P" else image


def plain(image: Image.Image, white: float) -> Image.Image:
    """Return an averageable picture as L or RGB: eight bits, sRGB, transparency over white."""
    if is_deep(image):
        scaled = image.convert("F").point(lambda value: value * (255.0 / white) + 0.5)
        return scaled.convert("L")
    image = _in_srgb(image, image.info.get("icc_profile"))
    if image.mode == "RGBA":
        canvas = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(canvas, image).convert(_RED_GREEN_BLUE)
    return image if image.mode in {"L", "RGB"} else image.convert(_RED_GREEN_BLUE)


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return the picture turned as its EXIF orientation says."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def is_plain_profile(profile: bytes | None) -> bool:
    """Return whether an embedded profile changes nothing: none, sRGB, or a broken one."""
    return not profile or _profile(profile) is None


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB by the embedded profile; an unfitting one changes nothing."""
    if is_plain_profile(profile) or profile is None:
        return image
    transform = _transform(profile, image.mode)
    return image if transform is None else transform.apply(image)


@functools.lru_cache(maxsize=32)
def _profile(profile: bytes) -> "ImageCms.ImageCmsProfile | None":
    from PIL import ImageCms

    try:
        embedded = ImageCms.getOpenProfile(io.BytesIO(profile))
        return None if "sRGB" in ImageCms.getProfileDescription(embedded) else embedded
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


@functools.lru_cache(maxsize=32)  # a transform costs more to build than a small picture to convert
def _transform(profile: bytes, mode: str) -> "ImageCms.ImageCmsTransform | None":
    from PIL import ImageCms

    embedded, target = _profile(profile), "RGBA" if mode == "RGBA" else _RED_GREEN_BLUE
    if embedded is None:
        return None
    try:
        return ImageCms.buildTransform(embedded, ImageCms.createProfile("sRGB"), mode, target)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
