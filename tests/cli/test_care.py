"""What comes after a run, as a shell sees it: undo, recover, verify, purge and status."""

import json
import os
import pty
import re
import select
import subprocess
from pathlib import Path
from typing import Any

import pytest

import pictures
from cli.test_main_job import files, finish
from program import Program, command, environment, sil
from same_image_locator.wording import moment_words

HOSTILE = ["tab\there.jpg", "line\nbreak.jpg", "\udcff\udcfe.jpg", "-rf.jpg", "\x1b[31mred.jpg"]
VERBS = ("undo", "recover", "verify", "purge", "status")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three copies of one photo, and two of another."""
    for name, seed in (("a/1.jpg", 1), ("b/1.jpg", 1), ("c/1.jpg", 1), ("a/2.jpg", 2)):
        pictures.photo(tmp_path / "photos" / name, seed)
    pictures.photo(tmp_path / "photos/b/2.jpg", 2)
    return tmp_path / "photos"


@pytest.fixture
def decide(photos: Path) -> Path:
    return photos.parent / "_DECISION_DUPES"


def settled(photos: Path, *numbers: int) -> None:
    """Stage all groups, settle these, keeping the first file of each, and stop."""
    program = Program(photos, cwd=photos.parent)
    for number in numbers:
        finish(program, number, [0])
    program.kill()


def told(photos: Path, verb: str, *words: str) -> tuple[int, Any]:
    """Return the exit code of a verb and its JSON."""
    done = sil(verb, photos, "--json", *words, cwd=photos.parent)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["version"] == 1
    return done.returncode, report


def tree(folder: Path) -> dict[str, object]:
    """Return all that lies below a folder, our lock's own notes left out."""
    return {
        str(path): (path.lstat().st_mtime_ns, path.is_file() and path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.name != ".lock"
    }


def journal_of(decide: Path) -> Path:
    return decide / ".journal.jsonl"


def test_undo_of_one_run_leaves_the_others(photos: Path, decide: Path) -> None:
    settled(photos, 1, 2)
    for side in "xy":
        pictures.photo(photos / side / "3.jpg", 3)
    Program(photos, cwd=photos.parent).kill()
    _, state = told(photos, "status")
    first, second = (run["id"] for run in state["runs"])
    code, report = told(photos, "undo", "--run", second)
    assert code == 0
    homes = [file["to"] for group in report["groups"] for file in group["files"]]
    assert sorted(homes) == [f"{photos}/x/3.jpg", f"{photos}/y/3.jpg"]
    assert not (photos / "b/1.jpg").exists()
    unknown = sil("undo", photos, "--run", "nope", cwd=photos.parent)
    assert (unknown.returncode, "of a run nope" in unknown.stderr) == (2, True)
    assert sil("undo", photos, "--run", first, cwd=photos.parent).returncode == 0
    assert (photos / "b/1.jpg").exists()
    assert not decide.exists()


def test_undo_dry_run_names_the_very_place_of_each_file_and_changes_nothing(
    photos: Path, decide: Path
) -> None:
    settled(photos, 1)
    pictures.photo(photos / "b/1.jpg", 9)
    before = tree(photos.parent)
    shown = sil("undo", photos, "--dry-run", cwd=photos.parent)
    assert f"would come home: {photos}/b/1 (restored).jpg   (its old name is taken)" in shown.stdout
    assert shown.stdout.endswith("4 files would come home from 2 groups\n")
    code, report = told(photos, "undo", "--dry-run")
    assert (code, shown.returncode, report["dry_run"]) == (0, 0, True)
    assert tree(photos.parent) == before
    code, done = told(photos, "undo")
    assert (code, done["dry_run"]) == (0, False)
    assert done["groups"] == report["groups"]
    for group in done["groups"]:
        for file in group["files"]:
            assert os.path.exists(file["to"])
            assert file["renamed"] == file["to"].endswith("(restored).jpg")
    assert not decide.exists()


def test_undo_of_a_file_that_must_stay_is_told_with_exit_code_3(photos: Path) -> None:
    settled(photos)
    (photos / "b").rmdir()
    (photos / "b").write_text("in the way")
    code, report = told(photos, "undo")
    assert code == 3
    assert all(group["done"] and group["left"] and group["reason"] for group in report["groups"])
    assert len(report["problems"]) == 2
    assert (photos / "a/1.jpg").exists()


def cut_off(decide: Path, purpose: str) -> None:
    """Take the last receipt out of the journal, as a death right before it would."""
    lines = journal_of(decide).read_bytes().splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if f'"purpose":"{purpose}"'.encode() in line)
    journal_of(decide).write_bytes(b"".join(lines[: last + 1]))


def test_recover_dry_run_names_what_is_open_and_how_it_would_end(
    photos: Path, decide: Path
) -> None:
    settled(photos, 1)
    cut_off(decide, "settle")
    status, state = told(photos, "status")
    assert (status, [left["purpose"] for left in state["open"]]) == (5, ["settle"])
    in_words = sil("status", photos, cwd=photos.parent)
    assert "something half done" in in_words.stdout
    before = tree(photos.parent)
    shown = sil("recover", photos, "--dry-run", cwd=photos.parent)
    assert "settle of group_0001_sha_" in shown.stdout
    assert "would be completed" in shown.stdout
    assert f"    {photos}/a/1.jpg\n" in shown.stdout
    _, planned = told(photos, "recover", "--dry-run")
    assert tree(photos.parent) == before
    code, done = told(photos, "recover")
    assert code == 1, "the other group waits"
    assert done["groups"] == planned["groups"]
    assert done["groups"][0]["done"]
    again = sil("recover", photos, cwd=photos.parent)
    assert again.stdout == "nothing is left half done\n"


def test_recover_tells_what_it_takes_back(photos: Path, decide: Path) -> None:
    settled(photos, 1)
    cut_off(decide, "settle")
    # A kept photo that vanished and came back changed makes the decision impossible to prove.
    status = (photos / "a/1.jpg").stat()
    (photos / "a/1.jpg").write_bytes(b"x" * status.st_size)
    os.utime(photos / "a/1.jpg", ns=(status.st_atime_ns, status.st_mtime_ns))
    shown = sil("recover", photos, "--dry-run", cwd=photos.parent)
    assert "would be taken back" in shown.stdout
    code, report = told(photos, "recover")
    assert (code, report["groups"][0]["done"], report["groups"][0]["files"]) == (3, False, [])


def test_recover_takes_over_the_first_versions_groups_and_verify_asks_for_that(
    photos: Path, decide: Path
) -> None:
    folder = decide / "group_0001_sha_0123456789"
    folder.mkdir(parents=True)
    for number, side in enumerate("abc"):
        (photos / side / "1.jpg").rename(folder / f"{number}.jpg")
    rows = [f"{folder}/{n}.jpg\t{photos}/{side}/1.jpg\n" for n, side in enumerate("abc")]
    (folder / "_manifest.tsv").write_text("".join(rows))
    code, proof = told(photos, "verify")
    assert (code, proof["unknown_groups"]) == (5, [folder.name])
    assert "first version" in sil("status", photos, cwd=photos.parent).stdout
    assert told(photos, "status")[0] == 5
    assert "would be taken over" in sil("recover", photos, "--dry-run", cwd=photos.parent).stdout
    code, report = told(photos, "recover")
    assert (code, report["taken_over"]) == (1, [folder.name])
    code, proof = told(photos, "verify")
    assert (code, proof["contents"], proof["files_read"]) == (0, 1, 3)


def test_verify_proves_that_all_is_there(photos: Path) -> None:
    settled(photos, 1)
    shown = sil("verify", photos, cwd=photos.parent)
    assert (shown.returncode, shown.stdout) == (0, "5 files read: all of 2 contents there\n")
    assert "verify: 5 files read" in shown.stderr
    code, proof = told(photos, "verify")
    assert (code, proof["states"], proof["missing"]) == (0, {"present": 2}, [])


def test_verify_names_what_is_missing_changed_and_ended(photos: Path, decide: Path) -> None:
    settled(photos, 1, 2)
    (photos / "a/1.jpg").write_bytes(b"edited")
    (photos / "a/2.jpg").unlink()
    [aside] = decide.glob(".set-aside/*/*/002_2.jpg")
    aside.unlink()
    shown = sil("verify", photos, cwd=photos.parent)
    assert shown.returncode == 3
    code, proof = told(photos, "verify")
    [missing] = proof["missing"]
    assert (code, missing["state"]) == (3, "missing")
    assert missing["expected_at"] == [f"{photos}/a/2.jpg", str(aside)]
    assert [(c["path"], len(c["found_at"])) for c in proof["changed"]] == [(f"{photos}/a/1.jpg", 2)]
    for line in (
        f"missing: {photos}/a/2.jpg, {photos}/b/2.jpg (",
        f"    expected at {aside}\n    last recorded {moment_words(missing['since'])}\n",
        f"changed since: {photos}/a/1.jpg; what it held is at {decide}",
        "1 of 2 contents NOT found",
    ):
        assert line in shown.stdout
    assert told(photos, "status")[0] == 0


def test_verify_tells_an_edited_file_whose_old_content_is_nowhere(
    photos: Path, decide: Path
) -> None:
    settled(photos, 1)
    (photos / "a/1.jpg").write_bytes(b"edited")
    for aside in decide.glob(".set-aside/*/*/*"):
        aside.unlink()
    shown = sil("verify", photos, cwd=photos.parent)
    assert shown.returncode == 3
    assert shown.stdout.startswith("changed: ")
    assert f"    other bytes lie at {photos}/a/1.jpg\n" in shown.stdout


def near_copies(tmp_path: Path) -> Path:
    """Two near copies of one photo beside two equal ones of another."""
    for name, quality in (("n1", 90), ("n2", 70)):
        pictures.photo(tmp_path / "photos" / f"{name}.jpg", 5, quality=quality)
    for name in ("e1", "e2"):
        pictures.photo(tmp_path / "photos" / f"{name}.jpg", 6)
    return tmp_path / "photos"


def test_purge_tells_what_it_removed_and_verify_knows_it_as_ended(tmp_path: Path) -> None:
    photos = near_copies(tmp_path)
    program = Program(photos, "--mode", "phash", cwd=tmp_path)
    near = next(n for n in (1, 2) if "n1.jpg" in str(program.get(f"/api/groups/{n}")))
    finish(program, near, [0])
    program.kill()
    before = tree(tmp_path)
    code, planned = told(photos, "purge", "--dry-run")
    assert (code, tree(tmp_path) == before) == (1, True)
    in_words = sil("purge", photos, "--dry-run", cwd=tmp_path)
    assert f"would be removed: {photos}/n2.jpg (sha256 " in in_words.stdout
    code, report = told(photos, "purge", "--yes")
    assert (code, report["removed"], report["freed_bytes"]) == (
        1,
        planned["removed"],
        planned["freed_bytes"],
    )
    [gone] = report["removed"]
    assert gone["path"] == f"{photos}/n2.jpg"
    assert gone["size"] == report["freed_bytes"]
    code, proof = told(photos, "verify")
    [ended] = proof["ended"]
    assert (code, proof["states"]) == (0, {"present": 2, "ended": 1})
    assert (ended["path"], ended["sha256"], ended["by"], ended["copies_at"]) == (
        gone["path"],
        gone["sha256"],
        "purge",
        [],
    )
    shown = sil("verify", photos, cwd=tmp_path).stdout
    when = moment_words(ended["at"])
    assert f"ended by the purge of {when}: {photos}/n2.jpg (sha256 {gone['sha256']})" in shown
    assert told(photos, "status")[1]["ended"][0]["sha256"] == gone["sha256"]
    assert "removed for good: 1 file" in sil("status", photos, cwd=tmp_path).stdout


def age(decide: Path, subject: str, hours: int) -> None:
    """Let a group be settled some hours ago: its receipt gets an older time and a new checksum."""
    import datetime as dt
    import hashlib

    then = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)).isoformat(timespec="seconds")
    lines = []
    number = None
    for line in journal_of(decide).read_text().splitlines():
        record = json.loads(line.split(" ", 1)[1])
        if record["op"] == "plan" and record["purpose"] == "settle":
            number = record["id"] if subject in record["subject"] else number
        if record["op"] == "done" and record["id"] == number:
            record["at"] = then
        text = json.dumps(record, separators=(",", ":"))
        lines.append(f"{hashlib.sha256(text.encode()).hexdigest()[:16]} {text}\n")
    journal_of(decide).write_text("".join(lines))


def test_purge_older_than_leaves_what_was_settled_later(photos: Path, decide: Path) -> None:
    settled(photos, 1, 2)
    age(decide, "group_0001", 49)
    none = sil("purge", photos, "--yes", "--older-than", "1w", cwd=photos.parent)
    assert (none.returncode, none.stdout) == (0, "nothing was set aside that long ago\n")
    _, report = told(photos, "purge", "--yes", "--older-than", "2d")
    assert [file["path"] for file in report["removed"]] == [
        f"{photos}/b/1.jpg",
        f"{photos}/c/1.jpg",
    ]
    assert [path.name for path in decide.glob(".set-aside/*/*/*")] == ["002_2.jpg"]
    _, report = told(photos, "purge", "--yes", "--older-than", "0h")
    assert [file["path"] for file in report["removed"]] == [f"{photos}/b/2.jpg"]
    assert not decide.exists()


def test_purge_counts_no_freed_bytes_for_a_file_with_another_name(
    photos: Path, decide: Path
) -> None:
    settled(photos, 2)
    [aside] = decide.glob(".set-aside/*/*/002_2.jpg")
    os.link(aside, photos / "another name.jpg")
    assert told(photos, "status")[1]["set_aside"] == {"files": 1, "bytes": 0}
    _, report = told(photos, "purge", "--yes")
    assert (len(report["removed"]), report["freed_bytes"]) == (1, 0)


def asked(photos: Path, answer: str) -> tuple[str, int]:
    """Run purge on a terminal and type an answer; returns the screen and the exit code."""
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        command("purge", photos),
        cwd=photos.parent,
        env=environment(),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    while not re.search(rb"go on: $", shown):
        ready, _, _ = select.select([screen], [], [], 60)
        assert ready, shown
        shown += os.read(screen, 65536)
    os.write(screen, answer.encode() + b"\n")
    code = process.wait(timeout=60)
    os.close(screen)
    return shown.decode(errors="replace"), code


def test_purge_asks_with_files_size_and_what_has_no_other_copy(tmp_path: Path) -> None:
    photos = near_copies(tmp_path)
    program = Program(photos, "--mode", "phash", cwd=tmp_path)
    finish(program, 1, [0])
    finish(program, 2, [0])
    program.interrupt()
    shown, code = asked(photos, "yes")
    assert code == 1
    assert f"    {photos}/n2.jpg" in shown
    assert f"    {photos}/e2.jpg" in shown
    assert re.search(r"This will remove 2 files, \d.* for good; 1 of them hold", shown)
    assert len(list(tmp_path.glob("_DECISION_DUPES/.set-aside/*/*/*"))) == 2
    _, code = asked(photos, "purge")
    assert (code, (tmp_path / "_DECISION_DUPES").exists()) == (0, False)


def test_purge_names_the_first_files_of_many(tmp_path: Path) -> None:
    for number in range(23):
        pictures.photo(tmp_path / "photos" / f"{number:02}.jpg", 1)
    settled(tmp_path / "photos", 1)
    refused = sil("purge", tmp_path / "photos", cwd=tmp_path)
    assert (refused.returncode, "needs --yes" in refused.stderr) == (2, True)
    assert "    and 2 more\n" in refused.stderr
    assert "; " not in refused.stderr, "every one has a kept copy"


def test_status_tells_runs_groups_and_what_is_set_aside(photos: Path, decide: Path) -> None:
    settled(photos, 1)
    code, state = told(photos, "status")
    assert code == 1
    assert state["decision_folder"] == str(decide)
    assert state["working"] is None
    assert state["groups"] == {"staged": 1, "settled": 1, "undone": 0, "purged": 0}
    assert state["set_aside"]["files"] == 2
    assert state["staging_complete"] is True
    [run] = state["runs"]
    assert run["root"] == str(photos)
    assert [(g["number"], g["state"], g["files"]) for g in run["groups"]] == [
        (1, "settled", 3),
        (2, "staged", 2),
    ]
    in_words = sil("status", photos, cwd=photos.parent).stdout
    assert in_words.startswith(f"decision folder: {decide}\n")
    assert f"run {run['id']} of {moment_words(run['at'])} on {photos}: 1 settled, 1 staged" in (
        in_words
    )


def test_status_without_a_decision_folder_says_so_in_json_too(photos: Path) -> None:
    assert told(photos, "status") == (0, {"version": 1, "decision_folder": None})


def test_while_another_run_works_the_verbs_look_but_do_not_act(photos: Path, decide: Path) -> None:
    program = Program(photos, cwd=photos.parent)
    finish(program, 1, [0])
    process = f"process {program.process.pid} on "
    for words in (["undo"], ["recover"], ["purge", "--yes"]):
        done = sil(*words, photos, cwd=photos.parent)
        assert (done.returncode, process in done.stderr) == (4, True), done
        assert len(done.stderr.splitlines()) == 1
    assert told(photos, "verify")[0] == 0
    code, state = told(photos, "status")
    assert (code, process in state["working"]) == (1, True)
    assert process in sil("status", photos, cwd=photos.parent).stdout
    assert told(photos, "undo", "--dry-run")[0] == 0
    assert told(photos, "purge", "--dry-run")[1]["removed"]
    assert told(photos, "recover", "--dry-run")[0] == 1
    assert sil("scan", photos, cwd=photos.parent).returncode in {0, 1}
    assert program.get("/api/groups/2")["files"], "nobody disturbed it"
    program.interrupt()


@pytest.mark.parametrize("verb", VERBS)
def test_a_damaged_journal_stops_every_verb_with_one_line(
    photos: Path, decide: Path, verb: str
) -> None:
    settled(photos, 1)
    journal_of(decide).write_bytes(journal_of(decide).read_bytes().replace(b"begin", b"bogus"))
    before = tree(photos.parent)
    for more in ([], ["--json"], ["--dry-run"]):
        if more == ["--dry-run"] and verb in {"verify", "status"}:
            continue
        done = sil(verb, photos, *more, cwd=photos.parent)
        assert (done.returncode, done.stdout) == (5, ""), done
        assert "line 1 of" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert tree(photos.parent) == before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_of_any_kind_is_shown_harmless_and_told_exactly(photos: Path, name: str) -> None:
    path = photos / "c" / name
    path.write_bytes((photos / "a/1.jpg").read_bytes())
    before = files(photos)
    settled(photos, 1)
    for verb, *words in (("undo", "--dry-run"), ("verify",), ("status",), ("purge", "--dry-run")):
        done = sil(verb, photos, *words, cwd=photos.parent)
        assert "\x1b" not in done.stdout
        assert "here.jpg" not in done.stdout or "\t" not in done.stdout
    _, report = told(photos, "undo", "--dry-run")
    assert str(path) in [f["to"] for group in report["groups"] for f in group["files"]]
    _, report = told(photos, "purge", "--dry-run")
    assert str(path) in [file["path"] for file in report["removed"]]
    assert sil("undo", photos, cwd=photos.parent).returncode == 0
    assert files(photos) == before


def test_a_dry_run_may_stand_in_the_environment(photos: Path) -> None:
    settled(photos)
    done = sil("undo", photos, cwd=photos.parent, env={"SIL_DRY_RUN": "1"})
    assert (done.returncode, (photos / "a/1.jpg").exists()) == (0, False)
    sil("undo", photos, "--no-dry-run", cwd=photos.parent, env={"SIL_DRY_RUN": "1"})
    assert (photos / "a/1.jpg").exists()


def test_rejects_and_allow_copy_become_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    from same_image_locator import cli, verbs
    from same_image_locator.errors import ExitCode
    from same_image_locator.model import Settings

    seen: list[Settings] = []

    def clean_up(settings: Settings, *_rest: object) -> ExitCode:
        seen.append(settings)
        return ExitCode.DONE

    monkeypatch.setattr(verbs, "clean_up", clean_up)
    cli.main([".", "--rejects", "trash", "--allow-copy"])
    cli.main(["."])
    assert [(s.rejects, s.allow_copy) for s in seen] == [("trash", True), ("quarantine", False)]
