"""Meets hostile files: generated ones, then mutations of all formats, then the real program.

    python -m bench.hostile [--mutations N] [--seed N] [--bases FOLDER]

With ``--bases`` the mutations are made of the pictures in a folder instead of generated ones.
Each file is read in the program's own workers, and what it cost is compared with the limits. Then
`sil scan` runs on the generated ones, perceptual and exact, and its report is held against what was
expected of each file. Ends with 1 when a worker was lost, a limit was broken, a file that is no
picture was read or not named, or anything on the disk has changed.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hostile_files
import pictures
import snapshots
from bench.reading import Reading, read_all
from hostile_files import FORMATS, Hostile
from program import sil

_SECONDS, _MB = 2.0, 1024.0
_LARGEST_BASE = 200_000  # bytes: a mutation is to be met before the file ends
_WANTED = {
    "error": {"error"},
    "part": {"error", "damaged"},
    "either": {"read", "damaged", "error"},
    "read": {"read"},
}


def main() -> None:
    """Print what became of all files, and end with 1 when something is wrong."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--mutations", type=int, default=2_000)
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--bases", type=Path, help="mutate the small files of this folder")
    asked = words.parse_args()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="hostile-") as room:
        made = hostile_files.hostile_files(asked.seed)
        files = hostile_files.write(Path(room, "made"), made)
        print(f"{len(files)} generated files")
        wrong += _read(files)
        mutants = hostile_files.write(Path(room, "mutants"), _mutants(asked))
        print(f"\n{len(mutants):,} mutations")
        wrong += _read(mutants)
        print("\nthe program on the generated files")
        for mode in ("phash", "exact"):
            wrong += _scan(Path(room, "made"), mode, files)
    print(f"\nwrong: {len(wrong)}", *wrong, sep="\n  ")
    sys.exit(bool(wrong))


def _mutants(asked: argparse.Namespace) -> Iterator[Hostile]:
    """Yield mutations of every base in turn."""
    chance = random.Random(asked.seed)  # noqa: S311 - the same files for the same seed
    bases = _found(asked.bases, chance) if asked.bases else _generated(asked.seed)
    for number in range(asked.mutations):
        suffix, whole = bases[number % len(bases)]
        yield Hostile(f"{number}{suffix}", hostile_files.mutated(whole, chance), "either")


def _generated(seed: int) -> list[tuple[str, bytes]]:
    return [
        (suffix, pictures.encoded(seed, (side, 48), format=name, orientation=turn))
        for suffix, name in FORMATS.items()
        for side, turn in ((160, None), (64, 6))
    ]


def _found(folder: Path, chance: random.Random) -> list[tuple[str, bytes]]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix]
    small = [path for path in paths if 0 < path.stat().st_size <= _LARGEST_BASE]
    chance.shuffle(small)
    return [(path.suffix.lower(), path.read_bytes()) for path in small]


def _read(files: dict[str, Hostile]) -> list[str]:
    """Read all files in workers, print what came of them, and return what should not have."""
    readings = dict(read_all(sorted(files)))
    outcomes: dict[str, Counter[str]] = {}
    for path, reading in readings.items():
        kind = os.path.splitext(path)[1]
        outcomes.setdefault(kind, Counter())[reading.outcome] += 1
    columns = ("read", "damaged", "error", "lost")
    print(f"{'':8}" + "".join(f"{name:>9}" for name in columns))
    for kind, found in sorted(outcomes.items()):
        print(f"{kind:8}" + "".join(f"{found[name]:9,}" for name in columns))
    for name, cost in (("CPU s", "cpu"), ("MB", "peak_mb")):
        dearest = sorted(readings, key=lambda path: -getattr(readings[path], cost))[:3]
        words = (f"{getattr(readings[path], cost):.2f} {files[path].name}" for path in dearest)
        print(f"most {name}: {', '.join(words)}")
    return [
        f"{files[path].name}: {why}"
        for path in files
        for why in _faults(files[path], readings[path])
    ]


def _faults(file: Hostile, reading: Reading) -> Iterator[str]:
    if reading.outcome not in _WANTED[file.expected]:
        yield f"{reading.outcome} instead of {file.expected} ({reading.cause})"
    if reading.cpu > _SECONDS:
        yield f"took {reading.cpu:.1f} CPU s"
    if reading.peak_mb > _MB:
        yield f"took {reading.peak_mb:,.0f} MB"


def _scan(root: Path, mode: str, files: dict[str, Hostile]) -> Iterator[str]:
    """Run the program on a folder, and yield what its report lacks or has too much."""
    before = snapshots.tree(root)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="hostile-cache-") as cache:
        words = ["scan", str(root), "--include-all", "--mode", mode, "--json", "-"]
        done = sil(*words, env={"SIL_CACHE_DIR": cache})
    seconds = time.perf_counter() - began
    report = json.loads(done.stdout)
    named = Counter(problem["path"] for problem in report["problems"])
    grouped = {file["path"] for group in report["groups"] for file in group["files"]}
    print(
        f"{mode}: {seconds:.1f} s, ended with {done.returncode}, {len(named)} files named, "
        f"{len(report['groups'])} groups"
    )
    if snapshots.tree(root) != before:
        yield f"{mode}: the files have changed"
    yield from (
        f"{mode}: named {count} times: {path}" for path, count in named.items() if count > 1
    )
    yield from (f"{mode}: named and grouped: {path}" for path in grouped & named.keys())
    if mode == "phash":
        unread = {path for path, file in files.items() if file.expected in {"error", "part"}}
        yield from (f"{mode}: not named: {path}" for path in unread - named.keys())


if __name__ == "__main__":
    main()
