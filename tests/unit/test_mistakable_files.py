"""Files that begin like another kind, and files that hold no pixels."""

import struct
from pathlib import Path

import pytest

import bombs
import pictures
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import glimpse
from same_image_locator.decode.sniff import sniff


def test_a_tga_is_no_cursor_although_it_begins_like_one(tmp_path: Path) -> None:
    pictures.picture(1).save(tmp_path / "a.tga")
    assert (tmp_path / "a.tga").read_bytes()[:4] == b"\0\0\2\0"
    assert glimpse(str(tmp_path / "a.tga"), 32).facts.format == "TGA"


@pytest.mark.parametrize(("magic", "name"), [(b"\0\0\1\0", "ICO"), (b"\0\0\2\0", "CUR")])
def test_an_icon_names_the_pictures_in_it(magic: bytes, name: str) -> None:
    kind = sniff(magic + struct.pack("<H", 1) + bytes(16))
    assert kind is not None
    assert kind.name == name
    assert sniff(magic + bytes(18)) is None


def test_a_picture_without_pixels_is_damaged(tmp_path: Path) -> None:
    tags = [(256, 4, 1, 0), *((tag, 4, 1, 8) for tag in (257, 273, 278, 279))]
    tags += [(258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 3), (277, 3, 1, 1), (320, 3, 768, 8)]
    content = b"II*\0\x08\0\0\0" + bombs.ifd(sorted(tags)) + bytes(2000)
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(DecodeError, match="damaged"):
        glimpse(str(tmp_path / "a.tif"), 32, (160,))
