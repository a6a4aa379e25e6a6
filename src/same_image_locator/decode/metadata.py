"""Reads what was said of a picture in its file: XMP, EXIF and IPTC, the first that tells."""

import functools
import re
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageFile, IptcImagePlugin

from same_image_locator import xmp
from same_image_locator.decode import exif
from same_image_locator.decode.decoders import decoded
from same_image_locator.decode.source import Opened, opened
from same_image_locator.model import Metadata

_CAPTION, _RATING, _KEYWORDS = 0x010E, 0x4746, 0x9C9E  # of EXIF; the latter two are Microsoft's
_MOST_STARS = 5
_IPTC_DATE, _IPTC_TIME, _IPTC_KEYWORDS, _IPTC_CAPTION = (2, 55), (2, 60), (2, 25), (2, 120)
_IPTC_WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(?:([+-]\d\d)(\d\d))?)?")
# What cameras write where a person would write a caption.
_NO_CAPTION = re.compile(
    r"(.*digital camera|(sony|minolta|nikon) dsc|dcim.*|default|untitled|camera)", re.IGNORECASE
)


def metadata(path: str) -> Metadata:
    """Return what a picture's file says of it; its pixels are not decoded where that can be helped.

    Raises:
        DecodeError: it is no picture that we can read, with one clear cause.
    """
    with opened(path) as file:
        return decoded(file, _said)[0]


def _said(picture: Opened) -> Metadata:
    """Return for each field what the first of the three says."""
    data = picture.exif or exif.read(picture.image)  # of a PNG that may load it all
    sources = (_in_packet(picture.image), _in_exif(data), _in_iptc(picture.image))
    return functools.reduce(xmp.completed, sources)


def _in_packet(image: Image.Image) -> Metadata:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if isinstance(packet, str):
        packet = packet.encode("utf-8", "replace")
    return xmp.read(packet) if isinstance(packet, bytes) else Metadata()


def _in_exif(data: Image.Exif) -> Metadata:
    rating, caption, keywords = data.get(_RATING), data.get(_CAPTION), data.get(_KEYWORDS)
    return Metadata(
        exif.taken_at(data),
        exif.place(data),
        rating if isinstance(rating, int) and 0 < rating <= _MOST_STARS else None,
        xmp.words(_wide(keywords).split(";")) if isinstance(keywords, bytes | tuple) else None,
        _caption(_as_utf8(caption)) if isinstance(caption, str) else None,
    )


def _in_iptc(image: Image.Image) -> Metadata:
    if not isinstance(image, ImageFile.ImageFile):
        return Metadata()
    try:
        records = IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:  # noqa: BLE001 - broken IPTC data raises anything; the pixels are fine
        return Metadata()
    texts = {key: list(_texts(value)) for key, value in records.items()}
    captions = texts.get(_IPTC_CAPTION, [])
    return Metadata(
        taken_at=_iptc_moment(texts),
        keywords=xmp.words(texts.get(_IPTC_KEYWORDS, [])),
        caption=_caption(captions[0]) if captions else None,
    )


def _iptc_moment(texts: dict[tuple[int, int], list[str]]) -> str | None:
    parts = (texts[key][0] for key in (_IPTC_DATE, _IPTC_TIME) if texts.get(key))
    match = _IPTC_WHEN.fullmatch("T".join(parts))
    if match is None:
        return None
    year, month, day, hour, minute, second, zone, zone_minutes = match.groups()
    time = f"T{hour}:{minute}:{second}" if hour else ""
    return xmp.moment(f"{year}-{month}-{day}{time}" + (f"{zone}:{zone_minutes}" if zone else ""))


def _texts(value: Any) -> Iterator[str]:
    """Yield IPTC's strings; most programs write UTF-8 by now, whether they say so or not."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, bytes):
            try:
                yield one.decode("utf-8")
            except UnicodeDecodeError:
                yield one.decode("latin-1")


def _as_utf8(text: str) -> str:
    """Return a text of EXIF as it was meant: it should be ASCII, and often is UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _wide(value: bytes | tuple[int, ...]) -> str:
    """Return a text of Microsoft's."""
    return bytes(value).decode("utf-16-le", "replace").rstrip("\0")


def _caption(text: str) -> str | None:
    found = xmp.clean(text.split("\0", 1)[0])
    return None if found and _NO_CAPTION.fullmatch(found) else found
