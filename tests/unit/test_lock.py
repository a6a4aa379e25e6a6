"""The lock of a decision folder: who holds it is told, and a dead owner's note misleads nobody."""

import json
import os
from pathlib import Path

import pytest

from same_image_locator import journal
from same_image_locator.errors import LockedError, RefusedError
from same_image_locator.journal import lock
from same_image_locator.journal.kernel import RealKernel


def test_a_second_run_hears_who_holds_the_lock(tmp_path: Path) -> None:
    with (
        journal.opened(str(tmp_path)),
        pytest.raises(LockedError, match=f"process {os.getpid()} on .* since") as refused,
        journal.opened(str(tmp_path)),
    ):
        pass
    assert refused.value.folder == str(tmp_path)


def test_the_owner_is_known_while_it_works_and_not_afterwards(tmp_path: Path) -> None:
    assert journal.owner(str(tmp_path)) is None
    with journal.opened(str(tmp_path)):
        assert f"process {os.getpid()} on" in (journal.owner(str(tmp_path)) or "")
    assert journal.owner(str(tmp_path)) is None
    assert not (tmp_path / lock.OWNER_NAME).exists()


def test_a_note_that_a_dead_run_left_does_not_make_an_owner(tmp_path: Path) -> None:
    with journal.opened(str(tmp_path)):
        note = (tmp_path / lock.OWNER_NAME).read_bytes()
    (tmp_path / lock.OWNER_NAME).write_bytes(note)
    assert journal.owner(str(tmp_path)) is None


@pytest.mark.parametrize("note", [b"", b"[]", json.dumps({"process": 1}).encode(), None])
def test_an_unreadable_note_is_no_reason_to_go_on(tmp_path: Path, note: bytes | None) -> None:
    path = tmp_path / lock.OWNER_NAME
    with journal.opened(str(tmp_path)):
        path.unlink()
        if note is not None:
            path.write_bytes(note)
        with (
            pytest.raises(LockedError, match="its owner is not known"),
            journal.opened(str(tmp_path)),
        ):
            pass


def test_a_drive_without_locks_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(_lock: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr("filelock.FileLock.acquire", no_locks)
    with pytest.raises(RefusedError, match="knows no locks"), journal.opened(str(tmp_path)):
        pass


def test_a_lock_that_cannot_be_tried_has_no_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / lock.NAME).mkdir()
    assert lock.owner(str(tmp_path), RealKernel()) is None
