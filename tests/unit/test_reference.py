"""Reference folders: their files are compared and kept, and never touched by anything."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import pictures
import reviewing
from crash.stories import another_drive
from mounting import bound, without
from same_image_locator import journal, verify
from same_image_locator.errors import RefusedError
from same_image_locator.events import ignore
from same_image_locator.model import Facts, Method, Mode, Scope, Settings
from same_image_locator.pipeline import find, located
from same_image_locator.plans import Decision, Staged
from same_image_locator.review import Review
from same_image_locator.review.refusals import NotAllowed
from same_image_locator.session import Session

# The archive holds one.jpg, which the inbox has twice, and two.jpg twice, which nobody else has.
LIBRARY = {
    "archive/one.jpg": 1,
    "archive/two.jpg": 2,
    "archive/two again.jpg": 2,
    "inbox/one.jpg": 1,
    "inbox/one copy.jpg": 1,
    "inbox/three.jpg": 3,
}


@pytest.fixture(params=["same drive", "another drive"])
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    if request.param == "same drive":
        yield reviewing.library(tmp_path / "photos", LIBRARY)
        return
    other = another_drive(tmp_path)
    if other is None:
        without("a second drive is needed, such as /dev/shm")
        raise AssertionError
    with tempfile.TemporaryDirectory(dir=other) as there:
        archive = tmp_path / "photos/archive"
        archive.mkdir(parents=True)
        with bound(Path(there), archive):
            yield reviewing.library(tmp_path / "photos", LIBRARY)


def settings_of(library: Path, mode: Mode = "exact") -> Settings:
    """Return what scans the inbox against the archive."""
    return located(
        Settings(
            str(library / "inbox"),
            Method(mode, 5 if mode == "phash" else 0),
            decision_folder=str(library.parent / "decide"),
            verify=True,
            scope=Scope(references=(str(library / "archive"),)),
        )
    )


@contextlib.contextmanager
def opened(library: Path) -> Iterator[Session]:
    settings = settings_of(library)
    with journal.opened(str(settings.decision_folder)) as hands:
        yield Session(hands, settings.root, ignore)


def staged(session: Session, library: Path, mode: Mode = "exact") -> Staged:
    [group] = session.stage(find(settings_of(library, mode), ignore).groups)
    return group


def names(group: Staged) -> list[tuple[str, bool]]:
    return [(os.path.basename(entry.origin), entry.protected) for entry in group.entries]


def only_the_reference(group: Staged) -> Decision:
    return Decision(group.subject, group.protected)


def archive(library: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in (library / "archive").iterdir()
    }


@pytest.mark.parametrize("mode", ["exact", "phash"])
def test_what_lies_in_a_reference_folder_is_in_its_group_and_stays_where_it_is(
    library: Path, mode: Mode
) -> None:
    before = archive(library)
    with opened(library) as session:
        group = staged(session, library, mode)
        assert names(group) == [("one.jpg", True), ("one copy.jpg", False), ("one.jpg", False)]
        assert sorted(os.listdir(group.folder))[:2] == ["002_one copy.jpg", "003_one.jpg"]
        assert group.path_of(group.entries[0]) == str(library / "archive/one.jpg")
        assert archive(library) == before
        manifest = Path(group.folder, "_manifest.tsv").read_text()
        assert "archive" not in manifest, "nothing there is to be brought anywhere"


def test_a_later_run_knows_the_group_as_it_was(library: Path) -> None:
    with opened(library) as session:
        group = staged(session, library)
    with opened(library) as session:
        assert session.resume() == [group]


def test_the_copies_go_while_the_reference_is_proven_and_undo_brings_them_back(
    library: Path,
) -> None:
    before = reviewing.tree(library)
    with opened(library) as session:
        group = staged(session, library)
        outcome = session.settle(only_the_reference(group))
        assert (outcome.kept, outcome.set_aside, outcome.homes) == (1, 2, ())
        assert set(reviewing.tree(library)) == {*before} - {"inbox/one.jpg", "inbox/one copy.jpg"}
        folder = str(library.parent / "decide")
        assert not verify.prove(lambda: journal.chronicle(folder), journal.DISK, ignore).lost
        session.undo_subject(group.subject)
    assert reviewing.tree(library) == before


def test_a_copy_may_be_kept_beside_the_reference(library: Path) -> None:
    with opened(library) as session:
        group = staged(session, library)
        session.settle(Decision(group.subject, group.protected | {group.entries[2].name}))
    assert {"archive/one.jpg", "inbox/one.jpg"} < set(reviewing.tree(library))


@pytest.mark.parametrize("same_look", [True, False])
def test_nothing_goes_while_the_reference_is_not_what_it_was(
    library: Path, same_look: bool
) -> None:
    with opened(library) as session:
        group = staged(session, library)
        reference = library / "archive/one.jpg"
        status, content = reference.stat(), bytearray(reference.read_bytes())
        content[-9] ^= 1
        reference.write_bytes(content)
        if same_look:
            os.utime(reference, ns=(status.st_atime_ns, status.st_mtime_ns))
        with pytest.raises(RefusedError, match="no longer holds the bytes"):
            session.settle(only_the_reference(group))
        assert len(os.listdir(group.folder)) == 4
        assert session.standing.aside_files == 0


def test_a_group_is_not_staged_against_a_reference_that_changed_meanwhile(library: Path) -> None:
    with opened(library) as session:
        found = find(settings_of(library), ignore).groups
        os.utime(library / "archive/one.jpg", (1, 1))
        [group] = session.stage(found)
        assert names(group) == [("one copy.jpg", False), ("one.jpg", False)]
        assert [problem.detail for problem in session.problems] == ["it has changed since the scan"]


def test_space_is_freed_only_while_the_reference_is_there(library: Path) -> None:
    with opened(library) as session:
        session.settle(only_the_reference(staged(session, library)))
        away = library / "archive/one.jpg"
        away.rename(away.with_name("moved.jpg"))
        assert session.free_space() == 0
        assert session.standing.aside_files == 2
        away.with_name("moved.jpg").rename(away)
        assert session.free_space() > 0
        assert session.standing.aside_files == 0
        assert away.exists()


def test_a_reference_that_is_gone_is_named_and_the_rest_can_be_decided(library: Path) -> None:
    with opened(library) as session:
        staged(session, library)
    (library / "archive/one.jpg").unlink()
    with opened(library) as session:
        [group] = session.resume()
        assert names(group) == [("one copy.jpg", False), ("one.jpg", False)]
        assert [problem.path for problem in session.problems] == [str(library / "archive/one.jpg")]
        session.settle(Decision(group.subject, frozenset({group.entries[0].name})))
    assert (library / "inbox/one copy.jpg").exists()


def test_a_companion_in_a_reference_folder_stays_with_its_photo(library: Path) -> None:
    for folder in ("archive", "inbox"):
        (library / folder / "one.xmp").write_text(f"settings made in {folder}")
    with opened(library) as session:
        group = staged(session, library)
        assert [one.origin for one in group.attached] == [str(library / "inbox/one.xmp")]
        session.settle(only_the_reference(group))
    assert (library / "archive/one.xmp").exists()
    assert not (library / "inbox/one.xmp").exists()


# -- the review -----------------------------------------------------------------------------


@contextlib.contextmanager
def reviewed(library: Path) -> Iterator[tuple[Review, Session]]:
    with opened(library) as session:
        group = staged(session, library)
        folder = str(library.parent / "decide")
        yield Review(folder, session.root, [group], session.preview), session


def test_the_reference_is_always_kept_and_is_what_is_suggested(library: Path) -> None:
    with reviewed(library) as (review, _):
        view = review.view(1)
        [stays] = view.staged.protected
        assert view.keep == {stays}
        assert not view.own
        found = review.suggestion(view, [None] * 3)
        assert (found.keeper, found.confidence) == (0, "identical")
        assert found.reasons[0] == "in a reference folder, where it stays"
        assert view.redundant_bytes == sum(e.identity.size for e in view.entries[1:])
        chosen = review.choose(1, frozenset({view.entries[1].name}), view.rev)
        assert chosen.keep == {stays, view.entries[1].name}
        assert review.choose(1, frozenset(), chosen.rev).keep == {stays}


def test_a_preferred_folder_and_auto_finish_leave_the_reference_alone(library: Path) -> None:
    with reviewed(library) as (review, _):
        [stays] = review.view(1).staged.protected
        view = review.prefer(1, str(library / "inbox"), 1)
        assert view.keep == {entry.name for entry in view.entries}
        view = review.prefer(1, str(library / "inbox"), view.rev)
        assert view.keep == {stays}
        review.set_auto_finish(1, on=True)
        with pytest.raises(NotAllowed, match="reference folder"):
            review.finish(1, review.view(1).rev, auto=True)


def test_a_better_picture_than_the_reference_is_never_sure_to_go(tmp_path: Path) -> None:
    library = tmp_path / "photos"
    pictures.photo(library / "archive/one.jpg", 1, size=(320, 240))
    pictures.photo(library / "inbox/one.jpg", 1, size=(1280, 960))
    with opened(library) as session:
        group = staged(session, library, "phash")
        review = Review(str(tmp_path / "decide"), session.root, [group], session.preview)
        facts = [Facts(320, 240, "JPEG"), Facts(1280, 960, "JPEG")]
        found = review.suggestion(review.view(1), facts)
        assert (found.keeper, found.confidence) == (0, "lean")
        assert [lack.place for lack in found.lacks] == [1]
