"""Rare kinds of pictures come out as they look: colours in order, upright, and never half."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import facts, glimpse, pixels
from sample_pictures import Raster, photo_like

COLOURS = photo_like(3, 90, 61)
GREYS = COLOURS[..., 1]


def cause_of(path: str | Path) -> str:
    with pytest.raises(DecodeError) as caught:
        glimpse(str(path), 8)
    return caught.value.cause


def strays(path: Path, truth: NDArray[Any] = COLOURS) -> int:
    """Return the largest difference to what was drawn; the picture must be read whole."""
    assert glimpse(str(path), 8).damage == ""
    shown = np.asarray(pixels(str(path), "RGB" if truth.ndim == 3 else "L")).astype(int)
    return int(abs(shown - truth).max())


def bmp(
    colours: Raster, masks: tuple[int, ...], *, bits: int = 16, header: int = 56, down: bool = False
) -> bytes:
    """Write a BMP whose channels lie in the bits of the masks."""
    height, width = colours.shape[:2]
    packed = np.zeros((height, width), np.uint32)
    for channel, mask in zip(np.moveaxis(colours, -1, 0), masks, strict=False):
        lowest = mask & -mask
        packed |= np.round(channel / 255 * (mask // lowest)).astype(np.uint32) * np.uint32(lowest)
    rows = (packed if down else packed[::-1]).astype("<u2" if bits == 16 else "<u4")
    padded = b"".join(row.tobytes().ljust((row.nbytes + 3) // 4 * 4, b"\0") for row in rows)
    at = 14 + max(header, 52)
    return (
        struct.pack("<2sIII", b"BM", at + len(padded), 0, at)
        + struct.pack("<IiiHHI20x", header, width, -height if down else height, 1, bits, 3)
        + struct.pack("<4I", *masks, *[0] * (4 - len(masks)))[: max(header, 52) - 40]
        + padded
    )


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize(
    ("masks", "bits", "header"),
    [
        ((0x0F00, 0x00F0, 0x000F), 16, 40),
        ((0xFF, 0xFF00, 0xFF0000), 32, 40),
        ((0xFFE00000, 0x001FFC00, 0x000003FF), 32, 56),
        ((0xF000, 0x0F00, 0x00F0, 0x000F), 16, 56),
    ],
)
def test_a_bmp_with_any_bit_fields_is_read(
    masks: tuple[int, ...], bits: int, header: int, down: bool, tmp_path: Path
) -> None:
    opaque = np.dstack([COLOURS, np.full_like(GREYS, 255)])
    (tmp_path / "a.bmp").write_bytes(bmp(opaque, masks, bits=bits, header=header, down=down))
    assert strays(tmp_path / "a.bmp") <= (1 if bits == 32 else 9)


def test_the_alpha_of_a_bmp_counts_unless_nothing_would_be_seen(tmp_path: Path) -> None:
    masks = (0xF000, 0x0F00, 0x00F0, 0x000F)
    clear = np.dstack([COLOURS, np.zeros_like(GREYS)])
    (tmp_path / "none.bmp").write_bytes(bmp(clear, masks))
    assert strays(tmp_path / "none.bmp") <= 9
    clear[:5, :, 3] = 255
    (tmp_path / "some.bmp").write_bytes(bmp(clear, masks))
    shown = np.asarray(pixels(str(tmp_path / "some.bmp"), "RGB"))
    assert abs(shown[:5].astype(int) - COLOURS[:5]).max() <= 9
    assert (shown[5:] == 255).all()


@pytest.mark.parametrize("masks", [(0xF000, 0x0F00, 0), (0xA000, 0x0F00, 0x00F0)])
def test_bit_fields_that_make_no_picture_are_refused(
    masks: tuple[int, ...], tmp_path: Path
) -> None:
    whole = bytearray(bmp(COLOURS, (0x0F00, 0x00F0, 0x000F), header=40))
    whole[54:66] = struct.pack("<3I", *masks)
    (tmp_path / "odd.bmp").write_bytes(whole)
    assert "bitfields" in cause_of(tmp_path / "odd.bmp")


def test_a_cut_or_huge_bmp_with_bit_fields_is_refused(tmp_path: Path) -> None:
    whole = bytearray(bmp(COLOURS, (0x0F00, 0x00F0, 0x000F), header=40))
    (tmp_path / "cut.bmp").write_bytes(whole[:-1])
    assert cause_of(tmp_path / "cut.bmp")
    whole[18:26] = struct.pack("<ii", 30_000, 30_000)
    (tmp_path / "huge.bmp").write_bytes(whole)
    assert cause_of(tmp_path / "huge.bmp")


def test_a_bmp_with_the_shortest_header_of_os2_is_read(tmp_path: Path) -> None:
    palette = b"".join(bytes((shade, shade // 2, 255 - shade, 0)) for shade in range(256))
    row = (90 + 3) // 4 * 4
    body = b"".join(line.tobytes().ljust(row, b"\0") for line in GREYS[::-1])
    head = struct.pack("<2sIII", b"BM", 0, 0, 30 + 1024) + struct.pack("<IIIHH", 16, 90, 61, 1, 8)
    (tmp_path / "os2.bmp").write_bytes(head + palette + body)
    truth = np.dstack([255 - GREYS, GREYS // 2, GREYS])
    assert strays(tmp_path / "os2.bmp", truth) == 0


@pytest.mark.parametrize(("name", "compression"), [("JPEG", 4), ("PNG", 5)])
def test_a_picture_inside_a_bmp_is_read(name: str, compression: int, tmp_path: Path) -> None:
    inner = io.BytesIO()
    Image.fromarray(COLOURS).save(inner, name)
    data = inner.getvalue()
    head = struct.pack("<2sIII", b"BM", 54 + len(data), 0, 54) + struct.pack(
        "<IiiHHII16x", 40, 90, 61, 1, 0, compression, len(data)
    )
    (tmp_path / "a.bmp").write_bytes(head + data)
    (tmp_path / "plain").write_bytes(data)
    truth = np.asarray(pixels(str(tmp_path / "plain"), "RGB"))
    assert strays(tmp_path / "a.bmp", truth) == 0
    (tmp_path / "a.bmp").write_bytes((head + data)[:-9])
    assert cause_of(tmp_path / "a.bmp")


def test_a_clipboards_bitmap_needs_no_file_header(tmp_path: Path) -> None:
    Image.fromarray(COLOURS).save(tmp_path / "a.dib", "DIB")
    assert strays(tmp_path / "a.dib") == 0


def chunk(name: bytes, data: bytes, error: int = 0) -> bytes:
    return (
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", zlib.crc32(name + data) ^ error)
    )


def test_a_png_is_read_although_its_remarks_are_broken(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.fromarray(COLOURS).save(out, "PNG")
    whole = out.getvalue()
    for number, broken in enumerate(
        (chunk(b"tEXt", b"a\0b", 1), chunk(b"pHYs", bytes(8)), chunk(b"iCCP", b"a\0\7b", 1))
    ):
        path = tmp_path / f"{number}.png"
        path.write_bytes(whole[:33] + broken + whole[33:])
        assert strays(path) == 0
    turned = chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0")
    (tmp_path / "turned.png").write_bytes(
        whole[:33] + turned + chunk(b"tIME", bytes(7), 1) + whole[33:]
    )
    assert pixels(str(tmp_path / "turned.png"), "RGB").size == (61, 90)


def test_a_png_with_broken_pixels_or_transparency_is_not_read_whole(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.fromarray(COLOURS).save(out, "PNG")
    whole = bytearray(out.getvalue())
    whole[-20] ^= 1
    remark = chunk(b"pHYs", bytes(8))
    (tmp_path / "pixels.png").write_bytes(whole[:33] + remark + whole[33:])
    assert "PNG" in cause_of(tmp_path / "pixels.png")
    whole[-20] ^= 1
    clear = chunk(b"tRNS", bytes(6), 1)
    (tmp_path / "clear.png").write_bytes(whole[:33] + clear + whole[33:])
    assert "PNG" in cause_of(tmp_path / "clear.png")


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_pfm_in_colour_is_read_in_either_order_of_bytes(order: str, tmp_path: Path) -> None:
    samples = (COLOURS / 255)[::-1].astype(f"{order}f4").tobytes()
    header = f"PF\n90 61\n{-1 if order == '<' else 1}\n".encode()
    (tmp_path / "a.pfm").write_bytes(header + samples)
    assert strays(tmp_path / "a.pfm") == 0
    (tmp_path / "cut.pfm").write_bytes(header + samples[:-1])
    assert cause_of(tmp_path / "cut.pfm").startswith("truncated")
    for size in ("-9 9", "1 x", "30000 30000", ""):
        (tmp_path / "odd.pfm").write_bytes(f"PF\n{size}\n1\n".encode() + samples)
        assert cause_of(tmp_path / "odd.pfm")


def fits(samples: bytes, bits: int, **more: object) -> bytes:
    cards: dict[str, object] = {"SIMPLE": "T", "BITPIX": bits, "NAXIS": 2, "NAXIS1": 90}
    cards |= {"NAXIS2": 61, **more}
    text = "".join(f"{name:8}= {value!s:>20} / remark".ljust(80) for name, value in cards.items())
    return (text + "END").ljust(2880).encode() + samples


@pytest.mark.parametrize(
    ("kind", "bits", "shift"),
    [(">u1", 8, 0), (">i2", 16, -32768), (">i2", 16, -50), (">i4", 32, 7), (">f4", -32, -0.5)],
)
def test_a_fits_picture_is_read_wherever_its_zero_lies(
    kind: str, bits: int, shift: float, tmp_path: Path
) -> None:
    truth = np.tile(np.linspace(0, 255, 90), (61, 1))
    truth[:9] = truth[:9] // 2
    stored = np.round(truth[::-1] + shift).astype(kind)
    (tmp_path / "a.fits").write_bytes(fits(stored.tobytes(), bits))
    assert strays(tmp_path / "a.fits", truth) <= 3
    (tmp_path / "negative.fits").write_bytes(fits(stored.tobytes(), bits, BSCALE="-1.0D0"))
    assert strays(tmp_path / "negative.fits", 255 - truth) <= 3


def test_what_a_fits_picture_does_not_know_is_black(tmp_path: Path) -> None:
    stored = GREYS[::-1].astype(">f4")
    stored[-1] = np.nan
    (tmp_path / "nan.fits").write_bytes(fits(stored.tobytes(), -32))
    assert not np.asarray(pixels(str(tmp_path / "nan.fits"), "L"))[0].any()
    whole = GREYS[::-1].astype(">i2")
    whole[-1] = -32768
    (tmp_path / "blank.fits").write_bytes(fits(whole.tobytes(), 16, BLANK=-32768))
    shown = np.asarray(pixels(str(tmp_path / "blank.fits"), "L"))
    assert not shown[0].any()
    assert shown[1:].std() > 20


def test_a_fits_file_that_is_not_one_whole_picture_is_refused(tmp_path: Path) -> None:
    samples = GREYS.tobytes()
    path = tmp_path / "a.fits"
    path.write_bytes(fits(samples[:-1], 8))
    assert cause_of(path).startswith("truncated")
    for odd in ({"NAXIS": 3, "NAXIS3": 4}, {"NAXIS1": 0}, {"NAXIS1": 999_999}, {"BITPIX": 9}):
        path.write_bytes(fits(samples, 8, **odd))
        assert "FITS" in cause_of(path) or cause_of(path).startswith("too large")
    path.write_bytes(fits(np.full((61, 90), np.nan, ">f4").tobytes(), -32))
    assert "FITS" in cause_of(path)
    path.write_bytes(b"SIMPLE  =" + bytes(50))
    assert "FITS" in cause_of(path)


def test_what_is_drawn_in_an_xbm_is_black(tmp_path: Path) -> None:
    (tmp_path / "a.xbm").write_text(
        "/* a */\n#define a_width 8\n#define a_height 2\n"
        "static unsigned char a_bits[] = {\n0x0f, 0x00 };\n"
    )
    shown = np.asarray(pixels(str(tmp_path / "a.xbm"), "L"))
    assert shown.tolist() == [[0] * 4 + [255] * 4, [255] * 8]
    (tmp_path / "header.h").write_text("#define a_width 8\n#define a_height 2\nint b;\n")
    assert cause_of(tmp_path / "header.h") == "not a picture"


def test_a_sun_raster_is_read(tmp_path: Path) -> None:
    rows = COLOURS[..., ::-1].tobytes()
    head = struct.pack(">8I", 0x59A66A95, 90, 61, 24, len(rows), 1, 0, 0)
    (tmp_path / "a.ras").write_bytes(head + rows)
    assert strays(tmp_path / "a.ras") == 0
    assert facts(str(tmp_path / "a.ras")).format == "Sun raster"


def test_black_and_white_paint_of_microsoft_is_read(tmp_path: Path) -> None:
    drawn = Image.fromarray(COLOURS).convert("1")
    drawn.save(tmp_path / "a.msp")
    assert strays(tmp_path / "a.msp", np.asarray(drawn.convert("L"))) == 0


def test_an_xpm_is_read_by_its_letters(tmp_path: Path) -> None:
    (tmp_path / "a.xpm").write_text(
        '/* XPM */\nstatic char *a[] = {\n"3 1 3 1",\n"r c #FF0000",\n"b c #0000FF",\n'
        '"  c None",\n"rb "\n};\n'
    )
    shown = np.asarray(pixels(str(tmp_path / "a.xpm"), "RGB"))
    assert shown.tolist() == [[[255, 0, 0], [0, 0, 255], [255, 255, 255]]]


def test_a_blp_of_more_pixels_than_any_game_has_is_refused(tmp_path: Path) -> None:
    head = b"BLP2" + struct.pack("<IBBBBII", 1, 2, 0, 0, 0, 8192, 8192)
    (tmp_path / "a.blp").write_bytes(head + bytes(2000))
    assert cause_of(tmp_path / "a.blp") == "too large: more than 34 million pixels"


def flic() -> bytes:
    frame = struct.pack("<IHH", 6 + 90 * 61, 16, 0)[:6] + GREYS.tobytes()
    shades = bytes(shade // 4 for shade in range(256) for _ in range(3))
    palette = struct.pack("<IHHBB", 6 + 4 + 768, 11, 1, 0, 0) + shades
    body = struct.pack("<IHH8x", 16 + len(palette) + len(frame), 0xF1FA, 2) + palette + frame
    head = struct.pack("<IHHHHHHI", 128 + len(body), 0xAF11, 2, 90, 61, 8, 3, 5)
    return head.ljust(128, b"\0") + body


def test_a_flic_animation_shows_its_first_frame_and_says_that_there_are_more(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.fli").write_bytes(flic())
    assert strays(tmp_path / "a.fli", GREYS) <= 3
    assert facts(str(tmp_path / "a.fli")).more_frames


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"BLP1", "BLP"),
        (b"BLP2", "BLP"),
        (b"FTEX", "FTEX"),
        (b"\xb1\x68\xde\x3a", "DCX"),
        (b"\x80\xe8\x00\x00", "Pixar"),
        (struct.pack(">IIIII4s", 28, 2, 9, 9, 4, b"GIMP"), "GIMP brush"),
        (bytes(2048) + b"PCD_IPI", "Photo CD"),
        (b"LinS", "Microsoft Paint"),
    ],
)
def test_a_broken_one_of_these_kinds_has_a_cause(head: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(head + bytes(300))
    assert name in cause_of(tmp_path / "a.bin")


SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">
<rect width="80" height="40"/></svg>"""


@pytest.mark.parametrize("packed", [gzip.compress, bytes])
def test_an_svg_may_be_packed(packed: Callable[[bytes], bytes], tmp_path: Path) -> None:
    (tmp_path / "a.svgz").write_bytes(packed(SVG))
    assert pixels(str(tmp_path / "a.svgz"), "L").getpixel((9, 9)) == 0


def test_a_packed_bomb_is_no_svg(tmp_path: Path) -> None:
    (tmp_path / "a.svgz").write_bytes(gzip.compress(bytes(30_000_000)))
    assert cause_of(tmp_path / "a.svgz") == "too large: an SVG of more than 20 MB"
    (tmp_path / "a.jpg").write_bytes(gzip.compress(SVG))
    assert cause_of(tmp_path / "a.jpg") == "not a picture"
