"""What the program may be doing when the power goes: small libraries and one action on each.

A story's ``act`` may be run again and again: each time it does what a person would do who starts
the same command once more.
"""

import contextlib
import hashlib
import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from preparing import prepare
from same_image_locator import journal
from same_image_locator.errors import RefusedError
from same_image_locator.events import ignore
from same_image_locator.model import Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision, Sidecar
from same_image_locator.session import Session
from same_image_locator.stage import plan_stage

_OWN = {
    journal.JOURNAL_NAME,
    ".lock",
    ".owner.json",
    ".owner.json.new",
    ".reserve",
    ".preferences.json",
}
_MTIME = 1_600_000_000_123_456_789
SIDECAR_TEXT = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>lake, boat, sch\u00f6n</x:xmpmeta>\n"
SIDECAR = hashlib.sha256(SIDECAR_TEXT.encode()).hexdigest()

# Further groups lie in the libraries of worlds 1, 2, 3, ...: other sizes, more phases, more calls.
WORLD = ContextVar("WORLD", default=0)

Tree = dict[str, tuple[str, int]]

# Folders on another drive that the stories of this process have made.
ELSEWHERE: set[Path] = set()


@dataclass(frozen=True)
class Story:
    """A library, what happened to it before, and the action that is cut."""

    name: str
    before: Callable[[Path], None]
    act: Callable[[Path], None]
    undoable: bool = True


def build(room: Path) -> None:
    """Make a library of three groups: 3 + 2 + 2 files, in several folders, and a single."""
    contents = {
        "a/one.jpg": b"one" * 50,
        "b/one copy.jpg": b"one" * 50,
        "b/deep/one.jpg": b"one" * 50,
        "a/two.jpg": b"second" * 40,
        "c/zwei.jpg": b"second" * 40,
        "a/three\tand\n.jpg": b"3" * 99,
        "c/\udcff.jpg": b"3" * 99,
        "c/alone.jpg": b"alone",
    }
    for name, content in (contents | _more(WORLD.get())).items():
        _write(room / "photos" / name, content)


def _more(world: int) -> dict[str, bytes]:
    """Return the further groups of a world: 1 to 4 of them, each of 2 to 6 files, none in 0."""
    chance = random.Random(world)
    found = {}
    for group in range(chance.randint(1, 4) if world else 0):
        content = chance.randbytes(chance.choice((1, 100, 5_000, 200_000)))
        for copy in range(chance.randint(2, 6)):
            folder = chance.choice(("a", "b/deep", "d", "d/e/f", "\udcfe g", "-rf"))
            letter = chance.choice(("x", "\u00e9", "e\u0301"))
            found[f"{folder}/{group} {letter} {copy}.jpg"] = content
    return found


def build_bundles(room: Path) -> None:
    """Make a library of two groups with companions, of which one belongs to two of the photos."""
    contents = {
        "a/one.jpg": b"one" * 50,
        "a/one.xmp": b"settings of a",
        "b/one.jpg": b"one" * 50,
        "b/one.jpg.xmp": b"settings of b",
        "b/one.json": b"takeout of b",
        "c/two.heic": b"second" * 40,
        "c/two.jpg": b"second" * 40,
        "c/two.mov": b"film of both",
        "c/two.jpg.xmp": b"settings of the jpeg alone",
        "d/two.jpg": b"second" * 40,
    }
    for name, content in (contents | _more(WORLD.get())).items():
        _write(room / "photos" / name, content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, ns=(_MTIME, _MTIME))


def settings(room: Path) -> Settings:
    """Return the settings of the stories' run."""
    return Settings(str(room / "photos"), Method("exact"), decide(room), allow_copy=True)


def decide(room: Path) -> str:
    """Return the decision folder of a room; in some stories it lies on another drive."""
    return os.path.realpath(room / "decide")


def files(room: Path) -> Tree:
    """Return every file of the room but our own texts: digest and time by path.

    The name of a run in a path is replaced, since each run has its own.
    """
    found = _files(room, "")
    if (room / "decide").is_symlink():
        found |= _files(Path(decide(room)), "copies/")
    return found


def _files(top: Path, prefix: str) -> Tree:
    found: Tree = {}
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if name in _OWN or name.startswith("_") or os.path.islink(path):
                continue
            parts = os.path.relpath(path, top).split(os.sep)
            if journal.ASIDE_NAME in parts:
                parts[parts.index(journal.ASIDE_NAME) + 1] = "RUN"
            digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
            # A sidecar is new: it has the time of its writing.
            time = 0 if digest == SIDECAR else os.stat(path).st_mtime_ns
            found[prefix + "/".join(parts)] = (digest, time)
    return found


def contents(tree: Tree) -> set[str]:
    """Return the different contents of the user's in a tree: all but sidecars that we wrote."""
    return {digest for digest, _ in tree.values()} - {SIDECAR}


def stage(room: Path) -> None:
    """Find and stage, or find the groups staged already."""
    with contextlib.ExitStack() as stack:
        prepare(settings(room), stack, ignore)


def settle(room: Path) -> None:
    """Settle every group that waits, keeping its first file."""
    with _session(room) as session:
        for group in session.resume():
            with contextlib.suppress(RefusedError):
                session.settle(Decision(group.subject, frozenset({group.entries[0].name})))


def settle_with_sidecars(room: Path) -> None:
    """The same, and write a sidecar beside each file that is kept."""
    with _session(room) as session:
        for group in session.resume():
            kept = group.entries[0].name
            sidecars = (Sidecar(kept, SIDECAR_TEXT),)
            with contextlib.suppress(RefusedError):
                session.settle(Decision(group.subject, frozenset({kept}), sidecars=sidecars))


def undo(room: Path) -> None:
    """Undo all, and remove the decision folder when nothing is left."""
    with _session(room) as session:
        session.resume()
        session.undo(session.undoable())
        session.close()


def purge(room: Path) -> None:
    """Free the space of what is set aside, and remove the decision folder."""
    if (room / "decide").exists():
        with _session(room) as session:
            session.free_space()
            session.close()


def recover(room: Path) -> None:
    """Start the program and stop it again at once."""
    with _session(room) as session:
        session.resume()


@contextlib.contextmanager
def _session(room: Path) -> Iterator[Session]:
    with journal.opened(decide(room)) as opened:
        session = Session(opened, str(room / "photos"), ignore)
        session.recover()
        yield session


def _staged(room: Path) -> None:
    build(room)
    stage(room)


def _staged_and_names_taken(room: Path) -> None:
    """Other files lie at the original paths by the time that the photos come home."""
    _staged(room)
    for name in ("a/one.jpg", "a/one (kept).jpg", "c/zwei.jpg"):
        _write(room / "photos" / name, b"newer " + name.encode())


def _staged_and_spoilt(room: Path) -> None:
    """A reject has other bytes than its group although size and time are the same."""
    _staged(room)
    for path in sorted((room / "decide").glob("group_*/002_*")):
        _write(path, b"x" * path.stat().st_size)


def _settled(room: Path) -> None:
    _staged(room)
    settle(room)


def _settled_and_names_taken(room: Path) -> None:
    _settled(room)
    _write(room / "photos/b/deep/one.jpg", b"newer")


def _two_groups_staged(room: Path) -> None:
    contents = {"a/one": b"one" * 50, "b/one": b"one" * 50, "a/two": b"2" * 40, "c/two": b"2" * 40}
    for name, content in contents.items():
        _write(room / f"photos/{name}.jpg", content)
    stage(room)


def _two_groups_staged_and_a_name_taken(room: Path) -> None:
    """A photo comes home under another name, and its sidecar lies beside it."""
    _two_groups_staged(room)
    _write(room / "photos/a/one.jpg", b"newer")


def _settled_with_sidecars(room: Path) -> None:
    """Sidecars are written, and somebody has changed one of them since."""
    _two_groups_staged(room)
    settle_with_sidecars(room)
    _write(room / "photos/a/two.jpg.xmp", b"edited")


def _bundles_staged(room: Path) -> None:
    build_bundles(room)
    stage(room)


def _bundles_staged_and_names_taken(room: Path) -> None:
    """The place of a photo, and that of a companion, are taken by the time they come home."""
    _bundles_staged(room)
    for name in ("a/one.xmp", "c/two.heic", "c/two (kept).mov"):
        _write(room / "photos" / name, b"newer " + name.encode())


def _bundles_settled_and_names_taken(room: Path) -> None:
    _bundles_staged(room)
    settle(room)
    for name in ("b/one.json", "c/two.jpg"):
        _write(room / "photos" / name, b"newer " + name.encode())


def _stage_what_vanished(room: Path) -> None:
    """Stage groups of which a file went after it was planned: one must be taken back."""
    vanishing = room / "photos/c/zwei.jpg"
    if vanishing.exists():
        found = find(settings(room), ignore)
        with journal.opened(str(room / "decide")) as opened:
            run = opened.begin(str(room / "photos"))
            plans = plan_stage(found.groups, opened.folder, run, opened.disk, ignore)
            vanishing.rename(room / "moved by hand.jpg")
            opened.perform(plans)
            opened.complete()
    else:
        stage(room)


def first_version(room: Path) -> None:
    """Build a decision folder as the first version left it."""
    build(room)
    for number, names in enumerate((("a/one.jpg", "b/one copy.jpg"), ("a/two.jpg", "c/zwei.jpg"))):
        folder = room / "decide" / f"group_{number + 1:04}_sha_0123456789"
        folder.mkdir(parents=True)
        rows = []
        for name in names:
            source, target = room / "photos" / name, folder / os.path.basename(name)
            shutil.move(source, target)
            rows.append(f"{target}\t{source}\n")
        (folder / "_manifest.tsv").write_text("".join(rows), encoding="utf-8")
        meta = {"mode": "exact", "digest": "01" * 32, "count": 2}
        (folder / "_group_meta.json").write_text(json.dumps(meta), encoding="utf-8")


def another_drive(room: Path) -> Path | None:
    """Return a folder on another drive than ``room`` that a test may write to."""
    device = room.stat().st_dev
    places = (Path(name) for name in ("/dev/shm", "/tmp", "/var/tmp"))
    return next((p for p in places if p.is_dir() and p.stat().st_dev != device), None)


def build_for_copies(room: Path) -> None:
    """Make a group of two and a single in a room whose decision folder is on another drive."""
    for name in ("a/one.jpg", "b/one\tcopy.jpg"):
        _write(room / "photos" / name, b"one" * 50)
    _write(room / "photos/c/alone.jpg", b"alone")
    other = another_drive(room)
    assert other is not None
    there = other / f"sil-test-{hashlib.sha256(bytes(room)).hexdigest()[:16]}"
    shutil.rmtree(there, ignore_errors=True)
    there.mkdir()
    ELSEWHERE.add(there)
    (room / "decide").symlink_to(there / "decide")


def _copied(room: Path) -> None:
    build_for_copies(room)
    stage(room)


def _copied_and_settled(room: Path) -> None:
    _copied(room)
    settle(room)


STORIES: tuple[Story, ...] = (
    Story("stage", build, stage),
    Story("stage with a photo that vanished", build, _stage_what_vanished),
    Story("settle", _staged, settle),
    Story("settle where names are taken", _staged_and_names_taken, settle),
    Story("settle with a spoilt reject", _staged_and_spoilt, settle),
    Story("undo what is staged", _staged, undo),
    Story("undo what is staged, names taken", _staged_and_names_taken, undo),
    Story("undo what is settled", _settled, undo),
    Story("undo what is settled, names taken", _settled_and_names_taken, undo),
    Story("settle with sidecars", _two_groups_staged_and_a_name_taken, settle_with_sidecars),
    Story("undo what is settled with sidecars", _settled_with_sidecars, undo),
    Story("stage with companions", build_bundles, stage),
    Story("settle with companions, names taken", _bundles_staged_and_names_taken, settle),
    Story("undo what is staged with companions", _bundles_staged_and_names_taken, undo),
    Story("undo what is settled with companions", _bundles_settled_and_names_taken, undo),
    Story("purge", _settled, purge, undoable=False),
    Story("take over the first version's folder", first_version, recover),
    Story("settle the first version's folder", first_version, settle),
    *(
        (
            Story("stage by copy", build_for_copies, stage),
            Story("settle by copy", _copied, settle),
            Story("undo what is staged by copy", _copied, undo),
            Story("undo what is settled by copy", _copied_and_settled, undo),
            Story("purge what was copied", _copied_and_settled, purge, undoable=False),
        )
        if another_drive(Path(tempfile.gettempdir()))
        else ()
    ),
)

__all__ = [
    "ELSEWHERE",
    "SIDECAR",
    "STORIES",
    "WORLD",
    "Story",
    "another_drive",
    "build",
    "build_for_copies",
    "contents",
    "decide",
    "files",
    "recover",
    "settle",
    "stage",
    "undo",
]
