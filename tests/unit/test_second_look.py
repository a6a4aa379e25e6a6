"""A second scan looks only at what changed, and believes the cache only where it may."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from same_image_locator.cache import Cache, by_file
from same_image_locator.events import Event, Spared, StepFinished, ignore
from same_image_locator.fingerprint import (
    algorithm,
    examine,
    forget_lonely_thumbnails,
    identical,
    recall,
)
from same_image_locator.group import make_groups
from same_image_locator.model import Examined, Method
from same_image_locator.photos import Photos
from sample_pictures import scanned, write_photo

PHASH, EXACT = Method("phash", 5), Method("exact")


def noise(seed: int) -> Image.Image:
    """Return a picture whose file is large, because nothing compresses it."""
    greys = np.random.default_rng(seed).integers(0, 256, (400, 500, 3), np.uint8)
    return Image.fromarray(greys)


def scan(folder: Path, method: Method = PHASH) -> tuple[Photos, list[Examined], str, int]:
    """Return the photos, what was found, the causes of what was not, and how many were known."""
    photos = Photos.of([scanned(path) for path in sorted(folder.iterdir())])
    events: list[Event] = []
    if method.perceptual:
        found, problems = examine(photos, method, events.append)
    else:
        problems = []
        contents = list(identical(photos, events.append, problems))
        found = [one for same in contents for one in same]
    known = sum(event.files for event in events if isinstance(event, Spared))
    causes = "; ".join(f"{os.path.basename(one.path)}: {one.detail}" for one in problems)
    if method.perceptual:
        [end] = [event for event in events if isinstance(event, StepFinished)]
        assert f"{known:,} known from earlier, {len(photos) - known:,} new" in end.summary
    return photos, list(found), causes, known


@pytest.fixture(autouse=True, params=[0, 1000], ids=["rolled", "row by row"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all tests run with columns that are joined at once, and with each photo asked for."""
    monkeypatch.setattr(recall, "_FEW", request.param)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Return a folder with three photos, one of them large enough to need a thumbnail soon."""
    folder = tmp_path / "photos"
    folder.mkdir()
    write_photo(folder / "a.jpg", 1)
    write_photo(folder / "b.png", 2)
    noise(3).save(folder / "large.png")
    return folder


def remount(names: str = "file look roll") -> None:
    """Give the drive that the cache has seen another number than it has now."""
    with sqlite3.connect(Path(os.environ["SIL_CACHE_DIR"], "cache.sqlite3")) as connection:
        for name in names.split():
            connection.execute(f"UPDATE {name} SET drive = drive + 1")
    connection.close()


def test_an_unchanged_photo_is_known_and_its_fingerprint_is_the_same(photos: Path) -> None:
    _, first, _, known = scan(photos)
    assert known == 0
    _, second, _, known = scan(photos)
    assert known == 3
    assert second == first


def test_a_renamed_and_a_moved_photo_are_known(photos: Path, tmp_path: Path) -> None:
    scan(photos)
    (photos / "a.jpg").rename(photos / "z.jpg")
    (tmp_path / "elsewhere").mkdir()
    (photos / "b.png").rename(tmp_path / "elsewhere" / "b.png")
    assert scan(photos)[3] == 2
    assert scan(tmp_path / "elsewhere")[3] == 1


def test_an_edited_and_a_new_photo_are_not_known(photos: Path) -> None:
    _, first, _, _ = scan(photos)
    write_photo(photos / "a.jpg", 9)
    write_photo(photos / "c.jpg", 8)
    _, second, _, known = scan(photos)
    assert known == 2
    assert second[0].fingerprint != first[0].fingerprint


def test_a_photo_that_only_looks_unchanged_is_believed(photos: Path) -> None:
    """What rewrites a file in place and sets its time back deceives a scan; never the settling."""
    _, first, _, _ = scan(photos)
    path = photos / "a.jpg"
    status = path.stat()
    with path.open("r+b") as file:
        file.write(b"\0" * 600)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert scan(photos)[1] == first


@pytest.mark.parametrize("mode", ["ahash", "phash"])
def test_the_modes_do_not_share_fingerprints(mode: str, photos: Path) -> None:
    scan(photos, PHASH if mode == "ahash" else Method("ahash", 5))
    assert scan(photos, Method("ahash" if mode == "ahash" else "phash", 5))[3] == 0


def test_another_version_of_the_decoder_looks_again(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(photos)
    monkeypatch.setattr(algorithm, "DECODER_VERSION", 99)
    assert scan(photos)[3] == 0


def test_why_a_picture_has_no_fingerprint_is_remembered(photos: Path) -> None:
    (photos / "letter.jpg").write_text("Dear Anna,")
    Image.new("RGB", (400, 300), "navy").save(photos / "sea.png")
    first = scan(photos)
    second = scan(photos)
    assert (
        first[2]
        == second[2]
        == "letter.jpg: not a picture; sea.png: " + ("too flat to compare: use --mode exact")
    )
    assert second[3] == 5


def test_a_cause_that_may_pass_is_not_remembered(photos: Path) -> None:
    (photos / "report.jpg").write_bytes(b"%PDF-1.7 " + bytes(40))
    assert "report.jpg: " in scan(photos)[2]
    _, _, causes, known = scan(photos)
    assert "report.jpg: " in causes
    assert known == 3


def test_after_a_remount_the_same_file_is_known_by_its_edges(photos: Path) -> None:
    _, first, _, _ = scan(photos)
    remount()
    with sqlite3.connect(Path(os.environ["SIL_CACHE_DIR"], "cache.sqlite3")) as connection:
        connection.execute("UPDATE look SET answer = ?", (b"as known",))
    connection.close()
    assert {one.fingerprint for one in scan(photos)[1]} == {b"as known"}
    assert scan(photos)[3] == 3  # and now under the new number too
    assert first[0].fingerprint != b"as known"


def test_after_a_remount_a_file_with_other_edges_is_looked_at(photos: Path) -> None:
    _, first, _, _ = scan(photos)
    remount()
    with sqlite3.connect(Path(os.environ["SIL_CACHE_DIR"], "cache.sqlite3")) as connection:
        connection.execute("UPDATE look SET answer = ?", (b"as known",))
        connection.execute("UPDATE file SET edges = ?", (bytes(16),))
    connection.close()
    assert scan(photos)[1] == first


def twins(folder: Path, size: int) -> None:
    """Write two equal files and one of the same size and the same edges."""
    for name, middle in (("a.jpg", b"x"), ("b.jpg", b"x"), ("c.jpg", b"y")):
        (folder / name).write_bytes(b"edge" * 2048 + middle * size + b"edge" * 2048)


@pytest.mark.parametrize("size", [1000, 2_000_000])
def test_digests_of_unchanged_files_need_no_reading(size: int, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    twins(tmp_path / "photos", size)
    first = scan(tmp_path / "photos", EXACT)[1]
    with Cache() as cache:
        kept = cache.looks.digests(os.stat(tmp_path).st_dev)
    assert {one.fingerprint for one in first} <= set(kept.values())
    (tmp_path / "photos/c.jpg").unlink()
    for name in ("a.jpg", "b.jpg"):
        path = tmp_path / "photos" / name
        status = path.stat()
        path.write_bytes(bytes(path.stat().st_size))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert scan(tmp_path / "photos", EXACT)[1] == first


def read_again(photos: list[Path]) -> None:
    """Make whoever reads these files see that they are equal; who does not cannot know."""
    for path in photos:
        status = path.stat()
        path.write_bytes(bytes(status.st_size))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_files_that_were_told_apart_are_not_compared_again(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    twins(tmp_path / "photos", 1000)
    for name, fill in (("d.jpg", b"1"), ("e.jpg", b"2")):
        (tmp_path / "photos" / name).write_bytes(fill * 5000)
    first = scan(tmp_path / "photos", EXACT)[1]
    read_again([tmp_path / "photos" / name for name in ("c.jpg", "d.jpg", "e.jpg")])
    _, second, causes, known = scan(tmp_path / "photos", EXACT)
    assert second == first
    assert causes == ""
    assert known == 5


def test_a_new_file_is_compared_with_all_of_its_size(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for name, fill in (("d.jpg", b"1"), ("e.jpg", b"2")):
        (tmp_path / "photos" / name).write_bytes(fill * 5000)
    assert scan(tmp_path / "photos", EXACT)[1] == []
    (tmp_path / "photos" / "new.jpg").write_bytes(b"2" * 5000)
    found = scan(tmp_path / "photos", EXACT)[1]
    assert [os.path.basename(one.photo.path) for one in found] == ["e.jpg", "new.jpg"]


def test_files_of_two_folders_that_were_never_together_are_compared(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        for name, fill in (("d.jpg", b"1"), ("e.jpg", folder.encode())):
            (tmp_path / folder / name).write_bytes((fill * 5000)[:5000])
        assert scan(tmp_path / folder, EXACT)[1] == []
    (tmp_path / "one").joinpath("d.jpg").rename(tmp_path / "other" / "moved.jpg")
    found = scan(tmp_path / "other", EXACT)[1]
    assert [os.path.basename(one.photo.path) for one in found] == ["d.jpg", "moved.jpg"]


def test_where_digests_were_forgotten_twins_are_found_by_reading(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    twins(tmp_path / "photos", 1000)
    first = scan(tmp_path / "photos", EXACT)[1]
    with sqlite3.connect(Path(os.environ["SIL_CACHE_DIR"], "cache.sqlite3")) as connection:
        connection.execute("DELETE FROM file")
    connection.close()
    assert scan(tmp_path / "photos", EXACT)[1] == first


def test_digests_of_large_files_outlive_a_remount(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    twins(tmp_path / "photos", 2_000_000)
    first = scan(tmp_path / "photos", EXACT)[1]
    remount("file")
    path = tmp_path / "photos/c.jpg"
    path.unlink()
    for name in ("a.jpg", "b.jpg"):
        path = tmp_path / "photos" / name
        status = path.stat()
        with path.open("r+b") as file:  # seen only by who reads more than the edges
            file.seek(100_000)
            file.write(name.encode())
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert scan(tmp_path / "photos", EXACT)[1] == first
    remount("file")
    for name in ("a.jpg", "b.jpg"):
        path = tmp_path / "photos" / name
        status = path.stat()
        with path.open("r+b") as file:
            file.write(name.encode())
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert scan(tmp_path / "photos", EXACT)[1] == []


@pytest.fixture
def thumbnails() -> Callable[[Path], list[int]]:
    """Return a function that tells which thumbnails of a file the cache holds."""

    def sizes(path: Path) -> list[int]:
        with Cache() as cache:
            owner = by_file(scanned(path).identity)
            return [size for size in (160, 480) if cache.pictures.thumbnail(size, owner)]

    return sizes


def test_a_scan_leaves_thumbnails_of_large_photos_that_came_into_a_group(
    photos: Path, thumbnails: Callable[[Path], list[int]]
) -> None:
    noise(3).save(photos / "copy.png", compress_level=1)
    noise(4).save(photos / "lonely.png")
    found, examined, _, _ = scan(photos)
    assert thumbnails(photos / "lonely.png") == [160, 480]
    forget_lonely_thumbnails(found, make_groups(examined, PHASH, ignore))
    assert thumbnails(photos / "large.png") == thumbnails(photos / "copy.png") == [160, 480]
    assert thumbnails(photos / "lonely.png") == []
    assert thumbnails(photos / "a.jpg") == []  # so small that the page makes it in no time


def test_a_scan_makes_no_more_thumbnails_than_there_is_room_for(
    photos: Path, thumbnails: Callable[[Path], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("same_image_locator.cache.recorder.THUMBNAIL_BYTES", 0)
    scan(photos)
    assert thumbnails(photos / "large.png") == []


def test_facts_come_with_the_fingerprint(photos: Path) -> None:
    scan(photos)
    with Cache() as cache:
        facts = cache.pictures.facts(by_file(scanned(photos / "large.png").identity))
    assert facts
    assert (facts.width, facts.height, facts.format) == (500, 400, "PNG")
