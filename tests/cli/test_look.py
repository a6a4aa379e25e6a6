"""A second run on a folder in use: it is told who works there, and may look but not act."""

import socket
from pathlib import Path
from typing import Any

import pytest

import pictures
from program import Program, sil, until
from same_image_locator import look
from same_image_locator.model import Method, Settings
from same_image_locator.ui_console import UISplit

ACTS: list[tuple[str, str, Any]] = [
    ("PUT", "/api/groups/1/files/0/keep", {"keep": True, "rev": 1}),
    ("PUT", "/api/groups/1/selection", {"keep": [0], "rev": 1}),
    ("POST", "/api/folders/prefer", {"group": 1, "file": 0, "on": True, "rev": 1}),
    ("PUT", "/api/groups/1/auto-finish", {"on": True}),
    ("POST", "/api/groups/1/finish", {"rev": 1}),
    ("POST", "/api/groups/1/finish/confirm", {"nonce": "x"}),
    ("POST", "/api/groups/1/finish/take-back", {}),
    ("POST", "/api/groups/1/undo", {}),
    ("POST", "/api/free-space", {"yes": True}),
    ("POST", "/api/free-space/confirm", {"nonce": "x"}),
]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name, seed in (("a/one.jpg", 1), ("b/one.jpg", 1), ("a/two.jpg", 2), ("b/two.jpg", 2)):
        pictures.photo(tmp_path / "photos" / name, seed)
    return tmp_path / "photos"


def looked(photos: Path) -> tuple[Program, Program]:
    """Start a run, and beside it one that looks."""
    first = Program(photos, cwd=photos.parent)
    return first, Program("review", photos, cwd=photos.parent)


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Return each entry below a folder with its size and the time of its last change."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        now = path.lstat()
        found[str(path)] = (now.st_size, now.st_mtime_ns)
    # Whoever asks who holds the lock touches its file, which says nothing.
    return {path: facts for path, facts in found.items() if not path.endswith("/.lock")}


def finish(program: Program, number: int) -> None:
    path = f"/api/groups/{number}"
    rev = program.get(path)["rev"]
    _, group = program.ask("PUT", f"{path}/selection", {"keep": [0], "rev": rev})
    _, armed = program.ask("POST", f"{path}/finish", {"rev": group["rev"]})
    status, told = program.ask("POST", f"{path}/finish/confirm", {"nonce": armed["nonce"]})
    assert status == 200, told


def test_a_second_run_is_told_who_works_there_and_how_to_look(photos: Path) -> None:
    first = Program(photos, cwd=photos.parent)
    second = sil(photos, "--port", "0", "--no-open", cwd=photos.parent)
    assert second.returncode == 4
    assert f"process {first.process.pid} on {socket.gethostname()} since" in second.stderr
    assert "look at its groups with `sil review`" in second.stderr
    first.interrupt()


def test_looking_shows_the_groups_and_refuses_every_act(photos: Path) -> None:
    first, looking = looked(photos)
    decide = photos.parent / "_DECISION_DUPES"
    before = everything(decide)
    session = looking.get("/api/session")
    assert f"process {first.process.pid} on" in session["read_only"]
    assert (session["phase"], session["totals"]["waiting"]) == ("review", 2)
    assert looking.get("/api/groups/1/facts")["files"][0]["width"] == 160
    group = looking.get("/api/groups/1")  # with the facts, now that they are known
    for method, path, body in ACTS:
        status, told = looking.ask(method, path, body)
        assert (status, told["type"]) == (403, "urn:same-image-locator:read-only"), path
        assert "another run is working" in told["detail"]
    assert looking.get("/api/groups/1") == group
    assert everything(decide) == before
    assert looking.ask("POST", "/api/stop", {})[1]["phase"] == "closed"
    assert looking.wait() == 4
    assert everything(decide) == before
    assert f"process {first.process.pid}" in looking.text
    first.interrupt()


def test_ctrl_c_ends_a_look_with_its_own_exit_code(photos: Path) -> None:
    first, looking = looked(photos)
    assert looking.interrupt() == 4
    assert "Interrupted" not in looking.text
    assert first.get("/api/session")["phase"] == "review"
    first.interrupt()


def test_a_look_follows_the_other_run_to_its_end(photos: Path) -> None:
    first, looking = looked(photos)
    rev = first.get("/api/groups/2")["rev"]
    first.ask("PUT", "/api/groups/2/selection", {"keep": [1], "rev": rev})
    until(lambda: looking.get("/api/session") and looking.get("/api/groups/2")["files"][1]["keep"])
    finish(first, 1)
    until(lambda: looking.get("/api/session")["totals"]["waiting"] == 1)
    assert looking.ask("GET", "/api/groups/1")[0] == 404
    finish(first, 2)
    first.ask("POST", "/api/free-space", {"yes": False})
    assert first.wait() == 0
    until(lambda: "has ended" in looking.get("/api/session")["read_only"])
    assert looking.get("/api/groups")["total"] == 0
    status, _ = looking.ask("POST", "/api/free-space", {"yes": True})
    assert status == 403, "what was set aside is not this run's to free"
    looking.ask("POST", "/api/stop", {})
    assert looking.wait() == 4


def test_a_look_survives_the_removal_of_the_decision_folder(photos: Path) -> None:
    first, looking = looked(photos)
    finish(first, 1)
    finish(first, 2)
    _, offer = first.ask("POST", "/api/free-space", {"yes": True})
    first.ask("POST", "/api/free-space/confirm", {"nonce": offer["nonce"]})
    assert first.wait() == 0
    assert not (photos.parent / "_DECISION_DUPES").exists()
    until(lambda: "has ended" in looking.get("/api/session")["read_only"])
    assert looking.get("/api/session")["totals"]["groups"] == 0
    assert looking.interrupt() == 4
    assert not (photos.parent / "_DECISION_DUPES").exists()


def test_a_look_takes_another_port_when_the_other_run_has_the_wished_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, UISplit() as ui:
        port = taken.getsockname()[1]
        settings = Settings(str(tmp_path), Method("exact"), port=port)
        server = look._served(settings, ui)
        assert server.port not in {0, port}
        server.stop()


def test_a_folder_that_goes_while_it_is_read_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(folder: str) -> None:
        raise FileNotFoundError(folder)

    # No test can remove the folder between the look for its journal and the reading of it.
    monkeypatch.setattr("same_image_locator.journal.peek", too_late)
    assert look._groups(str(tmp_path)) == []


def test_a_look_at_a_journal_that_cannot_be_read_says_so_on_the_page(photos: Path) -> None:
    first, looking = looked(photos)
    journal = photos.parent / "_DECISION_DUPES/.journal.jsonl"
    first.kill()
    journal.rename(journal.with_name("kept"))
    journal.mkdir()
    until(lambda: "Is a directory" in looking.get("/api/session")["trouble"])
    assert looking.wait() == 5
    assert "Is a directory" in looking.text
