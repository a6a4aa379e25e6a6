"""The search for candidates of mode similar: its recall and its cost, beside comparing all.

    python -m bench.candidates FOLDER [--sizes N [N ...]] [--queries Q] [--rounds R]

FOLDER holds real pictures, the more the better. First the search by cells and the comparison of
each picture with each run side by side on their signatures. Then come generated libraries of N
signatures each, which have the covariance of the real ones in and between their rows; as many of
them have no frame, and one in ten is a copy, changed as far as real edits are: its inside is near
another's inside, a view of it, or a window. There comparing all is measured on Q pictures that ask
all others, and forecast from that; recall is the share of what these find that the search finds,
too. The signatures lie in a file that is mapped into memory, as in a scan; the peak is that of the
whole process.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.sidebyside import Cost, Runs, table

Packed = NDArray[np.int8]
_COPY_EVERY = 10
_AT_ONCE = 2000
_ENDLESS = 1 << 60


def main() -> None:
    """Measure the real signatures, then each generated library."""
    given = _options()
    if given.search:
        print(json.dumps(_searched(Path(given.search[0]), given.search[1])))
        return
    with tempfile.TemporaryDirectory(prefix="candidates-") as room:
        real = _signatures(given.folder)
        file = Path(room) / "real.npy"
        np.save(file, real)
        answers = [
            {engine: _run(file, engine) for engine in ("all", "cells")} for _ in range(given.rounds)
        ]
        print(f"{len(real):,} real signatures")
        _print(answers)
        for size in given.sizes:
            _generated(Path(room) / f"{size}.npy", real, size, given.queries)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.candidates")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--search", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def _signatures(folder: Path) -> Packed:
    """Return the signatures of a folder's pictures, which the cache may know already."""
    from same_image_locator.events import ignore
    from same_image_locator.fingerprint import examine
    from same_image_locator.fingerprint.signature import unpacked
    from same_image_locator.model import Method
    from same_image_locator.photos import Prints
    from same_image_locator.scan import scan

    photos, _ = scan(str(folder.resolve()), "", include_all=False, listener=ignore)
    examined, _ = examine(photos, Method("similar"), ignore)
    return unpacked(bytes(Prints.of(examined).fingerprints))


def _run(file: Path, engine: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.candidates", "--search", str(file), engine]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - the benchmark's own command line
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _searched(file: Path, engine: str) -> dict[str, Any]:
    """Search once in this process; the pairs go into a file beside the signatures."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does
    from same_image_locator.similar import candidates as search

    search.ALL_WITH_ALL = _ENDLESS if engine == "all" else 0
    signatures = np.load(file, mmap_mode="r")
    wall, cpu = time.perf_counter(), time.process_time()
    found = search.candidates(signatures, lambda _: None)
    cost = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    pairs = np.array([(min(c[1:3]), max(c[1:3])) for c in found], np.int64).reshape(-1, 2)
    np.savez(file.with_suffix(f".{engine}.npz"), pairs=pairs, far=[c.distance for c in found])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**cost, "peak": peak, "pairs": str(file.with_suffix(f".{engine}.npz"))}


def _print(answers: list[dict[str, dict[str, Any]]]) -> None:
    runs = {
        engine: Runs(
            [Cost(one[engine]["wall"], one[engine]["cpu"], one[engine]["peak"]) for one in answers]
        )
        for engine in answers[0]
    }
    print(table(runs, "all"))
    wanted, found = (np.load(answers[0][engine]["pairs"]) for engine in ("all", "cells"))
    _recall(wanted["pairs"], wanted["far"], found["pairs"])


def _recall(wanted: NDArray[np.int64], far: NDArray[np.float64], found: NDArray[np.int64]) -> None:
    names = {tuple(pair) for pair in found.tolist()}
    there = np.array([tuple(pair) in names for pair in wanted.tolist()])
    for most in (0.55, 0.45, 0.35):
        near = far <= most
        if near.any():
            share = there[near].mean()
            print(f"recall of {near.sum():,} pairs up to a distance of {most}: {share:.5f}")


def _generated(file: Path, real: Packed, size: int, queries: int) -> None:
    """Measure one generated library."""
    _generate(file, real, size)
    run = _run(file, "cells")
    signatures = np.load(file, mmap_mode="r")
    began = time.process_time()
    wanted, far = _asked_all(signatures, queries)
    forecast = (time.process_time() - began) * size / queries
    print(
        f"\n{size:,} generated signatures: {run['wall']:,.0f} s, {run['cpu']:,.0f} CPU s, ", end=""
    )
    print(f"peak {run['peak']:,.0f} MB; comparing all: {forecast:,.0f} CPU s by forecast, ", end="")
    print(f"{forecast / run['cpu']:.1f} times as much")
    found = np.load(run["pairs"])["pairs"]
    print(f"{len(found):,} pairs")
    _recall(wanted, far, found)


def _generate(file: Path, real: Packed, size: int) -> None:
    """Write a library of signatures as the real ones are."""
    from same_image_locator.fingerprint.signature import INSIDE, ROWS, VALUES, WHOLE

    dice = np.random.default_rng(1)
    basis = real[dice.permutation(len(real))[:2000]].reshape(-1, ROWS * VALUES).astype(np.float32)
    middle = basis.mean(axis=0)
    basis -= middle
    unframed = (real[:, INSIDE] == real[:, WHOLE]).all(axis=1).mean()
    store = np.lib.format.open_memmap(file, "w+", np.int8, (size, ROWS, VALUES))
    for start in range(0, size, _AT_ONCE):
        count = min(_AT_ONCE, size - start)
        weights = dice.normal(scale=1 / math.sqrt(len(basis)), size=(count, len(basis)))
        rows = (weights.astype(np.float32) @ basis + middle).reshape(count, ROWS, VALUES)
        _plant(rows, dice)
        alike = dice.random(count) < unframed
        rows[alike, WHOLE] = rows[alike, INSIDE]
        rows *= 256 / (np.linalg.norm(rows, axis=-1, keepdims=True) + 1e-6)
        store[start : start + count] = np.clip(np.rint(rows), -127, 127)
    store.flush()


def _plant(rows: NDArray[np.float32], dice: np.random.Generator) -> None:
    """Make one in ten a copy of the one before it."""
    from same_image_locator.fingerprint.signature import FIRST_WINDOW, INSIDE, ROWS, views

    for place in range(1, len(rows), _COPY_EVERY):
        source = rows[place - 1]
        kind = place // _COPY_EVERY % 3
        if kind == 0:
            rows[place] = source
        elif kind == 1:
            rows[place] = views(source)[dice.integers(8)]
        else:
            rows[place, INSIDE] = source[dice.integers(FIRST_WINDOW, ROWS)]
        length = np.linalg.norm(rows[place], axis=-1, keepdims=True) / math.sqrt(rows.shape[-1])
        noise = dice.normal(size=rows[place].shape) * dice.uniform(0.0, 1.1)
        rows[place] += length * noise


def _asked_all(signatures: Packed, queries: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the pairs that evenly chosen pictures find when they ask all others."""
    from same_image_locator.fingerprint.signature import INSIDE, lengthened
    from same_image_locator.similar.candidates import WITHIN
    from same_image_locator.similar.candidates import queries as asked_for

    best: dict[tuple[int, int], float] = {}
    chosen = np.linspace(0, len(signatures) - 1, queries).astype(int)
    for start in range(0, len(signatures), 16384):
        insides = lengthened(signatures[start : start + 16384, 0 + INSIDE])
        for one in chosen.tolist():
            likeness = asked_for(signatures[one : one + 1]) @ insides.T
            rows, others = np.nonzero(likeness >= WITHIN[:, None])
            for other, alike in zip(others + start, likeness[rows, others], strict=True):
                pair = (min(one, int(other)), max(one, int(other)))
                if pair[0] != pair[1]:
                    best[pair] = min(best.get(pair, 9.0), 1 - float(alike))
    return np.array(list(best), np.int64).reshape(-1, 2), np.array(list(best.values()))


if __name__ == "__main__":
    main()
