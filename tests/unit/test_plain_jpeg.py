"""Plain JPEG photos are read without Pillow's plugin, and nothing tells which way one was read."""

import io
import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw

from bombs import segment, with_segments
from pictures import encoded, picture
from same_image_locator.decode import glimpse as module
from same_image_locator.decode import plain_jpeg
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import Glimpse, glimpse

SIZES = (160, 480)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>"


def saved(mode: str = "RGB", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    out = io.BytesIO()
    picture(3, size).convert(mode).save(out, "JPEG", **options)
    return out.getvalue()


def two_pictures() -> bytes:
    out = io.BytesIO()
    picture(1, (200, 150)).save(out, "MPO", save_all=True, append_images=[picture(2, (200, 150))])
    return out.getvalue()


def place_and_date() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Canon Inc.", "EOS 5D", 6
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    exif.get_ifd(0x8825).update({1: "S", 2: (33.0, 51.0, 0.0), 3: "E", 4: (151.0, 12.0, 0.0)})
    return exif.tobytes()


PLAIN = {
    "small": encoded(1),
    "large": saved(size=(1600, 1200)),
    "odd": saved(size=(1037, 773)),
    "narrow": saved(size=(2000, 40)),
    "grey": saved("L"),
    "progressive": saved(progressive=True),
    "full chroma": saved(subsampling=0),
    "low quality": saved(quality=7),
    "own table": saved(qtables=[list(range(3, 67)), [9] * 64]),
    "turned": saved(exif=place_and_date()),
    "sRGB": saved(icc_profile=SRGB),
    "comment": saved(comment="a comment"),
    "restarts": saved(restart_marker_rows=2),
    "settings": with_segments(saved(), segment(0xE1, XMP)),
}
NOT_PLAIN = {
    "CMYK": saved("CMYK"),
    "profile": saved(icc_profile=LAB),
    "two": two_pictures(),
    "XMP turned": with_segments(saved(), segment(0xE1, XMP + b'tiff:Orientation="6"')),
    "broken EXIF": with_segments(saved(), segment(0xE1, b"Exif\0\0MM\0*\0\0\0\xff")),
    "cut": saved()[:-900],
    "cut in header": saved()[:200],
    "padded": saved()[:2] + b"\xff" + saved()[2:],
}


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note for each picture whether it was read as a plain one."""
    read: list[bool] = []
    way = module._plain

    def noted(*arguments: Any) -> Any:
        read.append((drawn := way(*arguments)) is not None)
        return drawn

    monkeypatch.setattr(module, "_plain", noted)
    return read


def seen(path: Path, sizes: tuple[int, ...]) -> Glimpse | str:
    try:
        return glimpse(str(path), 32, sizes)
    except DecodeError as error:
        return error.cause


def by_plugin(path: Path, sizes: tuple[int, ...]) -> Glimpse | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_jpeg, "header", lambda _content: None)
        return seen(path, sizes)


@pytest.mark.parametrize("sizes", [(), SIZES], ids=["bare", "thumbnails"])
@pytest.mark.parametrize("name", [*PLAIN, *NOT_PLAIN])
def test_both_ways_give_the_same(
    name: str, sizes: tuple[int, ...], tmp_path: Path, plainly: list[bool]
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes((PLAIN | NOT_PLAIN)[name])
    found = seen(path, sizes)
    assert plainly == [name in PLAIN]
    assert found == by_plugin(path, sizes)


def test_both_ways_give_the_same_of_damaged_files(tmp_path: Path, plainly: list[bool]) -> None:
    dice = random.Random(5)
    path = tmp_path / "photo.jpg"
    for name in ("turned", "progressive", "sRGB", "restarts"):
        for _ in range(60):
            content = bytearray(PLAIN[name])
            for _ in range(dice.randrange(1, 4)):
                reach = dice.choice((700, len(content)))
                content[dice.randrange(3, reach)] = dice.randrange(256)
            path.write_bytes(content)
            assert seen(path, ()) == by_plugin(path, ()), content.hex()
    assert True in plainly
    assert False in plainly


def test_a_photo_too_large_to_be_held_is_read_piece_by_piece(
    tmp_path: Path, plainly: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(PLAIN["turned"])
    held = seen(path, SIZES)
    monkeypatch.setattr("same_image_locator.decode.source.HELD_BYTES", 1000)
    assert seen(path, SIZES) == held
    assert plainly == [True, False]


def test_a_damaged_picture_is_still_framed(tmp_path: Path) -> None:
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).rectangle((50, 50, 300, 200), fill="blue")
    image.save(path := tmp_path / "cut.jpg", quality=95)
    path.write_bytes(path.read_bytes()[:-300])
    found = seen(path, (160,))
    assert isinstance(found, Glimpse)
    with Image.open(io.BytesIO(found.thumbnails[0])) as shown:
        red, green, blue = shown.convert("RGB").resize((40, 30)).getpixel((0, 15))  # type: ignore[misc] # of RGB
    assert red > 120 > max(green, blue)
