"""Pictures in whose files something is said of them, as other programs write it."""

import io
import struct
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin

import edited_pictures
import pictures

_CAPTION, _KEYWORDS = 0x010E, 0x9C9E
_EXIF_FOLDER, _GPS_FOLDER, _DATE_TAKEN = 0x8769, 0x8825, 0x9003


def packet(inside: str = "", attributes: str = "") -> bytes:
    """Return an XMP packet as programs embed it."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        f'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" {attributes}>{inside}'
        "</rdf:Description></rdf:RDF></x:xmpmeta>" + " " * 200 + '<?xpacket end="w"?>'
    ).encode()


def keywords(*words: str) -> str:
    """Return the property of a packet."""
    items = "".join(f"<rdf:li>{word}</rdf:li>" for word in words)
    return f"<dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>"


def iptc(**texts: bytes) -> bytes:
    """Return a JPEG's segment of IPTC data: ``date``, ``time``, ``keyword``, ``caption``."""
    numbers = {"date": 55, "time": 60, "keyword": 25, "caption": 120}
    records = b"".join(
        struct.pack(">BBBH", 0x1C, 2, numbers[name], len(text)) + text
        for name, text in texts.items()
    )
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records
    resource += b"\0" * (len(records) % 2)
    body = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def exif(
    *,
    taken: str | None = None,
    place: tuple[float, float] | None = None,
    caption: str | None = None,
    wide: str | None = None,
) -> Image.Exif:
    """Return EXIF data; ``wide`` are keywords as Windows writes them."""
    data = Image.Exif()
    if taken:
        data.get_ifd(_EXIF_FOLDER)[_DATE_TAKEN] = taken
    if place:
        folder = data.get_ifd(_GPS_FOLDER)
        for tag, value, sides in ((1, place[0], "NS"), (3, place[1], "EW")):
            folder[tag] = sides[value < 0]
            folder[tag + 1] = (float(int(abs(value))), abs(value) % 1 * 60, 0.0)
    if caption:
        data[_CAPTION] = caption.encode()  # as most programs write it
    if wide:
        data[_KEYWORDS] = f"{wide}\0".encode("utf-16-le")
    return data


def two_of_one(root: Path, *, shot: bool = True) -> Path:
    """Write a large file that says nothing, and a small one of the same picture that says much.

    Without the ``shot`` that is only what a person has said: a rating and keywords.
    """
    said = packet(keywords("lake", "boat"), 'xmp:Rating="4"')
    scene = edited_pictures.scene()
    data = exif(taken="2019:05:03 14:02:11", place=(48.25, 16.5)) if shot else Image.Exif()
    large, small = root / "phone" / "IMG_1.jpg", root / "backup" / "IMG_1.jpg"
    for path in (large, small):
        path.parent.mkdir(parents=True, exist_ok=True)
    scene.save(large, "JPEG", quality=95)
    half = scene.resize((scene.width // 2, scene.height // 2), Image.Resampling.LANCZOS)
    half.save(small, "JPEG", quality=92, xmp=said, exif=data.tobytes())
    return root


def write(  # noqa: PLR0913 - each argument is one fact of a test's picture
    path: Path,
    seed: int = 1,
    *,
    size: tuple[int, int] = (160, 120),
    quality: int = 90,
    xmp: bytes = b"",
    data: Image.Exif | None = None,
    extra: bytes = b"",
) -> Path:
    """Write a picture of a seed to a path, in the format of its ending."""
    options: dict[str, Any] = {"exif": (data or Image.Exif()).tobytes()} if data else {}
    kind = pictures.FORMATS[path.suffix]
    if xmp and kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    elif xmp and kind == "TIFF":
        options["tiffinfo"] = {700: xmp}
    elif xmp:
        options["xmp"] = xmp
    if extra:
        options["extra"] = extra
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    if kind in {"JPEG", "WEBP", "HEIF"}:
        options["quality"] = quality
    buffer = io.BytesIO()
    pictures.picture(seed, size).save(buffer, kind, **options)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    return path
