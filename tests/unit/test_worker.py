"""Worker processes: a file that kills its decoder costs itself and nothing else."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import deadly
from same_image_locator.decode import worker
from same_image_locator.decode.worker import Lost, Workers


def outcomes(function: object, items: list[object], count: int = 2) -> list[object]:
    with Workers(count) as workers:
        found = dict(workers.run(function, items))  # type: ignore[arg-type]
    assert sorted(found) == list(range(len(items)))
    return [found[index] for index in range(len(items))]


def test_every_item_comes_back_once_with_its_index() -> None:
    assert outcomes(deadly.double, list(range(100))) == [2 * item for item in range(100)]


def test_no_work_starts_no_worker() -> None:
    with Workers(4) as workers:
        assert list(workers.run(deadly.double, [])) == []
        assert workers._workers == []


def test_few_items_start_few_workers() -> None:
    with Workers(8) as workers:
        assert len(list(workers.run(deadly.double, [1, 2]))) == 2
        assert len(workers._workers) <= 2


def test_a_crash_costs_only_the_file_that_caused_it() -> None:
    items: list[object] = [*range(40)]
    items[7] = items[8] = items[31] = "crash"
    found = outcomes(deadly.die_of, items)
    lost = [index for index, outcome in enumerate(found) if isinstance(outcome, Lost)]
    assert lost == [7, 8, 31]
    assert "crashed" in found[7].cause  # type: ignore[attr-defined]
    assert found[39] == 39


def test_a_killed_worker_says_that_memory_may_have_run_out() -> None:
    found = outcomes(deadly.die_of, ["kill", 1])
    assert found == [Lost("its worker process was killed, perhaps because memory ran out"), 1]


def test_an_exception_in_a_worker_is_an_outcome() -> None:
    found = outcomes(deadly.die_of, ["raise", 1])
    assert found == [Lost("unexpected ValueError: no such thing"), 1]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timers here")
def test_a_file_that_keeps_its_worker_busy_for_too_long_is_given_up() -> None:
    found = outcomes(deadly.impatient, ["loop", 1])
    assert found == [Lost(worker._cause_of_death(-signal.SIGPROF)), 1]


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is only sure to hold on Linux")
def test_a_worker_may_not_take_all_memory() -> None:
    assert outcomes(deadly.hoard, [worker.MEMORY_LIMIT]) == [Lost("unexpected MemoryError: ")]


UNGUARDED = """
import deadly
from same_image_locator.decode.worker import Workers
from same_image_locator.errors import LocatorError
try:
    with Workers(1) as workers:
        list(workers.run(deadly.double, [1]))
except LocatorError as error:
    print(error.what)
"""
GUARDED = """
import sys
import deadly
from same_image_locator.decode.worker import Workers
if __name__ == "__main__":
    try:
        with Workers(2) as workers:
            for index, outcome in workers.run(deadly.die_of, [1, 2, *["loop"] * 30]):
                print("working", flush=True)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def started(script: Path, text: str) -> subprocess.Popen[str]:
    script.write_text(text)
    return subprocess.Popen(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


def test_workers_that_cannot_start_end_the_run_with_a_clear_line(tmp_path: Path) -> None:
    out, _errors = started(tmp_path / "run.py", UNGUARDED).communicate(timeout=60)
    assert "A worker process could not be started (exit code 1)" in out.splitlines()


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no process groups here")
def test_ctrl_c_ends_the_run_at_once_and_without_a_workers_traceback(tmp_path: Path) -> None:
    run = started(tmp_path / "run.py", GUARDED)
    assert run.stdout is not None
    assert run.stdout.readline() == "working\n"
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does it: to every process of the run
    # The output ends only when the last worker, which inherited it, is gone.
    _out, errors = run.communicate(timeout=60)
    assert (run.returncode, errors) == (130, "")
