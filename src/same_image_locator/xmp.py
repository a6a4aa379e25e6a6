"""XMP, the standard form of metadata: read from the packet of a picture, written as a sidecar.

The format is that of ISO 16684-1:2019; the properties are those that photo programs share.
"""

import math
import re
from collections.abc import Iterable
from datetime import datetime
from xml.etree import ElementTree as ET

from same_image_locator import __version__
from same_image_locator.model import Metadata

LONGEST = 16 << 20  # bytes of a packet; larger ones hold pictures
_DEGREE_DIGITS, _MINUTE_DIGITS = 6, 5
_DEFAULT = "x-default"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}
# What defines entities could grow without end; no program writes it into XMP.
_DEFINITIONS = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_ANGLE = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])")
# All that XML 1.0 cannot hold, and returns, which it would change.
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str | None:
    """Return a text without what XML cannot hold and without padding; None when none is left."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip() or None


def words(texts: Iterable[str]) -> tuple[str, ...] | None:
    """Return keywords, each once and on one line; None when there is none."""
    cleaned = (" ".join((clean(text) or "").split()) for text in texts)
    return tuple(dict.fromkeys(filter(None, cleaned))) or None


def moment(text: str) -> str | None:
    """Return a date, or a date and time, as ISO 8601; None when it is none or only a part."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text if re.match(r"\d{4}-\d\d-\d\d", text) else None


def completed(one: Metadata, other: Metadata) -> Metadata:
    """Return what one says, and what only the other does."""
    return Metadata(
        one.taken_at or other.taken_at,
        one.place or other.place,
        one.rating or other.rating,
        one.keywords or other.keywords,
        one.caption or other.caption,
    )


def read(packet: bytes) -> Metadata:
    """Return what an XMP packet says; of one that is broken or too long, nothing."""
    text = packet[: LONGEST + 1].decode("utf-8", "replace").strip("\ufeff\0 \t\r\n")
    if len(packet) > LONGEST or _DEFINITIONS.search(text):
        return Metadata()
    try:
        root = ET.fromstring(text)  # noqa: S314 - nothing is defined in it, which is what grows
    except ET.ParseError:
        return Metadata()
    said = _Said(root)
    latitude, longitude = said.angle("GPSLatitude", 90), said.angle("GPSLongitude", 180)
    captions = said.all("dc", "description")
    return Metadata(
        said.moment(("exif", "DateTimeOriginal"), ("photoshop", "DateCreated")),
        _place(latitude, longitude),
        said.rating(),
        words(said.all("dc", "subject")),
        clean(captions[0]) if captions else None,
    )


def _place(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Return a place; programs without one write zeros."""
    if latitude is None or longitude is None or not (latitude or longitude):
        return None
    return latitude, longitude


class _Said:
    """The properties of a packet: attributes or elements of its descriptions."""

    def __init__(self, root: ET.Element) -> None:
        self._about = list(root.iter(_name("rdf", "Description")))

    def all(self, space: str, name: str) -> list[str]:
        """Return the texts of a property, that for any language first."""
        found: list[tuple[bool, str]] = []
        for one in self._about:
            if text := one.get(_name(space, name)):
                found.append((True, text))
            for element in one.findall(_name(space, name)):
                items = list(element.iter(_name("rdf", "li"))) or [element]
                found += [
                    (item.get(_LANGUAGE, _DEFAULT) == _DEFAULT, item.text or "") for item in items
                ]
        return [text for _, text in sorted(found, key=lambda pair: not pair[0]) if text.strip()]

    def moment(self, *names: tuple[str, str]) -> str | None:
        """Return the first of these properties that is a date."""
        texts = (text.strip() for name in names for text in self.all(*name))
        return next(filter(None, map(moment, texts)), None)

    def angle(self, name: str, most: int) -> float | None:
        """Return degrees, south and west negative."""
        for text in self.all("exif", name):
            if match := _ANGLE.fullmatch(text.strip()):
                degrees, minutes, seconds, side = match.groups()
                value = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
                if value <= most:
                    return round(-value if side in "SW" else value, _DEGREE_DIGITS)
        return None

    def rating(self) -> int | None:
        """Return the stars; none given is 0 in XMP."""
        for text in self.all("xmp", "Rating"):
            try:
                value = float(text)
            except ValueError:
                continue
            if math.isfinite(value) and -1 <= value <= 5:  # noqa: PLR2004 - as many as there are
                return round(value) or None
        return None


def sidecar(said: Metadata, identifier: str) -> str:
    """Return the text of an XMP file that says just this; ``identifier`` is this text's alone."""
    for prefix, space in _SPACES.items():
        ET.register_namespace(prefix, space)
    root = ET.Element(
        _name("x", "xmpmeta"), {_name("x", "xmptk"): f"same-image-locator {__version__}"}
    )
    about = ET.SubElement(
        ET.SubElement(root, _name("rdf", "RDF")),
        _name("rdf", "Description"),
        {_name("rdf", "about"): ""},
    )
    _simple(about, "xmpMM", "InstanceID", f"uuid:{identifier}")
    if said.taken_at:
        _simple(about, "exif", "DateTimeOriginal", said.taken_at)
        _simple(about, "photoshop", "DateCreated", said.taken_at)
    if said.place:
        latitude, longitude = said.place
        _simple(about, "exif", "GPSLatitude", _angle(latitude, "NS"))
        _simple(about, "exif", "GPSLongitude", _angle(longitude, "EW"))
    if said.rating is not None:
        _simple(about, "xmp", "Rating", str(said.rating))
    if said.keywords:
        bag = _listed(about, "subject", "Bag")
        for keyword in said.keywords:
            ET.SubElement(bag, _name("rdf", "li")).text = keyword
    if said.caption:
        alt = _listed(about, "description", "Alt")
        ET.SubElement(alt, _name("rdf", "li"), {_LANGUAGE: _DEFAULT}).text = said.caption
    ET.indent(root)
    body = ET.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _listed(about: ET.Element, name: str, kind: str) -> ET.Element:
    return ET.SubElement(ET.SubElement(about, _name("dc", name)), _name("rdf", kind))


def _simple(about: ET.Element, space: str, name: str, text: str) -> None:
    ET.SubElement(about, _name(space, name)).text = text


def _angle(degrees: float, sides: str) -> str:
    """Return degrees as XMP writes them: "48,7.40736N"."""
    minutes = round(abs(degrees) * 60, _MINUTE_DIGITS)
    whole, rest = divmod(minutes, 60)
    return f"{whole:.0f},{rest:.{_MINUTE_DIGITS}f}{sides[degrees < 0]}"


def _name(space: str, name: str) -> str:
    return f"{{{_SPACES[space]}}}{name}"
