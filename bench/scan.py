"""A perceptual scan, whole process, beside the least possible, the first version, and rivals.

    python -m bench.scan [--kind phone|web] [--count N] [--photos FOLDER] [--rounds N]
                         [--rivals BIN]

BIN is the bin folder of an environment with rivals in it (immaculate, czkawka, duplicate_images);
those that are missing are left out, aloud. Our own cache is empty in every round.
"""

import argparse
import importlib.util
import os
import shlex
import sys
import tempfile
from pathlib import Path

from bench.corpus import made
from bench.sidebyside import measure, table

_THRESHOLD = 8
_CZKAWKA = (
    "import sys, czkawka, pathlib;"
    "finder = czkawka.ImageSimilarity();"
    "finder.set_directories([pathlib.Path(sys.argv[1])]);"
    "print(len(finder.find_similar()))"
)


def main() -> None:
    """Make the pictures, run all in turn, and print the table."""
    given = _options()
    room = Path(tempfile.gettempdir()) / "same-image-locator-bench"
    real = "real" if given.photos else "painted"
    folder = made(
        given.kind, room / f"{given.kind}-{real}-{given.count}", given.count, given.photos
    )
    commands = {**_own(folder, room), **_rivals(folder, given.rivals)}
    one_core = {"sil, 1 core": 1, "control, 1 core": 1}
    runs = measure(commands, given.rounds, cores=one_core)
    print(f"{given.count} {given.kind} pictures, {real}, {given.rounds} rounds")
    print(table(runs, "sil"))
    for floor in (name for name in runs if name.startswith("floor")):
        print(
            f"{floor} / sil: CPU {runs[floor].ratio(runs['sil'], 'cpu'):.2f}, wall "
            f"{runs[floor].ratio(runs['sil'], 'wall'):.2f}"
        )
    for name in ("sil", "control"):
        gain = runs[f"{name}, 1 core"].ratio(runs[name], "wall")
        print(f"{name}: all cores against one, wall: {gain:.2f} times as fast")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scan")
    parser.add_argument("--kind", choices=("phone", "web"), default="phone")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rivals", type=Path)
    return parser.parse_args()


def _own(folder: Path, room: Path) -> dict[str, list[str]]:
    """Return our scans on all cores and on one, the floors, the control, and the first version."""
    python, photos = shlex.quote(sys.executable), shlex.quote(str(folder))
    cache = shlex.quote(str(room / "cache"))

    def scan(mode: str) -> list[str]:
        own = f"SIL_CACHE_DIR={cache} exec {python} -m same_image_locator scan"
        return ["sh", "-c", f"rm -rf {cache}; {own} --mode {mode} {photos}"]

    phash = scan(f"phash --threshold {_THRESHOLD}")
    floors = ["pillow"] + ["simplejpeg"] * bool(importlib.util.find_spec("simplejpeg"))
    floor = [sys.executable, "-m", "bench.floor", str(folder)]
    return {
        "sil": phash,
        "sil, 1 core": phash,
        "sil, mode similar": scan("similar"),
        **{f"floor, {name}": [*floor, name] for name in floors},
        "control": [*floor, "control"],
        "control, 1 core": [*floor, "control"],
        "first version": [
            sys.executable,
            "-m",
            "bench.first_version",
            str(folder),
            str(_THRESHOLD),
        ],
    }


def _rivals(folder: Path, place: Path | None) -> dict[str, list[str]]:
    """Return the rivals that are there."""
    if place is None:
        print("no rivals: name the bin folder of their environment with --rivals", file=sys.stderr)
        return {}
    python, photos = str(place / "python"), str(folder)
    workers = str(len(os.sched_getaffinity(0)))
    find_dups = [str(place / "find-dups"), "--algorithm", "phash", "--on-equal", "none"]
    candidates = {
        "immaculate": [str(place / "immaculate"), "--json", photos],
        "czkawka": [python, "-c", _CZKAWKA, photos],
        "duplicate-images": [*find_dups, "--parallel", workers, photos],
    }
    modules = {
        "immaculate": "immaculate",
        "czkawka": "czkawka",
        "duplicate-images": "duplicate_images",
    }
    there = {
        name
        for name, module in modules.items()
        if list(place.parent.glob(f"lib/*/site-packages/{module}"))
    }
    for name in sorted(set(candidates) - there):
        print(f"left out, not installed: {name}", file=sys.stderr)
    return {name: command for name, command in candidates.items() if name in there}


if __name__ == "__main__":
    main()
