"""Tells a file's format from its first bytes, whatever its name says."""

import re
import struct
from typing import NamedTuple

HEAD_BYTES = 4096
NO_PICTURE = "not a picture"  # the cause of what nobody knows for one
OWN_DECODERS = frozenset(
    {
        *("bmp", "fits", "hdr", "jxl", "pam", "pfm", "pillow", "png", "psd", "rare_jpeg", "raw"),
        *("svg", "tiff"),
    }
)


class Kind(NamedTuple):
    """A format: its ``name`` for a person, and who decodes it.

    Attributes:
        name: such as "JPEG"; what a picture of it is called is ``thing``.
        decoder: a module of this package, or an entry point; empty when we do not read it.
        plugin: the one that Pillow may use.
        spare: who reads those that the decoder does not, if installed.
        called: the thing's name where it is not "<name> picture".
    """

    name: str
    decoder: str = ""
    plugin: str = ""
    spare: str = ""
    called: str = ""

    @property
    def thing(self) -> str:
        """What to call one of these files."""
        return self.called or f"{self.name} picture"


def _pillow(name: str, plugin: str, spare: str = "") -> Kind:
    return Kind(name, "pillow", plugin, spare)


def _unread(thing: str) -> Kind:
    return Kind(thing, called=thing)


_RAW = Kind("RAW", "raw", called="camera raw file")
_TIFF = _pillow("TIFF", "TIFF", "tiff")
_JP2, _JXL = _pillow("JPEG 2000", "JPEG2000"), Kind("JPEG XL", "jxl")
_SVG = Kind("SVG", "svg", called="SVG drawing")
_HDR, _EXR = Kind("Radiance HDR", "hdr"), _unread("OpenEXR picture")
_BMP = _pillow("BMP", "BMP", "bmp")
_BLP, _MSP = _pillow("BLP", "BLP"), _pillow("Microsoft Paint", "MSP")
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", _pillow("JPEG", "JPEG", "rare_jpeg")),
    (b"\x89PNG\r\n\x1a\n", _pillow("PNG", "PNG", "png")),
    (b"GIF87a", _pillow("GIF", "GIF")),
    (b"GIF89a", _pillow("GIF", "GIF")),
    (b"II*\x00", _TIFF),
    (b"MM\x00*", _TIFF),
    (b"II+\x00", _TIFF),
    (b"MM\x00+", _TIFF),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", _JP2),
    (b"\xff\x4f\xff\x51", _JP2),
    (b"icns", _pillow("ICNS", "ICNS")),
    (b"8BPS\x00\x01", _pillow("PSD", "PSD", "psd")),
    (b"8BPS\x00\x02", Kind("PSB", "psd", called="large Photoshop file")),
    (b"qoif", _pillow("QOI", "QOI")),
    (b"DDS ", _pillow("DDS", "DDS")),
    (b"\x01\xda", _pillow("SGI", "SGI")),
    (b"\xff\x0a", _JXL),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", _JXL),
    (b"IIRO", _RAW),
    (b"IIRS", _RAW),
    (b"MMOR", _RAW),
    (b"IIU\x00", _RAW),
    (b"FUJIFILMCCD-RAW", _RAW),
    (b"FOVb", _RAW),
    (b"\x00MRM", _RAW),
    (b"II\x1a\x00\x00\x00HEAPCCDR", _RAW),
    (b"P7\n", Kind("PAM", "pam")),
    (b"PF\n", Kind("PFM", "pfm")),
    (b"Pf\n", _pillow("PFM", "PPM")),
    (b"#?RADIANCE", _HDR),
    (b"#?RGBE", _HDR),
    (b"\x76\x2f\x31\x01", _EXR),
    (b"BLP1", _BLP),
    (b"BLP2", _BLP),
    (b"FTEX", _pillow("FTEX", "FTEX")),
    (b"\xb1\x68\xde\x3a", _pillow("DCX", "DCX")),
    (b"DanM", _MSP),
    (b"LinS", _MSP),
    (b"\x80\xe8\x00\x00", _pillow("Pixar", "PIXAR")),
    (b"\x59\xa6\x6a\x95", _pillow("Sun raster", "SUN")),
    (b"/* XPM */", _pillow("XPM", "XPM")),
    (b"SIMPLE  =", Kind("FITS", "fits")),
    (b"%PDF", _unread("PDF document")),
    (b"%!PS", _unread("PostScript document")),
    (b"\xc5\xd0\xd3\xc6", _unread("PostScript document")),
    (b"\xd7\xcd\xc6\x9a", _unread("Windows metafile")),
    (b"\x1aE\xdf\xa3", _unread("video")),
)
_BMP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_DIB_HEADER_SIZES, _BMP_DEPTHS = _BMP_HEADER_SIZES - {12, 16, 64}, frozenset({1, 4, 8, 16, 24, 32})
_DIB_HEADER, _BIT_FIELDS = struct.Struct("<I8xHHI"), 3
_GZIP = b"\x1f\x8b"
_FLIC, _FLIC_FLAGS = (b"\x11\xaf", b"\x12\xaf"), (b"\x00\x00", b"\x03\x00")
_XBM = re.compile(
    rb"(/\*[^*]*\*/)?\s*#define[ \t]+\w*_width[ \t]+\d+\s+#define[ \t]+\w*_height[ \t]+\d"
)
_ICONS = {
    b"\x00\x00\x01\x00": _pillow("ICO", "ICO"),
    b"\x00\x00\x02\x00": _pillow("CUR", "CUR"),
}
_PCX_VERSIONS = frozenset({0, 2, 3, 4, 5})
_TGA_TYPES, _TGA_DEPTHS = frozenset({1, 2, 3, 9, 10, 11}), frozenset({8, 15, 16, 24, 32})
_TGA_SUFFIXES = (".tga", ".icb", ".vda", ".vst")
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"})
_HEIF_BRANDS = frozenset({b"mif1", b"mif2", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_RAW_BRAND = b"crx "
_XML_BEGINNINGS = (b"<?xml", b"<!--", b"<!doctype svg", b"<svg")

# Raw files of these makers are TIFF inside, and a TIFF reader would take their tiny preview for
# the photo.
_TIFF_RAW_SUFFIXES = (
    *(".3fr", ".arw", ".cr2", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".k25", ".kdc", ".mef"),
    *(".mos", ".nef", ".nrw", ".orf", ".pef", ".rw2", ".rwl", ".sr2", ".srf", ".srw"),
)
# The tag DNGVersion in a TIFF's directory, in either order of bytes: four bytes in one value.
_DNG_TAGS = (b"\x12\xc6\x01\x00\x04\x00\x00\x00", b"\xc6\x12\x00\x01\x00\x00\x00\x04")


def sniff(head: bytes, path: str = "") -> Kind | None:
    """Return the format that begins with ``head``, or None when it is no picture we know.

    Args:
        head: the file's first bytes; ``HEAD_BYTES`` are always enough.
        path: only its suffix is used: to tell a camera's raw file from other TIFF files, and to
            believe that a file is a TGA, which has no sign at its beginning.
    """
    if path.lower().endswith(_TGA_SUFFIXES) and (tga := _tga(head)):
        return tga  # first, since what it begins with may look like a CUR
    kind = _by_magic(head) or _boxed(head) or _by_structure(head) or _drawing(head, path)
    return _RAW if kind is _TIFF and _is_raw(head, path) else kind


def _is_raw(head: bytes, path: str) -> bool:
    suffixed = path.lower().endswith(_TIFF_RAW_SUFFIXES)
    return suffixed or head[8:10] == b"CR" or any(tag in head for tag in _DNG_TAGS)


def _by_magic(head: bytes) -> Kind | None:
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def _boxed(head: bytes) -> Kind | None:
    """Tell apart the formats that share the ISO base media container, by their brands."""
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return _pillow("AVIF", "AVIF")
    if brands & _HEIC_BRANDS:
        return _pillow("HEIC", "HEIF")
    if brands & _HEIF_BRANDS:
        return _pillow("HEIF", "HEIF")
    return _RAW if head[8:12] == _RAW_BRAND else _unread("video")


def _by_structure(head: bytes) -> Kind | None:
    """Recognise formats whose magic alone is too short to be trusted."""
    if head.startswith(b"RIFF"):
        return _pillow("WebP", "WEBP") if head[8:12] == b"WEBP" else None
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return _BMP
    # A picture of an icon's file must follow; a TGA may begin the same way, but has zeros there.
    if head[:4] in _ICONS and head[4:6] != b"\x00\x00":
        return _ICONS[head[:4]]
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3].isspace():
        return _pillow("PNM", "PPM")
    if head[:1] == b"\n" and head[1:2] and head[1] in _PCX_VERSIONS and head[2:3] == b"\x01":
        return _pillow("PCX", "PCX")
    return _by_later_magic(head)


def _by_later_magic(head: bytes) -> Kind | None:
    """Recognise formats whose sign does not stand at the beginning, or not only there."""
    if head[4:6] in _FLIC and head[14:16] in _FLIC_FLAGS:
        return _pillow("FLIC", "FLI")
    if head[20:24] == b"GIMP" and head[4:8] == b"\x00\x00\x00\x02":
        return _pillow("GIMP brush", "GBR")
    if head[2048:2052] == b"PCD_":
        return _pillow("Photo CD", "PCD")
    if _XBM.match(head) and b"_bits[]" in head:
        return _pillow("XBM", "XBM")
    header, planes, bits, compression = _DIB_HEADER.unpack(head[:20].ljust(20, b"\x00"))
    if (
        header in _DIB_HEADER_SIZES
        and planes == 1
        and bits in _BMP_DEPTHS
        and compression <= _BIT_FIELDS
    ):
        return _pillow("BMP", "DIB")
    return None


def _drawing(head: bytes, path: str) -> Kind | None:
    if head.startswith(_GZIP):
        return _SVG if path.lower().endswith(".svgz") else None
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return _SVG if text.startswith(_XML_BEGINNINGS) and b"<svg" in text else None


def _tga(head: bytes) -> Kind | None:
    if len(head) < 18 or head[2] not in _TGA_TYPES or head[16] not in _TGA_DEPTHS:  # noqa: PLR2004 - its header's length
        return None
    return _pillow("TGA", "TGA")
