"""What was said of a picture is read from XMP, EXIF and IPTC, whatever format the picture has."""

from pathlib import Path

import pytest

from said_pictures import exif, iptc, keywords, packet, write
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.metadata import metadata
from same_image_locator.decode.previews import Previews
from same_image_locator.model import Metadata

_SAID = Metadata("2019-05-03T14:02:11", None, 4, ("lake", "Bööt"), None)
_PACKET = packet(
    keywords("lake", "Bööt"), 'xmp:Rating="4" exif:DateTimeOriginal="2019-05-03T14:02:11"'
)


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp", "heic"])
def test_xmp_is_read_in_each_format_that_holds_it(tmp_path: Path, ending: str) -> None:
    assert metadata(str(write(tmp_path / f"a.{ending}", xmp=_PACKET))) == _SAID
    assert metadata(str(write(tmp_path / f"b.{ending}"))) == Metadata()


def test_exif_tells_date_place_caption_and_the_keywords_of_windows(tmp_path: Path) -> None:
    data = exif(
        taken="2019:05:03 14:02:11", place=(48.25, -16.5), caption="At the l\u00e4ke", wide="a;b"
    )
    found = metadata(str(write(tmp_path / "a.jpg", data=data)))
    assert found == Metadata(
        "2019-05-03T14:02:11", (48.25, -16.5), None, ("a", "b"), "At the l\u00e4ke"
    )


@pytest.mark.parametrize("caption", ["OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "default"])
def test_what_a_camera_writes_for_a_caption_is_none(tmp_path: Path, caption: str) -> None:
    assert metadata(str(write(tmp_path / "a.jpg", data=exif(caption=caption)))).caption is None


def test_iptc_tells_what_neither_of_the_others_does(tmp_path: Path) -> None:
    segment = iptc(
        date=b"20190503", time=b"140211+0200", keyword="B\u00f6\u00f6t".encode(), caption=b"L\xe4ke"
    )
    found = metadata(str(write(tmp_path / "a.jpg", extra=segment)))
    assert found == Metadata(
        "2019-05-03T14:02:11+02:00", None, None, ("B\u00f6\u00f6t",), "L\xe4ke"
    )
    both = metadata(str(write(tmp_path / "b.jpg", extra=segment, xmp=_PACKET)))
    assert both == _SAID._replace(caption="L\xe4ke")
    alone = metadata(str(write(tmp_path / "c.jpg", extra=iptc(date=b"20190503"))))
    assert alone.taken_at == "2019-05-03"
    for broken in (iptc(date=b"00000000"), iptc(caption=b"x")[:-4] + b"\xff\xff\xff\xff"):
        assert metadata(str(write(tmp_path / "d.jpg", extra=broken))).taken_at is None


def test_a_worker_reads_it_and_says_why_it_cannot(tmp_path: Path) -> None:
    with Previews(1) as previews:
        assert previews.metadata(str(write(tmp_path / "a.jpg", xmp=_PACKET))) == _SAID
        (tmp_path / "empty.jpg").write_bytes(b"")
        with pytest.raises(DecodeError, match="empty"):
            previews.metadata(str(tmp_path / "empty.jpg"))
