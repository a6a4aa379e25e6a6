"""The journal as a whole: one run at a time, whole plans or none, nothing foreign removed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from same_image_locator import journal
from same_image_locator.errors import RefusedError
from same_image_locator.journal import kernel
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.plans import Act, ActKind, Plan, Receipt

KERNEL = RealKernel()


def staging(folder: Path, *sources: Path) -> Plan:
    """Plan to stage real files into a group folder."""
    group = folder / "group_0001_sha_0123456789"
    moves = []
    for source in sources:
        status = KERNEL.status(str(source))
        assert status is not None
        moves.append(
            Act(
                ActKind.STAGE,
                str(group / source.name),
                str(source),
                status.identity,
                KERNEL.sha256(str(source)),
            )
        )
    ready = (
        Act(ActKind.MAKE_FOLDER, str(group)),
        Act(ActKind.WRITE_TEXT, str(group / "_manifest.tsv"), text="x\n"),
    )
    return Plan("stage", "run/group_0001_sha_0123456789", (ready, tuple(moves)))


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Three real files."""
    paths = [tmp_path / "photos" / name for name in ("a.jpg", "b.jpg", "c.jpg")]
    paths[0].parent.mkdir()
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


def test_a_plan_that_keeps_nothing_must_say_so() -> None:
    aside = Act(ActKind.SET_ASIDE, "/t", "/s")
    with pytest.raises(ValueError, match="must say so"):
        Plan("settle", "x", ((aside,),))
    assert Plan("settle", "x", ((aside,),), allow_none=True).allow_none


def test_only_a_purge_may_end_a_photo() -> None:
    with pytest.raises(ValueError, match="only a purge"):
        Plan("settle", "x", ((Act(ActKind.PURGE, "/t"),),))


def test_a_second_run_on_the_same_folder_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    folder = str(tmp_path / "decide")
    code = (
        "import sys; from same_image_locator import journal\n"
        "from same_image_locator.errors import RefusedError\n"
        "try:\n"
        "    with journal.opened(sys.argv[1]): pass\n"
        "except RefusedError as refused: print(refused)\n"
    )
    with journal.opened(folder):
        other = subprocess.run(
            [sys.executable, "-c", code, folder],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    assert "another run is working in" in other.stdout
    assert f"process {os.getpid()} on " in other.stdout


def test_a_decision_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(RefusedError, match="cannot be made"),
        journal.opened(str(tmp_path / "file" / "decide")),
    ):
        pass


def test_one_photo_that_vanished_takes_its_whole_group_back(
    tmp_path: Path, photos: list[Path]
) -> None:
    plan = staging(tmp_path / "decide", *photos)
    os.remove(photos[1])
    with journal.opened(str(tmp_path / "decide")) as opened:
        [receipt] = opened.perform([plan])
        assert not receipt.done
        assert "b.jpg is no longer there" in receipt.reason
        assert opened.close()
    assert sorted(os.listdir(photos[0].parent)) == ["a.jpg", "c.jpg"]


def test_a_photo_whose_old_name_is_taken_comes_back_beside_it(
    tmp_path: Path, photos: list[Path]
) -> None:
    """Something takes the name of a staged photo just before the group must be taken back."""

    class Foreign(RealKernel):
        def move(self, source: str, target: str) -> None:
            super().move(source, target)
            if source.endswith("a.jpg"):
                Path(source).write_bytes(b"foreign")
                os.remove(photos[1])

    opened = journal.Journal(str(tmp_path / "decide"), Foreign())
    os.mkdir(tmp_path / "decide")
    [receipt] = opened.perform([staging(tmp_path / "decide", *photos)])
    assert not receipt.done
    found = {name: (photos[0].parent / name).read_bytes() for name in os.listdir(photos[0].parent)}
    assert found == {"a.jpg": b"foreign", "a (restored).jpg": b"a.jpg", "c.jpg": b"c.jpg"}


def test_what_cannot_be_taken_back_is_named_and_stays(tmp_path: Path, photos: list[Path]) -> None:
    staged = tmp_path / "decide" / "group_0001_sha_0123456789" / "a.jpg"

    class Changing(RealKernel):
        def move(self, source: str, target: str) -> None:
            super().move(source, target)
            staged.write_bytes(b"somebody edits it")
            os.remove(photos[1])

    os.mkdir(tmp_path / "decide")
    opened = journal.Journal(str(tmp_path / "decide"), Changing())
    [receipt] = opened.perform([staging(tmp_path / "decide", *photos[:2])])
    assert receipt.leftovers == (str(staged),)
    assert "has changed since it was moved" in receipt.reason
    assert staged.read_bytes() == b"somebody edits it"


def test_a_file_of_somebody_else_at_the_target_is_left_alone_when_taking_back(
    tmp_path: Path, photos: list[Path]
) -> None:
    group = tmp_path / "decide" / "group_0001_sha_0123456789"
    group.mkdir(parents=True)
    (group / "b.jpg").write_bytes(b"foreign")
    with journal.opened(str(tmp_path / "decide")) as opened:
        [receipt] = opened.perform([staging(tmp_path / "decide", *photos)])
        assert "is taken by another file" in receipt.reason
        assert not opened.close(), "the foreign file keeps the folder"
    assert (group / "b.jpg").read_bytes() == b"foreign"
    assert [path.read_bytes() for path in photos] == [b"a.jpg", b"b.jpg", b"c.jpg"]


@pytest.mark.parametrize("going_on", [True, False])
def test_a_photo_caught_with_two_names_by_a_death_ends_with_one(
    tmp_path: Path, photos: list[Path], monkeypatch: pytest.MonkeyPatch, going_on: bool
) -> None:
    """Where no call renames without replacing, a file is linked to its new name, then unlinked."""

    def die(source: str, target: str) -> None:
        os.link(source, target)
        raise KeyboardInterrupt

    folder = str(tmp_path / "decide")
    plan = staging(tmp_path / "decide", *photos)
    monkeypatch.setattr(kernel, "_rename_without_replacing", die)
    with pytest.raises(KeyboardInterrupt), journal.opened(folder) as opened:
        opened.perform([plan])
    monkeypatch.undo()
    assert photos[0].stat().st_nlink == 2
    if not going_on:
        photos[1].unlink()
    with journal.opened(folder) as opened:
        [receipt] = opened.recover()
    assert receipt.done is going_on
    found = {path.name: path for path in tmp_path.rglob("*.jpg")}
    assert found["a.jpg"].stat().st_nlink == 1
    assert found["a.jpg"].parent.name == ("group_0001_sha_0123456789" if going_on else "photos")


def test_a_folder_under_two_spellings_never_loses_the_one_file(
    tmp_path: Path, photos: list[Path]
) -> None:
    status = KERNEL.status(str(photos[0]))
    assert status is not None
    alias = f"{photos[0].parent}/./a.jpg"
    act = Act(ActKind.STAGE, alias, str(photos[0]), status.identity)
    with journal.opened(str(tmp_path / "decide")) as opened:
        [receipt] = opened.perform([Plan("stage", "run/group_0001_sha_0123456789", ((act,),))])
    assert not receipt.done
    assert photos[0].read_bytes() == b"a.jpg"
    assert sorted(os.listdir(photos[0].parent)) == ["a.jpg", "b.jpg", "c.jpg"]


def test_a_text_of_ours_that_cannot_go_does_not_undo_a_settled_group(
    tmp_path: Path, photos: list[Path]
) -> None:
    class Sticky(RealKernel):
        def remove(self, path: str) -> None:
            raise PermissionError(13, "Permission denied", path)

    os.mkdir(tmp_path / "decide")
    opened = journal.Journal(str(tmp_path / "decide"), Sticky())
    opened.perform([staging(tmp_path / "decide", *photos)])
    group = tmp_path / "decide" / "group_0001_sha_0123456789"
    tidy = (
        Act(ActKind.REMOVE_TEXT, str(group / "_manifest.tsv")),
        Act(ActKind.REMOVE_FOLDER, str(group)),
    )
    [receipt] = opened.perform([Plan("settle", "run/group_0001_sha_0123456789", (tidy,))])
    assert receipt.done
    assert str(group / "_manifest.tsv") in receipt.leftovers
    assert not opened.close()


def test_a_decision_folder_whose_journal_cannot_go_stays_whole(tmp_path: Path) -> None:
    class Sticky(RealKernel):
        def remove(self, path: str) -> None:
            raise PermissionError(13, "Permission denied", path)

    os.mkdir(tmp_path / "decide")
    opened = journal.Journal(str(tmp_path / "decide"), Sticky())
    opened.begin("/photos")
    assert not opened.close()
    assert (tmp_path / "decide" / journal.JOURNAL_NAME).exists()


def test_a_half_written_preference_does_not_keep_the_decision_folder(tmp_path: Path) -> None:
    with journal.opened(str(tmp_path / "decide")) as opened:
        (tmp_path / "decide" / ".preferences.json.new").write_text("{")
        assert opened.close()
    assert os.listdir(tmp_path) == []


def test_a_text_that_cannot_go_is_told_when_a_group_is_taken_back(
    tmp_path: Path, photos: list[Path]
) -> None:
    class Sticky(RealKernel):
        def remove(self, path: str) -> None:
            raise PermissionError(13, "Permission denied", path)

    plan = staging(tmp_path / "decide", *photos)
    os.remove(photos[0])
    os.mkdir(tmp_path / "decide")
    [receipt] = journal.Journal(str(tmp_path / "decide"), Sticky()).perform([plan])
    assert "_manifest.tsv cannot be removed" in receipt.reason


def test_the_decision_folder_may_be_renamed_and_its_journal_still_fits(
    tmp_path: Path, photos: list[Path]
) -> None:
    with journal.opened(str(tmp_path / "decide")) as opened:
        opened.perform([staging(tmp_path / "decide", *photos)])
    os.rename(tmp_path / "decide", tmp_path / "renamed")
    history = journal.peek(str(tmp_path / "renamed"))
    [group] = history.groups.values()
    assert all(os.path.exists(act.target) for act in group.stage.acts(ActKind.STAGE))


def test_looking_at_a_journal_changes_nothing(tmp_path: Path, photos: list[Path]) -> None:
    with journal.opened(str(tmp_path / "decide")) as opened:
        opened.perform([staging(tmp_path / "decide", *photos)])
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    journal.peek(str(tmp_path / "decide"))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_journal_that_cannot_be_written_stops_before_anything_moves(
    tmp_path: Path, photos: list[Path]
) -> None:
    class Full(RealKernel):
        def append(self, path: str, data: bytes) -> None:
            raise OSError(28, "No space left on device", path)

    os.mkdir(tmp_path / "decide")
    opened = journal.Journal(str(tmp_path / "decide"), Full())
    with pytest.raises(OSError, match="No space left"):
        opened.perform([staging(tmp_path / "decide", *photos)])
    assert all(path.exists() for path in photos)


def test_hundreds_of_groups_are_staged_in_batches_and_each_is_told(tmp_path: Path) -> None:
    plans = []
    for number in range(130):
        pair = [tmp_path / f"{number}-{side}.jpg" for side in "ab"]
        for path in pair:
            path.write_bytes(b"x")
        plan = staging(tmp_path / "decide" / str(number), *pair)
        plans.append(Plan("stage", f"run/{number}", plan.phases))
    told: list[Receipt] = []
    with journal.opened(str(tmp_path / "decide")) as opened:
        opened.perform(plans, told.append)
    assert [receipt.plan.subject for receipt in told] == [f"run/{n}" for n in range(130)]
    assert all(receipt.done for receipt in told)


def test_new_files_are_written_with_their_folders_and_never_over_others(tmp_path: Path) -> None:
    path = str(tmp_path / "new" / "deep" / "a.jpg")
    journal.write_new(path, b"photo")
    with pytest.raises(FileExistsError):
        journal.write_new(path, b"other")
    assert Path(path).read_bytes() == b"photo"


def test_a_new_file_whose_folder_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(RefusedError, match="cannot be made"):
        journal.write_new(str(tmp_path / "file" / "deep" / "a.jpg"), b"photo")


@pytest.mark.parametrize(("groups", "acts"), [(2, 1000), (256, 5)])
def test_many_plans_are_carried_out_in_batches_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, groups: int, acts: int
) -> None:
    monkeypatch.setattr(journal, "_STAGED_TOGETHER", (groups, acts))
    plans = []
    for number in range(5):
        source = tmp_path / f"{number}.jpg"
        source.write_bytes(b"photo")
        one = staging(tmp_path / "decide" / str(number), source)
        plans.append(Plan(one.purpose, f"run/{number}", one.phases))
    with journal.opened(str(tmp_path / "decide")) as opened:
        receipts = opened.perform(plans)
        assert opened.perform([]) == []
    assert [receipt.plan.subject for receipt in receipts] == [f"run/{n}" for n in range(5)]
    assert all(receipt.done for receipt in receipts)
