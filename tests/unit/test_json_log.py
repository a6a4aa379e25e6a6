"""The log for programs: each event one typed line, never in the way of a run."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from same_image_locator.errors import ExitCode, RefusedError, UsageError
from same_image_locator.events import (
    Advanced,
    Awaited,
    Event,
    Grown,
    Noted,
    Requested,
    Spared,
    StepFinished,
    StepStarted,
    Troubled,
)
from same_image_locator.json_log import JsonLog, logged
from same_image_locator.model import Problem

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/reference/json-log.schema.json").read_text(encoding="utf-8")
)
EVENTS: tuple[Event, ...] = (
    StepStarted("scan"),
    StepFinished("scan", "5 photos found"),
    Noted("kept: /p/\udcff.jpg"),
    Troubled(Problem("/p/\n.jpg", "fingerprint", "the file is empty")),
    Requested("GET / 200"),
)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a log, each as its schema has it."""
    told = [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
    for line in told:
        jsonschema.validate(line, SCHEMA)
    return told


def test_each_event_is_one_line_as_the_schema_has_it(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with logged(str(path), "scan", "/p") as log:
        for event in EVENTS:
            log(event)
        log.end(ExitCode.DUPLICATES_REMAIN)
    told = lines(path)
    assert [line["type"] for line in told] == [
        "run-started",
        "step-started",
        "step-finished",
        "note",
        "problem",
        "request",
        "run-ended",
    ]
    assert told[0]["verb"] == "scan"
    assert told[3]["text"] == "kept: /p/\udcff.jpg"
    assert told[4]["path"] == "/p/\n.jpg"
    assert (told[-1]["exit_code"], told[-1]["error"]) == (1, None)
    assert path.stat().st_mode & 0o077 == 0, "the page's address with its token is in it"


def test_where_a_step_stands_is_told_once_a_second_with_all_that_came_since(
    tmp_path: Path,
) -> None:
    path, clock = tmp_path / "run.jsonl", Clock()
    with path.open("wb", buffering=0) as file:
        log = JsonLog(file, clock)
        log(StepStarted("fingerprint", 100, 1000))
        for _ in range(20):
            clock.now += 0.25
            log(Advanced("fingerprint", 2, 10))
        log(Spared("fingerprint", 5))
        log(Grown("fingerprint", 10))
        clock.now += 4
        log(Awaited("fingerprint", ("/p/slow.jpg",)))
        log(Advanced("match"))  # of a step that is not under way
    told = lines(path)[1:]
    assert [line["done"] for line in told] == [8, 16, 24, 32, 40, 45]
    assert (told[-1]["total"], told[-1]["waiting"]) == (110, ["/p/slow.jpg"])


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RefusedError("another run", "Stop it"), 4, "another run. Stop it"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (BrokenPipeError(), 0, None),
        (OSError(5, "Input/output error"), 5, "[Errno 5] Input/output error"),
    ],
)
def test_the_last_line_says_how_a_run_ended_that_could_not_go_on(
    tmp_path: Path, error: BaseException, code: int, said: str | None
) -> None:
    path = tmp_path / "run.jsonl"
    with pytest.raises(type(error)), logged(str(path), "", None):
        raise error
    last = lines(path)[-1]
    assert (last["type"], last["exit_code"], last["error"]) == ("run-ended", code, said)


def test_a_later_run_adds_to_the_log_and_nothing_else_is_ever_written_to(tmp_path: Path) -> None:
    path, photo = tmp_path / "run.jsonl", tmp_path / "a.jpg"
    for _ in range(2):
        with logged(str(path), "review", "/p") as log:
            log.end(ExitCode.DONE)
    assert [line["type"] for line in lines(path)] == ["run-started", "run-ended"] * 2
    photo.write_bytes(b"\xff\xd8 photo")
    with pytest.raises(UsageError, match=r"a\.jpg exists and is no JSON log"):
        logged(str(photo), "", None).__enter__()
    assert photo.read_bytes() == b"\xff\xd8 photo"
    with pytest.raises(UsageError, match="cannot be written"):
        logged(str(tmp_path / "no folder/run.jsonl"), "", None).__enter__()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_a_log_that_cannot_be_written_never_stops_the_run() -> None:
    with logged("/dev/full", "", None) as log:
        log(Noted("the run goes on"))
        log.end(ExitCode.DONE)
    assert log.trouble == "No space left on device"
