"""Worker processes: a file that kills its decoder costs itself and nothing else."""

import mmap
import os
import platform
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import deadly
from same_image_locator.decode import nursery, serving, vital, warm, worker
from same_image_locator.decode.nursery import Child
from same_image_locator.decode.worker import Lost, Workers
from same_image_locator.errors import LocatorError

Start = Callable[[str], Child]
WAYS = [nursery.forked, nursery.fresh] if sys.platform == "linux" else [nursery.fresh]
both_ways = pytest.mark.parametrize("start", WAYS, ids=lambda way: way.__name__)


def outcomes(
    function: object, items: list[object], count: int = 2, start: Start = nursery.start
) -> list[object]:
    with Workers(count, start) as workers:
        found = dict(workers.run(function, items))  # type: ignore[arg-type]
    assert sorted(found) == list(range(len(items)))
    return [found[index] for index in range(len(items))]


@both_ways
def test_every_item_comes_back_once_with_its_index(start: Start) -> None:
    found = outcomes(deadly.double, list(range(1000)), start=start)
    assert found == [2 * item for item in range(1000)]


def test_no_work_starts_no_worker() -> None:
    with Workers(4) as workers:
        assert list(workers.run(deadly.double, [])) == []
        assert workers._workers == []


def test_few_items_start_few_workers() -> None:
    with Workers(8) as workers:
        assert len(list(workers.run(deadly.double, [1, 2]))) == 2
        assert len(workers._workers) <= 2


def test_shares_shrink_to_the_end_so_that_no_worker_is_left_with_a_heap() -> None:
    work = worker._Work(deadly.double, range(1000))
    shares = [len(work.batch(2)) for _ in range(1000) if work]
    assert sum(shares) == 1000
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-8:]) == (worker._LARGEST_BATCH, [1] * 8)


@both_ways
def test_a_crash_costs_only_the_file_that_caused_it(start: Start) -> None:
    items: list[object] = [*range(400)]
    items[7] = items[8] = items[310] = "crash"
    found = outcomes(deadly.die_of, items, start=start)
    lost = [index for index, outcome in enumerate(found) if isinstance(outcome, Lost)]
    assert lost == [7, 8, 310]
    assert "crashed" in found[7].cause  # type: ignore[attr-defined]
    assert [found[index] for index in range(400) if index not in lost] == [
        items[index] for index in range(400) if index not in lost
    ]


def test_another_worker_takes_the_place_of_a_dead_one() -> None:
    with Workers(2) as workers:
        items: list[object] = ["kill", *range(30), "kill", *range(30)]
        found = dict(workers.run(deadly.process, items))
        lost = [index for index, outcome in found.items() if isinstance(outcome, Lost)]
        assert sorted(lost) == [0, 31]
        assert len(workers._workers) == 2


@both_ways
def test_a_killed_worker_says_that_memory_may_have_run_out(start: Start) -> None:
    found = outcomes(deadly.die_of, ["kill", 1], start=start)
    assert found == [Lost("its worker process was killed, perhaps because memory ran out"), 1]


@both_ways
def test_an_exception_in_a_worker_is_an_outcome(start: Start) -> None:
    found = outcomes(deadly.die_of, ["raise", 1], start=start)
    assert found == [Lost("unexpected ValueError: no such thing"), 1]


@both_ways
def test_what_a_decoder_prints_is_not_seen(start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    assert outcomes(deadly.print_and_return, [1, 2], start=start) == [1, 2]
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timers here")
def test_a_file_that_keeps_its_worker_busy_for_too_long_is_given_up() -> None:
    found = outcomes(deadly.impatient, ["loop", 1])
    assert found == [Lost("gave up: it took more than 20 seconds of work"), 1]


@pytest.fixture
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vital, "SECONDS_BETWEEN_LOOKS", 0.5)
    monkeypatch.setattr(vital, "STILL_LOOKS", 3)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing to wait for here")
@pytest.mark.usefixtures("_quick_looks")
@both_ways
def test_a_worker_that_waits_for_ever_is_given_up_and_the_others_go_on(start: Start) -> None:
    found = outcomes(deadly.wait_for_nothing, [*range(9), "wait", *range(9)], start=start)
    assert found == [*range(9), Lost("gave up: its decoder came to a standstill"), *range(9)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process reads")
def test_whoever_reads_but_slowly_does_not_hang_and_whoever_reads_no_more_does() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        pulse = vital.Pulse(reader.pid)
        for _ in range(3 * vital.STILL_LOOKS):
            reader.stdin.write(b"x")
            reader.stdin.flush()
            assert reader.stdout.read(1) == b"x"
            assert not pulse.hangs()
        looks = [pulse.hangs() for _ in range(2 * vital.STILL_LOOKS)]
        assert looks[-1]
        reader.stdin.close()


def test_where_the_system_tells_nothing_a_worker_gets_more_time() -> None:
    pulse = vital.Pulse(0)  # no process has this number
    looks = [pulse.hangs() for _ in range(vital.UNCOUNTED_LOOKS)]
    assert looks == [*[False] * (vital.UNCOUNTED_LOOKS - 1), True]


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is only sure to hold on Linux")
@both_ways
def test_a_worker_may_not_take_all_memory(start: Start) -> None:
    found = outcomes(deadly.hoard, [serving.MEMORY_LIMIT], start=start)
    assert found == [Lost("unexpected MemoryError: ")]


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="only GNU's library gives memory back that eagerly"
)
@both_ways
def test_a_worker_keeps_memory_for_the_next_picture(start: Start) -> None:
    (pages,) = outcomes(deadly.use_again, [10], start=start)
    assert isinstance(pages, int)
    assert pages < (10 << 20) / mmap.PAGESIZE / 10


@pytest.mark.skipif(sys.platform != "linux", reason="where threads are listed")
@both_ways
def test_workers_of_a_script_do_not_start_a_thread_on_each_core(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert outcomes(deadly.threads_of_a_product, [400], start=start) == [1]


def test_when_the_system_grants_no_further_process_the_first_one_does_all() -> None:
    granted = iter([nursery.start])

    def start(module: str) -> Child:
        for once in granted:
            return once(module)
        raise OSError(11, "Resource temporarily unavailable")

    assert outcomes(deadly.double, [*range(40)], 4, start) == [2 * item for item in range(40)]


def test_when_the_system_grants_no_process_at_all_one_clear_line_says_so() -> None:
    def start(_module: str) -> Child:
        raise OSError(11, "Resource temporarily unavailable")

    with pytest.raises(LocatorError, match=r"not be started \(Resource temporarily unavailable\)"):
        outcomes(deadly.double, [1], start=start)


@pytest.mark.skipif(sys.platform != "linux", reason="a fork is only safe on Linux")
def test_a_warm_process_that_was_killed_is_replaced() -> None:
    outcomes(deadly.double, [1])
    assert warm._warm._process is not None
    before = warm._warm._process
    os.kill(before.pid, signal.SIGKILL)
    before.wait()
    assert outcomes(deadly.double, [*range(9)]) == [2 * item for item in range(9)]
    assert warm._warm._process is not before


@pytest.mark.skipif(sys.platform != "linux", reason="a fork is only safe on Linux")
def test_when_the_warm_process_dies_its_workers_go_on() -> None:
    with Workers(1) as workers:
        answers = workers.run(deadly.double, [*range(9)])
        found = [next(answers)]
        assert warm._warm._process is not None
        os.kill(warm._warm._process.pid, signal.SIGKILL)
        warm._warm._process.wait()
        found += answers
    assert sorted(found) == [(item, 2 * item) for item in range(9)]


PREPARED = """
import os, signal, sys, threading
import deadly
from same_image_locator.decode import warm
from same_image_locator.decode.worker import Workers
if sys.argv[1:]:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
warm.prepare("deadly")
twin = warm._warm._process
assert (twin is None) == bool(sys.argv[1:]), twin
with Workers(2) as workers:
    assert dict(workers.run(deadly.double, [1, 2, 3])) == {0: 2, 1: 4, 2: 6}
    if twin:
        assert warm._warm._process is twin and twin.poll() is None
        os.kill(twin.pid, signal.SIGTERM)
        assert twin.wait() == -signal.SIGTERM
    assert dict(workers.run(deadly.double, [4])) == {0: 8}
with Workers(1) as workers:  # of a warm process that was started anew
    assert dict(workers.run(deadly.double, [5])) == {0: 10}
warm._warm.close()
warm.prepare("deadly")
print("well")
"""
UNGUARDED = """
import deadly
from same_image_locator.decode.nursery import fresh
from same_image_locator.decode.worker import Workers
from same_image_locator.errors import LocatorError
try:
    with Workers(1, fresh) as workers:
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
            for index, outcome in workers.run(deadly.process, [1, *["loop"] * 6]):
                print(outcome, flush=True)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def started(script: Path, text: str, *words: str) -> subprocess.Popen[str]:
    script.write_text(text)
    return subprocess.Popen(
        [sys.executable, str(script), *words],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="a fork is only safe on Linux")
@pytest.mark.parametrize("threads", [[], ["a thread"]], ids=["young", "with a thread"])
def test_a_young_process_prepares_by_a_fork_and_one_with_threads_does_not(
    threads: list[str], tmp_path: Path
) -> None:
    run = started(tmp_path / "run.py", PREPARED, *threads)
    assert run.communicate(timeout=60) == ("well\n", "")
    assert run.returncode == 0


def test_workers_that_cannot_start_end_the_run_with_a_clear_line(tmp_path: Path) -> None:
    out, _errors = started(tmp_path / "run.py", UNGUARDED).communicate(timeout=60)
    assert "A worker process could not be started (exit code 1)" in out.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="a fork is only safe on Linux")
def test_a_warm_process_that_cannot_start_ends_the_run_with_a_clear_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warm, "_warm", warm._Warm())
    monkeypatch.setattr(warm, "_WARM", "raise SystemExit(1)")
    with pytest.raises(LocatorError, match="the process that starts them has ended"):
        outcomes(deadly.double, [1])


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no process groups here")
def test_ctrl_c_ends_the_run_at_once_and_without_a_workers_traceback(tmp_path: Path) -> None:
    run = started(tmp_path / "run.py", GUARDED)
    assert run.stdout is not None
    busy = int(run.stdout.readline())
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does it: to every process of the run
    _out, errors = run.communicate(timeout=60)
    assert (run.returncode, errors) == (130, "")
    with pytest.raises(ProcessLookupError):
        os.kill(busy, 0)


@both_ways
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipe with a name here to wait for")
def test_while_nothing_comes_the_items_being_worked_on_are_told(
    tmp_path: Path, start: Start
) -> None:
    names = [str(tmp_path / f"{number}") for number in range(9)]
    for name in names:
        Path(name).write_bytes(b"12345")
    os.mkfifo(slow := str(tmp_path / "slow"))
    told: list[list[int]] = []

    def waiting(indexes: list[int]) -> None:
        told.append(indexes)
        if len(told) == 2:
            threading.Thread(target=Path(slow).write_bytes, args=(b"at last",)).start()

    with Workers(1, start) as workers:
        items = [*names, slow, *names]
        found = dict(workers.run(deadly.read_whole, items, waiting))
    assert told[1] == [9]
    assert found == {index: 7 if index == 9 else 5 for index in range(19)}
