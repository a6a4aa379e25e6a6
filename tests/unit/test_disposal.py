"""Rejects that go to the trash or end at once: only while a kept copy is proven, else they stay."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from same_image_locator import journal
from same_image_locator.events import ignore
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.model import Disposal, Identity, Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision
from same_image_locator.review import Outcome
from same_image_locator.session import Session


class Trash(RealKernel):
    """A real disk with a trash of the test's own, which can be out of order."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.works = folder, True
        folder.mkdir()

    def trash(self, path: str) -> None:
        if self.works:
            os.rename(path, self.folder / os.path.basename(path))
        else:
            os.remove(path)

    def trashed(self, path: str, identity: Identity) -> bool:
        try:
            return (self.folder / os.path.basename(path)).stat().st_ino == identity.inode
        except FileNotFoundError:
            return False


@pytest.fixture
def can(tmp_path: Path) -> Trash:
    return Trash(tmp_path / "trash")


Settle = Callable[[Disposal], tuple[Session, Outcome]]


@pytest.fixture
def settle(tmp_path: Path, can: Trash) -> Settle:
    """Return a function that stages one group, keeps its first file, and settles it."""
    for name in ("a/one.jpg", "b/uno.jpg", "b/uno.xmp"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"note" if name.endswith("xmp") else b"one")

    def run(rejects: Disposal) -> tuple[Session, Outcome]:
        decide = tmp_path / "decide"
        decide.mkdir()
        photos = str(tmp_path / "photos")
        opened = journal.Journal(str(decide), can)
        session = Session(opened, photos, ignore, rejects=rejects)
        settings = Settings(photos, Method("exact"), str(decide))
        [group] = session.stage(find(settings, ignore).groups)
        return session, session.settle(Decision(group.subject, frozenset({"001_one.jpg"})))

    return run


def names(tmp_path: Path) -> list[str]:
    photos = tmp_path / "photos"
    return sorted(str(path.relative_to(photos)) for path in photos.rglob("*") if path.is_file())


def test_rejects_are_set_aside_when_nothing_else_was_chosen(tmp_path: Path, settle: Settle) -> None:
    session, outcome = settle("quarantine")
    assert outcome.disposal == "quarantine"
    assert session.standing.aside_files == 2


def test_the_trash_gets_rejects_under_their_own_names(
    tmp_path: Path, settle: Settle, can: Trash
) -> None:
    session, outcome = settle("trash")
    assert (outcome.disposal, outcome.problems) == ("trash", ())
    assert sorted(os.listdir(can.folder)) == ["uno.jpg", "uno.xmp"]
    assert names(tmp_path) == ["a/one.jpg"]
    assert session.standing.aside_files == 0
    assert session.close()


def test_a_trash_that_loses_files_gets_none(tmp_path: Path, settle: Settle, can: Trash) -> None:
    can.works = False
    session, outcome = settle("trash")
    assert outcome.disposal == "quarantine"
    assert "the trash did not take it, so it stays set aside" in outcome.problems[0]
    assert session.standing.aside_files == 2
    session.undo(session.undoable())
    assert names(tmp_path) == ["a/one.jpg", "b/uno.jpg", "b/uno.xmp"]


def test_a_name_taken_meanwhile_is_left_and_the_reject_goes_under_another(
    tmp_path: Path, settle: Settle, can: Trash, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = tmp_path / "photos/b/uno.jpg"
    link = can.link

    def race(source: str, target: str) -> None:
        if target == str(taking):
            taking.write_bytes(b"newer")
        link(source, target)

    monkeypatch.setattr(can, "link", race)
    _, outcome = settle("trash")
    assert outcome.disposal == "trash"
    assert taking.read_bytes() == b"newer"
    assert "uno (restored).jpg" in os.listdir(can.folder)


def test_delete_ends_the_rejects_and_counts_what_it_freed(tmp_path: Path, settle: Settle) -> None:
    session, outcome = settle("delete")
    assert outcome.disposal == "delete"
    assert session.freed_bytes == len(b"one") + len(b"note")
    assert names(tmp_path) == ["a/one.jpg"]
    assert session.close()


def test_nothing_is_deleted_when_the_kept_file_is_no_longer_whole(
    tmp_path: Path, settle: Settle, can: Trash, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "photos/a/one.jpg"
    sha256 = can.sha256

    def spoilt(path: str) -> str:
        # The drive loses the kept file's bytes after the group was settled.
        aside = list((tmp_path / "decide").glob(".set-aside/*/*/002_uno.jpg"))
        if path == str(kept) and aside:
            kept.write_bytes(b"ONE")
        return sha256(path)

    monkeypatch.setattr(can, "sha256", spoilt)
    session, outcome = settle("delete")
    assert outcome.disposal == "quarantine"
    assert "no longer holds the bytes" in outcome.problems[0]
    assert session.standing.aside_files == 2
