"""A drive that is full, gone or read-only: the run stops, and what it left can go on or go home."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from same_image_locator import journal
from same_image_locator.journal import log
from same_image_locator.journal.kernel import RealKernel, Status
from same_image_locator.plans import Act, ActKind, Plan, Receipt

KERNEL = RealKernel()


class Failing(RealKernel):
    """A real disk that answers with an error from a chosen moment on, while ``number`` is set."""

    def __init__(self, number: int, when: Callable[[str, str], bool]) -> None:
        self.number, self.when = number, when

    def _ask(self, call: str, path: str) -> None:
        if self.number and self.when(call, path):
            raise OSError(self.number, os.strerror(self.number), path)

    def status(self, path: str) -> Status | None:
        self._ask("status", path)
        return super().status(path)

    def move(self, source: str, target: str) -> None:
        self._ask("move", source)
        super().move(source, target)

    def make_folder(self, path: str) -> None:
        self._ask("make_folder", path)
        super().make_folder(path)

    def append(self, path: str, data: bytes) -> None:
        if self.number and self.when("append", path):
            super().append(path, data[: len(data) // 2])
            raise OSError(self.number, os.strerror(self.number), path)
        super().append(path, data)

    def truncate(self, path: str, size: int) -> None:
        self._ask("truncate", path)
        super().truncate(path, size)


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "photos" / name for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg")]
    paths[0].parent.mkdir()
    (tmp_path / "decide").mkdir()
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


def staging(folder: Path, number: int, *sources: Path) -> Plan:
    name = f"group_{number:04}_sha_0123456789"
    moves = []
    for source in sources:
        found = KERNEL.status(str(source))
        assert found is not None
        sha = KERNEL.sha256(str(source))
        target = str(folder / name / source.name)
        moves.append(Act(ActKind.STAGE, target, str(source), found.identity, sha))
    ready = (
        Act(ActKind.MAKE_FOLDER, str(folder / name)),
        Act(ActKind.WRITE_TEXT, str(folder / name / "_manifest.tsv"), text="x\n"),
    )
    return Plan("stage", f"run/{name}", (ready, tuple(moves)))


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


@pytest.mark.parametrize("number", [errno.EROFS, errno.EIO, errno.ENODEV, errno.ESTALE])
def test_a_drive_that_goes_stops_the_run_and_the_next_start_goes_on(
    tmp_path: Path, photos: list[Path], number: int
) -> None:
    plans = [
        staging(tmp_path / "decide", 1, *photos[:2]),
        staging(tmp_path / "decide", 2, *photos[2:]),
    ]
    gone = Failing(number, lambda call, path: call == "move" and path.endswith("b.jpg"))
    with pytest.raises(OSError, match=os.strerror(number)) as trouble:
        journal.Journal(str(tmp_path / "decide"), gone).perform(plans)
    assert str(trouble.value.filename).endswith("b.jpg")
    assert names(photos[0].parent) == ["b.jpg", "c.jpg", "d.jpg"], "nothing moved after that"
    with journal.opened(str(tmp_path / "decide")) as opened:
        assert [receipt.done for receipt in opened.recover()] == [True, True]
    assert names(photos[0].parent) == []


def test_a_recovery_on_a_drive_that_keeps_failing_ends_and_nothing_is_lost(
    tmp_path: Path, photos: list[Path]
) -> None:
    decide = tmp_path / "decide"
    failing = Failing(errno.EIO, lambda call, path: call == "move" and path.endswith("b.jpg"))
    with pytest.raises(OSError, match="Input/output"):
        journal.Journal(str(decide), failing).perform([staging(decide, 1, *photos[:2])])
    again = journal.Journal(str(decide), failing)
    [receipt] = again.recover()
    assert not receipt.done
    assert again.recover() == []
    assert names(photos[0].parent) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]


def test_a_full_drive_stops_the_staging_with_what_fitted_staged(
    tmp_path: Path, photos: list[Path]
) -> None:
    decide = tmp_path / "decide"
    full = Failing(errno.ENOSPC, lambda call, path: call == "make_folder" and "group_0002" in path)
    opened = journal.Journal(str(decide), full)
    seen: list[Receipt] = []
    plans = [staging(decide, 1, *photos[:2]), staging(decide, 2, *photos[2:])]
    with pytest.raises(OSError, match="No space left"):
        opened.perform(plans, seen.append)
    assert [receipt.done for receipt in seen] == [True, False]
    assert names(photos[0].parent) == ["c.jpg", "d.jpg"]
    assert opened.history.open == {}


def test_a_full_drive_does_not_stop_an_undo(tmp_path: Path, photos: list[Path]) -> None:
    decide = tmp_path / "decide"
    staged = staging(decide, 1, *photos[:2])
    full = Failing(0, lambda call, path: call == "make_folder")
    opened = journal.Journal(str(decide), full)
    opened.perform([staged])
    full.number = errno.ENOSPC
    away = tmp_path / "photos" / "gone" / "a.jpg"
    homes = (
        Act(ActKind.BRING_HOME, str(away), staged.phases[1][0].target),
        Act(ActKind.BRING_HOME, staged.phases[1][1].source, staged.phases[1][1].target),
    )
    [receipt] = opened.perform([Plan("undo", staged.subject, (homes,))])
    assert "No space left" in receipt.reason
    assert receipt.leftovers == (homes[0].source,)
    assert photos[1].exists()


def test_the_journal_gives_up_its_reserve_when_the_drive_is_full(
    tmp_path: Path, photos: list[Path]
) -> None:
    decide = tmp_path / "decide"
    reserve = decide / log.RESERVE_NAME
    full = Failing(0, lambda call, path: call == "append" and reserve.exists())
    opened = journal.Journal(str(decide), full)
    opened.begin(str(tmp_path / "photos"))
    assert reserve.stat().st_size > 100_000
    [staged] = opened.perform([staging(decide, 1, *photos[:2])])
    full.number = errno.ENOSPC
    homes = tuple(
        Act(ActKind.BRING_HOME, act.source, act.target, act.expect, act.sha256)
        for act in staged.plan.acts(ActKind.STAGE)
    )
    [receipt] = opened.perform([Plan("undo", staged.plan.subject, (homes,))])
    assert receipt.done
    assert not reserve.exists()
    assert names(photos[0].parent) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]


def test_nothing_more_is_staged_where_only_the_reserve_is_left(
    tmp_path: Path, photos: list[Path]
) -> None:
    decide = tmp_path / "decide"
    reserve = decide / log.RESERVE_NAME
    full = Failing(0, lambda call, path: call == "append" and reserve.exists())
    opened = journal.Journal(str(decide), full)
    opened.begin(str(tmp_path / "photos"))
    full.number = errno.ENOSPC
    with pytest.raises(OSError, match="No space left"):
        opened.perform([staging(decide, 1, *photos[:2])])
    assert reserve.exists()
    assert names(photos[0].parent) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]


def test_the_reserve_grows_with_the_largest_group(tmp_path: Path, photos: list[Path]) -> None:
    decide = tmp_path / "decide"
    opened = journal.Journal(str(decide), RealKernel())
    opened.begin(str(tmp_path / "photos"))
    reserve = decide / log.RESERVE_NAME
    usual = reserve.stat().st_size
    large = staging(decide, 1, *photos[:2])
    text = Act(ActKind.WRITE_TEXT, str(decide / "group_0001_sha_0123456789/x"), text="x" * usual)
    opened.perform([Plan("stage", large.subject, ((*large.phases[0], text), large.phases[1]))])
    assert reserve.stat().st_size > 2 * usual


def test_a_journal_that_cannot_be_written_announces_nothing(
    tmp_path: Path, photos: list[Path]
) -> None:
    decide = tmp_path / "decide"
    full = Failing(errno.ENOSPC, lambda call, path: call == "append")
    opened = journal.Journal(str(decide), full)
    with pytest.raises(OSError, match="No space left"):
        opened.perform([staging(decide, 1, *photos[:2])])
    assert (decide / journal.JOURNAL_NAME).read_bytes() == b""
    assert names(photos[0].parent) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    full.number = 0
    assert opened.perform([staging(decide, 1, *photos[:2])])[0].done


def test_a_torn_piece_that_cannot_be_cut_off_is_cut_before_the_next(
    tmp_path: Path, photos: list[Path]
) -> None:
    decide = tmp_path / "decide"
    failing = Failing(errno.EIO, lambda call, path: call in {"append", "truncate"})
    opened = journal.Journal(str(decide), failing)
    with pytest.raises(OSError, match="Input/output"):
        opened.perform([staging(decide, 1, *photos[:2])])
    assert (decide / journal.JOURNAL_NAME).stat().st_size > 0
    failing.number = 0
    assert opened.perform([staging(decide, 1, *photos[:2])])[0].done
    assert len(journal.peek(str(decide)).groups) == 1


def test_a_journal_that_vanished_with_its_drive_is_not_begun_anew(
    tmp_path: Path, photos: list[Path]
) -> None:
    decide = tmp_path / "decide"
    opened = journal.Journal(str(decide), RealKernel())
    opened.begin(str(tmp_path / "photos"))
    (decide / journal.JOURNAL_NAME).unlink()
    with pytest.raises(OSError, match="the journal is gone"):
        opened.perform([staging(decide, 1, *photos[:2])])
    assert names(photos[0].parent) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]


def test_files_that_cannot_go_back_keep_the_text_that_tells_where_they_belong(
    tmp_path: Path, photos: list[Path]
) -> None:
    decide = tmp_path / "decide"
    inside = str(decide / "group_0001_sha_0123456789" / "a.jpg")
    stuck = Failing(
        errno.EACCES,
        lambda call, path: call == "move" and (path.endswith("photos/b.jpg") or path == inside),
    )
    [receipt] = journal.Journal(str(decide), stuck).perform([staging(decide, 1, *photos[:2])])
    assert receipt.leftovers == (inside,)
    assert names(decide / "group_0001_sha_0123456789") == ["_manifest.tsv", "a.jpg"]


def test_a_path_that_cannot_even_be_looked_at_is_named(tmp_path: Path, photos: list[Path]) -> None:
    decide = tmp_path / "decide"
    blind = Failing(errno.EACCES, lambda call, path: call == "status" and path.endswith("b.jpg"))
    [receipt] = journal.Journal(str(decide), blind).perform([staging(decide, 1, *photos[:2])])
    assert not receipt.done
    assert "b.jpg cannot be reached: Permission denied" in receipt.reason
    assert names(photos[0].parent) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]


def test_without_a_reserve_a_full_drive_stops_an_undo_that_can_be_asked_for_again(
    tmp_path: Path, photos: list[Path]
) -> None:
    decide = tmp_path / "decide"
    full = Failing(0, lambda call, path: call == "append")
    opened = journal.Journal(str(decide), full)
    plan = staging(decide, 1, *photos[:2])
    opened.perform([plan])
    (decide / log.RESERVE_NAME).unlink()
    full.number = errno.ENOSPC
    back = tuple(Act(ActKind.BRING_HOME, act.source, act.target) for act in plan.phases[1])
    undo = Plan("undo", plan.subject, (back,))
    with pytest.raises(OSError, match="No space left"):
        opened.perform([undo])
    full.number = 0
    assert opened.perform([undo])[0].done
    assert names(photos[0].parent) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]


def test_a_purge_leaves_what_changed_since_it_was_set_aside(
    tmp_path: Path, photos: list[Path]
) -> None:
    opened = journal.Journal(str(tmp_path / "decide"), RealKernel())
    plan = staging(tmp_path / "decide", 1, *photos[:2])
    opened.perform([plan])
    aside = Path(plan.phases[1][0].target)
    end = Act(ActKind.PURGE, str(aside), expect=plan.phases[1][0].expect, sha256="0" * 64)
    aside.write_bytes(b"edited meanwhile")
    [receipt] = opened.perform([Plan("purge", plan.subject, ((end,),))])
    assert receipt.leftovers == (str(aside),)
    assert "has changed since it was set aside" in receipt.reason
    assert aside.read_bytes() == b"edited meanwhile"
