"""How long the program takes to begin, beside Python itself that does nothing.

    python -m bench.start [--rounds N]

"python" is `python -c pass`. "--help" is the command as it is installed; "scan" finds nothing in
an empty folder. Each figure is the median over many rounds, in turn.
"""

import argparse
import os
import sys
import tempfile

from bench.sidebyside import Runs, measure

_COMMAND = "import sys; from same_image_locator.cli import main; sys.exit(main(sys.argv[1:]))"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        os.environ["SIL_CACHE_DIR"] = os.path.join(room, "cache")
        empty = os.path.join(room, "photos")
        os.mkdir(empty)
        sil = [sys.executable, "-c", _COMMAND]
        runs = measure(
            {
                "python": [sys.executable, "-c", "pass"],
                "argparse": [sys.executable, "-c", "import argparse"],
                "--help": [*sil, "--help"],
                "scan": [*sil, "scan", empty],
                "scan --mode phash": [*sil, "scan", empty, "--mode", "phash"],
            },
            given.rounds,
        )
    print(f"{'':18} {'CPU ms':>8} {'wall ms':>8}   CPU and wall to python")
    for name, one in runs.items():
        print(_row(name, one, runs["python"]))


def _row(name: str, one: Runs, base: Runs) -> str:
    cpu, wall = one.median("cpu") * 1000, one.median("wall") * 1000
    return (
        f"{name:18} {cpu:8.1f} {wall:8.1f}   "
        f"{one.ratio(base, 'cpu'):.2f}, {one.ratio(base, 'wall'):.2f}"
    )


if __name__ == "__main__":
    main()
