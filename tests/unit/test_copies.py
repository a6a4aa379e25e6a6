"""The copy route: a copy is proven before it has a name, and carries all that a file has."""

import errno
import os
import stat
import struct
from pathlib import Path

import pytest

from same_image_locator.journal import copies
from same_image_locator.journal.acts import ActRefusedError
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.plans import Act, ActKind

KERNEL = RealKernel()
_MTIME = 1_234_567_890_123_456_789


@pytest.fixture
def act(tmp_path: Path) -> Act:
    """The planned copy of a real file."""
    source = tmp_path / "a.jpg"
    source.write_bytes(b"photo" * 500_000)
    os.utime(source, ns=(_MTIME, _MTIME))
    (tmp_path / "group").mkdir()
    found = KERNEL.status(str(source))
    assert found is not None
    target = str(tmp_path / "group" / "001_a.jpg")
    return Act(ActKind.COPY, target, str(source), found.identity, KERNEL.sha256(str(source)))


def copy(act: Act, kernel: RealKernel = KERNEL) -> os.stat_result:
    copies.copy(kernel, act, act.source)
    assert os.listdir(os.path.dirname(act.target)) == ["001_a.jpg"]
    return os.stat(act.target)


def test_the_bytes_and_the_time_are_those_of_the_photo(act: Act) -> None:
    made = copy(act)
    assert Path(act.target).read_bytes() == Path(act.source).read_bytes()
    assert made.st_mtime_ns == _MTIME
    assert made.st_ino != os.stat(act.source).st_ino


@pytest.mark.parametrize("mode", [0o600, 0o444, 0o664, 0o755])
def test_the_mode_is_that_of_the_photo(act: Act, mode: int) -> None:
    os.chmod(act.source, mode)
    assert stat.S_IMODE(copy(act).st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no owners by number")
def test_the_owner_is_that_of_the_photo_where_it_may_be_set(act: Act) -> None:
    if os.geteuid() == 0:
        os.chown(act.source, 1234, 2345)
    made, whole = copy(act), os.stat(act.source)
    assert (made.st_uid, made.st_gid) == (whole.st_uid, whole.st_gid)


def test_extended_attributes_come_along(act: Act) -> None:
    _set_or_skip(act.source, "user.xdg.comment", b"grandmother\x00\xff")
    copy(act)
    assert os.getxattr(act.target, "user.xdg.comment") == b"grandmother\x00\xff"


def test_access_lists_come_along(act: Act) -> None:
    # Version 2: owner rw, user 4321 r, group r, mask rw, others nothing.
    entries = [(1, 6, 0xFFFFFFFF), (2, 4, 4321), (4, 4, 0xFFFFFFFF), (16, 6, 0xFFFFFFFF)]
    entries.append((32, 0, 0xFFFFFFFF))
    text = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    _set_or_skip(act.source, "system.posix_acl_access", text)
    copy(act)
    assert os.getxattr(act.target, "system.posix_acl_access") == text


def _set_or_skip(path: str, name: str, value: bytes) -> None:
    if not hasattr(os, "setxattr"):
        pytest.skip("this system has no extended attributes by that call")
    try:
        os.setxattr(path, name, value)
    except OSError as error:
        if error.errno in {errno.ENOTSUP, errno.EPERM}:
            pytest.skip(f"this file system has no {name}")
        raise


def test_a_copy_that_does_not_hold_the_bytes_never_gets_the_name(act: Act) -> None:
    class Lying(RealKernel):
        def copy(self, source: str, target: str) -> None:
            super().copy(source, target)
            with open(target, "r+b") as file:
                file.write(b"X")

    with pytest.raises(ActRefusedError, match="does not hold the bytes"):
        copies.copy(Lying(), act, act.source)
    assert os.listdir(os.path.dirname(act.target)) == []


def test_half_a_copy_of_a_dead_run_is_made_anew_and_a_whole_one_is_kept(act: Act) -> None:
    Path(f"{act.target}.part").write_bytes(b"half")
    first = copy(act)
    assert copy(act).st_ino == first.st_ino


def test_a_whole_copy_with_two_names_of_a_dead_run_keeps_one(act: Act) -> None:
    copy(act)
    os.link(act.target, f"{act.target}.part")
    made = copy(act)
    assert made.st_nlink == 1
    assert not os.path.exists(f"{act.target}.part")


def test_another_file_under_the_copys_name_stays(act: Act) -> None:
    Path(act.target).write_bytes(b"somebody's")
    with pytest.raises(ActRefusedError, match="is taken by another file"):
        copies.copy(KERNEL, act, act.source)
    with pytest.raises(ActRefusedError, match="was changed since it was copied"):
        copies.remove_copy(KERNEL, act)
    assert Path(act.target).read_bytes() == b"somebody's"


def test_a_photo_that_changed_or_went_is_not_copied(act: Act) -> None:
    Path(act.source).write_bytes(b"edited")
    with pytest.raises(ActRefusedError, match="has changed since"):
        copies.copy(KERNEL, act, act.source)
    os.remove(act.source)
    with pytest.raises(ActRefusedError, match="is no longer there"):
        copies.copy(KERNEL, act, act.source)


def test_a_copy_is_removed_with_what_was_left_of_its_making(act: Act) -> None:
    copy(act)
    Path(f"{act.target}.part").write_bytes(b"half")
    copies.remove_copy(KERNEL, act)
    copies.remove_copy(KERNEL, act)
    assert os.listdir(os.path.dirname(act.target)) == []
    assert Path(act.source).exists()


def test_a_copy_that_cannot_be_read_is_named(act: Act) -> None:
    class Blind(RealKernel):
        def sha256(self, path: str) -> str:
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)

    copy(act)
    with pytest.raises(ActRefusedError, match="cannot be read: Input/output"):
        copies.remove_copy(Blind(), act)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_full_drive_leaves_no_half_copy(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    from same_image_locator.journal import copying

    def full(_source: int, target: int) -> None:
        os.write(target, b"half")
        with open("/dev/full", "wb", buffering=0) as device:
            device.write(b"the rest")

    monkeypatch.setattr(copying, "write_all", full)
    with pytest.raises(ActRefusedError, match="No space left") as refused:
        copies.copy(KERNEL, act, act.source)
    assert refused.value.trouble is not None
    assert os.listdir(os.path.dirname(act.target)) == []
