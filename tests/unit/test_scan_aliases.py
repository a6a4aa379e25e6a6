"""Real mounts, roots in many spellings, decision folders of every kind: nothing is met twice."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest

from mounting import bound
from program import sil
from same_image_locator.aliases import one_per_file
from same_image_locator.errors import RefusedError
from same_image_locator.events import Event, Noted, ignore
from same_image_locator.listing import listed
from same_image_locator.model import Method, Scope, Settings
from same_image_locator.photos import Photos
from same_image_locator.pipeline import find, located
from same_image_locator.roots import real_root
from same_image_locator.scan import scan
from same_image_locator.scan.folders import visit
from same_image_locator.scan.walk import Walk


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"the same bytes in all")


def scanned(root: Path, *mounts: Path) -> tuple[list[str], list[str]]:
    told: list[Event] = []
    scope = Scope(mounts=tuple(map(str, mounts)))
    photos, _ = scan(str(root), "", include_all=False, listener=told.append, scope=scope)
    notes = [event.text for event in told if isinstance(event, Noted)]
    return [os.path.relpath(photo.path, root) for photo in photos], notes


def test_a_bind_mount_below_the_root_is_left_out_like_another_drive(tmp_path: Path) -> None:
    write(tmp_path, "photos/a/1.jpg", "photos/b/hidden.jpg")
    with bound(tmp_path / "photos/a", tmp_path / "photos/b"):
        assert os.stat(tmp_path / "photos/b").st_dev == os.stat(tmp_path / "photos").st_dev
        names, notes = scanned(tmp_path / "photos")
    assert names == ["a/1.jpg"]
    hint = "scan it by itself, or name it with --reference"
    assert notes == [f"left out, another drive: {tmp_path}/photos/b ({hint})"]


def test_a_mount_that_is_followed_is_looked_at_after_all_else_and_its_files_stay(
    tmp_path: Path,
) -> None:
    write(tmp_path, "card/1.jpg", "card/trash/2.jpg", "photos/z/3.jpg")
    for name in ("card", "hidden/.card", "left out/card", "alias"):
        (tmp_path / "photos" / name).mkdir(parents=True)
    (tmp_path / "photos/.silignore").write_text("left out/\ntrash/\n")
    with contextlib.ExitStack() as stack:
        for name in ("card", "hidden/.card", "left out/card"):
            stack.enter_context(bound(tmp_path / "card", tmp_path / "photos" / name))
        # The same files as in z, and those could be moved there.
        stack.enter_context(bound(tmp_path / "photos/z", tmp_path / "photos/alias"))
        chosen = Settings(str(tmp_path / "photos"), Method("exact"), str(tmp_path / "decide"))
        settings = located(chosen._replace(scope=Scope(follow_mounts=True)))
        names, notes = scanned(tmp_path / "photos", *map(Path, settings.scope.mounts))
    assert names == ["card/1.jpg", "z/3.jpg"]
    alias = "another name of {0}/photos/z: {0}/photos/alias"
    assert f"left out, {alias.format(tmp_path)}" in notes
    stays = [settings.protects(f"{tmp_path}/photos/{name}") for name in names]
    assert stays == [True, False]


def test_a_single_file_that_is_mounted_is_left_out_too(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere.jpg", "photos/a.jpg", "photos/place.jpg")
    with bound(tmp_path / "elsewhere.jpg", tmp_path / "photos/place.jpg"):
        assert scanned(tmp_path / "photos")[0] == ["a.jpg"]


def test_a_decision_folder_behind_a_bind_mount_counts_as_another_drive(tmp_path: Path) -> None:
    write(tmp_path, "photos/a.jpg", "elsewhere/x.jpg")
    (tmp_path / "bound").mkdir()
    with bound(tmp_path / "elsewhere", tmp_path / "bound"):
        chosen = Settings(str(tmp_path / "photos"), Method("exact"), str(tmp_path / "bound/decide"))
        with pytest.raises(RefusedError, match="another drive"):
            located(chosen)


def test_a_folder_met_under_a_second_name_is_not_entered_again(tmp_path: Path) -> None:
    write(tmp_path, "WhatsApp/a.jpg")
    told: list[Event] = []
    walk = Walk(os.stat(tmp_path).st_dev, "", include_all=False, listener=told.append)
    inode = os.stat(tmp_path / "WhatsApp").st_ino
    walk.folders.met_as(walk.device, inode, f"{tmp_path}/Whatsapp")
    assert list(visit(str(tmp_path), listed(str(tmp_path)), walk)) == []
    note = f"left out, another name of {tmp_path}/Whatsapp: {tmp_path}/WhatsApp"
    assert Noted(note) in told


def test_twins_in_letter_case_or_unicode_form_are_two_files_where_the_disk_says_so(
    tmp_path: Path,
) -> None:
    write(tmp_path, "caf\u00e9.jpg", "cafe\u0301.jpg", "A.jpg", "a.jpg")
    expected = len(os.listdir(tmp_path))  # four on most drives of Linux, fewer where names fold
    photos, _ = scan(str(tmp_path), "", include_all=False, listener=ignore)
    assert len(photos) == len({photo.identity.inode for photo in photos}) == expected
    assert one_per_file(Photos.of([*photos, *photos]))[0] == photos


def test_a_root_may_be_spelled_in_many_ways_and_is_always_the_same(tmp_path: Path) -> None:
    write(tmp_path, "photos/a.jpg", "photos/sub/b.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "photos")
    expected = find(located(_settings(tmp_path / "photos", tmp_path)), ignore).groups
    assert len(expected) == 1
    for spelling in ("photos/../photos/.", "link", "link/sub/..", "photos//"):
        settings = located(_settings(f"{tmp_path}/{spelling}", tmp_path))
        assert find(settings, ignore).groups == expected, spelling


def _settings(root: str | Path, room: Path) -> Settings:
    return Settings(str(root), Method("exact"), str(room / "decide"))


def test_the_same_root_given_twice_is_one_clear_line(tmp_path: Path) -> None:
    write(tmp_path, "photos/a.jpg", "photos/b.jpg")
    done = sil("photos", "photos", cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "photos" in done.stderr
    assert sorted(os.listdir(tmp_path / "photos")) == ["a.jpg", "b.jpg"]


def first_version(folder: Path) -> None:
    write(folder, "group_0001_sha_0123456789/a.jpg", "group_0001_sha_0123456789/b.jpg")
    (folder / "group_0001_sha_0123456789/_manifest.tsv").write_text("", encoding="utf-8")


@pytest.mark.parametrize("inside", ["", "group_0001_sha_0123456789"])
def test_a_root_in_the_first_versions_decision_folder_is_refused_whatever_its_name(
    tmp_path: Path, inside: str
) -> None:
    first_version(tmp_path / "to decide")
    with pytest.raises(RefusedError, match="lies in the decision folder"):
        real_root(str(tmp_path / "to decide" / inside))


def test_a_root_in_a_folder_with_the_decision_folders_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "_DECISION_DUPES" / "deep").mkdir(parents=True)
    with pytest.raises(RefusedError, match="lies in the decision folder"):
        real_root(str(tmp_path / "_DECISION_DUPES" / "deep"))


def test_a_staged_group_that_lies_among_the_photos_is_left_out_and_named(tmp_path: Path) -> None:
    first_version(tmp_path)
    write(tmp_path, "a.jpg")
    names, notes = scanned(Path(real_root(str(tmp_path))))
    assert names == ["a.jpg"]
    assert notes == [f"left out, a staged group: {tmp_path}/group_0001_sha_0123456789"]


def test_a_folder_of_the_users_that_is_only_named_like_a_group_is_scanned(tmp_path: Path) -> None:
    write(tmp_path, "group_0001_sha_0123456789/a.jpg")
    assert scanned(tmp_path)[0] == ["group_0001_sha_0123456789/a.jpg"]
    root = tmp_path / "group_0001_sha_0123456789"
    assert real_root(str(root)) == str(root)


def test_a_folder_that_may_not_be_listed_can_still_hold_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "photos/a.jpg")

    def refuse(_path: str) -> list[str]:
        raise PermissionError

    # The superuser may list everything, so that only the answer can be changed here.
    monkeypatch.setattr(os, "listdir", refuse)
    assert real_root(str(tmp_path / "photos")) == str(tmp_path / "photos")
    monkeypatch.undo()
    shutil.rmtree(tmp_path / "photos")
