"""A second scan of files that did not change, beside a bare walk that only asks for their status.

    python -m bench.second [--count N] [--mode exact|phash] [--rounds N]

The files are small JPEG pictures, all different but for one pair in a hundred; for the exact mode
they are as long as photos are, without taking the room, so that few share their size. "walk" is one
process that lists every folder and asks for each file's status, and does nothing else. "start" is
what the program takes to tell its options. Beside the first scan stands what it took. The search
for near fingerprints, which no walk has, is measured by itself, and left out of the last line.
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from bench.sidebyside import Runs, cost, measure, table

_FOLDER_FILES = 250
_PAIR_EVERY = 100
WALK = """
import os, sys
def walk(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                walk(entry.path)
            else:
                entry.stat(follow_symlinks=False)
walk(sys.argv[1])
"""
# The search looks at 100,000 fingerprints whatever is known of the files: what it alone takes.
_SEARCH = """
import sys, time
from same_image_locator import find
from same_image_locator.events import StepFinished, StepStarted
marks = []
def note(event):
    if isinstance(event, (StepStarted, StepFinished)) and event.step == "match":
        marks.append((time.process_time(), time.perf_counter()))
find(sys.argv[1], mode=sys.argv[2], listener=note)
(cpu, wall), (end_cpu, end_wall) = marks
print(end_cpu - cpu, end_wall - wall)
"""


def main() -> None:
    """Make the pictures, scan them once, then measure second scans."""
    given = _options()
    room = Path(tempfile.gettempdir()) / "same-image-locator-bench"
    if given.mode == "exact":
        folder = made(room / f"long-{given.count}", given.count, long_file)
    else:
        folder = made(room / f"small-{given.count}", given.count, _small)
    with tempfile.TemporaryDirectory(prefix="second-", dir=room) as cache:
        os.environ["SIL_CACHE_DIR"] = cache
        sil = [sys.executable, "-m", "same_image_locator", "scan", str(folder), "--mode"]
        scan = [*sil, given.mode]
        first = cost(scan)
        walk = [sys.executable, "-c", WALK, str(folder)]
        start = [*sil, given.mode, "--help"]
        runs = measure({"walk": walk, "second scan": scan, "start": start}, given.rounds)
        search = _search(folder, given.mode, given.rounds) if given.mode != "exact" else None
    print(f"{given.count:,} files, {given.mode}, {given.rounds} rounds")
    print(table(runs, "walk"))
    print(f"first scan: {first.cpu:.1f} CPU s")
    if search is not None:
        print(f"search for near fingerprints: {search[0]:.2f} CPU s, {search[1]:.2f} wall s")
        cpu, wall = _rest(runs, "cpu", search[0]), _rest(runs, "wall", search[1])
        print(f"second scan without it: CPU {cpu:.2f} and wall {wall:.2f} times the walk")


def _search(folder: Path, mode: str, rounds: int) -> tuple[float, float]:
    """Return the medians of the CPU and wall seconds that the search alone takes."""
    command = [sys.executable, "-c", _SEARCH, str(folder), mode]
    told = [subprocess.check_output(command).split() for _ in range(rounds)]  # noqa: S603 - our own
    cpu, wall = zip(*told, strict=True)
    return statistics.median(map(float, cpu)), statistics.median(map(float, wall))


def _rest(runs: Mapping[str, Runs], what: str, alone: float) -> float:
    """Return the median ratio to the walk of what a scan takes beside the search."""
    pairs = zip(runs["second scan"].costs, runs["walk"].costs, strict=True)
    return statistics.median((own.figure(what) - alone) / walk.figure(what) for own, walk in pairs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--mode", choices=("exact", "ahash", "phash"), default="phash")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def made(folder: Path, count: int, draw: Callable[[Path, int, int], None]) -> Path:
    """Return ``folder`` with so many files in it; one that has them is used as it is."""
    done = folder / ".made"
    if done.exists():
        return folder
    if folder.exists():
        shutil.rmtree(folder)
    for number in range(count):
        path = folder / f"{number // _FOLDER_FILES:04}" / f"IMG_{number:06}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(path, number, number - (number % _PAIR_EVERY == _PAIR_EVERY - 1))
    done.touch()
    return folder


def _small(path: Path, number: int, seed: int) -> None:
    """Save a picture of a few pixels; one of the same seed differs in its bytes alone."""
    cells = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), np.uint8)
    image = Image.fromarray(cells).resize((48, 40), Image.Resampling.BICUBIC)
    image.save(path, "JPEG", quality=60 + number % 30)


def long_file(path: Path, _number: int, seed: int) -> None:
    """Write a file of one block that says that it has megabytes; of one seed, they are equal."""
    path.write_bytes(b"\xff\xd8\xff%d" % seed)
    os.truncate(path, random.Random(seed).randrange(1_000_000, 5_000_000))  # noqa: S311 - a benchmark's dice


if __name__ == "__main__":
    main()
