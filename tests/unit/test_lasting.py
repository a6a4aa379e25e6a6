"""What a dead run left in memory is synced before anything is built on it."""

import errno
import os
from pathlib import Path

import pytest

from same_image_locator.errors import RefusedError
from same_image_locator.journal import Journal, lasting
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.plans import Act, ActKind, Plan


class NotingKernel(RealKernel):
    """Notes what is synced; ``closed`` folders may not be listed."""

    def __init__(self, *closed: Path) -> None:
        self.synced: list[str] = []
        self.closed = {str(path) for path in closed}

    def sync_folder(self, path: str) -> None:
        if path in self.closed:
            raise PermissionError(errno.EACCES, "no", path)
        super().sync_folder(path)
        self.synced.append(path)

    def sync_file(self, path: str) -> None:
        super().sync_file(path)
        self.synced.append(path)


def test_each_new_folder_on_the_way_is_synced_and_the_one_that_was_there_too(
    tmp_path: Path,
) -> None:
    kernel = NotingKernel()
    lasting.make_decision_folder(str(tmp_path / "a/b"), kernel)
    assert kernel.synced == [str(tmp_path.parent), str(tmp_path), str(tmp_path / "a")]
    again = NotingKernel()
    lasting.make_decision_folder(str(tmp_path / "a/b"), again)
    assert again.synced == [str(tmp_path / "a")]


def test_a_folder_above_that_may_not_be_listed_does_not_stop_the_run(tmp_path: Path) -> None:
    kernel = NotingKernel(tmp_path.parent)
    lasting.make_decision_folder(str(tmp_path / "a"), kernel)
    assert kernel.synced == [str(tmp_path)]


def test_a_decision_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(RefusedError, match="cannot be made"):
        lasting.make_decision_folder(str(tmp_path / "file/decide"), RealKernel())


def test_the_folders_of_open_plans_are_synced_up_to_the_places_of_the_run(tmp_path: Path) -> None:
    photos, decide = tmp_path / "photos", tmp_path / "decide"
    (photos / "deep/er").mkdir(parents=True)
    (decide / "group").mkdir(parents=True)
    acts = [
        Act(ActKind.STAGE, str(decide / "group/001_a.jpg"), str(photos / "deep/er/a.jpg")),
        Act(ActKind.STAGE, str(decide / "gone/001_b.jpg"), str(tmp_path / "elsewhere/b.jpg")),
        Act(ActKind.MAKE_FOLDER, str(decide / "group")),
    ]
    kernel = NotingKernel(photos / "deep")
    places = (str(photos), str(decide), "")
    lasting.sync_folders([Plan("stage", "run/group", (tuple(acts),))], places, kernel)
    expected = [decide, decide / "group", photos, photos / "deep/er"]
    assert kernel.synced == [str(path) for path in expected]


def test_recovery_syncs_the_journal_before_it_goes_on_with_a_plan(tmp_path: Path) -> None:
    photo, staged = tmp_path / "photos/a.jpg", tmp_path / "decide/group/001_a.jpg"
    for path in (photo, staged):
        path.parent.mkdir(parents=True)
    photo.write_bytes(b"a")
    journal = Journal(str(tmp_path / "decide"), RealKernel())
    journal.begin(str(tmp_path / "photos"))
    journal.perform([Plan("stage", "run/group", ((Act(ActKind.STAGE, str(staged), str(photo)),),))])
    path = tmp_path / "decide" / ".journal.jsonl"
    whole = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(whole[:-1]))  # the run died before its receipt
    os.rename(staged, photo)
    kernel = NotingKernel()
    [receipt] = Journal(str(tmp_path / "decide"), kernel).recover()
    assert receipt.done
    assert kernel.synced[:2] == [str(path), str(tmp_path / "decide")]


def test_a_decision_folder_on_a_drive_that_is_gone_is_refused(tmp_path: Path) -> None:
    class Gone(RealKernel):
        def status(self, path: str) -> None:
            return None

    with pytest.raises(RefusedError, match="its drive is gone"):
        lasting.make_decision_folder(str(tmp_path / "decide"), Gone())
