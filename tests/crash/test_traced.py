"""What a whole run really asks of the system: nothing is changed where nothing may be."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import program
from cli.test_main_job import finish, free_space
from crash.stories import build, files, settle, stage
from crash.tracing import CHANGING, Call, need_strace, parsed
from program import command, environment

_FOLDER = re.compile(r"(?<!AT_FDCWD)<([^>]*)>")
_HERE = re.compile(r"AT_FDCWD<([^>]*)>")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Standard output and what the processes of one run say to each other are no files of anybody's.
_STREAMS = (
    "pipe:",
    "socket:",
    "anon_inode:",
    "UNIX",
    "TCP",
    "/dev/null",
    "/dev/pts/",
    "/proc/self/",
    "/memfd:",
)
# Locks that Python's worker processes share live in memory under a random name, for a moment.
_SEMAPHORE = re.compile(r"/dev/shm/(?:sem\.\w+|\w{6})")


def places(call: Call) -> list[str]:
    """Return the files and folders that a call names, streams left out."""
    # A name without the current folder is in one that is open, and that is among the arguments.
    here = next(iter(_HERE.findall(call.arguments)), "")
    named = [os.path.join(here, path) for path in _QUOTED.findall(call.arguments) if path]
    named = [path for path in named if os.path.isabs(path)]
    found = [*named, *_FOLDER.findall(call.arguments)]
    return [p for p in found if not p.startswith(_STREAMS) and not _SEMAPHORE.fullmatch(p)]


def changes(room: Path, *words: str | Path) -> list[tuple[str, str]]:
    """Run the program under strace to its end; returns each changing call with what it named."""
    done = subprocess.run(
        [*traced(room), *command(*words)],
        cwd=room,
        env=environment(PYTHONDONTWRITEBYTECODE="1", SIL_CACHE_DIR=str(room.parent / "cache")),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in {0, 1, 2, 3}, done.stderr
    return seen(room)


def traced(room: Path) -> list[str]:
    """Return how a program is called so that its calls are written down."""
    calls = "trace=?" + ",?".join(CHANGING)
    return ["strace", "-f", "-y", "-s", "0", "-o", str(room.parent / "trace"), "-e", calls]


def seen(room: Path) -> list[tuple[str, str]]:
    """Return each changing call of the program that was traced, with what it named."""
    calls = parsed((room.parent / "trace").read_text(encoding="utf-8"))
    assert len(calls) > 100
    return [(c.name, p) for c in calls if c.changes and c.answer >= 0 for p in places(c)]


@pytest.fixture
def room(tmp_path: Path, photo: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with copies, some of them real pictures."""
    need_strace()
    for name in [name for name in os.environ if name.startswith("COV")]:
        monkeypatch.delenv(name)  # the measuring of coverage writes files of its own
    place = tmp_path / "room"
    build(place)
    for name in ("one", "two"):
        photo(f"room/photos/{name}.jpg", 7)
    return place


@pytest.mark.parametrize(
    "words",
    [
        ["photos", "--dry-run"],
        ["photos", "--dry-run", "--mode", "phash"],
        ["scan", "photos"],
        ["scan", "photos", "--mode", "ahash"],
        ["status", "photos"],
        ["verify", "photos"],
        ["undo", "photos", "--dry-run"],
        ["recover", "photos", "--dry-run"],
        ["purge", "photos", "--dry-run"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("waiting", [False, True], ids=["fresh", "with groups staged and settled"])
def test_what_only_looks_changes_nothing_but_its_own_cache(
    room: Path, words: list[str], waiting: bool
) -> None:
    if waiting:
        stage(room)
        settle(room)
    before = files(room)
    if words[0] != "scan":
        words = [*words, "--decision-folder", "decide"]
    cache = f"{room.parent}/cache"
    found = {path for _, path in changes(room, *words) if not path.startswith(cache)}
    # A new cache is an entry of the folder above.
    assert found <= {str(room.parent)}
    assert files(room) == before


@pytest.mark.parametrize("words", [["undo"], ["recover"], ["purge", "--yes"]], ids=" ".join)
def test_no_command_changes_anything_outside_root_and_decision_folder(
    room: Path, words: list[str]
) -> None:
    stage(room)
    settle(room)
    found = changes(room, *words, "photos", "--decision-folder", "decide")
    assert found
    assert outside(room, found) == set()


def test_the_main_job_with_its_page_changes_nothing_outside_either(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIL_CACHE_DIR", str(room.parent / "cache"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(
        program, "command", lambda *words, **more: [*traced(room), *command(*words, **more)]
    )
    words = (room / "photos", "--decision-folder", room / "decide")
    job = program.Program(*words, cwd=room)
    for row in job.get("/api/groups")["rows"]:
        finish(job, row["number"], [0])
    free_space(job)
    assert job.wait() == 0, job.text
    found = seen(room)
    assert {name for name, _ in found} >= {"renameat2", "fsync", "unlink", "rmdir"}
    assert outside(room, found) == set()


def outside(room: Path, found: list[tuple[str, str]]) -> set[str]:
    """Return the changes that lie elsewhere than where the program may make them."""
    # The last is its own cache. A new decision folder is an entry of the folders above: synced.
    inside = (f"{room}/photos", f"{room}/decide", f"{room.parent}/cache")
    above = {f"fsync {room}", f"fsync {room.parent}"}
    return {f"{name} {path}" for name, path in found if not path.startswith(inside)} - above
