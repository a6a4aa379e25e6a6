"""A run without a terminal: plain lines, and nothing that draws is loaded for them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from same_image_locator.events import (
    Advanced,
    Grown,
    Noted,
    Requested,
    StepFinished,
    StepStarted,
    Troubled,
)
from same_image_locator.model import Problem
from same_image_locator.ui_lines import Lines, is_plain

LOADED = """
import json, os, sys
from same_image_locator.cli import main
code = main(["scan", "--mode", "phash", sys.argv[1]])
heavy = [name for name in ("rich", "PIL") if name in sys.modules]
print(json.dumps([code, heavy]))
"""


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_thing_that_happens_is_one_line_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Clock()
    with Lines(clock) as lines:
        lines(StepStarted("fingerprint", 1000))
        for _ in range(50):
            clock.now += 0.1
            lines(Advanced("fingerprint", files=5, size=1_000_000))
        lines(Grown("fingerprint", 5))
        lines(Troubled(Problem("/photos/\n.jpg", "fingerprint", "the file is empty")))
        lines(Noted("x" * 300))
        lines(Requested("GET /"))
        lines(StepFinished("fingerprint", "done"))
        lines(Advanced("fingerprint"))
    out, errors = capsys.readouterr()
    first, *told, problem, note, last = errors.splitlines()
    assert (out, first, last) == ("", "fingerprint: 1,000 to do", "fingerprint: done")
    assert len(told) == 2
    assert "of 1,000 · 50/s · 10.0 MB/s" in told[-1]
    assert problem == r"problem: /photos/\n.jpg: fingerprint: the file is empty"
    assert note == "x" * 300


def test_colours_that_are_asked_for_without_a_terminal_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    assert is_plain()
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert not is_plain()
    assert capsys.readouterr() == ("", "")


def test_a_scan_without_a_terminal_draws_nothing_and_its_own_process_opens_no_picture(
    photo: Callable[..., str], tmp_path: Path
) -> None:
    photo("photos/one.jpg")
    environment = {key: value for key, value in os.environ.items() if key != "FORCE_COLOR"}
    run = subprocess.run(
        [sys.executable, "-c", LOADED, str(tmp_path / "photos")],
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout.splitlines()[-1]) == [0, []]
    assert "1 of 1 pictures have a fingerprint" in run.stderr
