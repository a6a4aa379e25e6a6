"""Folders full of broken and hostile files: each is named, none is taken for a picture or moved."""

import hashlib
import json
import os
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import pictures
import snapshots
from hostile_files import Hostile, hostile_files, write
from program import Program, sil

GOOD = {"good/a.jpg": 900, "good/b.jpg": 900, "good/c.png": 901, "good/d.png": 901}


@cache
def made() -> list[Hostile]:
    return list(hostile_files())


def mixed(root: Path, chosen: slice = slice(None)) -> dict[str, Hostile]:
    """Write hostile files, some that only pretend to be files, and two good pairs."""
    files = write(root / "bad", iter(made()[chosen]))
    os.mkfifo(root / "bad/pipe.jpg")
    (root / "bad/folder.jpg").mkdir()
    (root / "bad/link.jpg").symlink_to("text.jpg")
    (root / "bad/nowhere.jpg").symlink_to("nowhere at all.jpg")
    (root / "bad/itself.jpg").symlink_to("itself.jpg")
    for name, seed in GOOD.items():
        pictures.photo(root / name, seed)
    return files


def scanned(root: Path, *words: str) -> Any:
    done = sil("scan", root, "--include-all", "--json", "-", *words)
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout)


def clear(cause: str) -> bool:
    """Return whether a cause is one line of a decoder that lived, and knew what it refused."""
    torn = ("unexpected", "crashed", "killed", "gave up")
    return cause.isprintable() and len(cause) < 200 and not cause.startswith(torn)


def names(group: dict[str, Any]) -> set[str]:
    return {os.path.basename(file["path"]) for file in group["files"]}


pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


def test_a_scan_names_each_unreadable_file_once_and_groups_none_of_them(tmp_path: Path) -> None:
    files = mixed(tmp_path / "photos")
    before = snapshots.tree(tmp_path / "photos")
    report = scanned(tmp_path / "photos", "--mode", "phash")
    named = Counter(problem["path"] for problem in report["problems"])
    assert set(named.values()) == {1}
    unread = {path for path, file in files.items() if file.expected in {"error", "part"}}
    assert unread <= named.keys() <= files.keys()
    readable = {path for path, file in files.items() if file.expected == "read"}
    assert not readable & named.keys()
    grouped = {file["path"] for group in report["groups"] for file in group["files"]}
    assert not grouped & named.keys()
    causes = {problem["detail"] for problem in report["problems"]}
    assert not [cause for cause in causes if not clear(cause)]
    good = [names(group) for group in report["groups"] if not names(group) - {"a.jpg", "b.jpg"}]
    assert good == [{"a.jpg", "b.jpg"}]
    assert snapshots.tree(tmp_path / "photos") == before


def test_exact_mode_compares_hostile_files_by_their_bytes_as_all_others(tmp_path: Path) -> None:
    files = mixed(tmp_path / "photos")
    report = scanned(tmp_path / "photos", "--mode", "exact")
    same = defaultdict(set)
    for file in files.values():
        if file.content:  # empty files are nobody's copies
            same[hashlib.sha256(file.content).digest()].add(file.name)
    found = sorted(sorted(names(group)) for group in report["groups"])
    expected = [sorted(copies) for copies in same.values() if len(copies) > 1]
    assert found == sorted([*expected, ["a.jpg", "b.jpg"], ["c.png", "d.png"]])
    empty = {path for path, file in files.items() if not file.content}
    assert {problem["path"] for problem in report["problems"]} == empty


def test_a_whole_run_settles_the_good_ones_and_leaves_the_others_where_they_are(
    tmp_path: Path,
) -> None:
    files = mixed(tmp_path / "photos", slice(None, None, 3))
    unread = {path for path, file in files.items() if file.expected in {"error", "part"}}
    before = {path: snapshots.seen(path) for path in unread}
    program = Program(tmp_path / "photos", "--mode", "phash", "--include-all", cwd=tmp_path)
    groups = program.get("/api/groups")["rows"]
    assert len(groups) >= 2
    for group in groups:
        keep_first(program, group["number"])
    program.interrupt()
    assert {path: snapshots.seen(path) for path in unread} == before
    kept = [(tmp_path / "photos" / name).exists() for name in GOOD]
    assert kept == [True, False, True, False]


def keep_first(program: Program, number: int) -> None:
    path = f"/api/groups/{number}"
    rev = program.get(path)["rev"]
    _, group = program.ask("PUT", f"{path}/selection", {"keep": [0], "rev": rev})
    _, armed = program.ask("POST", f"{path}/finish", {"rev": group["rev"]})
    status, done = program.ask("POST", f"{path}/finish/confirm", {"nonce": armed["nonce"]})
    assert status == 200, done
