"""A run over one decision folder: decisions are carried out, proven, undone, and freed."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from same_image_locator import aftercare, journal, settle
from same_image_locator.errors import RefusedError
from same_image_locator.events import Event, Troubled, ignore
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.model import Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision, Staged
from same_image_locator.session import Session


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two groups of identical files: three a, two b."""
    for name, content in {
        "x/a.jpg": b"aaaa",
        "y/a.jpg": b"aaaa",
        "z/a.jpg": b"aaaa",
        "x/b.jpg": b"bbbbbb",
        "y/b.jpg": b"bbbbbb",
    }.items():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "photos"


@pytest.fixture
def session(home: Path) -> Iterator[Session]:
    """A session on its decision folder."""
    with journal.opened(str(home.parent / "decide")) as opened:
        yield Session(opened, str(home), ignore)


def staged(session: Session, home: Path, mode: str = "exact") -> list[Staged]:
    method = Method("exact") if mode == "exact" else Method("phash", 5)
    found = find(Settings(str(home), method, str(home.parent / "decide")), ignore)
    return session.stage(found.groups)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith((".", "_"))
    }


def first(group: Staged) -> Decision:
    return Decision(group.subject, frozenset({group.entries[0].name}))


def test_kept_files_come_home_and_the_rest_is_set_aside(session: Session, home: Path) -> None:
    big, _small = staged(session, home)
    outcome = session.settle(first(big))
    assert (outcome.kept, outcome.set_aside, outcome.set_aside_bytes) == (1, 2, 8)
    assert outcome.homes == (("001_a.jpg", str(home / "x/a.jpg")),)
    assert (home / "x/a.jpg").read_bytes() == b"aaaa"
    assert not os.path.exists(big.folder)
    assert session.standing.aside_files == 2


def test_what_will_happen_is_told_before_it_does(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    (home / "x/a.jpg").write_bytes(b"came meanwhile")
    effects = session.preview(first(big))
    assert effects.homes == (("001_a.jpg", str(home / "x/a (kept).jpg")),)
    assert (effects.aside, effects.aside_bytes) == (("002_a.jpg", "003_a.jpg"), 8)
    assert dict(session.settle(first(big)).homes) == dict(effects.homes)
    assert (home / "x/a.jpg").read_bytes() == b"came meanwhile"


def test_keeping_all_sets_nothing_aside(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    session.settle(Decision(big.subject, frozenset(entry.name for entry in big.entries)))
    assert session.standing.aside_files == 0
    assert (home / "z/a.jpg").exists()


def test_keeping_nothing_is_refused_in_exact_mode_even_when_asked_for(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    with pytest.raises(RefusedError, match="nothing is selected"):
        session.settle(Decision(big.subject, frozenset(), allow_none=True))
    assert len(os.listdir(big.folder)) == 5


def test_a_reject_that_is_no_copy_any_more_stays_with_its_whole_group(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    reject = Path(big.folder, "002_a.jpg")
    status = reject.stat()
    reject.write_bytes(b"AAAA")
    os.utime(reject, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(RefusedError, match="is not a copy of"):
        session.settle(first(big))
    assert not (home / "x/a.jpg").exists()
    assert reject.read_bytes() == b"AAAA"


def test_a_kept_file_that_decayed_stops_the_rest_from_leaving(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    kept = Path(big.folder, "001_a.jpg")
    status = kept.stat()
    kept.write_bytes(b"aaXa")
    os.utime(kept, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(RefusedError, match="no longer holds the bytes"):
        session.settle(first(big))
    assert session.standing.aside_files == 0


def test_a_file_of_somebody_else_keeps_its_folder_and_is_named(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    note = Path(big.folder, "note.txt")
    note.write_text("mine")
    outcome = session.settle(first(big))
    assert outcome.problems == (str(note),)
    assert note.read_text() == "mine"
    assert [problem.path for problem in session.problems] == [str(note)]
    assert not session.close()


def test_a_half_written_state_of_ours_does_not_keep_the_folder(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    Path(big.folder, "_review_state.json.new").write_text("{")
    session.settle(first(big))
    assert not os.path.exists(big.folder)


def test_undo_brings_the_rejects_back_and_leaves_the_kept_one(session: Session, home: Path) -> None:
    before = files(home)
    big, _ = staged(session, home)
    session.settle(first(big))
    outcome = session.undo_subject(big.subject)
    assert outcome.kept == 2
    session.undo(session.undoable())
    assert files(home) == before
    assert session.close()
    assert not os.path.exists(home.parent / "decide")


def test_an_undone_path_that_is_taken_is_never_overwritten(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    session.settle(first(big))
    (home / "y/a.jpg").write_bytes(b"newer")
    session.undo_subject(big.subject)
    assert (home / "y/a.jpg").read_bytes() == b"newer"
    assert (home / "y/a (restored).jpg").read_bytes() == b"aaaa"


def test_an_undo_that_must_leave_a_file_says_so_and_can_be_asked_again(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    session.settle(first(big))
    shutil.rmtree(home / "y")
    (home / "y").write_text("a file where the folder was")
    with pytest.raises(RefusedError, match=r"cannot be made|is no longer there|Not a directory"):
        session.undo_subject(big.subject)
    assert session.standing.aside_files == 1
    os.remove(home / "y")
    session.undo_subject(big.subject)
    assert (home / "y/a.jpg").read_bytes() == b"aaaa"


def test_a_photo_that_was_edited_while_it_was_staged_comes_home_as_it_is_now(
    session: Session, home: Path
) -> None:
    before = files(home)
    big, small = staged(session, home)
    Path(big.folder, "002_a.jpg").write_bytes(b"turned by a quarter")
    session.settle(first(small))
    [aside] = (home.parent / "decide/.set-aside").glob("*/*/*")
    aside.write_bytes(b"edited where nobody looks")
    session.undo(session.undoable())
    edited = {"y/a.jpg": b"turned by a quarter", "y/b.jpg": b"edited where nobody looks"}
    assert files(home) == before | edited
    assert session.problems == []
    assert session.close()


def test_freeing_space_ends_the_copies_and_then_the_folder(session: Session, home: Path) -> None:
    for group in staged(session, home):
        session.settle(first(group))
    assert session.free_space() == 14
    assert session.close()
    assert not os.path.exists(home.parent / "decide")
    assert files(home) == {"x/a.jpg": b"aaaa", "x/b.jpg": b"bbbbbb"}


def test_nothing_is_freed_whose_kept_copy_is_gone(session: Session, home: Path) -> None:
    for group in staged(session, home):
        session.settle(first(group))
    os.remove(home / "x/a.jpg")
    assert session.free_space() == 6
    assert session.standing.aside_files == 2
    assert any("kept copy is no longer" in problem.detail for problem in session.problems)


def test_nothing_is_freed_whose_kept_copy_changed(session: Session, home: Path) -> None:
    for group in staged(session, home):
        session.settle(first(group))
    (home / "x/a.jpg").write_bytes(b"aaXa")
    assert session.free_space() == 6
    assert session.standing.aside_files == 2


def test_a_set_aside_file_that_was_edited_is_not_freed(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    session.settle(first(big))
    [edited] = (home.parent / "decide/.set-aside").glob("*/*/002_a.jpg")
    edited.write_bytes(b"edited")
    assert session.free_space() == 4
    assert edited.read_bytes() == b"edited"


def test_a_set_aside_file_that_is_no_copy_in_that_moment_is_not_freed(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    session.settle(first(big))
    [rotten] = (home.parent / "decide/.set-aside").glob("*/*/002_a.jpg")
    status = rotten.stat()
    rotten.write_bytes(b"aXaa")
    os.utime(rotten, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert session.free_space() == 4
    assert rotten.read_bytes() == b"aXaa"
    assert "is not a copy of" in session.problems[0].detail


def test_a_purge_waits_for_every_reject_that_it_had_to_leave(session: Session, home: Path) -> None:
    big, small = staged(session, home)
    session.settle(first(big))
    session.settle(first(small))
    settled_at = [group.at for group in session.purgeable()]
    os.remove(home / "x/a.jpg")
    receipts = session.purge(session.purgeable())
    assert [len(aftercare.ended_by(receipt)) for receipt in receipts] == [1]
    [left] = session.purgeable()
    assert (left.subject, left.at) == (big.subject, settled_at[0])


def test_a_content_counts_as_sole_unless_another_file_holds_it_as_it_was(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    session.settle(first(big))
    history = journal.peek(str(home.parent / "decide"))
    ends = aftercare.set_aside(history.groups[big.subject], journal.DISK)
    assert aftercare.sole_contents(ends, history, journal.DISK) == 0
    assert aftercare.sole_contents(ends[:1], history, journal.DISK) == 0
    (home / "x/a.jpg").write_bytes(b"edited")
    assert aftercare.sole_contents(ends[:1], history, journal.DISK) == 0, "the other reject has it"
    assert aftercare.sole_contents(ends, history, journal.DISK) == 1


def test_a_set_aside_file_that_cannot_be_removed_is_left_and_named(
    session: Session, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big, _ = staged(session, home)
    session.settle(first(big))

    def refuse(_self: object, path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(RealKernel, "remove", refuse)
    assert session.free_space() == 0
    assert "Permission denied" in session.problems[0].detail


@pytest.fixture
def near(tmp_path: Path) -> Path:
    """One group of three near copies, and their bytes differ."""
    import pictures

    for name, quality in (("a", 90), ("b", 80), ("c", 70)):
        pictures.photo(tmp_path / "photos" / f"{name}.jpg", 3, quality=quality)
    return tmp_path / "photos"


def test_keeping_nothing_of_near_copies_needs_to_be_said(near: Path) -> None:
    with journal.opened(str(near.parent / "decide")) as opened:
        session = Session(opened, str(near), ignore)
        [group] = staged(session, near, "phash")
        with pytest.raises(RefusedError, match="nothing is selected"):
            session.settle(Decision(group.subject, frozenset()))
        outcome = session.settle(Decision(group.subject, frozenset(), allow_none=True))
        assert (outcome.kept, outcome.set_aside) == (0, 3)
        assert session.free_space() > 0
        assert session.close()


def test_a_near_copy_that_changed_between_scan_and_stage_is_left_out_and_named(near: Path) -> None:
    told: list[Event] = []
    settings = Settings(str(near), Method("phash", 5), str(near.parent / "decide"))
    found = find(settings, ignore)
    with (near / "b.jpg").open("ab") as file:
        file.write(b"edited")
    with journal.opened(str(near.parent / "decide")) as opened:
        session = Session(opened, str(near), told.append)
        [group] = session.stage(found.groups)
    assert [entry.origin for entry in group.entries] == [str(near / "a.jpg"), str(near / "c.jpg")]
    [trouble] = [event.problem for event in told if isinstance(event, Troubled)]
    assert trouble.path == str(near / "b.jpg")
    assert "changed since the scan" in trouble.detail
    assert session.problems == [trouble]


def test_a_group_of_which_only_one_is_left_is_not_staged(near: Path) -> None:
    settings = Settings(str(near), Method("phash", 5), str(near.parent / "decide"))
    found = find(settings, ignore)
    os.remove(near / "b.jpg")
    os.remove(near / "c.jpg")
    with journal.opened(str(near.parent / "decide")) as opened:
        session = Session(opened, str(near), ignore)
        assert session.stage(found.groups) == []
    assert (near / "a.jpg").exists()


def test_a_photo_that_vanished_between_scan_and_stage_is_named(home: Path) -> None:
    found = find(Settings(str(home), Method("exact"), str(home.parent / "decide")), ignore)
    os.remove(home / "y/b.jpg")
    with journal.opened(str(home.parent / "decide")) as opened:
        session = Session(opened, str(home), ignore)
        [group] = session.stage(found.groups)
    assert len(group.entries) == 3
    assert (home / "x/b.jpg").exists()
    [problem] = session.problems
    assert (problem.path, problem.detail) == (str(home / "y/b.jpg"), "No such file or directory")


def test_a_group_goes_on_without_a_copy_that_was_edited_since_the_scan(home: Path) -> None:
    found = find(Settings(str(home), Method("exact"), str(home.parent / "decide")), ignore)
    (home / "y/a.jpg").write_bytes(b"edited")
    with journal.opened(str(home.parent / "decide")) as opened:
        session = Session(opened, str(home), ignore)
        groups = session.stage(found.groups)
    assert [len(group.entries) for group in groups] == [2, 2]
    assert (home / "y/a.jpg").read_bytes() == b"edited"
    assert "changed since the scan" in session.problems[0].detail


def test_a_staged_file_that_disappeared_is_named_with_where_it_was(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    os.remove(Path(big.folder, "003_a.jpg"))
    resumed = session.resume()
    assert [len(group.entries) for group in resumed] == [2, 2]
    assert any("missing; expected at" in problem.detail for problem in session.problems)


def test_groups_moved_home_by_hand_are_not_waited_for(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    for entry in big.entries:
        shutil.move(os.path.join(big.folder, entry.name), entry.origin)
    assert [group.number for group in session.resume()] == [2]


def test_a_group_without_its_texts_is_still_known_from_the_journal(near: Path) -> None:
    with journal.opened(str(near.parent / "decide")) as opened:
        session = Session(opened, str(near), ignore)
        [group] = staged(session, near, "phash")
        for name in ("_group_meta.json", "_manifest.tsv"):
            os.remove(os.path.join(group.folder, name))
        [resumed] = session.resume()
    assert resumed.method == Method("phash", 5)
    assert [entry.distance for entry in resumed.entries] == [e.distance for e in group.entries]


def test_a_half_written_text_of_a_group_is_not_believed(near: Path) -> None:
    with journal.opened(str(near.parent / "decide")) as opened:
        session = Session(opened, str(near), ignore)
        [group] = staged(session, near, "phash")
        meta = Path(group.folder) / "_group_meta.json"
        meta.write_bytes(meta.read_bytes()[:50])  # as a power cut leaves it: it is not synced
        [resumed] = session.resume()
    assert resumed.method == Method("phash", 5)


def test_tidying_an_unreadable_folder_still_plans_our_own_texts(tmp_path: Path) -> None:
    acts = settle.tidy_acts(str(tmp_path / "gone"), journal.DISK)
    assert [os.path.basename(act.target) for act in acts] == [
        "_group_meta.json",
        "_manifest.tsv",
        "_review_state.json",
        "gone",
    ]


def test_the_state_of_all_groups_is_counted(session: Session, home: Path) -> None:
    big, small = staged(session, home)
    session.settle(first(big))
    session.undo_subject(big.subject)
    session.settle(first(small))
    session.free_space()
    assert session.standing == aftercare.Standing(0, 0, 1, 1, 0, 0)


def seed_group(home: Path, name: str, meta: dict[str, object] | None) -> Path:
    """Stage group a as the first version did."""
    folder = home.parent / "decide" / name
    folder.mkdir(parents=True)
    rows = ""
    for number, side in enumerate("xyz"):
        target = folder / f"{number}.jpg"
        shutil.move(home / side / "a.jpg", target)
        rows += f"{target}\t{home}/{side}/a.jpg\n"
    (folder / "_manifest.tsv").write_text(rows)
    if meta is not None:
        (folder / "_group_meta.json").write_text(json.dumps(meta))
    return folder


def adopted(home: Path) -> tuple[Session, list[Staged]]:
    with journal.opened(str(home.parent / "decide")) as opened:
        session = Session(opened, str(home), ignore)
        return session, session.resume()


def test_a_group_of_the_first_version_is_taken_over_with_its_mode_and_threshold(
    home: Path,
) -> None:
    seed_group(home, "group_0003_phash_t07_00ff00ff00ff", {"mode": "phash", "threshold": 7})
    _, [group] = adopted(home)
    assert (group.number, group.method) == (3, Method("phash", 7))
    assert [entry.origin for entry in group.entries] == [f"{home}/{s}/a.jpg" for s in "xyz"]


def test_taking_over_twice_finds_the_same_groups(home: Path) -> None:
    seed_group(home, "group_0001_sha_0123456789", None)
    _, once = adopted(home)
    session, twice = adopted(home)
    assert once == twice
    assert not session.problems


def test_a_name_taken_since_the_first_version_staged_does_not_disturb(home: Path) -> None:
    seed_group(home, "group_0001_sha_0123456789", {"mode": "exact"})
    (home / "x/a.jpg").write_bytes(b"newer")
    with journal.opened(str(home.parent / "decide")) as opened:
        session = Session(opened, str(home), ignore)
        [group] = session.resume()
        outcome = session.settle(first(group))
    assert outcome.homes == (("0.jpg", str(home / "x/a (kept).jpg")),)
    assert (home / "x/a.jpg").read_bytes() == b"newer"


def test_files_that_no_manifest_lists_can_still_be_decided(home: Path) -> None:
    folder = seed_group(home, "group_0001_sha_0123456789", {"mode": "exact"})
    os.remove(folder / "_manifest.tsv")
    (folder / "a folder").mkdir()
    session, [group] = adopted(home)
    assert [entry.origin for entry in group.entries] == [
        f"{home}/Recovered/{n}.jpg" for n in range(3)
    ]
    assert all("original path is not recorded" in p.detail for p in session.problems)


@pytest.mark.parametrize("name", ["_manifest.tsv", "_group_meta.json"])
def test_a_group_whose_texts_cannot_be_read_waits_for_a_later_start(home: Path, name: str) -> None:
    folder = seed_group(home, "group_0001_sha_0123456789", {"mode": "exact"})
    (folder / name).rename(folder.parent / "text")
    (folder / name).mkdir()  # reading a folder is an error, but not that nothing is there
    session, groups = adopted(home)
    assert not groups
    assert [problem.path for problem in session.problems] == [str(folder / name)]
    (folder / name).rmdir()
    (folder.parent / "text").rename(folder / name)
    assert [entry.origin for entry in adopted(home)[1][0].entries] == [
        f"{home}/{s}/a.jpg" for s in "xyz"
    ]


def test_a_listed_file_that_is_not_there_is_named(home: Path) -> None:
    folder = seed_group(home, "group_0001_sha_0123456789", {"mode": "exact"})
    os.remove(folder / "1.jpg")
    shutil.move(folder / "2.jpg", home / "z" / "a.jpg")
    session, [group] = adopted(home)
    assert len(group.entries) == 1
    assert [problem.path for problem in session.problems] == [str(folder / "1.jpg")]


def test_an_empty_group_folder_and_a_linked_one_are_passed_over(home: Path) -> None:
    (home.parent / "decide" / "group_0001_sha_0123456789").mkdir(parents=True)
    (home.parent / "decide" / "group_0002_sha_0123456789").symlink_to(home)
    assert adopted(home)[1] == []
