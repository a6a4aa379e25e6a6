"""A decision folder on another drive: copies to look at, the photos held on their own drive."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.stories import another_drive
from same_image_locator import hold, journal
from same_image_locator.errors import RefusedError
from same_image_locator.events import ignore
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.model import Method, Settings
from same_image_locator.pipeline import find, located
from same_image_locator.plans import Decision, Staged
from same_image_locator.session import Session


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A library of two copies, one of them with a companion, and one photo of its own."""
    for name, content in {
        "a/one.jpg": b"one",
        "a/one.xmp": b"settings",
        "b/uno.jpg": b"one",
        "c.jpg": b"alone",
    }.items():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(1_500_000_000_123_456_789, 1_500_000_000_123_456_789))
    return tmp_path / "photos"


@pytest.fixture
def decide(tmp_path: Path) -> Iterator[Path]:
    """A decision folder on another drive."""
    other = another_drive(tmp_path)
    if other is None:
        if os.environ.get("CI"):
            pytest.fail("a second drive is needed, such as /dev/shm")
        pytest.skip("there is no second drive to write to")
    folder = other / f"sil-test-{os.getpid()}-{tmp_path.name}"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def tree(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    return {
        str(path.relative_to(folder)): (
            path.read_bytes(),
            path.stat().st_mtime_ns,
            path.stat().st_ino,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def opened(home: Path, decide: Path, journaled: journal.Journal) -> Session:
    return Session(journaled, str(home), ignore, hold=str(home / journal.HOLD_NAME))


def stage(home: Path, decide: Path, session: Session) -> Staged:
    settings = Settings(str(home), Method("exact"), str(decide))
    [group] = session.stage(find(settings, ignore).groups)
    return group


def test_another_drive_is_refused_until_copies_are_allowed(home: Path, decide: Path) -> None:
    settings = Settings(str(home), Method("exact"), str(decide))
    with pytest.raises(RefusedError, match="--allow-copy"):
        located(settings)
    allowed = Settings(str(home), Method("exact"), str(decide), allow_copy=True)
    assert located(allowed).decision_folder == str(decide)


def test_copies_are_shown_and_the_photos_themselves_stay_on_their_drive(
    home: Path, decide: Path
) -> None:
    before = tree(home)
    with journal.opened(str(decide)) as journaled:
        group = stage(home, decide, opened(home, decide, journaled))
    names = ["001_one.jpg", "001_one.xmp", "002_uno.jpg"]
    shown = {name: (Path(group.folder) / name).read_bytes() for name in names}
    assert shown == {"001_one.jpg": b"one", "001_one.xmp": b"settings", "002_uno.jpg": b"one"}
    held = tree(Path(group.held))
    assert [held[name] for name in names] == [
        before[n] for n in ("a/one.jpg", "a/one.xmp", "b/uno.jpg")
    ]
    assert "_manifest.tsv" in held, "a person can bring the photos home without the other drive"
    assert sorted(os.listdir(home / "a")) == sorted(os.listdir(home / "b")) == []


def test_the_kept_photo_comes_home_as_itself_and_the_copies_go(home: Path, decide: Path) -> None:
    before = tree(home)
    with journal.opened(str(decide)) as journaled:
        session = opened(home, decide, journaled)
        group = stage(home, decide, session)
        session.settle(Decision(group.subject, frozenset({"001_one.jpg"})))
        assert not os.path.exists(group.folder)
        after = tree(home)
        aside = after.pop(f".sil-hold/.set-aside/{group.subject}/002_uno.jpg")
        assert aside == before["b/uno.jpg"]
        assert after.pop(f".sil-hold/.set-aside/{group.subject}/_manifest.tsv")[0].endswith(
            b"\t" + os.fsencode(home / "b/uno.jpg") + b"\n"
        )
        assert after == {name: before[name] for name in ("a/one.jpg", "a/one.xmp", "c.jpg")}
        assert not session.close(), "a reject is still held, and only this journal knows it"
        session.undo(session.undoable())
        assert session.close()
    assert tree(home) == before
    assert not decide.exists()


def test_a_purge_ends_what_is_held_aside(home: Path, decide: Path) -> None:
    with journal.opened(str(decide)) as journaled:
        session = opened(home, decide, journaled)
        group = stage(home, decide, session)
        session.settle(Decision(group.subject, frozenset({"001_one.jpg"})))
        assert session.free_space() == 3
        assert session.close()
    assert sorted(tree(home)) == ["a/one.jpg", "a/one.xmp", "c.jpg"]


def test_an_undo_brings_the_photos_home_and_leaves_a_copy_that_was_edited(
    home: Path, decide: Path
) -> None:
    before = tree(home)
    with journal.opened(str(decide)) as journaled:
        session = opened(home, decide, journaled)
        group = stage(home, decide, session)
        edited = Path(group.folder) / "002_uno.jpg"
        edited.write_bytes(b"retouched there")
        [receipt] = session.undo(session.undoable())
        assert str(edited) in receipt.leftovers
    assert tree(home) == before
    assert edited.read_bytes() == b"retouched there"


def test_no_room_for_the_copies_is_told_before_the_first_byte(
    home: Path, decide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(home)
    monkeypatch.setattr(hold, "_SPARE_BYTES", 1 << 60)
    with journal.opened(str(decide)) as journaled:
        session = opened(home, decide, journaled)
        with pytest.raises(RefusedError, match="has room for"):
            stage(home, decide, session)
        assert session.close()
    assert tree(home) == before


def test_a_missing_drive_is_not_taken_for_deleted_photos(
    home: Path, decide: Path, tmp_path: Path
) -> None:
    before = tree(home)
    with journal.opened(str(decide)) as journaled:
        stage(home, decide, opened(home, decide, journaled))
    home.rename(tmp_path / "unplugged")
    home.mkdir()
    with (
        journal.opened(str(decide)) as journaled,
        pytest.raises(RefusedError, match="Connect the drive"),
    ):
        opened(home, decide, journaled).recover()
    home.rmdir()
    (tmp_path / "unplugged").rename(home)
    with journal.opened(str(decide)) as journaled:
        session = opened(home, decide, journaled)
        session.recover()
        session.undo(session.undoable())
        session.close()
    assert tree(home) == before


def test_without_the_other_drive_the_hold_itself_can_be_undone(home: Path, decide: Path) -> None:
    before = tree(home)
    with journal.opened(str(decide)) as journaled:
        stage(home, decide, opened(home, decide, journaled))
    shutil.rmtree(decide)
    with journal.opened(str(home / journal.HOLD_NAME)) as journaled:
        session = Session(journaled, str(home), ignore)
        session.resume()
        session.undo(session.undoable())
        assert session.close()
    assert tree(home) == before


def test_a_group_whose_photo_changed_while_it_was_copied_is_taken_back(
    home: Path, decide: Path
) -> None:
    class Foreign(RealKernel):
        def copy(self, source: str, target: str) -> None:
            super().copy(source, target)
            (home / "b/uno.jpg").write_bytes(b"retouched")

    decide.mkdir()
    journaled = journal.Journal(str(decide), Foreign())
    session = opened(home, decide, journaled)
    settings = Settings(str(home), Method("exact"), str(decide))
    assert session.stage(find(settings, ignore).groups) == []
    assert session.close()
    found = {name: content for name, (content, _, _) in tree(home).items()}
    assert found == {
        "a/one.jpg": b"one",
        "a/one.xmp": b"settings",
        "b/uno.jpg": b"retouched",
        "c.jpg": b"alone",
    }
