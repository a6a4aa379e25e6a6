"""The disk fails in the middle of a review: the page learns it, and the next run goes on."""

from pathlib import Path

import pytest

import pictures
from program import Program


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name, seed in (("a/one.jpg", 1), ("b/one.jpg", 1), ("a/two.jpg", 2), ("b/two.jpg", 2)):
        pictures.photo(tmp_path / "photos" / name, seed)
    return tmp_path / "photos"


def confirmed(program: Program, number: int) -> None:
    path = f"/api/groups/{number}"
    rev = program.get(path)["rev"]
    _, group = program.ask("PUT", f"{path}/selection", {"keep": [0], "rev": rev})
    _, armed = program.ask("POST", f"{path}/finish", {"rev": group["rev"]})
    program.ask("POST", f"{path}/finish/confirm", {"nonce": armed["nonce"]})


def test_a_journal_that_cannot_be_written_stops_the_run_and_the_page_says_so(
    photos: Path,
) -> None:
    program = Program(photos, cwd=photos.parent)
    decide = photos.parent / "_DECISION_DUPES"
    journal = decide / ".journal.jsonl"
    journal.rename(decide / "kept")
    journal.mkdir()
    assert program.get("/api/session")["trouble"] == "", "a page watches"
    confirmed(program, 1)
    session = program.get("/api/session")
    assert session["phase"] == "closed"
    assert "Is a directory" in session["trouble"]
    assert "no photo is lost" in session["trouble"]
    assert program.wait() == 5
    assert "Is a directory" in program.text
    assert "Traceback" not in program.text
    assert len(list(decide.glob("group_*/0*"))) == 4
    journal.rmdir()
    (decide / "kept").rename(journal)
    again = Program(photos, cwd=photos.parent)
    assert again.get("/api/groups/1")["files"][0]["keep"], "the choice was saved"
    confirmed(again, 1)
    assert again.get("/api/session")["totals"]["settled"] == 1
    assert again.interrupt() == 130
