"""Reads EXIF data, however broken: the orientation, and when the photo was taken."""

import re
from datetime import datetime

from PIL import Image

_ORIENTATION = 0x0112
_EXIF_IFD, _DATE, _SUB_SECONDS, _OFFSET = 0x8769, 0x9003, 0x9291, 0x9011
_WHEN = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_ZONE = re.compile(r"[+-]\d\d:\d\d|Z")


def read(image: Image.Image) -> Image.Exif:
    """Return the picture's EXIF data, empty when there is none or when it is broken."""
    try:
        return image.getexif()
    except Exception:  # noqa: BLE001 - broken EXIF data raises anything; the pixels are fine
        return Image.Exif()


def orientation(exif: Image.Exif) -> int:
    """Return the orientation, 1 to 8; 1 is upright, and the answer to any nonsense."""
    value = exif.get(_ORIENTATION)
    return value if isinstance(value, int) and value in range(1, 9) else 1


def taken_at(exif: Image.Exif) -> str | None:
    """Return DateTimeOriginal as ISO 8601, or None when the camera did not set its clock.

    Sub-seconds and the offset from UTC are there when the camera wrote them.
    """
    try:
        ifd = exif.get_ifd(_EXIF_IFD)
    except Exception:  # noqa: BLE001 - broken EXIF data raises anything; the pixels are fine
        return None
    match = _WHEN.match(_text(ifd.get(_DATE)))
    if match is None:
        return None
    digits = re.match(r"\d{1,6}", _text(ifd.get(_SUB_SECONDS)))
    zone = _ZONE.fullmatch(_text(ifd.get(_OFFSET)))
    year, month, day, hour, minute, second = match.groups()
    moment = f"{year}-{month}-{day}T{hour}:{minute}:{second}"
    moment += (f".{digits[0]}" if digits else "") + (zone[0] if zone else "")
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return None
    return moment


def _text(value: object) -> str:
    """Return an EXIF string without the padding that cameras leave in it."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip(" \x00") if isinstance(value, str) else ""
