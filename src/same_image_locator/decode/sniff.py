"""Tells a file's format from its first bytes, whatever its name says."""

from typing import NamedTuple

HEAD_BYTES = 4096


class Kind(NamedTuple):
    """A format: Pillow's name of its ``plugin`` (empty when we cannot read it) and ours."""

    plugin: str
    name: str


_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", Kind("JPEG", "JPEG")),
    (b"\x89PNG\r\n\x1a\n", Kind("PNG", "PNG")),
    (b"GIF87a", Kind("GIF", "GIF")),
    (b"GIF89a", Kind("GIF", "GIF")),
    (b"II*\x00", Kind("TIFF", "TIFF")),
    (b"MM\x00*", Kind("TIFF", "TIFF")),
    (b"II+\x00", Kind("TIFF", "TIFF")),
    (b"MM\x00+", Kind("TIFF", "TIFF")),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Kind("JPEG2000", "JPEG 2000")),
    (b"\xff\x4f\xff\x51", Kind("JPEG2000", "JPEG 2000")),
    (b"\x00\x00\x01\x00", Kind("ICO", "ICO")),
    (b"icns", Kind("ICNS", "ICNS")),
    (b"8BPS\x00\x01", Kind("PSD", "PSD")),
    (b"qoif", Kind("QOI", "QOI")),
    (b"DDS ", Kind("DDS", "DDS")),
    (b"\xff\x0a", Kind("", "JPEG XL picture")),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", Kind("", "JPEG XL picture")),
    (b"IIRO", Kind("", "camera raw file")),
    (b"IIU\x00", Kind("", "camera raw file")),
    (b"FUJIFILMCCD-RAW", Kind("", "camera raw file")),
    (b"8BPS\x00\x02", Kind("", "large Photoshop file")),
    (b"<svg", Kind("", "SVG drawing")),
    (b"%PDF", Kind("", "PDF document")),
    (b"%!PS", Kind("", "PostScript document")),
)
_BMP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"})
_HEIF_BRANDS = frozenset({b"mif1", b"mif2", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_RAW_BRAND = b"crx "

# Raw files of these makers are TIFF inside, and a TIFF reader would take their tiny preview for
# the photo.
_TIFF_RAW_SUFFIXES = (
    *(".3fr", ".arw", ".cr2", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".kdc", ".mef", ".mos"),
    *(".nef", ".nrw", ".orf", ".pef", ".rw2", ".sr2", ".srf", ".srw"),
)


def sniff(head: bytes, path: str = "") -> Kind | None:
    """Return the format that begins with ``head``, or None when it is no picture we know.

    Args:
        head: the file's first bytes; ``HEAD_BYTES`` are always enough.
        path: only its suffix is used, and only to tell a camera's raw file from other TIFF files.
    """
    kind = _by_magic(head) or _boxed(head) or _by_structure(head)
    if kind and kind.plugin == "TIFF" and path.lower().endswith(_TIFF_RAW_SUFFIXES):
        return Kind("", "camera raw file")
    return kind


def _by_magic(head: bytes) -> Kind | None:
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def _boxed(head: bytes) -> Kind | None:
    """Tell apart the formats that share the ISO base media container, by their brands."""
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return Kind("AVIF", "AVIF")
    if brands & _HEIC_BRANDS:
        return Kind("HEIF", "HEIC")
    if brands & _HEIF_BRANDS:
        return Kind("HEIF", "HEIF")
    return Kind("", "camera raw file" if head[8:12] == _RAW_BRAND else "video")


def _by_structure(head: bytes) -> Kind | None:
    """Recognise formats whose magic alone is too short to be trusted."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind("WEBP", "WebP")
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return Kind("BMP", "BMP")
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3].isspace():
        return Kind("PPM", "PNM")
    return None
