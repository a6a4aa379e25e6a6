"""Decoders of extras and of other packages: each reads its kind, or says what is missing."""

import io
import os
import struct
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from same_image_locator.decode import plugins, source
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import facts, glimpse, pixels
from sample_pictures import photo_like, write_photo

EXTRAS = {
    "hdr": "imagecodecs",
    "rare_jpeg": "imagecodecs",
    "jxl": "pillow_jxl",
    "psd": "psd_tools",
    "raw": "rawpy",
    "svg": "resvg_py",
    "tiff": "tifffile",
}
ABSENT = [name for name, package in EXTRAS.items() if find_spec(package) is None]
if ABSENT and not os.environ.get("CI"):
    pytest.skip(f"extras are not installed: {', '.join(ABSENT)}", allow_module_level=True)

import imagecodecs  # noqa: E402 - an extra

import rare_pictures as rare  # noqa: E402 - it needs the extras
from same_image_locator.decode import tiff  # noqa: E402 - it too

COLOURS = photo_like(1, 640, 480)


def cause_of(path: str | Path) -> str:
    with pytest.raises(DecodeError) as caught:
        glimpse(str(path), 8)
    return caught.value.cause


def strays(path: str) -> float:
    """Return by how much the picture's colours differ from those that were drawn, on average."""
    return float(abs(np.asarray(pixels(path, "RGB")).astype(int) - COLOURS).mean())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_xl_is_read_upright(orientation: int, tmp_path: Path) -> None:
    path = rare.jxl(tmp_path / "photo.jxl", Image.fromarray(COLOURS), orientation)
    size = (480, 640) if orientation >= 5 else (640, 480)
    assert pixels(path, "RGB").size == size
    found = facts(path)
    assert (found.format, found.width, found.height) == ("JPEG XL", *size)
    assert found.orientation == orientation
    assert orientation != 1 or strays(path) == 0


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (256, 256), (640, 480), (333, 222), (3000, 9)])
def test_the_size_of_a_jpeg_xl_is_read_before_it_is_decoded(
    size: tuple[int, int], tmp_path: Path
) -> None:
    from same_image_locator.decode import jxl

    path = rare.jxl(tmp_path / "any.jxl", Image.new("RGB", size))
    contained = Path(path).read_bytes()
    with open(path, "rb") as file:
        assert jxl.size_of(file) == size
    bare = contained[contained.index(b"\xff\x0a") :]
    assert jxl.size_of(io.BytesIO(bare)) == size
    part = struct.pack(">I4sI", 12 + len(bare), b"jxlp", 0) + bare
    box = struct.pack(">I4sQ", 1, b"Exif", 20) + bytes(4)
    signature = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
    assert jxl.size_of(io.BytesIO(signature + box + part)) == size


def test_a_jpeg_xl_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    number = (29_999 << 3 | 2 << 1) | (29_999 << 3 | 2 << 1) << (1 + 2 + 18 + 3 - 1)
    (tmp_path / "bomb.jxl").write_bytes(b"\xff\x0a" + number.to_bytes(12, "little"))
    assert cause_of(tmp_path / "bomb.jxl") == "too large: more than 220 million pixels"


def test_a_broken_jpeg_xl_has_a_cause(tmp_path: Path) -> None:
    whole = Path(rare.jxl(tmp_path / "cut.jxl", Image.fromarray(COLOURS))).read_bytes()
    (tmp_path / "cut.jxl").write_bytes(whole[: len(whole) // 2])
    assert cause_of(tmp_path / "cut.jxl").startswith(("damaged", "truncated"))
    (tmp_path / "empty.jxl").write_bytes(b"\x00\x00\x00\x0cJXL \r\n\x87\n")
    assert cause_of(tmp_path / "empty.jxl").startswith("damaged JPEG XL")


@pytest.mark.parametrize(("orientation", "size"), [(1, (640, 480)), (6, (480, 640))])
def test_a_raw_file_is_developed_and_its_facts_are_the_cameras(
    orientation: int, size: tuple[int, int], tmp_path: Path
) -> None:
    path = rare.dng(tmp_path / "photo.dng", COLOURS, orientation)
    seen = glimpse(path, 8, (160,))
    found = seen.facts
    assert (found.format, found.width, found.height) == ("RAW", *size)
    assert (found.camera, found.orientation, found.depth) == ("Maker Model 5", orientation, None)
    shown = Image.open(io.BytesIO(seen.thumbnails[0]))
    assert (shown.width < shown.height) == (orientation == 6)


@pytest.mark.parametrize("side", [60, 240])
def test_the_cameras_preview_stands_for_a_raw_file_if_it_is_large_enough(
    side: int, tmp_path: Path
) -> None:
    blue = np.zeros((side, side * 4 // 3, 3), np.uint8)
    blue[..., 2] = 255
    path = rare.dng(tmp_path / "photo.dng", COLOURS, preview=blue)
    assert (facts(path).width, facts(path).camera) == (640, "Maker Model 5")
    red, _, shade = np.asarray(pixels(path, "RGB")).reshape(-1, 3).mean(axis=0)
    assert (red < 30 and shade > 200) == (side == 240)


def test_a_raw_file_under_the_name_of_a_tiff_is_known_by_its_tags(tmp_path: Path) -> None:
    path = rare.dng(tmp_path / "photo.tif", COLOURS)
    assert facts(path).format == "RAW"


def test_a_black_raw_file_and_a_stub_are_refused(tmp_path: Path) -> None:
    black = rare.dng(tmp_path / "black.dng", COLOURS * 0)
    assert cause_of(black) == "damaged RAW: it comes out as one flat colour"
    whole = Path(rare.dng(tmp_path / "stub.dng", COLOURS)).read_bytes()
    (tmp_path / "stub.dng").write_bytes(whole[:3000])
    assert cause_of(tmp_path / "stub.dng").startswith("damaged RAW: it is too short")


def test_a_large_photoshop_file_is_read(tmp_path: Path) -> None:
    path = rare.psb(tmp_path / "large.psb", COLOURS)
    assert (facts(path).format, facts(path).width) == ("PSB", 640)
    assert strays(path) == 0
    head = bytearray(Path(path).read_bytes())
    head[14:22] = struct.pack(">II", 30_000, 30_000)
    Path(path).write_bytes(head)
    assert cause_of(path) == "too large: more than 220 million pixels"


def test_tiff_pictures_that_pillow_cannot_read_are_read_whole(tmp_path: Path) -> None:
    deep = COLOURS.astype(np.uint16) * 257
    grey = COLOURS[..., 0]
    rgb = {"photometric": "rgb"}
    paths = [
        rare.tiff(tmp_path / "float.tif", (COLOURS / 255).astype(np.float32), **rgb),
        rare.tiff(tmp_path / "j2k.tif", COLOURS, compression="jpeg2000", **rgb),
        rare.tiff(tmp_path / "lerc.tif", COLOURS, compression="lerc", **rgb),
        rare.tiff(
            tmp_path / "planes.tif", np.moveaxis(deep, -1, 0), planarconfig="separate", **rgb
        ),
    ]
    assert [glimpse(path, 8).damage for path in paths] == [""] * 4
    assert max(strays(path) for path in paths) < 1
    half = rare.tiff(tmp_path / "half.tif", (grey / 255).astype(np.float16))
    shades = np.asarray(pixels(half, "L")).astype(int)
    assert abs(shades - grey).max() <= 1
    turned = rare.tiff(
        tmp_path / "turned.tif",
        COLOURS / np.float32(255),
        extratags=[(274, "H", 1, 6, True)],
        **rgb,
    )
    assert pixels(turned, "L").size == (480, 640)


def test_a_rare_tiff_says_whether_more_pages_follow(tmp_path: Path) -> None:
    pages = np.stack([COLOURS, COLOURS]).astype(np.float32) / 255
    path = rare.tiff(tmp_path / "pages.tif", pages, photometric="rgb")
    assert facts(path).more_frames
    assert strays(path) < 1
    path = rare.tiff(tmp_path / "page.tif", pages[0], photometric="rgb")
    assert not facts(path).more_frames


def test_a_tiffs_orientation_is_told_if_it_is_one(tmp_path: Path) -> None:
    for kind, told in (("H", 6), ("B", 1), ("H", 1)):
        tags = [(274, kind, 1, 6 if kind == "B" else told, True)]
        path = rare.tiff(tmp_path / "turned.tif", COLOURS, photometric="rgb", extratags=tags)
        assert facts(path).orientation == told
        assert pixels(path, "L").size == ((480, 640) if told == 6 else (640, 480))


def test_a_tiff_with_rare_channels_comes_out_as_it_looks(tmp_path: Path) -> None:
    half = np.full((40, 40), 0.5, np.float16)
    white = rare.tiff(tmp_path / "inverted.tif", half / 2, photometric="miniswhite")
    assert pixels(white, "L").getpixel((5, 5)) in {191, 192}
    clear = np.dstack([half, half, half, half * 0])
    path = rare.tiff(tmp_path / "clear.tif", clear, photometric="rgb", extrasamples=["unassalpha"])
    assert pixels(path, "RGB").getpixel((5, 5)) == (255, 255, 255)
    path = rare.tiff(tmp_path / "grey.tif", clear[..., 2:], extrasamples=["unassalpha"])
    assert pixels(path, "L").getpixel((5, 5)) == 255
    path = rare.tiff(tmp_path / "negative.tif", np.full((40, 40), -7, np.int64))
    assert "TIFF" in cause_of(path)


def test_jpeg_xr_inside_a_tiff_is_refused_because_its_decoder_crashes(tmp_path: Path) -> None:
    path = rare.tiff(tmp_path / "xr.tif", COLOURS, compression="jpegxr", photometric="rgb")
    assert cause_of(path) == "damaged: its TIFF header cannot be read"
    inks = np.dstack([COLOURS, COLOURS[..., 0]])
    path = rare.tiff(tmp_path / "inks.tif", inks, compression="jpegxr", photometric="separated")
    assert "TIFF" in cause_of(path)


def test_a_tiff_in_printing_or_measured_colours_is_read(tmp_path: Path) -> None:
    inks = np.dstack([255 - COLOURS, COLOURS[..., :1] * 0])
    deep = np.moveaxis(inks.astype(np.uint16) * 257, -1, 0)
    separate = {"photometric": "separated", "planarconfig": "separate"}
    assert strays(rare.tiff(tmp_path / "inks.tif", deep, **separate)) < 1
    clear = np.dstack([inks, COLOURS[..., 0] * 0])
    alpha = {"photometric": "separated", "extrasamples": ["unassalpha"]}
    shown = pixels(rare.tiff(tmp_path / "clear.tif", clear, **alpha), "RGB")
    assert shown.getextrema() == ((255, 255),) * 3
    lab = np.full((40, 60, 3), (54, 81, 70), np.int8).view(np.uint8)
    lab[..., 0] = 54 * 255 // 100
    for samples in (lab, lab.astype(np.uint16) << 8):
        path = rare.tiff(tmp_path / "red.tif", samples, photometric="cielab")
        red, green, blue = np.asarray(pixels(path, "RGB"))[5, 5].tolist()
        assert red > 240
        assert max(green, blue) < 40


def test_a_tiff_in_planes_of_luminance_is_read(tmp_path: Path) -> None:
    stored = np.asarray(Image.fromarray(COLOURS).convert("YCbCr"))
    options = {"photometric": "ycbcr", "planarconfig": "separate"}
    whole = [(530, "H", 2, (1, 1), True)]
    path = rare.tiff(
        tmp_path / "planes.tif", np.moveaxis(stored, -1, 0), extratags=whole, **options
    )
    assert glimpse(path, 8).damage == ""
    assert strays(path) < 2


def test_a_tiff_of_a_codec_that_pillow_lacks_is_read_and_is_not_called_damaged(
    tmp_path: Path,
) -> None:
    lossless = {"compression": "webp", "compressionargs": {"lossless": True}}
    path = rare.tiff(tmp_path / "webp.tif", COLOURS, photometric="rgb", **lossless)
    assert glimpse(path, 8).damage == ""
    assert strays(path) == 0
    deep = COLOURS[..., 0].astype(np.uint16) * 257
    options = {"compression": "jpeg", "compressionargs": {"lossless": True, "bitspersample": 16}}
    path = rare.tiff(tmp_path / "deep.tif", deep, photometric="minisblack", **options)
    assert abs(np.asarray(pixels(path, "L")).astype(int) - COLOURS[..., 0]).max() <= 1
    whole = Path(path).read_bytes()
    Path(path).write_bytes(whole.replace(b"\xff\xd9", bytes(2)))
    assert "TIFF" in cause_of(path)


def test_tiles_under_the_tag_of_strips_are_not_taken_for_strips(tmp_path: Path) -> None:
    path = rare.tiff(tmp_path / "tiles.tif", COLOURS, photometric="rgb", tile=(256, 256))
    tags = {324: 273, 325: 279}  # where the tiles lie, and how long they are
    whole = Path(path).read_bytes()
    for tile, strip in tags.items():
        assert whole.count(struct.pack("<HH", tile, 4)) == 1
        whole = whole.replace(struct.pack("<HH", tile, 4), struct.pack("<HH", strip, 4))
    Path(path).write_bytes(whole)
    assert glimpse(path, 8).damage == ""
    assert strays(path) == 0


def old_jpeg(path: Path, whole: bytes, size: tuple[int, int]) -> str:
    """Write a TIFF with a grey JPEG inside, as the first specification did, without tables."""
    values = {256: size[0], 257: size[1], 258: 8, 259: 6, 262: 1, 277: 1, 278: size[1]}
    values |= {273: 8 + 2 + 12 * 9 + 4, 279: len(whole)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, values[tag]) for tag in sorted(values))
    path.write_bytes(b"II*\0\x08\0\0\0" + struct.pack("<H", 9) + entries + bytes(4) + whole)
    return str(path)


def test_an_old_jpeg_inside_a_tiff_is_read_and_never_half(tmp_path: Path) -> None:
    inner = io.BytesIO()
    Image.fromarray(COLOURS[..., 0]).save(inner, "JPEG", quality=95)
    path = old_jpeg(tmp_path / "old.tif", inner.getvalue(), (640, 480))
    assert glimpse(path, 8).damage == ""
    assert abs(np.asarray(pixels(path, "L")).astype(int) - COLOURS[..., 0]).mean() < 2
    old_jpeg(tmp_path / "old.tif", inner.getvalue()[:-500], (640, 480))
    assert "TIFF" in cause_of(path)


def test_a_tiffs_profile_counts_and_an_unnamed_channel_is_no_transparency(tmp_path: Path) -> None:
    unnamed = np.dstack([COLOURS, COLOURS[..., 0] * 0]).astype(np.float32) / 255
    options = {"photometric": "rgb", "extrasamples": ["unspecified"]}
    assert strays(rare.tiff(tmp_path / "unnamed.tif", unnamed, **options)) < 1
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    path = rare.tiff(
        tmp_path / "xyz.tif", COLOURS / np.float32(255), photometric="rgb", iccprofile=linear
    )
    with source.opened(path) as file:
        assert tiff.opened(file).image.info["icc_profile"] == linear


def light(path: Path, by: float) -> str:
    """Write a Radiance HDR picture of the colours, by so much brighter or darker."""
    samples = (COLOURS / 255.0) ** 2.2 * by
    path.write_bytes(imagecodecs.rgbe_encode(samples.astype(np.float32), header=True))
    return str(path)


@pytest.mark.parametrize("by", [1e-9, 1, 1e9])
def test_a_radiance_picture_is_shown_whatever_the_light(by: float, tmp_path: Path) -> None:
    path = light(tmp_path / "light.hdr", by)
    shown = np.asarray(pixels(path, "RGB")).astype(float)
    assert facts(path).format == "Radiance HDR"
    for channel in range(3):
        alike = np.corrcoef(shown[..., channel].ravel(), COLOURS[..., channel].ravel())[0, 1]
        assert alike > 0.9
    assert shown.std() > 20


def test_a_broken_radiance_picture_has_a_cause(tmp_path: Path) -> None:
    whole = Path(light(tmp_path / "cut.hdr", 1)).read_bytes()
    (tmp_path / "cut.hdr").write_bytes(whole[: len(whole) // 2])
    assert "Radiance" in cause_of(tmp_path / "cut.hdr")
    (tmp_path / "size.hdr").write_bytes(b"#?RADIANCE\n\n-Y 30000 +X 30000\n" + whole)
    assert cause_of(tmp_path / "size.hdr") == "too large: more than 60 million pixels"
    (tmp_path / "odd.hdr").write_bytes(b"#?RADIANCE\n\n+X 30 -Y 30\n" + whole)
    assert "unusual order" in cause_of(tmp_path / "odd.hdr")
    (tmp_path / "head.hdr").write_bytes(b"#?RADIANCE\n")
    assert "Radiance" in cause_of(tmp_path / "head.hdr")


def rare_jpeg(path: Path, samples: NDArray[Any], **options: Any) -> str:
    path.write_bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(samples), **options))
    return str(path)


def test_lossless_and_deep_jpegs_are_read(tmp_path: Path) -> None:
    grey = COLOURS[..., 0]
    paths = [
        rare_jpeg(tmp_path / "lossless.jpg", grey, lossless=True),
        rare_jpeg(
            tmp_path / "deep.jpg", grey.astype(np.uint16) * 257, lossless=True, bitspersample=16
        ),
        rare_jpeg(
            tmp_path / "twelve.jpg", grey.astype(np.uint16) * 16, level=100, bitspersample=12
        ),
    ]
    for path in paths:
        assert glimpse(path, 8).damage == ""
        assert abs(np.asarray(pixels(path, "L")).astype(int) - grey).max() <= 3
    stored = {"colorspace": "RGB", "outcolorspace": "RGB"}
    path = rare_jpeg(tmp_path / "colours.jpg", COLOURS, lossless=True, **stored)
    assert strays(path) == 0
    # A JFIF header says that colours are stored as luminance and chrominance, which is not so here.
    jfif = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    whole = Path(path).read_bytes()
    Path(path).write_bytes(whole[:2] + jfif + whole[2:])
    assert strays(path) == 0


def test_a_rare_jpeg_is_upright_and_never_half(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    whole = Path(rare_jpeg(path, COLOURS[..., 0], lossless=True)).read_bytes()
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
    turned = b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif
    path.write_bytes(whole[:2] + turned + whole[2:])
    assert pixels(str(path), "L").size == (480, 640)
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert cause_of(path).startswith("unsupported JPEG: a lossless one")
    place = whole.index(b"\xff\xc3") + 5
    path.write_bytes(whole[:place] + struct.pack(">HH", 60_000, 60_000) + whole[place + 4 :])
    assert cause_of(path)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40">{}</svg>'


def test_a_drawing_is_drawn_and_over_white(tmp_path: Path) -> None:
    body = '<rect width="40" height="40" fill="red"/>'
    (tmp_path / "plain.svg").write_text('<?xml version="1.0"?>\n<!-- x -->' + SVG.format(body))
    found = facts(str(tmp_path / "plain.svg"))
    assert (found.format, found.width, found.height) == ("SVG", 1024, 512)
    drawn = pixels(str(tmp_path / "plain.svg"), "RGB")
    assert drawn.getpixel((100, 100)) == (255, 0, 0)
    assert drawn.getpixel((900, 100)) == (255, 255, 255)


@pytest.mark.parametrize("scheme", ["", "file://", "&#47;"])
@pytest.mark.parametrize("attribute", ["href", "xlink:href", "HREF "])
def test_a_drawing_shows_no_other_file(scheme: str, attribute: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (40, 40), "blue").save(secret)
    target = scheme + str(secret).removeprefix("/" if scheme.startswith("&") else "")
    space = 'xmlns:xlink="http://www.w3.org/1999/xlink" '
    body = f'<g {space}><image {attribute}="{target}" width="40" height="40"/></g>'
    (tmp_path / "spy.svg").write_text(SVG.format(body))
    drawn = pixels(str(tmp_path / "spy.svg"), "RGB")
    assert drawn.getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "an SVG that defines entities"),
        (b"<svg>" + b"<g>" * 1000, "an SVG with elements nested too deeply"),
        (b"<svg>\xff</svg>", "an SVG that is not UTF-8"),
        (b"<svg>" + bytes(20_000_000), "too large: an SVG of more than 20 MB"),
        (b"<svg>", "damaged SVG"),
    ],
    ids=["entities", "deep", "bytes", "long", "broken"],
)
def test_a_hostile_drawing_is_refused(content: bytes, cause: str, tmp_path: Path) -> None:
    (tmp_path / "bad.svg").write_bytes(content)
    assert cause in cause_of(tmp_path / "bad.svg")


@pytest.fixture
def without_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Play that nothing but the program itself is installed."""
    for name, package in EXTRAS.items():
        monkeypatch.setitem(sys.modules, package, None)
        monkeypatch.delitem(sys.modules, f"same_image_locator.decode.{name}", raising=False)


@pytest.mark.usefixtures("without_extras")
@pytest.mark.parametrize(
    ("name", "content", "thing", "extra"),
    [
        ("a.jxl", b"\xff\x0a", "JPEG XL picture", "jxl"),
        ("a.nef", b"II*\x00", "camera raw file", "raw"),
        ("a.psb", b"8BPS\x00\x02", "large Photoshop file", "psd"),
        ("a.svg", b"<svg>", "SVG drawing", "svg"),
        ("a.hdr", b"#?RADIANCE\n", "Radiance HDR picture", "codecs"),
    ],
)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    name: str, content: bytes, thing: str, extra: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content + bytes(64))
    command = f'pip install "same-image-locator[{extra}]"'
    assert cause_of(tmp_path / name) == f"unsupported: a {thing}; to read it: {command}"


@pytest.mark.usefixtures("without_extras")
def test_a_broken_jpeg_needs_no_extra_and_a_rare_one_does(tmp_path: Path) -> None:
    whole = Path(write_photo(tmp_path / "cut.jpg")).read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[:300])
    assert "pip install" not in cause_of(tmp_path / "cut.jpg")
    twelve = whole.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c")
    (tmp_path / "deep.jpg").write_bytes(twelve)
    cause = cause_of(tmp_path / "deep.jpg")
    assert cause.startswith("unsupported JPEG: cannot handle 12-bit layers; rare kinds need: pip")


@pytest.mark.usefixtures("without_extras")
def test_a_tiff_whose_header_makes_no_sense_may_need_an_extra(tmp_path: Path) -> None:
    (tmp_path / "rare.tif").write_bytes(b"II*\x00" + bytes(64))
    cause = cause_of(tmp_path / "rare.tif")
    assert cause.startswith("damaged: its TIFF header cannot be read; rare kinds need: pip install")


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a package that reads pictures of one grey, each of a single letter."""
    (tmp_path / "grey_letter.py").write_text(
        "from PIL import Image\n"
        "from same_image_locator.decode.sniff import Kind\n"
        "from same_image_locator.decode.source import Opened\n"
        "def sniff(head):\n"
        "    return Kind('letter', 'letters') if head.startswith(b'letter:') else None\n"
        "def opened(source):\n"
        "    return Opened(Image.new('L', (50, 40), source.head[7]))\n"
    )
    about = tmp_path / "grey_letter-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: grey-letter\nVersion: 1\n")
    (about / "entry_points.txt").write_text(f"[{plugins.GROUP}]\nletters = grey_letter\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", True)  # it would be written beside the photos
    plugins._modules.cache_clear()
    yield
    plugins._modules.cache_clear()


@pytest.mark.usefixtures("foreign")
def test_a_decoder_of_another_package_is_asked_about_what_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "new.letter").write_bytes(b"letter:A")
    assert facts(str(tmp_path / "new.letter")).format == "letter"
    assert pixels(str(tmp_path / "new.letter"), "L").getpixel((1, 1)) == ord("A")
    (tmp_path / "text.txt").write_bytes(b"no letter")
    assert cause_of(tmp_path / "text.txt") == "not a picture"
    assert facts(write_photo(tmp_path / "photo.png")).format == "PNG"
