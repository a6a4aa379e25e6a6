"""Verification finds every content wherever it lies, and names what is nowhere."""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from same_image_locator import care_report, journal
from same_image_locator.events import Advanced, Event, StepStarted, ignore
from same_image_locator.journal import Chronicle
from same_image_locator.journal.chronicle import read_chronicle
from same_image_locator.journal.kernel import RealKernel, Status
from same_image_locator.journal.records import PathCode
from same_image_locator.model import Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision, Staged
from same_image_locator.session import Session
from same_image_locator.verify import Content, Proof, prove, traces


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three copies of one content, and two of another."""
    for name in ("x/a.jpg", "y/a.jpg", "z/a.jpg", "x/b.jpg", "y/b.jpg"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(path.name.encode())
    return tmp_path / "photos"


@pytest.fixture
def session(home: Path) -> Iterator[Session]:
    with journal.opened(str(home.parent / "decide")) as opened:
        yield Session(opened, str(home), ignore)


def staged(session: Session, home: Path) -> list[Staged]:
    found = find(Settings(str(home), Method("exact"), str(home.parent / "decide")), ignore)
    return session.stage(found.groups)


def keep_first(session: Session, group: Staged) -> None:
    session.settle(Decision(group.subject, frozenset({group.entries[0].name})))


def proof(home: Path) -> Proof:
    folder = str(home.parent / "decide")
    return prove(lambda: journal.chronicle(folder), journal.DISK, ignore)


def states(home: Path) -> list[str]:
    return [content.state for content in proof(home).contents]


def lost(home: Path) -> Content:
    [content] = proof(home).lost
    return content


def test_all_is_there_at_every_stage_of_its_way(session: Session, home: Path) -> None:
    big, small = staged(session, home)
    assert states(home) == ["present", "present"]
    assert proof(home).files_read == 5
    keep_first(session, big)
    keep_first(session, small)
    assert states(home) == ["present", "present"]
    session.undo(session.undoable())
    assert states(home) == ["present", "present"]
    assert proof(home).files_read == 5


def test_a_content_is_there_as_long_as_any_file_holds_it(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    keep_first(session, big)
    os.remove(home / "x/a.jpg")
    os.remove(next((home.parent / "decide/.set-aside").glob("*/*/002_a.jpg")))
    assert not proof(home).lost
    os.remove(next((home.parent / "decide/.set-aside").glob("*/*/003_a.jpg")))
    assert [trace.origin for trace in lost(home).traces] == [
        f"{home}/{side}/a.jpg" for side in "xyz"
    ]


def test_what_is_missing_is_told_with_where_it_was_expected_and_since_when(
    session: Session, home: Path
) -> None:
    big, small = staged(session, home)
    shutil.rmtree(small.folder)
    content = lost(home)
    assert (content.state, content.here, content.changed) == ("missing", (), ())
    assert content.expected == tuple(os.path.join(small.folder, e.name) for e in small.entries)
    lines = journal.chronicle(str(home.parent / "decide")).chapters
    assert content.since == next(c.at for c in lines if c.plan.subject == small.subject)
    assert big.subject != small.subject


def test_an_edited_file_is_told_and_a_loss_only_without_another_copy(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    keep_first(session, big)
    (home / "x/a.jpg").write_bytes(b"edited")
    content = proof(home).contents[0]
    assert (content.state, content.changed) == ("present", (str(home / "x/a.jpg"),))
    for path in (home.parent / "decide/.set-aside").glob("*/*/*"):
        path.unlink()
    assert lost(home).state == "changed"


def test_another_file_at_an_old_place_is_no_change(session: Session, home: Path) -> None:
    staged(session, home)
    (home / "x/a.jpg").write_bytes(b"a newer photo")
    assert all(not content.changed for content in proof(home).contents)


def test_a_file_under_the_name_that_it_got_is_found(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    (home / "x/a.jpg").write_bytes(b"in the way")
    keep_first(session, big)
    session.free_space()
    assert proof(home).contents[0].here == (str(home / "x/a (kept).jpg"),)


def test_what_a_purge_ended_is_no_loss_and_its_kept_copy_still_must_be_there(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    keep_first(session, big)
    session.free_space()
    content = proof(home).contents[0]
    assert content.state == "present"
    assert [trace.end for trace in content.traces] == ["", "purge", "purge"]
    os.remove(home / "x/a.jpg")
    assert lost(home).expected == (str(home / "x/a.jpg"),)


def test_a_content_that_only_rejects_had_is_ended_by_their_purge(tmp_path: Path) -> None:
    import pictures

    for name, quality in (("a", 90), ("b", 80)):
        pictures.photo(tmp_path / "photos" / f"{name}.jpg", 3, quality=quality)
    home = tmp_path / "photos"
    settings = Settings(str(home), Method("phash", 5), str(tmp_path / "decide"))
    with journal.opened(str(tmp_path / "decide")) as opened:
        session = Session(opened, str(home), ignore)
        [group] = session.stage(find(settings, ignore).groups)
        keep_first(session, group)
        session.free_space()
    assert states(home) == ["present", "ended"]


def test_a_reject_that_a_purge_had_to_leave_is_still_looked_for(
    session: Session, home: Path
) -> None:
    big, _ = staged(session, home)
    keep_first(session, big)
    [left] = (home.parent / "decide/.set-aside").glob("*/*/002_a.jpg")
    left.write_bytes(b"edited")
    session.free_space()
    ends = {trace.origin: trace.end for trace in proof(home).contents[0].traces}
    assert ends == {f"{home}/x/a.jpg": "", f"{home}/y/a.jpg": "", f"{home}/z/a.jpg": "purge"}


def test_an_undo_that_had_to_leave_a_file_still_expects_it_where_it_lay(
    session: Session, home: Path
) -> None:
    _, small = staged(session, home)
    shutil.rmtree(home / "y")
    (home / "y").write_text("a file where the folder was")
    session.undo(session.undoable())
    [trace] = [t for t in proof(home).contents[1].traces if t.origin.endswith("/y/b.jpg")]
    assert os.path.join(small.folder, small.entries[1].name) in trace.expected
    assert not proof(home).lost


def test_a_plan_that_was_taken_back_leaves_its_files_expected_at_home(
    session: Session, home: Path
) -> None:
    found = find(Settings(str(home), Method("exact"), str(home.parent / "decide")), ignore)
    (home.parent / "decide").mkdir(exist_ok=True)
    first = found.groups[0].members[0].examined.photo.path
    folder = RealKernel.make_folder
    try:
        # The photo changes after it was planned, right before it moves.
        def make_folder(self: RealKernel, path: str) -> None:
            folder(self, path)
            Path(first).write_bytes(b"edited")

        RealKernel.make_folder = make_folder  # type: ignore[method-assign] # the moment itself
        session.stage(found.groups[:1])
    finally:
        RealKernel.make_folder = folder  # type: ignore[method-assign] # as it was
    [content] = proof(home).contents
    assert content.state == "present"
    assert set(content.here) == {str(home / "y/a.jpg"), str(home / "z/a.jpg")}
    assert content.changed == (first,)


def test_a_purge_that_a_crash_cut_off_counts_as_an_end(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    keep_first(session, big)
    session.free_space()
    text = (home.parent / "decide/.journal.jsonl").read_bytes().splitlines(keepends=True)
    (home.parent / "decide/.journal.jsonl").write_bytes(b"".join(text[:-1]))
    assert [t.end for t in proof(home).contents[0].traces] == ["", "purge", "purge"]


def test_what_cannot_be_read_is_not_proven(session: Session, home: Path) -> None:
    _, small = staged(session, home)

    class Failing(RealKernel):
        def sha256(self, path: str) -> str:
            if path.endswith("_b.jpg"):
                raise OSError(5, "Input/output error", path)
            if path.endswith("002_a.jpg"):
                raise FileNotFoundError(2, "No such file or directory", path)
            return super().sha256(path)

    folder = str(home.parent / "decide")
    found = prove(lambda: journal.chronicle(folder), Failing(), ignore)
    [content] = found.lost
    assert content.state == "unreadable"
    assert content.unreadable[0] == (
        os.path.join(small.folder, small.entries[0].name),
        "Input/output error",
    )
    path = os.path.join(small.folder, small.entries[0].name)
    assert f"    cannot be read: {path}: Input/output error" in list(care_report.proof_lines(found))
    assert care_report.of_proof(found)["missing"][0]["unreadable"][0]["path"] == path


def test_a_link_where_a_photo_was_is_no_photo(session: Session, home: Path) -> None:
    _, small = staged(session, home)
    for entry in small.entries:
        path = Path(small.folder, entry.name)
        path.rename(home / f"hidden {entry.name}")
        path.symlink_to(home / f"hidden {entry.name}")
    assert lost(home).state == "missing"


def test_a_file_that_moves_while_we_look_is_found(session: Session, home: Path) -> None:
    staged(session, home)
    folder = str(home.parent / "decide")

    class Moving(RealKernel):
        """All files go home when they were looked for there already, and not yet in the group."""

        def __init__(self) -> None:
            self.looked: set[str] = set()
            self.lock = threading.Lock()

        def status(self, path: str) -> Status | None:
            with self.lock:
                first = path not in self.looked
                self.looked.add(path)
                if first and path.startswith(str(home)):
                    return None
                if first:
                    session.undo(session.undoable())
            return super().status(path)

    assert not prove(lambda: journal.chronicle(folder), Moving(), ignore).lost


def test_progress_counts_every_place_that_is_looked_at(session: Session, home: Path) -> None:
    staged(session, home)
    told: list[Event] = []
    folder = str(home.parent / "decide")
    prove(lambda: journal.chronicle(folder), journal.DISK, told.append)
    [started] = [event for event in told if isinstance(event, StepStarted)]
    advanced = [event for event in told if isinstance(event, Advanced)]
    assert started.total == len(advanced) == 10
    assert sum(event.size for event in advanced) == 25


def test_a_renamed_decision_folder_is_verified_as_well(session: Session, home: Path) -> None:
    big, _ = staged(session, home)
    keep_first(session, big)
    (home.parent / "decide").rename(home.parent / "elsewhere")
    chronicle = journal.chronicle(str(home.parent / "elsewhere"))
    assert not prove(lambda: chronicle, journal.DISK, ignore).lost


@pytest.fixture
def chapters(tmp_path: Path) -> Callable[..., Chronicle]:
    """Return ``chapters(*records)``: the chronicle of records written by hand."""

    def read(*records: dict[str, object]) -> Chronicle:
        return read_chronicle(json.loads(json.dumps(records)), PathCode(str(tmp_path)))

    return read


def plan(number: int, purpose: str, *acts: dict[str, object]) -> dict[str, object]:
    more = {"subject": "r/g", "allow_none": True, "at": f"2026-01-0{number}T00:00:00+00:00"}
    return {"op": "plan", "id": number, "purpose": purpose, **more, "phases": [acts]}


STAGE: dict[str, object] = {
    "do": "stage",
    "to": "g/1",
    "from": "/p/a",
    "sha256": "00",
    "is": [1, 2, 3, 4],
}


def test_a_file_given_to_the_trash_has_ended(chapters: Callable[..., Chronicle]) -> None:
    told = chapters(
        {"op": "begin", "run": "r", "root": "/p", "at": "2026-01-01T00:00:00+00:00"},
        plan(1, "stage", STAGE),
        {"op": "done", "id": 1, "at": "2026-01-02T00:00:00+00:00", "leftovers": []},
        {"op": "complete"},
        plan(3, "purge", {"do": "trash", "to": "/p/a", "from": "g/1", "sha256": "00"}),
    )
    [trace] = traces(told)
    assert (trace.end, trace.at, trace.size) == ("trash", "2026-01-03T00:00:00+00:00", 3)
    assert [run.name for run in told.runs] == ["r"]


def test_a_purge_that_was_taken_back_ended_nothing(chapters: Callable[..., Chronicle]) -> None:
    told = chapters(
        plan(1, "stage", {**STAGE, "is": [1, 2, 3, 4]}),
        plan(2, "purge", {"do": "purge", "to": "g/1"}, {"do": "purge", "to": "g/unknown"}),
        {"op": "aborted", "id": 2, "at": "2026-01-04T00:00:00+00:00"},
    )
    [trace] = traces(told)
    assert trace.end == ""
    assert told.chapters[1].end == "taken back"


def test_a_file_that_found_its_name_taken_when_it_was_taken_back_is_followed(
    chapters: Callable[..., Chronicle], tmp_path: Path
) -> None:
    told = chapters(
        plan(1, "stage", {key: STAGE[key] for key in ("do", "to", "from", "sha256")}),
        {"op": "retarget", "id": 1, "from": "g/1", "to": "/p/a (restored)"},
        {"op": "retarget", "id": 1, "from": "g/other", "to": "/p/other"},
        {"op": "aborted", "id": 1, "at": "2026-01-04T00:00:00+00:00"},
    )
    [trace] = traces(told)
    assert trace.places == ["/p/a", f"{tmp_path}/g/1", "/p/a (restored)"]
