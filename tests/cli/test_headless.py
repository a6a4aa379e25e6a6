"""Groups that are listed and decided without the page, as the page would decide them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import pictures
import reviewing
import said_pictures
from program import Program
from same_image_locator.cli import main
from same_image_locator.decode import warm

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/reference/report.schema.json").read_text(encoding="utf-8")
)
GROUP = {"$ref": "#/$defs/group", "$defs": SCHEMA["$defs"]}


@pytest.fixture(autouse=True)
def fresh_workers() -> Iterator[None]:
    """Start none from a folder that is gone, as that of an earlier test: Python 3.13.0 stumbles."""
    warm._warm.close()
    yield
    warm._warm.close()


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three groups of identical files, of which the third has settings with each file."""
    root = reviewing.library(tmp_path / "photos", reviewing.THREE_GROUPS)
    for folder in ("backup", "sent"):
        (root / folder / "three.xmp").write_text(f"settings made in {folder}")
    monkeypatch.chdir(tmp_path)
    return root


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(words)
    told = capsys.readouterr()
    return code, told.out, told.err


def staged(photos: Path, capsys: pytest.CaptureFixture[str], *words: str) -> None:
    assert run(capsys, str(photos), "--no-page", *words)[0] == 1


def waiting(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    """Return the waiting groups as JSON, each as the schema has it."""
    code, out, _ = run(capsys, "groups", "photos", "--json", *words)
    groups: list[dict[str, Any]] = json.loads(out)["groups"]
    for group in groups:
        jsonschema.validate(group, GROUP)
    assert code == (1 if groups else 0)
    return groups


def test_groups_are_listed_with_their_files_by_number_and_what_is_suggested(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staged(photos, capsys)
    before = reviewing.tree(photos.parent)
    code, out, _ = run(capsys, "groups", "photos")
    assert code == 1
    lines = out.splitlines()
    assert lines[0] == "group 1: 3 files, identical"
    assert any(
        line.startswith("  *  2  phone/one.jpg  (identical, 160 × 120, JPEG") for line in lines
    )
    assert any("suggested (identical): keep 2, frees" in line for line in lines)
    assert any("has alone: XMP file" in line for line in lines)
    assert lines[-1] == "waiting for a decision: 3 groups"
    one = waiting(capsys)[0]
    assert (one["suggestion"]["keep"], one["mode"], one["threshold"]) == ([2], "exact", 0)
    assert one["chosen"] == {"keep": [], "by_person": False}
    assert Path(one["files"][1]["staged_at"]).read_bytes()
    assert waiting(capsys, "--keep", "path")[0]["suggestion"]["reasons"] == ["shorter path"]
    assert reviewing.tree(photos.parent) == before, "nothing is changed"


def test_a_group_is_settled_as_said_and_a_dry_run_tells_the_same_before(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staged(photos, capsys)
    before = reviewing.tree(photos.parent)
    words = ("decide", "1", "--keep", "1,3", "--in", "photos", "--json")
    code, out, _ = run(capsys, *words, "--dry-run")
    would = json.loads(out)
    assert (code, would["dry_run"], reviewing.tree(photos.parent)) == (1, True, before)
    code, out, _ = run(capsys, *words)
    done = json.loads(out)
    assert (code, done | {"dry_run": True}) == (1, would)
    [group] = done["groups"]
    assert [kept["path"] for kept in group["kept"]] == [
        str(photos / "backup/one.jpg"),
        str(photos / "sent/one copy.jpg"),
    ]
    assert group["set_aside"] == [str(photos / "phone/one.jpg")]
    assert (photos / "backup/one.jpg").exists()
    assert not (photos / "phone/one.jpg").exists()
    assert len(waiting(capsys)) == 2
    assert run(capsys, "undo", "photos", "--group", "1")[0] == 1
    assert (photos / "phone/one.jpg").exists()


def test_all_sure_suggestions_are_followed_and_the_rest_is_kept(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staged(photos, capsys)
    words = ("decide", "--all", "--suggested", "identical", "--in", "photos")
    code, out, _ = run(capsys, *words, "--dry-run")
    assert (code, "group 1: would be settled (identical: name without “copy”)" in out) == (1, True)
    assert "2 groups would be settled: 2 files would be kept" in out
    code, out, _ = run(capsys, *words)
    assert code == 1
    [left] = waiting(capsys)
    assert f"group {left['number']}: waits on: the suggestion is not sure enough" in out
    assert "2 groups settled: 2 files kept, 3 files set aside" in out
    assert out.strip().endswith("1 group waits on")
    code, out, _ = run(capsys, "decide", "--all", "--keep-all", "--in", "photos")
    assert (code, out.strip().endswith("0 groups wait on")) == (0, True)
    home = {name for name in reviewing.tree(photos) if name.endswith(("jpg", "xmp"))}
    assert home == {
        *("phone/one.jpg", "phone/two.jpg", "backup/three.jpg", "sent/three.jpg"),
        *("backup/three.xmp", "sent/three.xmp"),
    }
    assert waiting(capsys) == []
    code, out, _ = run(capsys, *words)
    assert (code, out.startswith("0 groups settled: 0 files kept")) == (0, True)


def test_the_rules_of_suggestions_may_be_named_and_companions_go_along(
    photos: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    staged(photos, capsys)
    three = next(one["number"] for one in waiting(capsys) if len(one["files"][0]["companions"]))
    code, out, _ = run(capsys, "decide", str(three), "--keep", "2", "--in", "photos")
    assert code == 1
    assert "kept: sent/three.xmp" in out
    assert "set aside: backup/three.xmp" in out
    words = ("decide", "--all", "--suggested", "identical", "--in", "photos", "--dry-run")
    assert "(identical: shorter path)" in run(capsys, *words, "--keep", "path")[1]
    monkeypatch.setenv("SIL_KEEP", "path")
    assert "(identical: shorter path)" in run(capsys, *words)[1]


def test_what_cannot_be_meant_is_refused_whole_and_nothing_is_touched(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staged(photos, capsys)
    before = reviewing.tree(photos.parent)
    for words, said in (
        (("1", "9", "--keep-all"), "No group 9 waits"),
        (("1", "2", "--keep", "3"), "There is no file 3 in group 2"),
        (("1", "--keep", "0"), "'0' is not a whole number from 1"),
        (("1", "--keep", "1,age"), "'age' is not a whole number from 1"),
        (("one", "--keep-all"), "'one' is not a whole number from 1"),
        (("1",), "Said is nothing"),
        (("1", "--keep", "age"), "Said is nothing"),
        (("1", "--keep", "1", "--keep-all"), "Said is keep and keep-all"),
        (("1", "--keep", "1", "--suggested", "clear"), "Said is keep and suggested"),
        (("1", "--keep-none", "--keep-all"), "not allowed with argument"),
        (("--keep-all",), "Given are none"),
        (("1", "--all", "--keep-all"), "Given are numbers and --all"),
        (("1", "--suggested", "clear", "--apart", "1"), "Said is suggested"),
        (("2", "--keep", "1", "--apart", "9"), "There is no file 9 in group 2"),
        (("1", "--suggested", "lean"), "invalid choice: 'lean'"),
    ):
        code, out, errors = run(capsys, "decide", *words, "--in", "photos")
        assert (code, out, said in errors) == (2, "", True), errors
    code, out, _ = run(capsys, "decide", "1", "--keep-none", "--in", "photos")
    assert (code, "Choose at least one file to keep" in out) == (3, True)
    code, out, _ = run(capsys, "decide", "1", "--not-duplicates", "--in", "photos")
    assert (code, "cannot be told apart: keep all" in out) == (3, True)
    assert reviewing.tree(photos.parent) == before
    assert not waiting(capsys)[0]["chosen"]["by_person"], "what was refused is not ticked"


def test_near_pictures_can_be_told_apart_for_ever_or_all_be_let_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "photos"
    for seed in (1, 2):
        pictures.photo(photos / f"{seed}.jpg", seed)
        pictures.photo(photos / f"{seed} small.jpg", seed, quality=60)
    monkeypatch.chdir(tmp_path)
    before = reviewing.tree(photos)
    staged(photos, capsys, "--mode", "phash")
    words = ("decide", "1", "--not-duplicates", "--in", "photos")
    assert "would keep: 1.jpg" in run(capsys, *words, "--dry-run")[1]
    assert json.loads(run(capsys, "apart", "--json")[1])["statements"] == []
    assert run(capsys, *words)[0] == 1
    assert len(json.loads(run(capsys, "apart", "--json")[1])["statements"]) == 1
    code, out, _ = run(capsys, "decide", "2", "--keep-none", "--in", "photos")
    assert (code, "0 files kept, 2 files set aside" in out) == (0, True)
    assert set(reviewing.tree(photos)) == {"1.jpg", "1 small.jpg"}
    run(capsys, "undo", "photos")
    assert reviewing.tree(photos) == before
    staged(photos, capsys, "--mode", "phash")
    assert len(waiting(capsys)) == 1, "the other group is known not to be one"


def test_one_picture_of_a_group_is_told_apart_and_goes_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "photos"
    for place, quality in enumerate((90, 70, 50), 1):
        pictures.photo(photos / f"{place}.jpg", 1, quality=quality)
    monkeypatch.chdir(tmp_path)
    staged(photos, capsys, "--mode", "phash")
    names = [Path(file["path"]).name for file in waiting(capsys)[0]["files"]]
    words = ("decide", "1", "--in", "photos", "--apart")
    for dry_run in (("--dry-run",), ()):
        code, out, _ = run(capsys, *words, "3", "--keep", "3", *dry_run)
        assert (code, "Nothing is chosen to be kept" in out) == (3, True)
        assert json.loads(run(capsys, "apart", "--json")[1])["statements"] == []
        if dry_run:
            code, out, _ = run(capsys, *words, "3", "--keep", "1", *dry_run)
            assert (code, f"would keep: {names[2]}" in out) == (0, True)
    assert run(capsys, *words, "3")[0] == 1
    code, out, _ = run(capsys, *words, "2")
    assert (code, "waits on: you told files of it apart" in out) == (1, True)
    assert run(capsys, "decide", "1", "--keep", "1", "--in", "photos")[0] == 0
    assert set(reviewing.tree(photos)) == {*names}, "2 and 3 were told apart, one after the other"


def test_only_a_file_that_goes_knows_the_date_and_it_is_told_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "photos"
    pictures.photo(photos / "large.jpg", 1, size=(640, 480))
    taken = "2019:06:12 14:03:22"
    pictures.photo(photos / "small.jpg", 1, size=(320, 240), taken=taken)
    monkeypatch.chdir(tmp_path)
    staged(photos, capsys, "--mode", "similar")
    [group] = waiting(capsys)
    large = next(f["number"] for f in group["files"] if f["path"].endswith("large.jpg"))
    words = ("decide", "1", "--keep", str(large), "--sidecars", "--in", "photos")
    would = run(capsys, *words, "--dry-run")[1]
    assert "small.jpg has capture date, which no kept file has" in would
    assert "would write: large.jpg.xmp" in would
    assert not (photos / "large.jpg.xmp").exists()
    code, out, _ = run(capsys, *words)
    assert (code, "metadata written: large.jpg.xmp" in out) == (0, True)
    assert "2019-06-12T14:03:22" in (photos / "large.jpg.xmp").read_text(encoding="utf-8")


def test_what_only_a_file_that_would_go_says_of_its_picture_is_listed_with_its_group(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said_pictures.two_of_one(tmp_path / "photos", shot=False)
    monkeypatch.chdir(tmp_path)
    staged(tmp_path / "photos", capsys, "--mode", "similar")
    [group] = waiting(capsys)
    assert group["suggestion"]["confidence"] == "lean", "nobody is asked about it elsewhere"
    assert [file["has_alone"] for file in group["files"]] == [[], ["a rating", "keywords"]]
    assert "has alone: a rating; keywords" in run(capsys, "groups", "photos")[1]
    done = run(capsys, "decide", "--all", "--suggested", "clear", "--in", "photos")[1]
    assert "the suggestion is not sure enough" in done, "which is what was listed"


def test_while_another_run_works_there_groups_are_listed_but_not_decided(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program(photos, cwd=photos.parent)
    assert len(waiting(capsys)) == 3
    code, out, errors = run(capsys, "decide", "1", "--keep", "1", "--in", "photos")
    assert (code, out, len(errors.splitlines())) == (4, "", 1)
    assert "another run is working" in errors
    dry = run(capsys, "decide", "1", "--keep", "1", "--in", "photos", "--dry-run")
    assert dry[0] == 1
    program.kill()


def test_where_nothing_is_staged_nothing_waits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    for words in (("groups", "photos"), ("decide", "--all", "--keep-all", "--in", "photos")):
        code, out, _ = run(capsys, *words)
        assert (code, "There is no decision folder" in out) == (0, True)
        told = json.loads(run(capsys, *words, "--json")[1])
        assert (told["decision_folder"], told["groups"]) == (None, [])
    code, _, errors = run(capsys, "decide", "1", "--keep", "1", "--in", "photos")
    assert (code, "There is no decision folder" in errors) == (2, True)


def test_groups_of_the_first_version_are_named_until_a_decision_takes_them_over(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staged(photos, capsys)
    decisions = photos.parent / "_DECISION_DUPES"
    (decisions / ".journal.jsonl").unlink()
    shutil.rmtree(decisions / ".set-aside", ignore_errors=True)
    code, out, errors = run(capsys, "groups", "photos")
    assert (code, "waiting for a decision: 0 groups" in out) == (5, True)
    assert "3 group folders of the first version" in errors
    code, out, _ = run(capsys, "decide", "2", "--keep-all", "--in", "photos")
    assert (code, out.strip().endswith("2 groups wait on")) == (1, True)


@pytest.mark.parametrize("verb", ["", "scan", "find-similar", "review"])
def test_each_long_run_keeps_a_log_for_programs(
    photos: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    words = {
        "": (str(photos), "--no-page"),
        "scan": ("scan", str(photos)),
        "find-similar": ("find-similar", str(photos / "phone/one.jpg"), "--in", str(photos)),
        "review": ("review", str(photos), "--no-page", "--auto", "identical"),
    }[verb]
    if verb == "review":
        staged(photos, capsys)
    code, _, errors = run(capsys, *words, "--json-log", "run.jsonl")
    told = [json.loads(line) for line in Path("run.jsonl").read_text(encoding="ascii").splitlines()]
    assert (told[0]["type"], told[0]["verb"]) == ("run-started", verb or None)
    assert (told[-1]["type"], told[-1]["exit_code"]) == ("run-ended", code)
    notes = [line["text"] for line in told if line["type"] == "note"]
    steps = [line["step"] for line in told if line["type"] == "step-finished"]
    assert notes or steps
    for words_told in (*notes, *(one["summary"] for one in told if "summary" in one)):
        assert words_told in errors, "a person is told the same"


def test_the_copies_in_one_folder_are_kept_where_others_have_them_too(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staged(photos, capsys)
    code, out, _ = run(capsys, "groups", "photos", "--folders")
    assert code == 1
    assert "waiting for a decision: 3 groups" in out
    told = json.loads(run(capsys, "groups", "photos", "--folders", "--json")[1])["overlaps"]
    for one in told:
        assert f"{one['folder']}: {one['files']} of {one['of']} file" in out
    assert {(one["folder"], one["other"]) for one in told} >= {("backup", "sent")}
    groups = {g["number"]: [f["path"] for f in g["files"]] for g in waiting(capsys)}

    def there(path: str) -> bool:
        return path.startswith(f"{photos}/phone/")

    decided = {n for n, paths in groups.items() if 0 < sum(map(there, paths)) < len(paths)}
    assert 0 < len(decided) < len(groups), "one group has nothing in that folder"
    keep = ("decide", "--all", "--in", "photos", "--keep-in")
    code, out, _ = run(capsys, *keep, "photos/phone", "--json")
    for one in json.loads(out)["groups"]:
        assert one["settled"] == (one["number"] in decided), one
        kept = {file["path"] for file in one["kept"]}
        assert {path for path in groups[one["number"]] if path in kept} == (
            {path for path in groups[one["number"]] if there(path)} if one["settled"] else set()
        )
    assert code == 1
    code, out, _ = run(capsys, *keep, "photos")
    assert "waits on: none of its files lies in that folder, or all do" in out
    assert run(capsys, *keep, "photos/none")[0] == 2
    (photos.parent / "empty").mkdir()
    nothing = json.loads(run(capsys, "groups", "empty", "--folders", "--json")[1])
    assert nothing["overlaps"] == []
