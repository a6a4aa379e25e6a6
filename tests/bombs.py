"""Small files that ask for much: huge sizes, endless chains, deep nests, streams that unfold."""

import io
import itertools
import struct
import zlib
from collections.abc import Iterator
from functools import cache

from PIL import Image

import pictures

_UNIT = 1 << 20  # bytes of zeros that one piece of a bomb unfolds to
_SEGMENT = 65_000


def bombs() -> Iterator[tuple[str, bytes, bool]]:
    """Yield each one's name and content, and whether it must be refused."""
    yield from _png()
    yield from _jpeg()
    yield from _gif()
    yield from _tiff()
    yield from _patched()
    yield from _others()
    yield from _drawings()


@cache
def _zeros(count: int) -> bytes:
    """Return a zlib stream that unfolds to at least ``count`` zeros, without compressing them."""
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(_UNIT)) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(_UNIT)) + packer.flush(zlib.Z_FULL_FLUSH)
    pieces = -(-count // _UNIT)
    # Adler-32 of n zeros: the first sum stays 1, the second is n.
    check = (pieces * _UNIT % 65521) << 16 | 1
    return first + piece * (pieces - 1) + b"\x03\x00" + struct.pack(">I", check)


def _chunk(kind: bytes, data: bytes = b"") -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(size: tuple[int, int], depth: int, colour: int, *middle: bytes) -> bytes:
    """Return a PNG of nothing but zeros; ``middle`` are chunks before its pixels."""
    channels = {0: 1, 2: 3, 3: 1, 6: 4}[colour]
    row = 1 + (size[0] * depth * channels + 7) // 8
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0))
    pixels = _chunk(b"IDAT", _zeros(row * size[1]))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(middle) + pixels + _chunk(b"IEND")


def _png() -> Iterator[tuple[str, bytes, bool]]:
    yield "png_20k_grey.png", png((20_000, 20_000), 8, 0), True
    yield "png_30k_rgba.png", png((30_000, 30_000), 8, 6), True
    yield "png_65k_1bit.png", png((65_000, 65_000), 1, 0), True
    header = png((64, 48), 8, 0)[:8]
    huge = _chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0))
    yield "png_2g_header.png", header + huge + _chunk(b"IDAT", b"x") + _chunk(b"IEND"), True
    profile = _chunk(b"iCCP", b"p\0\0" + _zeros(300 * _UNIT))
    yield "png_profile.png", png((64, 48), 8, 2, profile), False
    text = _chunk(b"zTXt", b"Comment\0\0" + _zeros(300 * _UNIT))
    yield "png_text.png", png((64, 48), 8, 2, text), False
    notes = [_chunk(b"tEXt", b"k%d\0value" % number) for number in range(50_000)]
    yield "png_50k_notes.png", png((64, 48), 8, 2, *notes), False
    yield "apng_endless.png", png((64, 48), 8, 2, *_frames(20_000)), False
    yield "png_exif_loop.png", png((64, 48), 8, 2, _chunk(b"eXIf", exif_loop())), False


def _frames(count: int) -> Iterator[bytes]:
    yield _chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
    for number in range(count):
        yield _chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, 64, 48, 0, 0, 0, 1, 0, 0))


def exif_loop() -> bytes:
    """Return EXIF data whose folders point at each other and at themselves."""
    exif = struct.pack("<HHII", 0x8769, 4, 1, 8)
    place = struct.pack("<HHII", 0x8825, 4, 1, 8)
    within = struct.pack("<HHII", 0xA005, 4, 1, 8)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 3) + exif + place + within + b"\x08\0\0\0"


def exif_greedy() -> bytes:
    """Return EXIF data whose every entry says that it holds four thousand million values."""
    entries = b"".join(
        struct.pack("<HHII", tag, kind, 2**32 - 1, 2**31)
        for tag, kind in itertools.product((0x0112, 0x9003, 0x010F, 0x8825), (2, 3, 5, 7))
    )
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 16) + entries + bytes(4)


def segment(marker: int, data: bytes) -> bytes:
    """Return one segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """Return a JPEG with further segments right after its start."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def _jpeg() -> Iterator[tuple[str, bytes, bool]]:
    plain = pictures.encoded(1)
    start = plain.index(b"\xff\xc0") + 5
    yield (
        "jpeg_65500.jpg",
        plain[:start] + struct.pack(">HH", 65500, 65500) + plain[start + 4 :],
        True,
    )
    for name, scans, side in (("1k", 1_100, 2048), ("10k", 10_000, 4096)):
        yield f"jpeg_scans_{name}.jpg", _scans(scans, side), True
    loop, greedy = (segment(0xE1, b"Exif\0\0" + data) for data in (exif_loop(), exif_greedy()))
    yield "jpeg_exif_loop.jpg", with_segments(plain, loop), False
    yield "jpeg_exif_greedy.jpg", with_segments(plain, greedy), False
    yield (
        "jpeg_exif_random.jpg",
        with_segments(plain, segment(0xE1, b"Exif\0\0II*\0" + b"\xff" * 999)),
        False,
    )
    profile = b"ICC_PROFILE\0"
    yield (
        "jpeg_icc_garbage.jpg",
        with_segments(plain, segment(0xE2, profile + b"\1\1" + b"x" * 900)),
        False,
    )
    yield (
        "jpeg_icc_missing.jpg",
        with_segments(plain, segment(0xE2, profile + b"\2\x09" + b"x" * 9)),
        False,
    )
    yield (
        "jpeg_icc_many.jpg",
        with_segments(plain, *[segment(0xE2, profile + b"\1\1" + bytes(_SEGMENT))] * 300),
        False,
    )
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + b"<a>" * 20_000
    yield "jpeg_xmp_nest.jpg", with_segments(plain, segment(0xE1, xmp)), False
    yield "jpeg_100k_segments.jpg", with_segments(plain, *[segment(0xE9, b"")] * 100_000), False
    pages = segment(0xE2, b"MPF\0" + exif_greedy())
    yield "jpeg_mpf_greedy.jpg", with_segments(plain, pages), False
    yield "jpeg_fill.jpg", plain[:2] + b"\xff" * 2_000_000 + plain[2:], False
    yield "jpeg_no_end.jpg", plain[:-2], False
    yield "jpeg_no_tables.jpg", plain[:2] + plain[plain.index(b"\xff\xc0") :], True


def _scans(count: int, side: int) -> bytes:
    """Return a progressive JPEG whose last scan comes again and again."""
    buffer = io.BytesIO()
    Image.new("L", (side, side), 90).save(buffer, "JPEG", progressive=True)
    whole = buffer.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + whole[-2:]


def _gif() -> Iterator[tuple[str, bytes, bool]]:
    head = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, 8, 8, 0) + b"\x02\x02\x4c\x01\0"
    yield "gif_65535.gif", head + frame + b";", True
    small = b"GIF89a" + struct.pack("<HHBBB", 64, 48, 0x80, 0, 0) + bytes(6)
    yield "gif_100k_frames.gif", small + frame * 100_000 + b";", False
    outside = (
        b"," + struct.pack("<HHHHB", 60_000, 60_000, 65_000, 65_000, 0) + b"\x02\x02\x4c\x01\0"
    )
    yield "gif_frame_outside.gif", small + outside + b";", False
    yield (
        "gif_endless_note.gif",
        small + b"!\xfe" + b"\xff" * 256 * 9_000 + b"\0" + frame + b";",
        False,
    )


def ifd(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    """Return a TIFF's folder: tag, type, count and value of each entry, and where the next is."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + body + struct.pack("<I", following)


def _entries(
    width: int, height: int, packing: int, at: int, size: int
) -> list[tuple[int, int, int, int]]:
    long = 4
    return [
        (256, long, 1, width), (257, long, 1, height), (258, 3, 1, 8), (259, 3, 1, packing),
        (262, 3, 1, 1), (273, long, 1, at), (277, 3, 1, 1), (278, long, 1, height),
        (279, long, 1, size),
    ]  # fmt: skip


def _tiff() -> Iterator[tuple[str, bytes, bool]]:
    head = b"II*\0\x08\0\0\0"
    yield "tiff_2g.tif", head + ifd(_entries(2**31 - 1, 2**31 - 1, 1, 8, 64)), True
    yield "tiff_30k.tif", head + ifd(_entries(30_000, 30_000, 1, 8, 64)) + bytes(64), True
    at = 8 + len(ifd(_entries(0, 0, 0, 0, 0)))
    packed = _zeros(200 * _UNIT)
    yield (
        "tiff_deflate.tif",
        head + ifd(_entries(40_000, 40_000, 8, at, len(packed))) + packed,
        True,
    )
    page = _entries(64, 48, 1, 8, 3072)
    yield "tiff_ifd_loop.tif", head + ifd(page, 8) + bytes(3072), False
    yield "tiff_50k_pages.tif", head + b"".join(_pages(50_000)), False
    yield "tiff_nest.tif", head + b"".join(_nest(5_000)), False
    yield "tiff_strips.tif", head + ifd([*page[:5], (273, 4, 2**30, 8), *page[6:]]), False
    yield "tiff_greedy.tif", exif_greedy(), True
    yield (
        "tiff_tiles.tif",
        head
        + ifd([*page[:5], (322, 4, 1, 2**31), (323, 4, 1, 2**31), (324, 4, 1, 8), (325, 4, 1, 9)]),
        True,
    )
    big = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 2**62)
    yield "tiff_far.tif", big, True


def _pages(count: int) -> Iterator[bytes]:
    page = _entries(64, 48, 1, 8, 3072)
    size = len(ifd(page))
    for number in range(count):
        yield ifd(page, 8 + size * (number + 1) if number + 1 < count else 0)


def _nest(depth: int) -> Iterator[bytes]:
    entries = [*_entries(64, 48, 1, 8, 3072), (330, 4, 1, 0)]
    size = len(ifd(entries))
    for number in range(depth):
        yield ifd([*entries[:-1], (330, 4, 1, 8 + size * (number + 1))])


def _patched() -> Iterator[tuple[str, bytes, bool]]:
    """Yield pictures whose header was changed to say that they are huge."""
    for name, kind, mark, offset, size in (
        ("heic_60000.heic", "HEIF", b"ispe", 8, struct.pack(">II", 60_000, 60_000)),
        ("avif_60000.avif", "AVIF", b"ispe", 8, struct.pack(">II", 60_000, 60_000)),
        ("jp2_60000.jp2", "JPEG2000", b"ihdr", 4, struct.pack(">II", 60_000, 60_000)),
        ("jp2_stream.jp2", "JPEG2000", b"\xff\x51", 6, struct.pack(">II", 60_000, 60_000)),
        ("webp_canvas.webp", "WEBP", b"VP8 ", 14, struct.pack("<HH", 16383, 16383)),
        ("dds_huge.dds", "DDS", b"DDS ", 12, struct.pack("<II", 2**31 - 1, 2**31 - 1)),
        ("bmp_2g.bmp", "BMP", b"BM", 18, struct.pack("<ii", 2**31 - 1, 2**31 - 1)),
        ("bmp_minus.bmp", "BMP", b"BM", 18, struct.pack("<ii", -(2**31), -(2**31))),
        ("ppm_huge.ppm", "PPM", b"P6", 3, b"60000 60000\n255\n"),
        ("tga_huge.tga", "TGA", b"", 12, struct.pack("<HH", 65535, 65535)),
    ):
        whole = bytearray(pictures.encoded(2, format=kind))
        place = whole.index(mark) + offset
        whole[place : place + len(size)] = size
        yield name, bytes(whole), name != "avif_60000.avif"


def _others() -> Iterator[tuple[str, bytes, bool]]:
    inner = png((20_000, 20_000), 8, 6)
    entry = struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(inner), 22)
    yield "ico_png.ico", struct.pack("<HHH", 0, 1, 1) + entry + inner, True
    block = b"ic10" + struct.pack(">I", len(inner) + 8) + inner
    yield "icns_png.icns", b"icns" + struct.pack(">I", len(block) + 8) + block, True
    many = struct.pack("<HHH", 0, 1, 65535) + entry * 65535
    yield "ico_65535.ico", many, True
    yield "qoi_huge.qoi", b"qoif" + struct.pack(">IIBB", 2**31, 2**31, 4, 0), True
    psd = b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 30_000, 30_000, 8, 3) + bytes(12)
    yield "psd_30k.psd", psd + b"\0\1" + bytes(999), True
    yield "pgm_text.pgm", b"P2 20000 20000 255 " + b"1 " * 100_000, True
    yield "pgm_digits.pgm", b"P2 " + b"9" * 1_000_000, True
    rle = b"BM" + struct.pack("<IHHI", 99, 0, 0, 54 + 1024)
    rle += struct.pack("<IiiHHIIiiII", 40, 30_000, 30_000, 1, 8, 1, 9, 0, 0, 256, 0) + bytes(1024)
    yield "bmp_rle.bmp", rle + b"\0\0" * 200_000, True
    box = b"".join(struct.pack(">I4s", 8 * (9_000 - level), b"meta") for level in range(9_000))
    yield "heic_nest.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + box, True
    res = b"".join(struct.pack(">I4s", 8 * (9_000 - level), b"res ") for level in range(9_000))
    yield "jp2_nest.jp2", pictures.encoded(3, format="JPEG2000")[:40] + res, True
    yield (
        "heic_box_2g.heic",
        b"\0\0\0\x18ftypheic\0\0\0\0heicmif1\x7f\xff\xff\xffmeta" + bytes(99),
        True,
    )
    yield "webp_riff_4g.webp", b"RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff\xff\xff" + b"\xff" * 99, True
    yield "jxl_huge.jxl", b"\xff\x0a\xff\xff\xff\xff" + bytes(99), True


def _drawings() -> Iterator[tuple[str, bytes, bool]]:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink"'
    lines = ["<!ENTITY a0 'ha'>", *(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))]
    yield (
        "svg_laughs.svg",
        f"<!DOCTYPE svg [{''.join(lines)}]><svg {space}><text>&a11;</text></svg>".encode(),
        False,
    )
    outside = '<!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    yield "svg_entity.svg", f"{outside}<svg {space}><text>&f;</text></svg>".encode(), False
    yield "svg_nest.svg", f"<svg {space}>{'<g>' * 200_000}".encode(), False
    uses = "".join(
        f'<g id="u{n}">{f"""<use l:href="#u{n - 1}"/>""" * 10}</g>' for n in range(1, 12)
    )
    yield (
        "svg_uses.svg",
        f'<svg {space}><rect id="u0" width="9" height="9"/>{uses}</svg>'.encode(),
        False,
    )
    yield "svg_huge.svg", f'<svg {space} width="1e9" height="1e9"/>'.encode(), False
    yield "postscript.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n{ } loop\n", True
