"""Makes a decoded picture small and plain: eight bits, sRGB, over white, as a JPEG."""

import io

from PIL import Image, ImageCms

_JPEG_QUALITY = 85
_REDUCING_GAP = (
    3.0  # Pillow: indistinguishable from a full-quality shrink, and several times faster
)
_WHITE_16_BIT = 65535


def jpeg(image: Image.Image, longest: int) -> bytes:
    """Return ``image`` as JPEG bytes, ``longest`` pixels on its longer side, never enlarged."""
    small = _resizable(image)
    scale = min(1.0, longest / max(small.size))
    if scale < 1.0:
        size = tuple(max(1, round(side * scale)) for side in small.size)
        small = small.resize(
            (size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP
        )
    small = over_white(_in_srgb(small, image.info.get("icc_profile")))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()


def over_white(image: Image.Image) -> Image.Image:
    """Return ``image`` as RGB: deep greys scaled to eight bits, transparency laid over white."""
    plain = _resizable(image)
    if plain.mode != "RGBA":
        return plain.convert("RGB")
    white = Image.new("RGBA", plain.size, "white")
    return Image.alpha_composite(white, plain).convert("RGB")


def _resizable(image: Image.Image) -> Image.Image:
    """Return ``image`` in a mode whose pixels may be averaged: L, RGB, RGBA, CMYK and the like."""
    if image.mode == "F" or image.mode.startswith("I"):
        return _eight_bits(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB") if image.mode in {"P", "1"} else image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale deep greys by what white is in them: 1.0, 255 or 65535, judged by the brightest."""
    grey = image.convert("F")
    brightest = grey.getextrema()[1]
    top = float(brightest) if isinstance(brightest, int | float) else 255.0
    white = _WHITE_16_BIT if image.mode.startswith("I;16") else _likely_white(top)
    return grey.point(lambda value: value * (255.0 / white) + 0.5).convert("L")


def _likely_white(brightest: float) -> float:
    return next((white for white in (1.0, 255.0, 65535.0) if brightest <= white), brightest)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB by the embedded profile; a broken or unfitting profile changes nothing."""
    if not profile:
        return image
    try:
        embedded = ImageCms.getOpenProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(embedded):
            return image
        target = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(
            image, embedded, ImageCms.createProfile("sRGB"), outputMode=target
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image
