"""Decoding: any format under any name, upright, and one clear cause when it cannot be."""

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import facts, glimpse, pixels, thumbnail
from same_image_locator.decode.sniff import sniff
from sample_pictures import photo_like, write_photo

FORMATS = {
    "jpg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WebP",
    "tif": "TIFF",
    "bmp": "BMP",
    "jp2": "JPEG 2000",
    "avif": "AVIF",
}


def cause_of(path: str | Path) -> str:
    with pytest.raises(DecodeError) as caught:
        pixels(str(path), "L")
    return caught.value.cause


def write_heic(path: Path, seed: int = 1) -> str:
    pillow_heif.from_pillow(Image.fromarray(photo_like(seed))).save(str(path))
    return str(path)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_content_names_the_format_even_under_a_wrong_suffix(
    suffix: str, tmp_path: Path
) -> None:
    right = write_photo(tmp_path / f"photo.{suffix}")
    wrong = str(tmp_path / "photo.of-something-else.jpg")
    Path(wrong).write_bytes(Path(right).read_bytes())
    found = facts(wrong)
    assert (found.width, found.height, found.format) == (160, 120, FORMATS[suffix])
    assert pixels(wrong, "RGB").size == (160, 120)


def test_a_heic_photo_is_read(tmp_path: Path) -> None:
    path = write_heic(tmp_path / "phone.heic")
    assert (facts(path).format, facts(path).width) == ("HEIC", 160)
    difference = np.asarray(pixels(path, "RGB")).astype(int) - photo_like(1)
    assert abs(difference).mean() < 12


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright_in_facts_pixels_and_thumbnail(
    suffix: str, orientation: int, tmp_path: Path
) -> None:
    path = write_photo(tmp_path / f"photo.{suffix}", orientation=orientation)
    size = (120, 160) if orientation >= 5 else (160, 120)
    found = facts(path)
    assert (found.width, found.height) == size
    assert pixels(path, "L").size == size
    seen = glimpse(path, 8)
    assert (seen.facts.width, seen.facts.height) == size
    shown = Image.open(io.BytesIO(thumbnail(path, 160)))
    assert shown.size == size
    assert shown.getexif().get(0x0112) is None


def test_a_rotated_photo_shows_the_same_pixels_as_its_upright_twin(tmp_path: Path) -> None:
    upright = Image.fromarray(photo_like(3))
    upright.save(tmp_path / "upright.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    upright.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.png", exif=exif)
    whole, turned = (glimpse(str(tmp_path / name), 32) for name in ("upright.png", "turned.png"))
    assert whole.greys == turned.greys


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    assert cause_of(tmp_path / "empty.jpg") == "the file is empty"


def test_a_text_file_is_not_a_picture(tmp_path: Path) -> None:
    (tmp_path / "letter.jpg").write_text("Dear Anna,")
    assert cause_of(tmp_path / "letter.jpg") == "not a picture"


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "gif", "webp"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_truncated_picture_is_an_error_with_a_cause(
    suffix: str, share: float, tmp_path: Path
) -> None:
    path = Path(write_photo(tmp_path / f"photo.{suffix}"))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert cause_of(path).startswith(("truncated: ", "damaged"))


def test_a_truncated_jpeg_is_called_truncated(tmp_path: Path) -> None:
    path = Path(write_photo(tmp_path / "photo.jpg"))
    path.write_bytes(path.read_bytes()[:-2000])
    assert cause_of(path) == "truncated: the file ends before the JPEG picture does"


def test_a_missing_file_and_a_folder_say_so(tmp_path: Path) -> None:
    assert cause_of(tmp_path / "gone.jpg") == "cannot be opened: No such file or directory"
    assert cause_of(tmp_path) in {"not a regular file", "cannot be opened: Is a directory"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_only_what_the_content_itself_causes_is_lasting(tmp_path: Path) -> None:
    (tmp_path / "letter.jpg").write_text("Dear Anna,")
    (tmp_path / "note.pdf").write_bytes(b"%PDF-1.7 " + bytes(40))  # no decoder, so far
    lasting = {}
    for name in ("letter.jpg", "note.pdf", "missing.jpg"):
        with pytest.raises(DecodeError) as caught:
            facts(str(tmp_path / name))
        lasting[name] = caught.value.lasting
    assert lasting == {"letter.jpg": True, "note.pdf": False, "missing.jpg": False}


def test_a_named_pipe_does_not_make_us_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert cause_of(tmp_path / "pipe.jpg") == "not a regular file"


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that claims to be huge and holds almost nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("side", [15_000, 200_000])
def test_a_picture_beyond_the_pixel_limit_is_refused_before_it_is_decoded(
    side: int, tmp_path: Path
) -> None:
    (tmp_path / "bomb.png").write_bytes(bomb(side, side))
    assert cause_of(tmp_path / "bomb.png") == "too large: more than 220 million pixels"


def test_a_bomb_inside_an_icon_is_refused_too(tmp_path: Path) -> None:
    inner = bomb(20_000, 20_000)
    entry = struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(inner), 22)
    (tmp_path / "bomb.ico").write_bytes(struct.pack("<HHH", 0, 1, 1) + entry + inner)
    assert cause_of(tmp_path / "bomb.ico") == "too large: more than 220 million pixels"


def test_a_large_but_honest_picture_raises_no_warning(tmp_path: Path) -> None:
    (tmp_path / "wide.png").write_bytes(bomb(12_000, 10_000))
    assert facts_size(tmp_path / "wide.png") in {(12_000, 10_000), "truncated"}


def facts_size(path: Path) -> object:
    try:
        found = facts(str(path))
    except DecodeError as error:
        return error.cause.split(":")[0]
    return found.width, found.height


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"%PDF-1.7", "unsupported: a PDF document"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "unsupported: a video"),
        (b"\xd7\xcd\xc6\x9a", "unsupported: a Windows metafile"),
    ],
)
def test_a_known_kind_that_cannot_be_read_is_named(head: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / "file.jpg").write_bytes(head + bytes(64))
    assert cause_of(tmp_path / "file.jpg") == name


def test_the_preview_inside_a_raw_file_is_never_taken_for_the_photo(tmp_path: Path) -> None:
    Image.fromarray(photo_like(1)).save(tmp_path / "camera.tif")
    (tmp_path / "camera.NEF").write_bytes((tmp_path / "camera.tif").read_bytes())
    Image.fromarray(photo_like(1)).save(tmp_path / "dng.tif", tiffinfo={50706: b"\1\4\0\0"})
    for name in ("camera.NEF", "dng.tif"):
        assert cause_of(tmp_path / name).startswith(("unsupported: a camera raw", "damaged RAW"))


def test_brands_tell_heif_and_avif_and_video_apart() -> None:
    def named(*brands: bytes) -> str:
        size = struct.pack(">I", 12 + 4 * len(brands))
        kind = sniff(size + b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:]) + b"heic?")
        assert kind is not None
        return kind.name

    assert named(b"heic", b"mif1") == "HEIC"
    assert named(b"mif1", b"avif") == "AVIF"
    assert named(b"mif1", b"miaf") == "HEIF"
    assert named(b"crx ", b"isom") == "RAW"
    assert named(b"qt  ", b"qt  ") == "video"


def taken(tmp_path: Path, tags: dict[int, str]) -> str | None:
    exif = Image.Exif()
    exif.get_ifd(0x8769).update(tags)
    Image.fromarray(photo_like(1)).save(tmp_path / "dated.jpg", exif=exif)
    return facts(str(tmp_path / "dated.jpg")).taken_at


@pytest.mark.parametrize(
    ("written", "told"),
    [("2105678\0\0", "2105678"), ("A 10-7", "A 10-7"), ("000000", None), ("", None)],
)
def test_the_serial_number_of_a_camera_is_told_and_zeros_are_none(
    tmp_path: Path, written: str, told: str | None
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a photo"  # no PNG gets a folder alone
    exif.get_ifd(0x8769).update({0xA431: written})
    for name in ("photo.jpg", "photo.png"):
        Image.fromarray(photo_like(1)).save(tmp_path / name, exif=exif)
        assert facts(str(tmp_path / name)).serial == told


def test_the_capture_date_is_iso_8601_with_what_the_camera_wrote(tmp_path: Path) -> None:
    date = {0x9003: "2019:07:14 18:05:09"}
    assert taken(tmp_path, date) == "2019-07-14T18:05:09"
    assert taken(tmp_path, date | {0x9291: "12 "}) == "2019-07-14T18:05:09.12"
    whole = date | {0x9291: "120", 0x9011: "+02:00"}
    assert taken(tmp_path, whole) == "2019-07-14T18:05:09.120+02:00"


@pytest.mark.parametrize("date", ["0000:00:00 00:00:00", "2019:13:40 10:00:00", "    ", "soon"])
def test_a_date_that_no_calendar_knows_is_no_date(date: str, tmp_path: Path) -> None:
    assert taken(tmp_path, {0x9003: date}) is None


def test_broken_exif_data_costs_the_date_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "odd.jpg"
    Image.fromarray(photo_like(1)).save(
        path, exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + bytes(9)
    )
    assert facts(str(path)).taken_at is None
    assert pixels(str(path), "L").size == (160, 120)


def test_a_thumbnail_is_a_small_srgb_jpeg_without_metadata(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    Image.fromarray(photo_like(1, 800, 600)).save(path, exif=exif)
    shown = Image.open(io.BytesIO(thumbnail(str(path), 100)))
    assert (shown.format, shown.mode, shown.size) == ("JPEG", "RGB", (100, 75))
    assert not shown.getexif()
    assert "icc_profile" not in shown.info


def test_a_thumbnail_is_never_larger_than_the_picture(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "small.png")
    assert Image.open(io.BytesIO(thumbnail(path, 480))).size == (160, 120)


@pytest.mark.parametrize("suffix", ["png", "webp", "tif"])
def test_transparency_is_shown_over_white(suffix: str, tmp_path: Path) -> None:
    path = str(tmp_path / f"clear.{suffix}")
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(path, lossless=True)
    assert pixels(path, "RGB").getpixel((20, 20)) == (255, 255, 255)
    assert Image.open(io.BytesIO(thumbnail(path, 20))).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bit_greys_are_scaled_and_not_clipped(suffix: str, tmp_path: Path) -> None:
    path = str(tmp_path / f"deep.{suffix}")
    Image.fromarray(np.full((40, 40), 0x8000, np.uint16)).save(path)
    shown = Image.open(io.BytesIO(thumbnail(path, 20))).convert("RGB").getpixel((10, 10))
    assert shown == (128, 128, 128)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "F", "I;16", "RGBA"])
def test_every_pixel_mode_has_a_thumbnail(mode: str, tmp_path: Path) -> None:
    path = str(tmp_path / "any.tif")
    image = Image.fromarray(photo_like(1)).convert("L" if mode == "I;16" else mode)
    (image.convert("I;16") if mode == "I;16" else image).save(path)
    assert Image.open(io.BytesIO(thumbnail(path, 64))).size == (80, 60)


def swapped_profile() -> bytes:
    """Return an ICC profile (version 2, matrix and curves) whose red is green and green is red."""

    def number(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ " + bytes(4) + b"".join(map(number, values))

    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    text = b"desc" + bytes(4) + struct.pack(">I", 8) + b"swapped\0" + bytes(78)
    tags = {
        b"desc": text,
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.3851, 0.7169, 0.0971),
        b"gXYZ": xyz(0.4361, 0.2225, 0.0139),
        b"bXYZ": xyz(0.1431, 0.0606, 0.7141),
    } | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        offset = 128 + 4 + 12 * len(tags) + len(body)
        table += name + struct.pack(">II", offset, len(data))
        body += data + bytes(-len(data) % 4)
    size = 128 + len(table) + len(body)
    head = struct.pack(">I4s4s4s4s4s", size, b"\0" * 4, b"\x02\x10\0\0", b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + b"".join(map(number, (0.9642, 1.0, 0.8249)))
    return head + bytes(128 - len(head)) + table + body


def shown_colour(path: str) -> tuple[int, ...]:
    colour = Image.open(io.BytesIO(thumbnail(path, 20))).getpixel((10, 10))
    assert isinstance(colour, tuple)
    return colour


def test_a_thumbnail_shows_the_colours_that_the_embedded_profile_means(tmp_path: Path) -> None:
    path = str(tmp_path / "profiled.png")
    Image.new("RGB", (40, 40), (200, 0, 0)).save(path, icc_profile=swapped_profile())
    red, green, blue = shown_colour(path)
    assert (red < 40, green > 180, blue < 40) == (True, True, True)


def test_a_broken_or_plain_profile_leaves_the_colours_as_they_are(tmp_path: Path) -> None:
    path = str(tmp_path / "profiled.png")
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (plain, b"no profile at all"):
        Image.new("RGB", (40, 40), (200, 0, 0)).save(path, icc_profile=profile)
        red, green, blue = shown_colour(path)
        assert (abs(red - 200) < 4, green < 4, blue < 4) == (True, True, True)


def test_exact_mode_imports_neither_numpy_nor_pillow() -> None:
    script = (
        "import sys; from same_image_locator.fingerprint import identical\n"
        "list(identical([], lambda event: None, []))\n"
        "sys.exit(bool({'numpy', 'PIL'} & set(sys.modules)))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", script], env=environment, check=False)
    assert run.returncode == 0


@pytest.mark.parametrize(("kind", "channels"), [("L", 1), ("LA", 2), ("RGB", 3), ("RGBA", 4)])
@pytest.mark.parametrize("white", [15, 255, 65535])
def test_a_pam_is_read_whatever_its_channels_and_depth(
    kind: str, channels: int, white: int, tmp_path: Path
) -> None:
    values = np.full((40, 50, channels), white, np.uint32)
    values[:, :25] = white // 3
    if kind.endswith("A"):
        values[..., -1] = white
    data = values.astype(">u2" if white > 255 else "u1").tobytes()
    head = f"P7\nWIDTH 50\nHEIGHT 40\nDEPTH {channels}\nMAXVAL {white}\nTUPLTYPE X\nENDHDR\n"
    path = tmp_path / "any.pam"
    path.write_bytes(head.encode() + data)
    shown = pixels(str(path), "L")
    assert (shown.size, shown.getpixel((3, 3)), shown.getpixel((40, 3))) == ((50, 40), 85, 255)
    path.write_bytes(head.encode() + data[:-1])
    assert cause_of(path) == "truncated: the file ends before the PAM picture does"


@pytest.mark.parametrize(
    "head", [b"P7\n", b"P7\nWIDTH 5\nHEIGHT 5\nDEPTH 9\nMAXVAL 9\nENDHDR\n", b"P7\n" * 2000]
)
def test_a_broken_pam_has_a_cause(head: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.pam").write_bytes(head)
    assert cause_of(tmp_path / "bad.pam").startswith(("damaged PAM", "unsupported: a PAM"))


def test_a_pam_beyond_the_pixel_limit_is_refused(tmp_path: Path) -> None:
    head = b"P7\nWIDTH 99999\nHEIGHT 99999\nDEPTH 3\nMAXVAL 255\nENDHDR\n"
    (tmp_path / "bomb.pam").write_bytes(head)
    assert cause_of(tmp_path / "bomb.pam") == "too large: more than 220 million pixels"


def test_a_tga_is_believed_by_its_suffix_alone(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "photo.tga")
    assert (facts(path).format, pixels(path, "L").size) == ("TGA", (160, 120))
    (tmp_path / "photo.jpg").write_bytes(Path(path).read_bytes())
    with pytest.raises(DecodeError):
        facts(str(tmp_path / "photo.jpg"))


def huge_jpeg(width: int, height: int) -> bytes:
    """Return a JPEG of one grey that is as large as its header says, in a few kilobytes."""
    small = io.BytesIO()
    Image.new("L", (8, 8), 99).save(small, "JPEG")
    data = bytearray(small.getvalue())
    size = data.index(b"\xff\xc0") + 5
    data[size : size + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def test_a_huge_jpeg_of_one_scan_may_have_more_pixels_than_others(tmp_path: Path) -> None:
    (tmp_path / "large.jpg").write_bytes(huge_jpeg(30_000, 30_000))
    assert facts(str(tmp_path / "large.jpg")).width == 30_000
    (tmp_path / "larger.jpg").write_bytes(huge_jpeg(40_000, 30_000))
    assert cause_of(tmp_path / "larger.jpg") == "too large: more than 1,000 million pixels"
    with pytest.raises(DecodeError, match="220 million"):
        glimpse(str(tmp_path / "large.jpg"), 8, full=True)


@pytest.mark.parametrize("progressive", [True, False])
def test_a_jpeg_with_thousands_of_scans_is_refused(progressive: bool, tmp_path: Path) -> None:
    small = io.BytesIO()
    Image.fromarray(photo_like(1)).save(small, "JPEG", progressive=progressive)
    data = small.getvalue()
    scan = data[data.rindex(b"\xff\xda") : -2]
    path = tmp_path / "scans.jpg"
    path.write_bytes(data[:-2] + scan * 900 + data[-2:])
    assert facts(str(path)).width == 160
    # What only looks like a scan, in a comment, does not count; only what is one does.
    comment = b"\xff\xfe" + struct.pack(">H", 4002) + b"\xff\xda" * 2000
    path.write_bytes(data[:2] + comment + data[2:-2] + scan * 900 + data[-2:])
    assert facts(str(path)).width == 160
    if progressive:
        path.write_bytes(data[:-2] + scan * 1100 + data[-2:])
        assert cause_of(path) == "damaged JPEG: it has more than 1,000 scans"


def test_a_jpeg_whose_only_scan_leaves_out_components_is_not_taken_for_one_scan() -> None:
    from same_image_locator.decode import jpeg

    small = io.BytesIO()
    Image.fromarray(photo_like(1)).save(small, "JPEG")
    data = bytearray(small.getvalue())
    assert not jpeg._has_many_scans(*opened_jpeg(bytes(data)))
    first = data.index(b"\xff\xda")
    alone = bytes(data[:first]) + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(data[first:])
    assert jpeg._has_many_scans(*opened_jpeg(alone))


def opened_jpeg(data: bytes) -> tuple[Image.Image, io.BytesIO]:
    from PIL import JpegImagePlugin

    file = io.BytesIO(data)
    return JpegImagePlugin.jpeg_factory(file), file


def test_a_picture_of_many_frames_says_that_more_follow(tmp_path: Path) -> None:
    frames = [Image.fromarray(photo_like(seed)) for seed in (1, 2)]
    for suffix in ("gif", "png", "webp", "tif", "avif"):
        path = str(tmp_path / f"more.{suffix}")
        frames[0].save(path, save_all=True, append_images=frames[1:])
        assert glimpse(path, 8).facts.more_frames, suffix
        assert facts(path).more_frames, suffix
        assert not facts(write_photo(tmp_path / f"one.{suffix}")).more_frames, suffix
    frames[0].save(tmp_path / "two.mpo", "MPO", save_all=True, append_images=frames[1:])
    assert facts(str(tmp_path / "two.mpo")).more_frames
    small = [frames[1].resize((80, 60))]
    frames[0].save(tmp_path / "gain.jpg", "MPO", save_all=True, append_images=small)
    assert not facts(str(tmp_path / "gain.jpg")).more_frames


def test_camera_and_place_and_depth_and_quality_are_told(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "NIKON CORPORATION\0", "NIKON D70 "
    exif.get_ifd(0x8825).update({1: "S", 2: (33.0, 51.0, 21.6), 3: "E", 4: (151.0, 12.0, 34.2)})
    path = str(tmp_path / "photo.jpg")
    Image.fromarray(photo_like(1)).save(path, quality=83, exif=exif)
    found = glimpse(path, 8).facts
    assert (found.camera, found.latitude, found.longitude) == ("NIKON D70", -33.856, 151.2095)
    assert (found.depth, found.quality, found.quality_exact) == (8, 83, True)
    tables = [[3] * 64, [3] * 64]
    Image.fromarray(photo_like(1)).save(path, qtables=tables)
    found = facts(path)
    assert (found.quality_exact, 95 <= (found.quality or 0) <= 99) == (False, True)
    deep = Image.fromarray(photo_like(1)[..., 0].astype(np.uint16) << 8)
    for suffix in ("png", "tif", "jp2"):
        deep.save(tmp_path / f"deep.{suffix}")
        assert facts(str(tmp_path / f"deep.{suffix}")).depth == 16, suffix


@pytest.mark.parametrize(
    ("make", "model", "name"),
    [
        ("Canon", "Canon EOS 6D", "Canon EOS 6D"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("OLYMPUS IMAGING CORP.  ", "E-M5", "OLYMPUS E-M5"),
        ("", "Model\nX", "Model X"),
        ("", "", None),
    ],
)
def test_a_camera_is_called_as_people_call_it(
    make: str, model: str, name: str | None, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = make, model
    Image.fromarray(photo_like(1)).save(tmp_path / "photo.jpg", exif=exif)
    assert facts(str(tmp_path / "photo.jpg")).camera == name


@pytest.mark.parametrize("place", [(0.0, 0.0), (95.0, 1.0), (float("nan"), 1.0)])
def test_a_place_that_no_map_knows_is_no_place(place: tuple[float, float]) -> None:
    from same_image_locator.decode import exif

    found = Image.Exif()
    found._ifds[0x8825] = {1: "N", 2: (place[0], 0, 0), 3: "E", 4: (place[1], 0, 0)}
    assert exif.place(found) is None
    found._ifds[0x8825] = {1: "N", 2: "nonsense", 3: "E", 4: (1, 0, 0)}
    assert exif.place(found) is None


@pytest.mark.parametrize("suffix", ["png", "webp", "tif"])
def test_pixels_hidden_under_transparency_make_no_difference(suffix: str, tmp_path: Path) -> None:
    alpha = np.zeros((480, 640, 1), np.uint8)
    alpha[100:300, 100:400] = 255
    same = photo_like(1, 640, 480)
    greys = []
    for number, hidden in enumerate((photo_like(2, 640, 480), photo_like(3, 640, 480))):
        shown = np.where(alpha > 0, same, hidden).astype(np.uint8)
        path = str(tmp_path / f"{number}.{suffix}")
        Image.fromarray(np.dstack([shown, alpha])).save(path, lossless=True, exact=True)
        greys.append((glimpse(path, 32).greys, glimpse(path, 32, full=True).greys))
    assert greys[0] == greys[1]


def test_what_can_be_read_of_a_truncated_photo_is_shown_in_a_frame(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    Image.fromarray(photo_like(1, 800, 600)).save(path)
    path.write_bytes(path.read_bytes()[:-9000])
    seen = glimpse(str(path), 32, (160, 480))
    assert seen.damage == "truncated: the file ends before the JPEG picture does"
    assert (seen.greys, len(seen.thumbnails), seen.facts.width) == (b"", 2, 800)
    for jpeg in seen.thumbnails:
        red, green, blue = np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))[0, 0]
        assert (red > 150, green < 90, blue < 90) == (True, True, True)


def test_a_comment_in_the_photo_does_not_go_into_its_thumbnails(tmp_path: Path) -> None:
    path = str(tmp_path / "photo.jpg")
    Image.fromarray(photo_like(1)).save(path, comment=b"my secret")
    assert all(b"secret" not in jpeg for jpeg in glimpse(path, 8, (160, 480)).thumbnails)


@pytest.mark.parametrize("suffix", ["gif", "png"])
@pytest.mark.parametrize("mode", ["P", "L", "RGB"])
def test_a_colour_that_means_transparent_is_shown_white(
    mode: str, suffix: str, tmp_path: Path
) -> None:
    image = Image.new("RGB", (40, 40), "navy")
    image = image.quantize(4) if mode == "P" or suffix == "gif" else image.convert(mode)
    path = str(tmp_path / f"key.{suffix}")
    image.save(path, transparency=image.getpixel((5, 5)))
    assert pixels(path, "RGB").getpixel((5, 5)) == (255, 255, 255)


def test_a_clear_grey_picture_is_shown_white(tmp_path: Path) -> None:
    Image.new("LA", (40, 40), (9, 0)).save(tmp_path / "la.png")
    assert pixels(str(tmp_path / "la.png"), "RGB").getpixel((5, 5)) == (255, 255, 255)
