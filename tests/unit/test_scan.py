"""The walk: photos only, each file once, and a clear line for all that is left out."""

import os
from pathlib import Path

import pytest

from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.events import Event, Noted, Troubled
from same_image_locator.listing import listed
from same_image_locator.model import Problem
from same_image_locator.roots import real_root
from same_image_locator.scan import IMG_EXTS, scan
from same_image_locator.scan.folders import visit
from same_image_locator.scan.walk import Walk


class Scanned:
    """A scan of a folder and everything that it told."""

    def __init__(self, root: Path, *, include_all: bool = False, own: str = "") -> None:
        self.told: list[Event] = []
        found = scan(str(root), own, include_all=include_all, listener=self.told.append)
        self.photos = found[0]
        self.problems = found[1]
        self.names = [os.path.relpath(photo.path, root) for photo in self.photos]

    @property
    def notes(self) -> list[str]:
        return [event.text for event in self.told if isinstance(event, Noted)]


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode("utf-8", "surrogateescape"))


def test_the_usual_image_extensions_are_found_in_any_letter_case(tmp_path: Path) -> None:
    write(tmp_path, *(f"d/{n}{ext}" for n, ext in enumerate(sorted(IMG_EXTS))), "UP.JPG", "no.txt")
    assert len(Scanned(tmp_path).photos) == len(IMG_EXTS) + 1


def test_a_raw_file_is_a_photo_of_its_own_only_without_the_picture_of_its_shot(
    tmp_path: Path,
) -> None:
    write(tmp_path, "a.cr2", "a.jpg", "b.CR3", "c.dng", "c.png", "d.nef", "d.HIF", "e.raf.xmp")
    scanned = Scanned(tmp_path)
    assert scanned.names == ["a.jpg", "b.CR3", "c.dng", "c.png", "d.HIF"]
    with_raw = {one.path for photo in scanned.photos for one in photo.companions}
    assert with_raw == {f"{tmp_path}/a.cr2", f"{tmp_path}/d.nef"}


def test_a_hidden_file_without_an_extension_is_no_picture(tmp_path: Path) -> None:
    write(tmp_path, ".jpg", "..jpg", ".a.jpg", "jpg", "a.jpg.", "x/.PNG")
    assert Scanned(tmp_path).names == [".a.jpg"]


def test_what_a_printer_or_a_player_shows_is_no_photo(tmp_path: Path) -> None:
    write(
        tmp_path,
        *(f"a.{name}" for name in ["pdf", "eps", "ai", "wmf", "emf", "mov", "mp4", "avi", "svg"]),
    )
    assert Scanned(tmp_path).names == []


def test_include_all_takes_every_regular_file(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg", "b.txt", "noextension")
    assert Scanned(tmp_path, include_all=True).names == ["a.jpg", "b.txt", "noextension"]


def test_photos_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "b/1.jpg", "a/2.jpg", "a.jpg", "\udcff.jpg", "Z.jpg")
    names = Scanned(tmp_path).names
    assert names == sorted(names, key=os.fsencode)


def test_links_are_never_followed_and_each_is_named(tmp_path: Path) -> None:
    write(tmp_path, "real/a.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real/a.jpg")
    (tmp_path / "broken.jpg").symlink_to(tmp_path / "nothing")
    (tmp_path / "linked folder").symlink_to(tmp_path / "real")
    scanned = Scanned(tmp_path)
    assert scanned.names == ["real/a.jpg"]
    assert f"left out, a link: {tmp_path}/link.jpg" in scanned.notes
    assert f"left out, a link: {tmp_path}/broken.jpg" in scanned.notes


def test_a_file_with_two_names_is_one_photo(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg")
    (tmp_path / "b.jpg").hardlink_to(tmp_path / "a.jpg")
    scanned = Scanned(tmp_path)
    assert scanned.names == ["a.jpg"]
    assert scanned.photos[0].links == 2
    assert f"left out, another name of {tmp_path}/a.jpg: {tmp_path}/b.jpg" in scanned.notes


def test_what_is_no_regular_file_is_left_out_and_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "folder.jpg").mkdir()
    scanned = Scanned(tmp_path)
    assert scanned.names == []
    assert scanned.notes == [f"left out, not a regular file: {tmp_path}/pipe.jpg"]


def test_the_decision_folder_inside_the_root_is_not_scanned(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg", "my decisions/group_0001_sha_01/b.jpg", "_DECISION_DUPES/c.jpg")
    assert Scanned(tmp_path, own=str(tmp_path / "my decisions")).names == ["a.jpg"]


def test_another_decision_folder_is_known_by_its_journal(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg", "renamed/group_0001_sha_01/b.jpg", "renamed/.journal.jsonl")
    assert Scanned(tmp_path).names == ["a.jpg"]


def test_a_folder_that_vanishes_is_named(tmp_path: Path) -> None:
    told: list[Event] = []
    walk = Walk(os.stat(tmp_path).st_dev, "", include_all=False, listener=told.append)
    assert list(visit(str(tmp_path / "gone"), listed(str(tmp_path / "gone")), walk)) == []
    assert walk.problems == [Problem(f"{tmp_path}/gone", "scan", "No such file or directory")]
    assert told == [Troubled(walk.problems[0])]


def test_another_drive_inside_the_root_is_left_out_and_named(tmp_path: Path) -> None:
    write(tmp_path, "mounted/a.jpg")
    told: list[Event] = []
    walk = Walk(os.stat(tmp_path).st_dev + 1, "", include_all=False, listener=told.append)
    assert list(visit(str(tmp_path), listed(str(tmp_path)), walk)) == []
    hint = "scan it by itself, or name it with --reference"
    assert Noted(f"left out, another drive: {tmp_path}/mounted ({hint})") in told


def test_a_root_that_is_no_folder_is_refused_with_its_name(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg")
    with pytest.raises(UsageError, match=r"a\.jpg is not a folder"):
        real_root(str(tmp_path / "a.jpg"))
    with pytest.raises(UsageError, match="none does not exist"):
        real_root(str(tmp_path / "none"))


def test_a_root_that_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The superuser may read everything, so that only the answer can be changed here.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match="cannot be read"):
        real_root(str(tmp_path))


def test_a_root_inside_a_decision_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, ".journal.jsonl", "group_0001_sha_01/deep/a.jpg")
    with pytest.raises(RefusedError, match="lies in the decision folder"):
        real_root(str(tmp_path / "group_0001_sha_01" / "deep"))


def test_a_root_reached_through_a_link_is_the_folder_behind_it(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "photos")
    assert real_root(str(tmp_path / "link")) == str(tmp_path / "photos")
