"""The main job in a real process, decided through its API: find, stage, review, settle, resume."""

import json
import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

import pictures
from program import Program, sil


def library(folder: Path) -> Path:
    """Write two groups of identical photos (3 + 2), a pair of near copies, and a single."""
    for name, seed in (
        ("a/one.jpg", 1),
        ("b/one.jpg", 1),
        ("b/one again.jpg", 1),
        ("a/two.jpg", 2),
        ("b/two.jpg", 2),
        ("a/three.jpg", 3),
        ("a/four.jpg", 4),
    ):
        pictures.photo(folder / name, seed)
    pictures.photo(folder / "b/three.jpg", 3, quality=75)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of every photo below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def finish(program: Program, number: int, keep: list[int], **more: Any) -> Any:
    """Keep these files of a group, with both confirmations."""
    rev = program.get(f"/api/groups/{number}")["rev"]
    path = f"/api/groups/{number}"
    status, group = program.ask("PUT", f"{path}/selection", {"keep": keep, "rev": rev})
    assert status == 200, group
    status, armed = program.ask("POST", f"{path}/finish", {"rev": group["rev"], **more})
    assert status == 200, armed
    status, done = program.ask("POST", f"{path}/finish/confirm", {"nonce": armed["nonce"]})
    assert status == 200, done
    return done


def free_space(program: Program) -> None:
    """Say yes twice to freeing the space."""
    _, offer = program.ask("POST", "/api/free-space", {"yes": True})
    status, _ = program.ask("POST", "/api/free-space/confirm", {"nonce": offer["nonce"]})
    assert status == 200


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return library(tmp_path / "photos")


@pytest.fixture
def decide(tmp_path: Path) -> Path:
    return tmp_path / "_DECISION_DUPES"


def test_a_whole_run_leaves_one_of_each_and_no_decision_folder(photos: Path, decide: Path) -> None:
    before = files(photos)
    program = Program(photos, cwd=photos.parent)
    assert len(list(decide.glob("group_*"))) == 2
    finish(program, 1, [0])
    finish(program, 2, [1])
    assert program.get("/api/session")["phase"] == "offer"
    free_space(program)
    assert program.wait() == 0
    for gone in ("b/one.jpg", "b/one again.jpg", "a/two.jpg"):
        del before[gone]
    assert files(photos) == before
    assert not decide.exists()
    assert "Groups settled:  2" in program.text


def test_staging_moves_each_group_into_its_numbered_folder_with_manifest_and_facts(
    photos: Path, decide: Path
) -> None:
    program = Program(photos, cwd=photos.parent)
    program.kill()
    first, second = sorted(decide.glob("group_*"))
    assert first.name.startswith("group_0001_sha_")
    assert len(list(first.glob("0*"))) == 3, "most files first"
    assert len(list(second.glob("0*"))) == 2
    rows = [line.split("\t") for line in (first / "_manifest.tsv").read_text().splitlines()]
    assert [origin for _, origin in rows] == [
        f"{photos}/a/one.jpg",
        f"{photos}/b/one again.jpg",
        f"{photos}/b/one.jpg",
    ]
    assert all((first / name).is_file() for name, _ in rows)
    meta = json.loads((first / "_group_meta.json").read_text())
    assert (meta["mode"], meta["count"]) == ("exact", 3)
    assert first.name.endswith(meta["digest"][:10])
    assert not (photos / "a/one.jpg").exists()


def test_a_killed_run_resumes_with_its_groups_and_ticks_instead_of_scanning(
    photos: Path, decide: Path
) -> None:
    program = Program(photos, cwd=photos.parent)
    rev = program.get("/api/groups/1")["rev"]
    program.ask("PUT", "/api/groups/1/files/2/keep", {"keep": True, "rev": rev})
    finish(program, 2, [0])
    program.kill()
    again = Program(photos, "--mode", "phash", "--threshold", "9", cwd=photos.parent)
    assert "going on with 1 group staged earlier" in again.text
    group = again.get("/api/groups/1")
    assert [file["keep"] for file in group["files"]] == [False, False, True]
    assert (group["mode"], group["threshold"]) == ("exact", 0), "its own, not the command line's"
    finish(again, 1, [2])
    again.ask("POST", "/api/free-space", {"yes": False})
    assert again.wait() == 0
    assert (photos / "b/one.jpg").exists()


def test_ctrl_c_ends_the_run_resumable_and_undo_gives_the_library_back(
    photos: Path, decide: Path
) -> None:
    before = files(photos)
    program = Program(photos, cwd=photos.parent)
    finish(program, 1, [0])
    assert program.interrupt() == 130
    assert "No photo is lost" in program.text
    assert "Traceback" not in program.text
    done = sil("undo", photos, cwd=photos.parent)
    assert (done.returncode, files(photos)) == (0, before), done
    assert not decide.exists()
    assert "4 files back home" in done.stdout


def test_a_terminate_signal_ends_the_run_as_gently(photos: Path) -> None:
    program = Program(photos, cwd=photos.parent)
    program.process.send_signal(signal.SIGTERM)
    assert program.wait() == 130


def test_saying_no_keeps_only_what_was_set_aside_and_purge_frees_it_later(
    photos: Path, decide: Path
) -> None:
    program = Program(photos, cwd=photos.parent)
    finish(program, 1, [0])
    finish(program, 2, [0])
    status, _ = program.ask("POST", "/api/free-space", {"yes": False})
    assert status == 200
    assert program.wait() == 0
    assert "undo" in program.text
    assert sorted(os.listdir(decide)) == [
        ".journal.jsonl",
        ".lock",
        ".reserve",
        ".set-aside",
    ]
    told = sil("status", photos, cwd=photos.parent)
    assert "set aside: 3 files" in told.stdout
    refused = sil("purge", photos, cwd=photos.parent)
    assert (refused.returncode, "needs --yes" in refused.stderr) == (2, True)
    freed = sil("purge", photos, "--yes", cwd=photos.parent)
    assert (freed.returncode, "freed" in freed.stdout) == (0, True)
    assert not decide.exists()


def test_undo_of_one_group_leaves_the_others(photos: Path, decide: Path) -> None:
    Program(photos, cwd=photos.parent).kill()
    done = sil("undo", "--group", "2", cwd=photos.parent)
    assert "2 files back home from 1 group" in done.stdout
    assert done.returncode == 1, "a group still waits"
    assert (photos / "a/two.jpg").exists()
    assert not (photos / "a/one.jpg").exists()
    missing = sil("undo", "--group", "7", cwd=photos.parent)
    assert (missing.returncode, "no group 7" in missing.stderr) == (2, True)


def test_undo_from_the_page_brings_the_rejects_home(photos: Path) -> None:
    program = Program(photos, cwd=photos.parent)
    finish(program, 1, [0])
    assert not (photos / "b/one.jpg").exists()
    status, _ = program.ask("POST", "/api/groups/1/undo", {})
    assert status == 200
    assert (photos / "b/one.jpg").exists()
    assert program.interrupt() == 130


def test_a_group_that_cannot_be_settled_stays_and_says_why(photos: Path, decide: Path) -> None:
    program = Program(photos, cwd=photos.parent)
    [reject] = decide.glob("group_0002*/002_*")
    reject.write_bytes(b"edited while it waited")
    group = program.get("/api/groups/2")
    program.ask("PUT", "/api/groups/2/files/0/keep", {"keep": True, "rev": group["rev"]})
    rev = program.get("/api/groups/2")["rev"]
    _, armed = program.ask("POST", "/api/groups/2/finish", {"rev": rev})
    status, told = program.ask("POST", "/api/groups/2/finish/confirm", {"nonce": armed["nonce"]})
    assert status == 409
    assert "002_two.jpg is not a copy of" in told["detail"]
    assert reject.read_bytes() == b"edited while it waited"
    assert len(list(decide.glob("group_0002*/0*"))) == 2
    program.interrupt()


def test_keep_none_is_refused_in_exact_mode(photos: Path) -> None:
    program = Program(photos, cwd=photos.parent)
    rev = program.get("/api/groups/1")["rev"]
    asked = {"rev": rev, "allow_none": True}
    status, _ = program.ask("POST", "/api/groups/1/finish", asked)
    assert status == 422
    program.interrupt()


def test_keep_none_of_near_copies_needs_its_own_word(photos: Path, decide: Path) -> None:
    program = Program(photos, "--mode", "phash", cwd=photos.parent)
    pair = next(n for n in (1, 2, 3) if "three.jpg" in str(program.get(f"/api/groups/{n}")))
    rev = program.get(f"/api/groups/{pair}")["rev"]
    status, _ = program.ask("POST", f"/api/groups/{pair}/finish", {"rev": rev})
    assert status == 422
    finish(program, pair, [], allow_none=True)
    assert len(list(decide.glob(".set-aside/*/*/0*"))) == 2
    program.interrupt()


def test_a_decision_folder_of_the_first_version_is_taken_over_reviewed_and_settled(
    photos: Path, decide: Path
) -> None:
    folder = decide / "group_0001_sha_0123456789"
    folder.mkdir(parents=True)
    rows = ""
    for number, name in enumerate(("a/one.jpg", "b/one.jpg", "b/one again.jpg")):
        target = folder / f"{number}_one.jpg"
        (photos / name).rename(target)
        rows += f"{target}\t{photos}/{name}\n"
    (folder / "_manifest.tsv").write_text(rows)
    (folder / "_group_meta.json").write_text(
        json.dumps({"mode": "exact", "digest": "0123456789" + "0" * 54, "count": 3})
    )
    (folder / "_review_state.json").write_text(
        json.dumps({"keep": ["1_one.jpg"], "finished_clicks": 1, "auto_finish": False})
    )
    program = Program(photos, cwd=photos.parent)
    group = program.get("/api/groups/1")
    assert [file["keep"] for file in group["files"]] == [False, True, False]
    finish(program, 1, [1])
    assert (photos / "b/one.jpg").exists()
    assert not folder.exists()
    free_space(program)
    assert program.wait() == 0
    assert not decide.exists()


def test_a_port_in_use_is_told_before_anything_moves(photos: Path, decide: Path) -> None:
    before = files(photos)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = sil(photos, "--port", port, "--no-open", cwd=photos.parent)
    assert (done.returncode, f"port {port}" in done.stderr) == (2, True)
    assert files(photos) == before
    assert not decide.exists()


def test_a_second_run_on_the_same_folder_is_told_and_changes_nothing(photos: Path) -> None:
    program = Program(photos, cwd=photos.parent)
    second = sil(photos, "--port", "0", "--no-open", cwd=photos.parent)
    assert (second.returncode, "another run is working" in second.stderr) == (4, True)
    program.interrupt()


def test_a_library_without_duplicates_is_left_as_it_is(tmp_path: Path) -> None:
    pictures.photo(tmp_path / "photos/a.jpg", 1)
    pictures.photo(tmp_path / "photos/b.jpg", 2)
    done = sil(tmp_path / "photos", "--port", "0", "--no-open", cwd=tmp_path)
    assert done.returncode == 0
    assert os.listdir(tmp_path) == ["photos"]


def test_unreadable_photos_are_named_and_the_rest_goes_on(photos: Path) -> None:
    (photos / "empty.jpg").write_bytes(b"")
    whole = (photos / "a/four.jpg").read_bytes()
    (photos / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (photos / "text.jpg").write_text("this is no picture")
    (photos / "really a jpeg.png").write_bytes((photos / "a/three.jpg").read_bytes())
    done = sil("scan", photos, "--mode", "phash", "--json", "-")
    report = json.loads(done.stdout)
    assert {os.path.basename(problem["path"]) for problem in report["problems"]} == {
        "empty.jpg",
        "cut.jpg",
        "text.jpg",
    }
    assert all(problem["step"] == "fingerprint" for problem in report["problems"])
    grouped = {os.path.basename(f["path"]) for g in report["groups"] for f in g["files"]}
    assert "really a jpeg.png" in grouped
    assert "cut.jpg" not in grouped


def test_an_interrupted_staging_is_completed_by_the_next_run(photos: Path, decide: Path) -> None:
    Program(photos, cwd=photos.parent).kill()
    journal = decide / ".journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    # As if the power had gone right after the first plan became durable.
    first = [line for line in lines if b'"op":"begin"' in line or b'"id":1,' in line]
    for path in decide.glob("group_0002*/0*"):
        path.rename(photos / "a" / path.name)
    for path in decide.glob("group_0002*/_*"):
        path.unlink()
    next(decide.glob("group_0002*")).rmdir()
    journal.write_bytes(b"".join(first))
    again = Program(photos, cwd=photos.parent)
    again.all_found()
    assert again.get("/api/groups")["total"] == 2
    again.interrupt()


@pytest.mark.parametrize(
    "name", ["tab\there.jpg", "line\nbreak.jpg", "\udcff\udcfe.jpg", "-rf.jpg"]
)
def test_a_photo_of_any_name_comes_home_under_it(photos: Path, decide: Path, name: str) -> None:
    pictures.photo(photos / "c" / name, 1)
    before = files(photos)
    program = Program(photos, cwd=photos.parent)
    finish(program, 1, [0, 1, 2, 3])
    program.kill()
    assert (photos / "c" / name).read_bytes() == before[f"c/{name}"]
    assert sil("undo", cwd=photos.parent).returncode == 0
    assert files(photos) == before


def test_what_belongs_to_a_photo_goes_with_it_through_a_whole_run(
    photos: Path, decide: Path
) -> None:
    for name in ("a/one.xmp", "b/one.jpg.supplemental-metadata.json", "b/one.mov", "a/four.xmp"):
        (photos / name).write_text(name)
    before = files(photos)
    program = Program(photos, cwd=photos.parent)
    assert not (photos / "b/one.mov").exists()
    finish(program, 1, [0])
    finish(program, 2, [1])
    program.ask("POST", "/api/free-space", {"yes": False})
    assert program.wait() == 0
    left = files(photos)
    assert {"a/one.jpg", "a/one.xmp", "a/four.xmp"} < set(left)
    assert not {"b/one.mov", "b/one.jpg.supplemental-metadata.json"} & set(left)
    assert sil("undo", photos, cwd=photos.parent).returncode == 0
    assert files(photos) == before
    assert not decide.exists()
