"""``sil apart``, and the runs that follow what it lists, as a shell sees them."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

import pictures
from program import Program, sil
from same_image_locator import apart
from same_image_locator.apart import Said


def tell(*parts: list[Path]) -> int:
    return apart.remember(
        [
            Said(str(path), hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size, at)
            for at, paths in enumerate(parts)
            for path in paths
        ]
    )


def groups(photos: Path, *words: str) -> list[list[str]]:
    done = sil("scan", photos, "--json", "-", *(words or ("--mode", "phash")))
    assert done.returncode in {0, 1}, done.stderr
    return sorted(
        sorted(os.path.basename(file["path"]) for file in group["files"])
        for group in json.loads(done.stdout)["groups"]
    )


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Four files that look alike, the last two of the same bytes."""
    folder = tmp_path / "photos"
    for name, quality in (("a.jpg", 95), ("b.jpg", 90), ("c.jpg", 80), ("d.jpg", 80)):
        pictures.photo(folder / name, 1, quality=quality, size=(640, 480))
    return folder


def test_what_was_told_apart_stays_so_when_it_is_renamed_and_moved_until_it_is_forgotten(
    photos: Path,
) -> None:
    for name in ("c.jpg", "d.jpg"):
        (photos / name).unlink()
    program = Program(photos, "--mode", "phash", "--no-verify", cwd=photos.parent)
    program.all_found()
    group = program.get("/api/groups/1")
    status, group = program.ask(
        "POST", "/api/groups/1/not-duplicates", {"files": [0, 1], "rev": group["rev"]}
    )
    _, first = program.ask("POST", "/api/groups/1/finish", {"rev": group["rev"]})
    program.ask("POST", "/api/groups/1/finish/confirm", {"nonce": first["nonce"]})
    assert (status, program.wait()) == (200, 0)
    assert sorted(os.listdir(photos)) == ["a.jpg", "b.jpg"], "nothing was set aside"

    (photos / "elsewhere").mkdir()
    (photos / "a.jpg").rename(photos / "renamed.jpg")
    (photos / "b.jpg").rename(photos / "elsewhere/b.jpg")
    assert groups(photos) == []
    dry = sil(photos, "--mode", "phash", "--dry-run", cwd=photos.parent)
    assert (dry.returncode, "told apart earlier" in dry.stderr) == (0, True)

    listed = sil("apart")
    assert listed.returncode == 0
    assert "no two of these are the same picture" in listed.stdout
    assert f"    {photos}/a.jpg\n    {photos}/b.jpg\n" in listed.stdout

    assert "1 statement taken back" in sil("apart", "forget", "1").stdout
    assert groups(photos) == [["b.jpg", "renamed.jpg"]]
    assert sil("apart", "list").stdout == "nothing was told apart\n"


@pytest.mark.parametrize("mode", ["phash", "similar"])
def test_what_leaves_together_may_make_a_group_of_its_own(photos: Path, mode: str) -> None:
    words = ("--mode", mode)
    assert groups(photos, *words) == [["a.jpg", "b.jpg", "c.jpg", "d.jpg"]]
    tell([photos / "a.jpg", photos / "b.jpg"], [photos / "c.jpg", photos / "d.jpg"])
    assert groups(photos, *words) == [["a.jpg", "b.jpg"], ["c.jpg", "d.jpg"]]
    assert groups(photos, "--mode", "exact") == [["c.jpg", "d.jpg"]], "there it has no effect"


def test_an_edited_file_is_another_content(photos: Path) -> None:
    for name in ("c.jpg", "d.jpg"):
        (photos / name).unlink()
    tell([photos / "a.jpg"], [photos / "b.jpg"])
    assert groups(photos) == []
    pictures.photo(photos / "b.jpg", 1, quality=70, size=(640, 480))
    assert groups(photos) == [["a.jpg", "b.jpg"]]


def told(*words: str) -> Any:
    done = sil("apart", *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_json_tells_all_of_a_statement_and_what_was_forgotten(photos: Path) -> None:
    first = tell([photos / "a.jpg"], [photos / "b.jpg", photos / "c.jpg"])
    second = tell([photos / "b.jpg"], [photos / "c.jpg"])
    listed = told("list")
    assert [one["number"] for one in listed["statements"]] == [second, first]
    file = listed["statements"][1]["files"][0]
    assert file["path"] == f"{photos}/a.jpg"
    assert file["sha256"] == hashlib.sha256((photos / "a.jpg").read_bytes()).hexdigest()
    assert [one["part"] for one in listed["statements"][1]["files"]] == [0, 1, 1]
    assert "the first file is not the picture of the others" in sil("apart").stdout
    assert [one["number"] for one in told("forget", "--all")["forgotten"]] == [second, first]
    assert told()["statements"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["forget"], "Say which statements to forget"),
        (["forget", "1", "--all"], "Say which statements to forget"),
        (["forget", "7"], "There is no statement 7"),
        (["list", "1"], "A list is always of all"),
        (["forget", "x"], "invalid int value: 'x'"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_code_2(words: list[str], said: str) -> None:
    done = sil("apart", *words)
    assert (done.returncode, said in done.stderr) == (2, True), done
    assert len(done.stderr.splitlines()) == 1


def test_a_damaged_memory_is_told_and_the_run_goes_on(photos: Path) -> None:
    memory = Path(os.environ["SIL_DATA_DIR"], "not-duplicates.sqlite3")
    memory.parent.mkdir()
    memory.write_bytes(b"no database " * 99)
    done = sil("scan", photos, "--mode", "phash")
    assert (done.returncode, "told apart was damaged" in done.stderr) == (1, True)
    memory.write_bytes(b"no database " * 99)
    done = sil("apart")
    assert (done.returncode, "told apart was damaged" in done.stdout) == (3, True)


def test_an_undo_tells_what_stays_remembered_of_its_files_and_how_to_take_it_back(
    photos: Path,
) -> None:
    pictures.photo(photos / "x.jpg", 5, size=(640, 480))
    pictures.photo(photos / "y.jpg", 5, quality=60, size=(640, 480))
    elsewhere = tell([photos / "a.jpg"], [photos / "x.jpg"])
    assert sil(photos, "--mode", "phash", "--no-verify", "--no-page").returncode == 1
    decided = sil("decide", "1", "--apart", "2", "--keep", "1", "--in", photos)
    assert decided.returncode == 1, decided.stderr
    mine = elsewhere + 1
    done = sil("undo", photos)
    assert f"to take it back: sil apart forget {mine}\n" in done.stdout
    assert len(groups(photos)) == 2, "the second file is another picture"
    assert sil("apart", "forget", str(mine)).returncode == 0
    assert ["a.jpg", "b.jpg", "c.jpg", "d.jpg"] in groups(photos)
    assert sil(photos, "--mode", "phash", "--no-verify", "--no-page").returncode == 1
    again = json.loads(sil("undo", photos, "--json").stdout)
    assert again["not_duplicates"] == [], "what was said of others is not of these"
