"""The system calls: a move never replaces, on every kind of file system that we meet."""

import errno
import os
import sys
from pathlib import Path

import pytest

from same_image_locator.journal import kernel as module
from same_image_locator.journal.kernel import RealKernel

KERNEL = RealKernel()


@pytest.fixture(params=["native call", "link and unlink", "claimed name"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make the system look like one that can only move in this way."""
    if request.param != "native call":
        monkeypatch.setattr(module, "_RENAME", None)
    if request.param == "claimed name":

        def no_links(*_arguments: object, **_options: object) -> None:
            raise OSError(errno.EPERM, "no links here")

        monkeypatch.setattr(os, "link", no_links)
    return str(request.param)


def test_a_move_carries_the_file_and_leaves_nothing_behind(tmp_path: Path, way: str) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(b"photo")
    inode = source.stat().st_ino
    KERNEL.move(str(source), str(target))
    assert (target.read_bytes(), target.stat().st_ino) == (b"photo", inode)
    assert not source.exists()


def test_a_move_never_replaces_an_existing_file(tmp_path: Path, way: str) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(b"photo")
    target.write_bytes(b"other")
    with pytest.raises(FileExistsError):
        KERNEL.move(str(source), str(target))
    assert (source.read_bytes(), target.read_bytes()) == (b"photo", b"other")


def test_a_move_of_a_missing_file_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        KERNEL.move(str(tmp_path / "none.jpg"), str(tmp_path / "b.jpg"))
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("native", [True, False])
def test_what_a_death_between_link_and_unlink_left_behind_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, native: bool
) -> None:
    if not native:
        monkeypatch.setattr(module, "_RENAME", None)
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(b"photo")
    target.hardlink_to(source)
    KERNEL.move(str(source), str(target))
    assert os.listdir(tmp_path) == ["b.jpg"]


def test_an_error_of_the_disk_is_not_mistaken_for_a_missing_feature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EIO, "the disk fails")

    monkeypatch.setattr(module, "_RENAME", None)
    monkeypatch.setattr(os, "link", failing)
    (tmp_path / "a.jpg").write_bytes(b"photo")
    with pytest.raises(OSError, match="the disk fails"):
        KERNEL.move(str(tmp_path / "a.jpg"), str(tmp_path / "b.jpg"))
    assert (tmp_path / "a.jpg").read_bytes() == b"photo"


def test_a_folder_swapped_for_a_link_cannot_lead_a_photo_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "group").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "a.jpg").write_bytes(b"photo")
    with pytest.raises(OSError, match=r"."):
        KERNEL.move(str(tmp_path / "a.jpg"), str(tmp_path / "group" / "a.jpg"))
    assert not os.listdir(tmp_path / "elsewhere")


def test_a_link_is_seen_as_itself_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"photo")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    status = KERNEL.status(str(tmp_path / "link.jpg"))
    assert status is not None
    assert status.kind == "other"
    with pytest.raises(OSError, match=r"."):
        KERNEL.sha256(str(tmp_path / "link.jpg"))


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (b"photo", b"photo", True),
        (b"photo", b"phot0", False),
        (b"pho", b"photo", False),
        (b"photo", b"pho", False),
    ],
)
def test_bytes_are_compared_to_the_last_one(
    tmp_path: Path, left: bytes, right: bytes, same: bool
) -> None:
    (tmp_path / "l").write_bytes(left)
    (tmp_path / "r").write_bytes(right)
    assert KERNEL.same_bytes(str(tmp_path / "l"), str(tmp_path / "r")) is same


def test_two_names_of_one_file_are_no_copies_of_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"photo")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert not KERNEL.same_bytes(str(tmp_path / "a"), str(tmp_path / "b"))


def test_a_missing_folder_has_no_names(tmp_path: Path) -> None:
    assert KERNEL.names(str(tmp_path / "none")) == []


def test_a_text_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    KERNEL.replace(str(path), b"old")
    KERNEL.replace(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["state.json"]


def test_a_system_without_a_native_call_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert module._load_rename() is None  # this system has no renameatx_np


@pytest.mark.parametrize("call", ["append", "create", "sync_file", "sync_folder", "read"])
def test_an_error_on_an_open_file_names_it(tmp_path: Path, call: str) -> None:
    path = tmp_path / "journal"
    if call == "sync_folder":
        path.mkdir()
    elif call != "create":
        path.write_bytes(b"")

    def failing(*_arguments: object) -> None:
        raise OSError(errno.EIO, "the disk fails")

    words = (b"x",) if call in {"append", "create"} else ()
    patched = pytest.MonkeyPatch()
    patched.setattr(os, "write", failing)
    patched.setattr(os, "fsync", failing)
    if call == "read":
        patched.setattr(module, "open", failing, raising=False)
    with pytest.raises(OSError, match="the disk fails") as failed:
        getattr(KERNEL, call)(str(path), *words)
    patched.undo()
    assert failed.value.filename == str(path)


def test_what_is_written_whole_is_there_at_the_end_or_as_it_was_before(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    with module.written_whole(str(path)) as file:
        file.write(b"one ")
        assert not path.exists()
        file.write(b"two")
    assert path.read_bytes() == b"one two"
    stopped = module.written_whole(str(path))
    stopped.__enter__().write(b"half")
    error = KeyboardInterrupt()
    assert not stopped.__exit__(KeyboardInterrupt, error, None)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [
        ("report.html", b"one two")
    ]


def test_a_log_grows_at_its_end_and_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for line in (b"one\n", b"two\n"):
        with module.added_to(str(path)) as file:
            file.write(line)
    assert path.read_bytes() == b"one\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o600
