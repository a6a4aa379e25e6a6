"""What a comparison asks for: large pictures at signed addresses, and how two files lie."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import edited_pictures
import pictures
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.previews import Previews
from serving import Site, looking, serving


def view_of(site: Site, file: int = 0, size: int = 0) -> str:
    """Return the address of a large picture of group 1."""
    address: str = site.call("GET", "/groups/1/views").json["files"][file][size]
    return address


def pair(site: Site, one: int, other: int, number: int = 1) -> Any:
    return site.call("GET", f"/groups/{number}/pair/{one}/{other}").json


@pytest.fixture(scope="module")
def edits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One group of a picture, a turned and a cropped one, served once for all that only look."""
    root = tmp_path_factory.mktemp("edits") / "photos"
    with looking(edited_pictures.library(root, "turned", "cropped")) as served:
        yield served


def place_of(site: Site, name: str) -> int:
    names = [file["name"] for file in site.call("GET", "/groups/1").json["files"]]
    return names.index(f"{name}.jpg")


def test_a_large_picture_is_upright_and_bare_and_kept_for_ever(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        where = tmp_path / "photos" / folder / "x.jpg"
        pictures.photo(where, 1, size=(2000, 1000), orientation=6, taken="2020:01:02 03:04:05")
    with serving(tmp_path / "photos") as site:
        answer = site.ask("GET", view_of(site), site.headers()[:1])
        assert answer.status == 200
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        with Image.open(io.BytesIO(answer.body)) as seen:
            assert seen.size == (800, 1600)
            assert not seen.getexif()
        with Image.open(io.BytesIO(site.ask("GET", view_of(site, 1, 1)).body)) as larger:
            assert larger.size == (1000, 2000), "as large as it is, not larger"


@pytest.mark.parametrize(
    ("old", "new"),
    [("?k=", "?k=0"), ("/view/1/0/", "/view/1/1/"), ("/1600", "/4096"), ("/view/", "/thumb/")],
)
def test_the_address_of_a_large_picture_must_be_signed(site: Site, old: str, new: str) -> None:
    assert site.ask("GET", view_of(site).replace(old, new)).status == 403


def test_a_signature_opens_only_what_is_there(site: Site) -> None:
    digest = view_of(site).split("/")[4]
    for path in (
        "/view/1/0/0000000000000000/1600",
        f"/view/1/0/{digest}/1601",
        f"/view/1/0/{digest}/160",
        f"/view/9/0/{digest}/1600",
        f"/view/1/99/{digest}/1600",
        f"/thumb/1/0/{digest}/1600",
    ):
        assert site.ask("GET", f"{path}?k={site.server.keys.sign(path)}").status == 404, path


def tile_of(site: Site, column: int, row: int, file: int = 0) -> str:
    """Return the address of a tile of a file of group 1."""
    address: str = site.call("GET", "/groups/1/views").json["tiles"][file]
    return address.replace("{column}", str(column)).replace("{row}", str(row))


def panorama(path: Path) -> Image.Image:
    """Write a long upright picture that lies on its side in the file, and return it as it is seen.

    Each of its tiles has a grey of its own.
    """
    seen = Image.new("L", (9000, 1500))
    for number, left in enumerate(range(0, 9000, 1024)):
        for row, top in enumerate((0, 1024)):
            seen.paste(20 + 20 * number + 10 * row, (left, top, left + 1024, top + 1024))
    stored = seen.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    path.parent.mkdir(parents=True, exist_ok=True)
    stored.save(path, quality=95, exif=exif)
    return seen


def test_all_pixels_of_a_very_large_picture_are_there_in_tiles_and_it_is_decoded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts: list[str] = []
    cut = Previews.tiles

    def counted(previews: Previews, path: str) -> Any:
        cuts.append(path)
        return cut(previews, path)

    monkeypatch.setattr(Previews, "tiles", counted)
    root = tmp_path / "photos"
    seen = panorama(root / "a" / "x.jpg")
    shutil.copytree(root / "a", root / "b")
    with serving(root) as site:
        assert site.call("GET", "/groups/1/views").json["side"] == 1024
        for column, row, size in ((0, 0, (1024, 1024)), (8, 0, (808, 1024)), (8, 1, (808, 476))):
            answer = site.ask("GET", tile_of(site, column, row, file=row), site.headers()[:1])
            assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
            with Image.open(io.BytesIO(answer.body)) as tile:
                grey = tile.convert("L")
                assert tile.size == size
            [wanted] = seen.crop(
                (column * 1024, row * 1024, column * 1024 + 1, row * 1024 + 1)
            ).tobytes()
            levels = grey.tobytes()
            assert wanted - 2 <= min(levels) <= max(levels) <= wanted + 2, "no other's pixels"
        assert len(cuts) == 1, "the same bytes are the same tiles"
        for column, row in ((9, 0), (0, 2)):
            assert site.ask("GET", tile_of(site, column, row)).status == 404
        assert site.ask("GET", tile_of(site, 0, 0).replace("?k=", "?k=0")).status == 403
        assert site.ask("GET", tile_of(site, 0, 0).replace("/1/0/", "/1/1/", 1)).status == 403


def test_a_picture_that_cannot_be_decoded_in_full_is_not_tried_tile_by_tile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def refused(_previews: Previews, path: str) -> Any:
        tries.append(path)
        raise DecodeError("too large")

    monkeypatch.setattr(Previews, "tiles", refused)
    for folder in ("a", "b"):
        pictures.photo(tmp_path / "photos" / folder / "x.jpg", 1)
    with serving(tmp_path / "photos") as site:
        assert [site.ask("GET", tile_of(site, 0, row)).status for row in (0, 0)] == [404, 404]
    assert len(tries) == 1


def test_a_file_that_is_no_picture_has_no_large_one(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / "photos" / folder).mkdir(parents=True)
        (tmp_path / "photos" / folder / "x.jpg").write_bytes(b"not a picture at all")
    with serving(tmp_path / "photos") as site:
        assert site.ask("GET", view_of(site)).status == 404


def test_identical_files_lie_edge_on_edge(site: Site) -> None:
    found = pair(site, 0, 1)
    assert found["matrix"] == [1, 0, 0, 0, 1, 0]
    assert (found["tier"], found["changes"], found["reason"]) == ("identical", "", "")


@pytest.mark.parametrize("path", ["/groups/1/pair/0/9", "/groups/9/pair/0/1", "/groups/9/views"])
def test_what_is_not_there_cannot_be_compared(site: Site, path: str) -> None:
    assert site.call("GET", path).status == 404


def test_a_turned_picture_is_laid_exactly(edits: Site) -> None:
    found = pair(edits, place_of(edits, "whole"), place_of(edits, "turned"))
    assert found["matrix"] == [0, 1, 0, -1, 0, 1], "its upper left was the lower left"
    assert found["tier"] == "same picture"
    assert "turned 90°" in found["changes"]
    back = pair(edits, place_of(edits, "turned"), place_of(edits, "whole"))
    assert back["matrix"] == [0, -1, 1, 1, 0, 0]
    assert "turned 270°" in back["changes"]


def test_a_cropped_picture_is_laid_where_it_was_cut_from(edits: Site) -> None:
    whole, cropped = place_of(edits, "whole"), place_of(edits, "cropped")
    found = pair(edits, whole, cropped)
    assert found["matrix"] == pytest.approx([0.8, 0, 0.1, 0, 0.8, 0.1], abs=0.0015)
    assert "cropped to 64 %" in found["changes"]
    back = pair(edits, cropped, whole)
    assert back["matrix"] == pytest.approx([1.25, 0, -0.125, 0, 1.25, -0.125], abs=0.002)


def test_a_pair_is_looked_at_once_and_what_does_not_lie_has_a_reason(tmp_path: Path) -> None:
    with looking(edited_pictures.library(tmp_path / "photos", "half", "turned")) as site:
        whole, half, turned = (place_of(site, name) for name in ("whole", "half", "turned"))
        known = pair(site, whole, half)
        assert known["matrix"] == [1, 0, 0, 0, 1, 0]
        group = site.run.groups[0]
        Path(group.folder, group.entries[half].name).write_bytes(pictures.encoded(8, (640, 480)))
        assert pair(site, whole, half) == known
        other = pair(site, half, whole)
        assert other["matrix"] is None
        assert "nothing was found" in other["reason"]
        Path(group.folder, group.entries[turned].name).unlink()
        gone = pair(site, whole, turned)
        assert (gone["matrix"], gone["reason"]) == (None, "No such file or directory")
