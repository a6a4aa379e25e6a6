"""The search for near fingerprints: what it costs, beside comparing all and beside FAISS.

    python -m bench.pairs [--rounds N] [--rivals BIN] [--long]

Codes are 64 bits, distinct, and spread as those of photo libraries are: 70 of 100 are unlike all
others, 30 are in small clusters at distances of 0 to 14. Then come crowds: a bucket of 100,000
look-alikes, and clusters of 1,000, each grouped as the program groups and beside the same number
of codes without a crowd. --long adds thresholds at which the search warns, with what it forecast
and what it took. BIN is the bin folder of an environment with faiss in it.
"""

import argparse
import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.sidebyside import Cost, Runs, table

Codes = NDArray[np.uint64]
_FAISS_AT_ONCE = 4096


class Case(NamedTuple):
    """One library of codes, how near they are looked for, and who does it."""

    kind: str
    number: int
    threshold: int
    engines: tuple[str, ...]

    def __str__(self) -> str:
        """Name the case."""
        return f"{self.number:,} codes, {self.kind}, threshold {self.threshold}"


_ALL = ("bands", "brute", "faiss")
_SIDE_BY_SIDE = [
    Case("photo", 10_000, 8, _ALL),
    Case("photo", 100_000, 4, _ALL),
    Case("photo", 100_000, 8, _ALL),
    Case("photo", 100_000, 10, _ALL),
    Case("photo", 1_000_000, 4, ("bands",)),
    Case("photo", 1_000_000, 8, ("bands",)),
]
_CROWDS = [
    Case(kind, count, 8, ("bands",))
    for count in (200_000, 1_000_000)
    for kind in ("photo", "bucket", "clusters")
]
_LONG = [Case("photo", 1_000_000, threshold, ("bands",)) for threshold in (10, 12)]


def library(kind: str, count: int) -> Codes:
    """Return distinct codes; ``kind`` is "photo", "bucket" (100,000 alike) or "clusters"."""
    numbers = np.random.default_rng(1)
    codes = numbers.integers(0, 2**64, count, dtype=np.uint64)
    copies = count * 3 // 10
    parents = numbers.integers(0, count - copies, copies) // 3 * 3
    codes[-copies:] = _flipped(numbers, codes[parents], numbers.integers(0, 15, copies))
    if kind == "bucket":
        codes[:100_000] = _flipped(numbers, np.repeat(codes[:1], 100_000), 4)
    if kind == "clusters":
        centres = np.repeat(codes[: count // 5_000], 1_000)
        codes[: len(centres)] = _flipped(numbers, centres, 3)
    _, first = np.unique(codes, return_index=True)
    distinct: Codes = codes[numbers.permutation(first)]
    return distinct


def _flipped(numbers: np.random.Generator, codes: Codes, times: NDArray[np.int64] | int) -> Codes:
    flipped = codes.copy()
    for turn in range(int(np.max(times))):
        bits = np.uint64(1) << numbers.integers(0, 64, len(codes), dtype=np.uint64)
        flipped ^= np.where(np.asarray(times) > turn, bits, np.uint64(0))
    return flipped


def main() -> None:
    """Run all cases in turn and print a table of each."""
    parser = argparse.ArgumentParser(prog="python -m bench.pairs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals", type=Path)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--search", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.search:
        engine, kind, count, threshold = given.search
        print(json.dumps(_searched(engine, kind, int(count), int(threshold))))
        return
    if given.rivals is None:
        print("no faiss: name the bin folder of its environment with --rivals", file=sys.stderr)
    for case in _SIDE_BY_SIDE + (_LONG if given.long else []):
        _print(case, _measured([case], given.rounds, given.rivals))
    for start in range(0, len(_CROWDS), 3):
        cases = _CROWDS[start : start + 3]
        _print(cases[0], _measured(cases, given.rounds, given.rivals))


def _measured(
    cases: list[Case], rounds: int, rivals: Path | None
) -> dict[str, list[dict[str, Any]]]:
    answers: dict[str, list[dict[str, Any]]] = {}
    for _ in range(rounds):
        for case in cases:
            for engine in case.engines:
                if engine == "faiss" and rivals is None:
                    continue
                python = str(rivals / "python") if rivals and engine == "faiss" else sys.executable
                task = [engine, case.kind, str(case.number), str(case.threshold)]
                command = [python, "-m", "bench.pairs", "--search", *task]
                done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - the benchmark's own command line
                name = engine if len(cases) == 1 else case.kind
                answers.setdefault(name, []).append(json.loads(done.stdout))
    return answers


def _print(case: Case, answers: dict[str, list[dict[str, Any]]]) -> None:
    runs = {
        name: Runs([Cost(each["wall"], each["cpu"], each["peak"]) for each in several])
        for name, several in answers.items()
    }
    print(f"\n{case}")
    print(table(runs, next(iter(runs))))
    for name, several in answers.items():
        forecasts = ", ".join(note for each in several for note in each["notes"])
        print(f"{name}: {several[0]['found']}{f'; told: {forecasts}' if forecasts else ''}")


def _searched(engine: str, kind: str, count: int, threshold: int) -> dict[str, object]:
    """Search once in this process and return what it took; making the codes does not count."""
    codes = library(kind, count)
    notes: list[str] = []
    search: Callable[[], str]
    if engine == "faiss":
        search = _faiss(codes, threshold)
    else:
        search = _ours(engine, codes, threshold, notes)
    wall, cpu = time.perf_counter(), time.process_time()
    found = search()
    return {
        "found": found,
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "notes": notes,
    }


def _ours(engine: str, codes: Codes, threshold: int, notes: list[str]) -> Callable[[], str]:
    """Return a search in which a greedy grouping takes what it can, as in the program."""
    from same_image_locator.events import Event, Noted
    from same_image_locator.match import ENGINES

    def listen(event: Event) -> None:
        if isinstance(event, Noted):
            notes.append(event.text)

    def search() -> str:
        taken = bytearray(len(codes))
        flags = np.frombuffer(taken, np.bool_)
        pairs = 0
        for left, right in ENGINES[engine].neighbours(codes, threshold, flags, listen):
            pairs += len(left)
            for first, member in zip(left.tolist(), right.tolist(), strict=True):
                if not (taken[first] or taken[member]):
                    taken[member] = True
        return f"{pairs:,} pairs listed, {sum(taken):,} codes joined another's group"

    return search


def _faiss(codes: Codes, threshold: int) -> Callable[[], str]:
    """Return a search of all pairs by FAISS, which looks at each of them twice."""
    faiss = importlib.import_module("faiss")
    faiss.omp_set_num_threads(len(os.sched_getaffinity(0)))
    rows = codes.view(np.uint8).reshape(-1, 8)

    def search() -> str:
        index = faiss.IndexBinaryFlat(64)
        index.add(rows)
        near = 0
        for start in range(0, len(rows), _FAISS_AT_ONCE):
            limits, _, _ = index.range_search(rows[start : start + _FAISS_AT_ONCE], threshold + 1)
            near += int(limits[-1])
        return f"{(near - len(rows)) // 2:,} pairs"

    return search


if __name__ == "__main__":
    main()
