"""Runs that follow sure suggestions without asking, told in the same words before and after."""

import re
from pathlib import Path

import pytest

import edited_pictures
import pictures
import reviewing
from program import Program, sil, until


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Write two groups that are sure and one of which each file has settings of its own."""
    root = tmp_path / "photos"
    for name, seed in (
        ("2019/one.jpg", 1),
        ("backup/one (1).jpg", 1),
        ("2019/two.jpg", 2),
        ("x/two copy.jpg", 2),
        ("2019/three.jpg", 3),
        ("x/three.jpg", 3),
    ):
        pictures.photo(root / name, seed)
    for folder in ("2019", "x"):
        (root / folder / "three.xmp").write_text(f"settings made in {folder}")
    return root


def sentences(text: str) -> list[str]:
    return sorted(re.findall(r"group \d+ \(.+", text))


def test_a_dry_run_tells_in_the_same_words_what_the_run_then_does_and_undo_takes_it_back(
    photos: Path,
) -> None:
    before = reviewing.tree(photos.parent)
    shown = sil(photos, "--auto", "identical", "--dry-run", cwd=photos.parent)
    assert (shown.returncode, reviewing.tree(photos.parent)) == (1, before)
    told = sentences(shown.stderr)
    assert len(told) == 3
    one = next(line for line in told if "one.jpg" in line)
    assert "would keep 2019/one.jpg: name without “(1)”" in one
    assert one.endswith("would set aside backup/one (1).jpg")
    three = next(line for line in told if "three.jpg" in line)
    assert "(lean): left for you, suggested is " in three
    assert "has XMP file, which that has not" in three

    done = sil(photos, "--auto", "identical", "--no-page", cwd=photos.parent)
    assert (done.returncode, "http://" in done.stderr) == (1, False), done
    assert sentences(done.stderr) == [line.replace("would ", "") for line in told]
    assert set(reviewing.tree(photos)) == {"2019/one.jpg", "2019/two.jpg"}
    decide = photos.parent / "_DECISION_DUPES"
    assert len(list((decide / ".set-aside").rglob("*.jpg"))) == 2, "nothing is deleted"
    assert len(list(decide.glob("group_*/*.jpg"))) == 2, "the third group waits"

    sil("undo", photos, cwd=photos.parent)
    assert reviewing.tree(photos.parent) == before


def test_with_the_page_only_what_is_not_sure_is_asked(photos: Path) -> None:
    program = Program(photos, "--auto", "identical", cwd=photos.parent)
    until(lambda: program.get("/api/session")["totals"]["settled"] == 2)
    [row] = program.get("/api/groups")["rows"]
    group = program.get(f"/api/groups/{row['number']}")
    assert (group["own"], group["keep"]) == (False, 0)
    other = sil("review", photos, "--no-page", cwd=photos.parent)
    assert (other.returncode, "another run is working" in other.stderr) == (4, True)
    done = program.get("/api/history")["groups"]
    status, _ = program.ask("POST", f"/api/groups/{done[0]['number']}/undo", {})
    assert status == 200
    assert len(reviewing.tree(photos)) == 3, "its two files are home, and the other group's one"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--keep", "pixels,beauty"], "the rule 'beauty' is none of folder, whole, pixels"),
        (["--keep", "age,age"], "the rule 'age' stands twice"),
        (["--auto", "lean"], "invalid choice: 'lean'"),
        (["--auto", "identical", "--rejects", "delete"], "--auto only sets files aside"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_code_2(
    photos: Path, words: list[str], said: str
) -> None:
    done = sil(photos, *words, cwd=photos.parent)
    assert (done.returncode, said in done.stderr) == (2, True), done
    assert len(done.stderr.splitlines()) == 1


def test_without_a_page_a_run_in_which_all_is_sure_ends_with_zero(photos: Path) -> None:
    for path in photos.rglob("three.*"):
        path.unlink()
    done = sil(photos, "--auto", "identical", "--no-page", cwd=photos.parent)
    assert (done.returncode, "Groups settled:  2" in done.stderr) == (0, True)


def test_what_may_be_an_enlargement_is_said_and_left_to_the_user(tmp_path: Path) -> None:
    half = edited_pictures.photo().resize((320, 240))
    for folder, picture in (("from", half), ("enlarged", half.resize(edited_pictures.SIZE))):
        (tmp_path / folder).mkdir()
        picture.save(tmp_path / folder / "a.jpg", quality=95)
    said = "may be an enlargement: no more detail than 320 × 240"
    rules = ("--keep", "pixels,path", "--auto", "clear")
    told = sil(tmp_path, "--mode", "similar", *rules, "--dry-run", cwd=tmp_path).stderr
    [line] = sentences(told)
    assert line.startswith("group 1 (lean): left for you, suggested is from/a.jpg: shorter path")
    assert f"enlarged/a.jpg has more pixels (640 × 480; {said})" in line
    edited_pictures.photo().save(tmp_path / "enlarged/a.jpg", quality=95)
    told = sil(tmp_path, "--mode", "similar", *rules, "--dry-run", cwd=tmp_path).stderr
    assert "(clear): would keep enlarged/a.jpg: 640 × 480 against 320 × 240" in told
