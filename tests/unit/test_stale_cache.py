"""The cache may be deceived about a file; no photo is lost by it."""

import os
from pathlib import Path

import pytest

import pictures
from same_image_locator import journal
from same_image_locator.errors import RefusedError
from same_image_locator.events import ignore
from same_image_locator.model import DISPOSALS, Disposal, Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision, Staged
from same_image_locator.session import Session


def settings(home: Path, mode: str) -> Settings:
    method = Method("exact") if mode == "exact" else Method("phash", 5)
    return Settings(str(home), method, str(home.parent / "decide"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two equal photos, scanned in both modes; then one was rewritten, and its time set back."""
    home = tmp_path / "photos"
    for name in ("a.jpg", "b.jpg"):
        pictures.photo(home / name, 1)
    for mode in ("exact", "phash"):
        find(settings(home, mode), ignore)
    path = home / "b.jpg"
    status = path.stat()
    with path.open("r+b") as file:
        file.write(b"the only one of its kind")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    return home


def contents(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def staged(session: Session, home: Path, mode: str) -> Staged:
    [group] = session.stage(find(settings(home, mode), ignore).groups)
    assert len(group.entries) == 2
    return group


@pytest.mark.parametrize("rejects", DISPOSALS)
@pytest.mark.parametrize("kept", [0, 1])
def test_a_stale_digest_shows_a_wrong_group_which_cannot_be_settled_by_losing_a_file(
    kept: int, rejects: Disposal, home: Path
) -> None:
    before = contents(home)
    assert len(before) == 2
    with journal.opened(str(home.parent / "decide")) as opened:
        session = Session(opened, str(home), ignore, rejects=rejects)
        group = staged(session, home, "exact")
        with pytest.raises(RefusedError):
            session.settle(Decision(group.subject, frozenset({group.entries[kept].name})))
        assert contents(home.parent) >= before
        session.undo_subject(group.subject)
    assert contents(home) == before


def test_a_stale_fingerprint_shows_a_wrong_group_and_what_is_not_kept_is_only_set_aside(
    home: Path,
) -> None:
    before = contents(home)
    with journal.opened(str(home.parent / "decide")) as opened:
        session = Session(opened, str(home), ignore)
        group = staged(session, home, "phash")
        assert len({entry.sha256 for entry in group.entries}) == 2  # read when it was staged
        session.settle(Decision(group.subject, frozenset({group.entries[0].name})))
        assert contents(home.parent) >= before
        session.undo_subject(group.subject)
    assert contents(home) == before
