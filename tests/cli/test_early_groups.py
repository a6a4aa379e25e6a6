"""The first groups are decided while the rest is still being read, whatever ends that."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import reviewing
from cli.test_main_job import finish
from program import Program, sil, until

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no signal to wake it by")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return reviewing.library(tmp_path / "photos", reviewing.THREE_GROUPS)


def slow_program(photos: Path) -> Program:
    """Start the program on a drive that falls asleep after the first group."""
    return Program(photos, cwd=photos.parent, module="slow_drive")


def test_the_page_opens_with_the_first_group_and_the_others_come_by_themselves(
    photos: Path,
) -> None:
    before = reviewing.tree(photos)
    program = slow_program(photos)
    session = program.get("/api/session")
    assert (session["phase"], session["totals"]["groups"]) == ("review", 1)
    search = session["search"]
    assert (search["step"], search["total"]) == ("fingerprint", len(before))
    finish(program, 1, [0])
    session = program.get("/api/session")
    assert (session["phase"], session["totals"]["waiting"]) == ("review", 0), "it waits for more"
    assert program.ask("POST", "/api/free-space", {"yes": True})[0] == 422
    program.process.send_signal(signal.SIGUSR1)
    program.all_found()
    session = program.get("/api/session")
    assert (session["phase"], session["totals"]["waiting"]) == ("review", 2)
    finish(program, 2, [0])
    finish(program, 3, [0])
    assert program.get("/api/session")["phase"] == "offer"
    program.ask("POST", "/api/free-space", {"yes": False})
    assert program.wait() == 0
    assert "Groups settled:  3" in program.text
    assert "Problems:        none" in program.text
    assert sil("undo", photos, cwd=photos.parent).returncode == 0
    assert reviewing.tree(photos) == before


def stopped(program: Program) -> int:
    """Press the page's own button; returns the exit code."""
    status, session = program.ask("POST", "/api/stop", {})
    assert status == 200
    assert (session["phase"], bool(session["search"])) == ("closed", True), "it was not over"
    return program.wait()


def killed(program: Program) -> int:
    program.kill()
    return program.process.returncode


@pytest.mark.parametrize(
    ("end", "code"),
    [(stopped, 1), (Program.interrupt, 130), (killed, -signal.SIGKILL)],
    ids=["stop", "ctrl-c", "kill"],
)
def test_a_run_that_ends_in_the_middle_of_its_search_is_gone_on_with(
    photos: Path, end: Callable[[Program], int], code: int
) -> None:
    before = reviewing.tree(photos)
    program = slow_program(photos)
    finish(program, 1, [0])
    until(lambda: program.get("/api/session")["totals"]["settled"] == 1)
    assert end(program) == code
    assert "Traceback" not in program.text
    again = Program(photos, cwd=photos.parent)
    again.all_found()
    assert [row["number"] for row in again.get("/api/groups")["rows"]] == [2, 3]
    again.interrupt()
    once_more = Program(photos, cwd=photos.parent)
    assert once_more.get("/api/session")["search"] is None, "now all is found"
    once_more.interrupt()
    assert sil("undo", photos, cwd=photos.parent).returncode == 0
    assert reviewing.tree(photos) == before
