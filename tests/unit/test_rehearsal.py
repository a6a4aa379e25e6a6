"""A rehearsal answers as the real file system would after the same calls, and changes nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from same_image_locator import journal
from same_image_locator.events import ignore
from same_image_locator.journal.kernel import Kernel, RealKernel
from same_image_locator.journal.rehearsal import Rehearsal
from same_image_locator.model import Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision
from same_image_locator.session import Session

REAL = RealKernel()


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """Two files and a folder."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "a").write_bytes(b"aaaa")
    (tmp_path / "b").write_bytes(b"bb")
    return tmp_path


def everything(room: Path) -> dict[str, object]:
    """Return all that can be seen of a tree, times included."""
    return {
        str(path): (path.stat().st_mtime_ns, path.is_file() and path.read_bytes())
        for path in [room, *sorted(room.rglob("*"))]
    }


def moves_about(kernel: Kernel, room: Path) -> None:
    kernel.make_folder(str(room / "new"))
    kernel.move(str(room / "a"), str(room / "new/a"))
    kernel.link(str(room / "b"), str(room / "b too"))
    kernel.copy(str(room / "b"), str(room / "folder/copy"))
    kernel.forget_cached(str(room / "folder/copy"))
    kernel.create(str(room / "new/text"), b"one")
    kernel.append(str(room / "new/text"), b" two")
    kernel.sync_file(str(room / "new/text"))
    kernel.truncate(str(room / "new/text"), 5)
    kernel.append(str(room / "b"), b"more")
    kernel.make_folder(str(room / "short"))
    kernel.sync_folder(str(room))
    kernel.remove_folder(str(room / "short"))
    kernel.create(str(room / "gone"), b"")
    kernel.remove(str(room / "gone"))
    kernel.replace(str(room / "state"), b"whole")
    kernel.replace(str(room / "state"), b"anew")


def seen(kernel: Kernel, room: Path) -> dict[str, object]:
    """Return what a kernel tells of a tree."""
    found: dict[str, object] = {}
    folders = [str(room)]
    while folders:
        folder = folders.pop()
        for name in kernel.names(folder):
            path = os.path.join(folder, name)
            status = kernel.status(path)
            assert status is not None
            if status.kind == "folder":
                folders.append(path)
                found[path] = "folder"
            else:
                found[path] = (status.identity.size, kernel.read(path))
    return found


def test_it_tells_what_the_real_one_would_hold_and_changes_nothing(tmp_path: Path) -> None:
    for side in ("real", "rehearsed"):
        (tmp_path / side / "folder").mkdir(parents=True)
        (tmp_path / side / "a").write_bytes(b"aaaa")
        (tmp_path / side / "b").write_bytes(b"bb")
    before = everything(tmp_path / "rehearsed")
    rehearsal = Rehearsal(REAL)
    moves_about(rehearsal, tmp_path / "rehearsed")
    moves_about(REAL, tmp_path / "real")
    told = {
        path.replace("/rehearsed", "/real"): what
        for path, what in seen(rehearsal, tmp_path / "rehearsed").items()
    }
    really = seen(REAL, tmp_path / "real")
    # Only a second name that grows with the first is more than a rehearsal needs to know.
    assert told.pop(str(tmp_path / "real/b too")) == (2, b"bb")
    assert really.pop(str(tmp_path / "real/b too")) == (6, b"bbmore")
    assert told == really
    assert everything(tmp_path / "rehearsed") == before


def test_a_moved_photo_is_the_same_file_and_read_where_it_lies(room: Path) -> None:
    rehearsal = Rehearsal(REAL)
    was = rehearsal.status(str(room / "a"))
    rehearsal.copy(str(room / "a"), str(room / "copy"))
    rehearsal.move(str(room / "a"), str(room / "folder/a"))
    assert rehearsal.status(str(room / "folder/a")) == was
    assert rehearsal.status(str(room / "a")) is None
    assert rehearsal.sha256(str(room / "folder/a")) == REAL.sha256(str(room / "a"))
    assert not rehearsal.same_bytes(str(room / "folder/a"), str(room / "b"))


def test_a_move_onto_a_second_name_of_the_same_file_drops_the_first(room: Path) -> None:
    os.link(room / "a", room / "a too")
    rehearsal = Rehearsal(REAL)
    for kernel in (rehearsal, REAL):
        kernel.move(str(room / "a"), str(room / "a too"))
        assert kernel.names(str(room)) == ["a too", "b", "folder"]


REFUSED: dict[str, Callable[[Kernel, str, str], None]] = {
    "move": lambda kernel, a, b: kernel.move(a, b),
    "create": lambda kernel, _, b: kernel.create(b, b""),
    "link": lambda kernel, a, b: kernel.link(a, b),
    "copy": lambda kernel, a, b: kernel.copy(a, b),
    "make_folder": lambda kernel, _, b: kernel.make_folder(b),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED.keys())
def test_nothing_is_replaced_and_nothing_comes_from_nowhere(
    room: Path, call: Callable[[Kernel, str, str], None]
) -> None:
    for kernel in (REAL, Rehearsal(REAL)):
        with pytest.raises(FileExistsError):
            call(kernel, str(room / "a"), str(room / "b"))
    rehearsal = Rehearsal(REAL)
    rehearsal.remove(str(room / "a"))
    with pytest.raises(FileNotFoundError):
        rehearsal.move(str(room / "a"), str(room / "c"))
    assert (room / "a").read_bytes() == b"aaaa"


def test_the_room_on_the_drive_of_a_folder_that_would_be_made_is_known(room: Path) -> None:
    assert Rehearsal(REAL).free_bytes(str(room / "not/yet")) > 0


def test_the_trash_would_hold_what_is_given_to_it(room: Path) -> None:
    rehearsal = Rehearsal(REAL)
    status = rehearsal.status(str(room / "a"))
    assert status is not None
    assert not rehearsal.trashed(str(room / "a"), status.identity)
    rehearsal.trash(str(room / "a"))
    rehearsal.trash(str(room / "a"))
    assert rehearsal.trashed(str(room / "a"), status.identity)
    assert rehearsal.status(str(room / "a")) is None
    assert (room / "a").exists()


def test_a_rehearsed_undo_tells_what_the_real_one_then_does(tmp_path: Path) -> None:
    photos, decide = tmp_path / "photos", tmp_path / "decide"
    for name in ("x/a.jpg", "y/a.jpg", "z/a.jpg", "x/b.jpg", "y/b.jpg"):
        (photos / name).parent.mkdir(parents=True, exist_ok=True)
        (photos / name).write_bytes(name[2:].encode())
    found = find(Settings(str(photos), Method("exact"), str(decide)), ignore)
    with journal.opened(str(decide)) as opened:
        session = Session(opened, str(photos), ignore)
        first, _ = session.stage(found.groups)
        session.settle(Decision(first.subject, frozenset({first.entries[0].name})))
    (photos / "y/a.jpg").write_bytes(b"taken")
    (photos / "x/b.jpg").write_bytes(b"taken too")
    before = everything(tmp_path)
    rehearsal = Session(journal.rehearsed(str(decide)), str(photos), ignore)
    told = rehearsal.undo(rehearsal.undoable())
    assert rehearsal.close()
    assert everything(tmp_path) == before
    with journal.opened(str(decide)) as opened:
        session = Session(opened, str(photos), ignore)
        done = session.undo(session.undoable())
    assert [r.homes for r in told] == [r.homes for r in done]
    homes = {home for receipt in told for _, home in receipt.homes}
    assert {str(photos / "y/a (restored).jpg"), str(photos / "x/b (restored).jpg")} < homes
