"""The acts: what was changed, locked or moved meanwhile is seen before anything happens."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from same_image_locator.journal import acts
from same_image_locator.journal.acts import ActRefusedError, TargetTakenError
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.plans import Act, ActKind

KERNEL = RealKernel()


class Stubborn(RealKernel):
    """A file system that refuses a call a number of times before it obeys."""

    def __init__(self, number: int, times: int) -> None:
        self.number, self.left = number, times

    def _refuse(self) -> None:
        if self.left:
            self.left -= 1
            raise OSError(self.number, os.strerror(self.number))

    def move(self, source: str, target: str) -> None:
        self._refuse()
        super().move(source, target)

    def remove(self, path: str) -> None:
        self._refuse()
        super().remove(path)

    def make_folder(self, path: str) -> None:
        self._refuse()
        super().make_folder(path)

    def remove_folder(self, path: str) -> None:
        self._refuse()
        super().remove_folder(path)

    def create(self, path: str, data: bytes) -> None:
        self._refuse()
        super().create(path, data)

    def sha256(self, path: str) -> str:
        self._refuse()
        return super().sha256(path)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "_WAITS", (0.0, 0.0))


@pytest.fixture
def act(tmp_path: Path) -> Act:
    """A planned move of a real file."""
    source = tmp_path / "a.jpg"
    source.write_bytes(b"photo")
    status = KERNEL.status(str(source))
    assert status is not None
    return Act(
        ActKind.STAGE,
        str(tmp_path / "b.jpg"),
        str(source),
        status.identity,
        KERNEL.sha256(str(source)),
    )


def test_a_photo_edited_since_the_scan_is_not_moved(act: Act) -> None:
    Path(act.source).write_bytes(b"edited photo")
    with pytest.raises(ActRefusedError, match="has changed since"):
        acts.move(KERNEL, act, act.target)
    assert Path(act.source).read_bytes() == b"edited photo"


def test_a_photo_that_became_a_folder_is_not_moved(act: Act) -> None:
    os.remove(act.source)
    os.mkdir(act.source)
    with pytest.raises(ActRefusedError, match="has changed since"):
        acts.move(KERNEL, act, act.target)


def test_a_photo_on_a_drive_mounted_anew_is_known_by_its_content(act: Act) -> None:
    assert act.expect is not None
    elsewhere = replace(act, expect=act.expect._replace(device=1, inode=2))
    assert acts.move(KERNEL, elsewhere, act.target)
    assert Path(act.target).read_bytes() == b"photo"


def test_another_photo_of_the_same_size_and_time_is_not_taken_for_it(act: Act) -> None:
    assert act.expect is not None
    Path(act.source).write_bytes(b"PHOTO")
    os.utime(act.source, ns=(act.expect.mtime_ns, act.expect.mtime_ns))
    elsewhere = replace(act, expect=act.expect._replace(inode=2))
    with pytest.raises(ActRefusedError, match="has changed since"):
        acts.move(KERNEL, elsewhere, act.target)


def test_a_taken_target_is_told_apart_from_the_file_itself(act: Act) -> None:
    Path(act.target).write_bytes(b"other")
    with pytest.raises(TargetTakenError):
        acts.move(KERNEL, act, act.target)
    os.remove(act.target)
    assert acts.move(KERNEL, act, act.target)
    assert not acts.move(KERNEL, act, act.target), "moved already"


def test_a_target_taken_in_the_last_moment_is_not_replaced(act: Act) -> None:
    class Racing(RealKernel):
        def move(self, source: str, target: str) -> None:
            Path(target).write_bytes(b"came first")
            super().move(source, target)

    with pytest.raises(TargetTakenError):
        acts.move(Racing(), act, act.target)
    assert Path(act.target).read_bytes() == b"came first"


def test_a_file_back_under_its_old_name_does_not_hide_the_one_that_was_moved(act: Act) -> None:
    acts.move(KERNEL, act, act.target)
    Path(act.source).write_bytes(b"a new file")
    assert not acts.move(KERNEL, act, act.target)
    assert Path(act.source).read_bytes() == b"a new file"


def test_a_missing_photo_is_named(act: Act) -> None:
    os.remove(act.source)
    with pytest.raises(ActRefusedError, match=r"a\.jpg is no longer there"):
        acts.move(KERNEL, act, act.target)


def test_a_locked_file_is_tried_again(act: Act) -> None:
    assert acts.move(Stubborn(errno.EBUSY, 2), act, act.target)


def test_a_file_that_stays_locked_is_refused_with_its_name(act: Act) -> None:
    with pytest.raises(ActRefusedError, match=r"a\.jpg cannot be moved: Device or resource busy"):
        acts.move(Stubborn(errno.EBUSY, 99), act, act.target)


def test_an_error_that_waiting_cannot_mend_is_refused_at_once(act: Act) -> None:
    kernel = Stubborn(errno.EROFS, 99)
    with pytest.raises(ActRefusedError, match="Read-only"):
        acts.move(kernel, act, act.target)
    assert kernel.left == 98


def test_missing_parents_are_made_and_named_for_syncing(tmp_path: Path) -> None:
    changed = acts.make_folder(KERNEL, str(tmp_path / "x" / "y"))
    assert (tmp_path / "x" / "y").is_dir()
    assert set(changed) == {str(tmp_path), str(tmp_path / "x")}
    assert acts.make_folder(KERNEL, str(tmp_path / "x" / "y")) == []


class Overtaken(RealKernel):
    """Another program makes something of this name in the moment before a folder is made."""

    def __init__(self, make: Callable[[str], object]) -> None:
        self.make = make

    def make_folder(self, path: str) -> None:
        self.make(path)
        super().make_folder(path)


def test_a_folder_that_another_run_makes_in_the_same_moment_is_as_good(tmp_path: Path) -> None:
    changed = acts.make_folder(Overtaken(os.mkdir), str(tmp_path / "x" / "y"))
    assert changed == [str(tmp_path / "x"), str(tmp_path)]
    assert (tmp_path / "x" / "y").is_dir()


def test_a_file_that_appears_in_a_folders_place_is_not(tmp_path: Path) -> None:
    with pytest.raises(ActRefusedError, match="cannot be made: File exists"):
        acts.make_folder(Overtaken(lambda path: Path(path).touch()), str(tmp_path / "x"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(ActRefusedError, match="new cannot be made: No space left"):
        acts.make_folder(Stubborn(errno.ENOSPC, 1), str(tmp_path / "new"))


def test_a_folder_on_a_drive_that_is_gone_is_refused(tmp_path: Path) -> None:
    class Gone(RealKernel):
        def status(self, path: str) -> None:
            return None

    with pytest.raises(ActRefusedError, match="new cannot be made: its drive is gone"):
        acts.make_folder(Gone(), str(tmp_path / "new"))


def test_a_torn_text_of_ours_is_written_anew(tmp_path: Path) -> None:
    text = Act(ActKind.WRITE_TEXT, str(tmp_path / "_manifest.tsv"), text="a\tb\n")
    acts.write_text(KERNEL, text)
    (tmp_path / "_manifest.tsv").write_text("a")
    acts.write_text(KERNEL, text)
    acts.write_text(KERNEL, text)
    assert (tmp_path / "_manifest.tsv").read_text() == "a\tb\n"


def test_a_text_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    text = Act(ActKind.WRITE_TEXT, str(tmp_path / "_manifest.tsv"), text="a\tb\n")
    with pytest.raises(ActRefusedError, match="No space left"):
        acts.write_text(Stubborn(errno.ENOSPC, 1), text)


def test_removing_twice_is_fine_and_a_refusal_is_named(tmp_path: Path) -> None:
    path = tmp_path / "_manifest.tsv"
    path.write_text("x")
    with pytest.raises(ActRefusedError, match="cannot be removed"):
        acts.remove(Stubborn(errno.EACCES, 1), str(path))
    assert acts.remove(KERNEL, str(path))
    assert not acts.remove(KERNEL, str(path))


def test_a_folder_with_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    folder = tmp_path / "group"
    folder.mkdir()
    (folder / "note.txt").write_text("mine")
    assert acts.remove_folder(KERNEL, str(folder)) == (str(folder / "note.txt"),)
    os.remove(folder / "note.txt")
    with pytest.raises(ActRefusedError, match="group cannot be removed: "):
        acts.remove_folder(Stubborn(errno.EBUSY, 9), str(folder))
    assert acts.remove_folder(KERNEL, str(folder)) == ()
    assert acts.remove_folder(KERNEL, str(folder)) == ()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.unlink(), "no longer there"),
        (lambda path: path.write_bytes(b"PHOTO"), "no longer holds the bytes"),
    ],
)
def test_a_witness_that_is_not_what_it_was_stops_the_plan(
    act: Act, spoil: Callable[[Path], object], reason: str
) -> None:
    spoil(Path(act.source))
    with pytest.raises(ActRefusedError, match=reason):
        acts.verify(KERNEL, act.source, act, "")


def test_a_witness_that_cannot_be_read_stops_the_plan(act: Act) -> None:
    with pytest.raises(ActRefusedError, match="cannot be verified: Input/output error"):
        acts.verify(Stubborn(errno.EIO, 1), act.source, act, "")
