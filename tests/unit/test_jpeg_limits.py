"""How large a JPEG may be depends on its scans, which its header tells."""

import io
import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import pictures
from same_image_locator.decode import jpeg
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import glimpse


def claimed(image: Image.Image, size: tuple[int, int], **how: Any) -> bytes:
    """Return a JPEG whose header says that it has another size."""
    out = io.BytesIO()
    image.save(out, "JPEG", **how)
    whole = out.getvalue()
    at = max(whole.find(b"\xff\xc0"), whole.find(b"\xff\xc2")) + 5
    return whole[:at] + struct.pack(">HH", size[1], size[0]) + whole[at + 4 :]


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("colour", ["black", "gray", "white"])
def test_what_is_stored_in_one_scan_may_be_large(mode: str, colour: str) -> None:
    image = Image.new(mode, (640, 480), colour)
    opened = jpeg.opened(io.BytesIO(claimed(image, (20_000, 14_000), optimize=True)))
    assert opened.size == (20_000, 14_000)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_what_is_stored_in_many_scans_may_not(tmp_path: Path, mode: str) -> None:
    image = pictures.picture(1).convert(mode)
    (tmp_path / "a.jpg").write_bytes(claimed(image, (20_000, 14_000), progressive=True))
    with pytest.raises(DecodeError, match="more than 220 million pixels"):
        glimpse(str(tmp_path / "a.jpg"), 32)


def test_not_even_one_scan_may_be_endless(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(claimed(pictures.picture(1), (65_000, 65_000)))
    with pytest.raises(DecodeError, match="more than 1,000 million pixels"):
        glimpse(str(tmp_path / "a.jpg"), 32)
