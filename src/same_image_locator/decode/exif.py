"""Reads EXIF data, however broken: orientation, date, camera and place of a photo."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PIL import Image

_MAKE, _MODEL, _ORIENTATION = 0x010F, 0x0110, 0x0112
_EXIF_IFD, _DATE, _SUB_SECONDS, _OFFSET = 0x8769, 0x9003, 0x9291, 0x9011
_SERIAL = 0xA431
_GPS_IFD, _LATITUDE, _LONGITUDE = 0x8825, 2, 4  # the tag before each says which hemisphere
_WHEN = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_ZONE = re.compile(r"[+-]\d\d:\d\d|Z")
_COMPANY = re.compile(
    r"[ ,]+(corporation|corp\.?|company|co\.|ltd\.?|inc\.?|ag|gmbh|imaging|optical|electronics"
    r"|techwin|camera)$",
    re.IGNORECASE,
)
_LONGEST_TEXT = 60
_DEGREE_DIGITS = 6  # of a degree: a hand's breadth


def read(image: Image.Image) -> Image.Exif:
    """Return the picture's EXIF data, empty when there is none or when it is broken."""
    try:
        return image.getexif()
    except Exception:  # noqa: BLE001 - broken EXIF data raises anything; the pixels are fine
        return Image.Exif()


def loaded(data: bytes) -> Image.Exif:
    """Return the EXIF data that lie in a JPEG's segment.

    Raises:
        Exception: they are broken.
    """
    exif = Image.Exif()
    exif.load(data)
    return exif


def orientation(exif: Image.Exif) -> int:
    """Return the orientation, 1 to 8; 1 is upright, and the answer to any nonsense."""
    value = exif.get(_ORIENTATION)
    return value if isinstance(value, int) and value in range(1, 9) else 1


def taken_at(exif: Image.Exif) -> str | None:
    """Return DateTimeOriginal as ISO 8601, or None when the camera did not set its clock.

    Sub-seconds and the offset from UTC are there when the camera wrote them.
    """
    ifd = _folder(exif, _EXIF_IFD)
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


def camera(exif: Image.Exif) -> str | None:
    """Return maker and model as people name a camera: "NIKON D70", not what the company is."""
    make, model = _text(exif.get(_MAKE)), _text(exif.get(_MODEL))
    shorter = _COMPANY.sub("", make)
    while shorter != make:
        make, shorter = shorter, _COMPANY.sub("", shorter)
    said = model.lower().startswith(make.lower().split(" ")[0]) if make else True
    name = model if said and model else f"{make} {model}".strip()
    return name[:_LONGEST_TEXT] or None


def serial(exif: Image.Exif) -> str | None:
    """Return the serial number of the camera's body; None for none, and for zeros instead."""
    number = _text(_folder(exif, _EXIF_IFD).get(_SERIAL))[:_LONGEST_TEXT]
    return number if re.search(r"[1-9]", number) else None


def place(exif: Image.Exif) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees, south and west negative; None without a fix."""
    ifd = _folder(exif, _GPS_IFD)
    latitude = _degrees(ifd, _LATITUDE, "S", 90)
    longitude = _degrees(ifd, _LONGITUDE, "W", 180)
    if latitude is None or longitude is None or not (latitude or longitude):
        return None  # cameras without a fix write zeros
    return latitude, longitude


def _degrees(ifd: Mapping[int, Any], tag: int, negative: str, most: int) -> float | None:
    """Return degrees, minutes and seconds as decimal degrees."""
    try:
        degrees, minutes, seconds = (float(part) for part in ifd[tag])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    south_or_west = _text(ifd.get(tag - 1)).upper().startswith(negative)
    return round(-value if south_or_west else value, _DEGREE_DIGITS)


def _folder(exif: Image.Exif, tag: int) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(tag)
    except Exception:  # noqa: BLE001 - broken EXIF data raises anything; the pixels are fine
        return {}


def _text(value: object) -> str:
    """Return an EXIF string without the padding that cameras leave in it, on one line."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if not isinstance(value, str):
        return ""
    shown = "".join(letter if letter.isprintable() else " " for letter in value.split("\x00")[0])
    return " ".join(shown.split())
