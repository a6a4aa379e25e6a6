"""Sidecars on real files: written with the group, never over anything, and gone with the undo."""

import hashlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

import reviewing
from crash.cutting import cuts
from reviewing import Run
from same_image_locator import journal
from same_image_locator.errors import RefusedError
from same_image_locator.events import ignore
from same_image_locator.journal import acts, sidecars
from same_image_locator.journal.kernel import Kernel, RealKernel
from same_image_locator.journal.rehearsal import Rehearsal
from same_image_locator.plans import Act, ActKind, Decision, Plan, Sidecar
from same_image_locator.verify import prove

_TEXT = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>sch\u00f6n</x:xmpmeta>\n"


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Two copies of a photo, staged."""
    photos = reviewing.library(tmp_path / "photos", {"a/one.jpg": 1, "b/one.jpg": 1})
    with reviewing.staged(photos) as started:
        yield started


def decision(run: Run) -> Decision:
    [group] = run.groups
    kept = group.entries[0].name
    return Decision(group.subject, frozenset({kept}), sidecars=(Sidecar(kept, _TEXT),))


def written(run: Run) -> dict[str, bytes]:
    found = reviewing.tree(run.root.parent)
    return {path: data for path, data in found.items() if path.endswith(".xmp")}


def test_a_sidecar_is_written_with_the_group_and_removed_by_its_undo(run: Run) -> None:
    before = reviewing.tree(run.root)
    chosen = decision(run)
    [new] = run.session.preview(chosen).sidecars
    assert (new.path, new.why_not) == (str(run.root / "a/one.jpg.xmp"), "")
    outcome = run.session.settle(chosen)
    assert outcome.sidecars == (new.path,)
    assert written(run) == {"photos/a/one.jpg.xmp": _TEXT.encode()}
    assert reviewing.tree(run.root).keys() - before.keys() == {"a/one.jpg.xmp", "a/one.jpg"}
    undone = run.session.undo_subject(chosen.subject)
    assert (undone.problems, undone.sidecars) == ((), (new.path,))
    assert not written(run)
    assert not run.session.undoable()


def test_a_sidecar_that_was_changed_since_is_theirs_and_stays_and_that_is_said(run: Run) -> None:
    chosen = decision(run)
    [path] = map(Path, run.session.settle(chosen).sidecars)
    path.write_bytes(_TEXT.encode().replace(b"x", b"y"))  # as long as before
    [problem] = run.session.undo_subject(chosen.subject).problems
    assert problem == f"{path} was changed since it was written, so it stays"
    assert path.read_bytes() == _TEXT.encode().replace(b"x", b"y")
    assert (run.root / "b/one.jpg").exists(), "the photo is home all the same"
    assert not run.session.undoable()


def test_a_sidecar_that_is_gone_is_no_trouble(run: Run) -> None:
    chosen = decision(run)
    [path] = map(Path, run.session.settle(chosen).sidecars)
    path.unlink()
    assert run.session.undo_subject(chosen.subject).problems == ()


def test_an_undo_that_could_not_remove_a_sidecar_can_be_asked_for_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = decision(run)
    [path] = map(Path, run.session.settle(chosen).sidecars)

    def fails(_self: RealKernel, _path: str) -> str:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(RealKernel, "sha256", fails)
        with pytest.raises(RefusedError, match="cannot be read: Permission denied"):
            run.session.undo_subject(chosen.subject)
    assert path.exists()
    assert not run.session.close(), "only the journal knows whose it is"
    assert [group.subject for group in run.session.undoable()] == [chosen.subject]
    assert run.session.undo_subject(chosen.subject).sidecars == (str(path),)
    assert not path.exists()
    assert run.session.close()


@pytest.mark.parametrize("name", ["one.jpg.xmp", "ONE.XMP", "one.jpg.XMP"])
def test_a_sidecar_that_is_there_is_named_and_nothing_is_written_over_it(
    run: Run, name: str
) -> None:
    theirs = run.root / "a" / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_bytes(b"theirs")
    [new] = run.session.preview(decision(run)).sidecars
    assert new.why_not == f"{name} is there already, and stays as it is"
    before = reviewing.tree(run.folder)
    if name == "one.jpg.xmp":
        with pytest.raises(RefusedError, match=r"is there already, so no metadata is written$"):
            run.session.settle(decision(run))
        after = reviewing.tree(run.folder)
        photos = {path for path in before if path.endswith(".jpg")}
        assert photos <= after.keys(), "the group waits as before"
        assert written(run) == {"photos/a/one.jpg.xmp": b"theirs"}


def test_the_sidecar_of_a_photo_that_comes_home_beside_its_old_name_lies_there(run: Run) -> None:
    (run.root / "a").mkdir(exist_ok=True)
    (run.root / "a/one.jpg").write_bytes(b"newer")
    chosen = decision(run)
    [new] = run.session.preview(chosen).sidecars
    assert run.session.settle(chosen).sidecars == (new.path,)
    assert written(run) == {"photos/a/one (kept).jpg.xmp": _TEXT.encode()}
    run.session.undo_subject(chosen.subject)
    assert not written(run)


def test_a_companion_of_the_kept_photo_tells_already(tmp_path: Path) -> None:
    photos = reviewing.library(tmp_path / "photos", {"a/one.jpg": 1, "b/one.jpg": 1})
    (photos / "a/one_01.jpg.xmp").write_bytes(b"darktable's")
    with reviewing.staged(photos) as run:
        [new] = run.session.preview(decision(run)).sidecars
        assert new.why_not == "one_01.jpg.xmp is there already, and stays as it is"


def test_a_name_that_would_be_too_long_is_said_before(tmp_path: Path) -> None:
    name = "n" * 250 + ".jpg"
    photos = reviewing.library(tmp_path / "photos", {f"a/{name}": 1, f"b/{name}": 1})
    with reviewing.staged(photos) as run:
        [new] = run.session.preview(decision(run)).sidecars
        assert new.why_not == "its name would be too long"


def test_nothing_is_written_where_nothing_goes_or_the_file_is_not_kept(run: Run) -> None:
    [group] = run.groups
    first, second = (entry.name for entry in group.entries)
    chosen = Decision(group.subject, frozenset({second}), sidecars=(Sidecar(first, _TEXT),))
    assert run.session.preview(chosen).sidecars == ()
    both = Decision(group.subject, frozenset({first, second}), sidecars=(Sidecar(first, _TEXT),))
    assert run.session.settle(both).sidecars == ()
    assert not written(run)


def test_a_full_disk_takes_the_group_back_and_leaves_no_half_sidecar(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: RealKernel, path: str, _data: bytes) -> None:
        raise OSError(28, "No space left on device", path)

    with monkeypatch.context() as patched:
        patched.setattr(RealKernel, "replace", full)
        with pytest.raises(RefusedError, match="No space left"):
            run.session.settle(decision(run))
    assert not written(run)
    assert run.session.settle(decision(run)).sidecars


def test_what_cannot_be_taken_back_is_said_and_a_changed_sidecar_stays(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rejects do not leave after all, and somebody has opened the new sidecar meanwhile."""
    move: Callable[[RealKernel, str, str], None] = RealKernel.move
    path = run.root / "a/one.jpg.xmp"

    def stuck(self: RealKernel, source: str, target: str) -> None:
        if journal.ASIDE_NAME in target:
            path.write_bytes(b"theirs")
            raise PermissionError(13, "Permission denied")
        move(self, source, target)

    with monkeypatch.context() as patched:
        patched.setattr(RealKernel, "move", stuck)
        with pytest.raises(RefusedError, match="was changed since it was written, so it stays"):
            run.session.settle(decision(run))
    assert path.read_bytes() == b"theirs"
    assert len(list(run.folder.glob("group_*/*.jpg"))) == 2


def test_a_run_that_dies_anywhere_ends_with_one_whole_sidecar_or_none(tmp_path: Path) -> None:
    names = {"a/one.jpg": 1, "b/one.jpg": 1}
    for at in range(1, 99, 4):
        room = tmp_path / str(at)
        with reviewing.staged(reviewing.library(room / "photos", names)) as run:
            chosen = decision(run)
            if not cuts(partial(run.session.settle, chosen), at):
                assert at > 10
                return
        with journal.opened(str(room / "decisions")) as again:
            again.recover()
        path = room / "photos/a/one.jpg.xmp"
        settled = (room / "photos/a/one.jpg").exists()
        assert path.exists() == settled, f"cut {at}"
        if settled:
            assert path.read_bytes() == _TEXT.encode(), f"cut {at}"
        assert not list(room.glob("decisions/group_*/_new_sidecar_*")) or not settled, f"cut {at}"
    raise AssertionError("it never came to its end")


def test_a_sidecar_that_a_later_run_took_along_and_an_undo_removed_is_no_loss(
    tmp_path: Path,
) -> None:
    photos = reviewing.library(tmp_path / "photos", {"a/one.jpg": 1, "b/one.jpg": 1})
    with reviewing.staged(photos) as first:
        chosen = decision(first)
        [path] = map(Path, first.session.settle(chosen).sidecars)
    reviewing.library(photos, {"c/one.jpg": 1})
    with reviewing.staged(photos) as second:
        assert not path.exists(), "it goes with its photo"
        [waiting] = [g for g in second.session.undoable() if g.subject != chosen.subject]
        second.session.undo([waiting])
        assert path.exists()
        assert second.session.undo_subject(chosen.subject).sidecars == (str(path),)
        proof = prove(lambda: journal.chronicle(str(second.folder)), journal.DISK, ignore)
    assert not proof.lost
    assert [t.end for c in proof.contents for t in c.traces if c.state == "ended"] == ["undo"]


def act(tmp_path: Path) -> Act:
    sha = hashlib.sha256(_TEXT.encode()).hexdigest()
    target, source = str(tmp_path / "a.jpg.xmp"), str(tmp_path / "_new_sidecar_a")
    return Act(ActKind.WRITE_SIDECAR, target, source, sha256=sha, text=_TEXT)


@pytest.mark.parametrize("rehearsed", [False, True])
def test_the_acts_may_be_repeated(tmp_path: Path, rehearsed: bool) -> None:
    kernel: Kernel = Rehearsal(RealKernel()) if rehearsed else RealKernel()
    new = act(tmp_path)
    sidecars.write(kernel, new, new.target)
    # A run that died in a rename by link and unlink has left both names.
    kernel.create(new.source, _TEXT.encode())
    sidecars.write(kernel, new, new.target)
    assert kernel.status(new.source) is None
    assert kernel.read(new.target) == _TEXT.encode()
    assert sidecars.remove(kernel, new.target, new.sha256)
    assert not sidecars.remove(kernel, new.target, new.sha256)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_or_a_link_in_the_place_of_a_sidecar_stays(tmp_path: Path) -> None:
    new = act(tmp_path)
    os.symlink("nowhere", new.target)
    for call in (
        lambda: sidecars.write(RealKernel(), new, new.target),
        lambda: sidecars.remove(RealKernel(), new.target, new.sha256),
    ):
        with pytest.raises(acts.ActRefusedError):
            call()
    assert os.readlink(new.target) == "nowhere"


def test_only_a_settle_writes_a_sidecar_and_only_an_undo_removes_one() -> None:
    new, end = Act(ActKind.WRITE_SIDECAR, "/t", "/s"), Act(ActKind.REMOVE_SIDECAR, "/t")
    for purpose, step in (("undo", new), ("stage", new), ("settle", end), ("purge", end)):
        with pytest.raises(ValueError, match="sidecar"):
            Plan(purpose, "x", ((step,),))  # type: ignore[arg-type] # each of them is a purpose
