"""Exact mode, the whole process, beside jdupes: both find the same files in the same library.

    python -m bench.exact [FOLDER] [--count N] [--rounds N] [--cold] [--jdupes PROGRAM]

The library is made once, in FOLDER or in the system's folder for temporary files: files of random
bytes, of 30 kB in the median and up to 26 MB, one in five a copy, a third of one size with others,
some of one beginning. Before each run all files are read, so that memory holds them; with --cold
they are dropped from it instead. Each scan begins with an empty cache of its own. Without jdupes
the scan stands alone, beside the plain reading of all files.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

from bench.sidebyside import Runs, cost, table

_FOLDERS = 41
_KIB = 1 << 10
_LARGE = 24_000_000
_COPY_EVERY = 5
_READ = """
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), "rb", buffering=0) as file:
            while file.read(1 << 18):
                pass
"""


def main() -> None:
    """Make the library, then run the programs in turn."""
    given = _options()
    folder = library(given.folder / f"exact-{given.count}", given.count)
    with tempfile.TemporaryDirectory(prefix="exact-", dir=given.folder) as room:
        os.environ["SIL_CACHE_DIR"] = cache = str(Path(room) / "cache")
        commands = {
            "read": [sys.executable, "-c", _READ, str(folder)],
            "sil": [sys.executable, "-m", "same_image_locator", "scan", str(folder)],
        }
        if jdupes := shutil.which(given.jdupes):
            commands["jdupes"] = [jdupes, "-r", "-q", str(folder)]
        else:
            print(f"{given.jdupes} is not installed: left out")
        runs = {name: Runs() for name in commands}
        for number in range(given.rounds + 1):  # the first round writes byte code
            for name in _turned(list(commands), number):
                shutil.rmtree(cache, ignore_errors=True)
                prepare(folder, cold=given.cold)
                took = cost(commands[name])
                if number:
                    runs[name].costs.append(took)
    state = "cold" if given.cold else "warm"
    print(f"{given.count:,} files, {state} page cache, {given.rounds} rounds")
    print(table(runs, "jdupes" if jdupes else "read"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    room = Path(tempfile.gettempdir()) / "same-image-locator-bench"
    parser.add_argument("folder", type=Path, nargs="?", default=room)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--jdupes", default="jdupes", metavar="PROGRAM")
    return parser.parse_args()


def _turned(names: list[str], number: int) -> list[str]:
    turn = number % len(names)
    return names[turn:] + names[:turn]


def prepare(folder: Path, *, cold: bool) -> None:
    """Have memory hold all files of the library, or none."""
    os.sync()
    for parent, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(os.path.join(parent, name), os.O_RDONLY)
            if cold:
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            else:
                while os.read(descriptor, 1 << 18):
                    pass
            os.close(descriptor)


def library(folder: Path, count: int) -> Path:
    """Return a folder of files, made if it is not there; each depends on its number alone."""
    done = folder / ".complete"
    if not done.exists():
        print(f"making {count:,} files in {folder}", file=sys.stderr)
        for number in range(count):
            place = folder / f"{number % _FOLDERS:02}" / f"{number // 1000:02}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"f{number:06}.jpg").write_bytes(content(original(number)))
        done.touch()
    return folder


def original(number: int) -> int:
    """Return the number of the file that this one is a copy of, or its own."""
    if not _is_copy(number):
        return number
    back = 2 if number % 2 else 1 + _chance(f"copy {number}").randrange(_COPY_EVERY - 1)
    first = number - back
    return first - 1 if _is_copy(first) else first


def _is_copy(number: int) -> bool:
    return number % _COPY_EVERY == _COPY_EVERY - 1


def content(number: int) -> bytes:
    """Return the bytes of a file that is no copy."""
    chance = _chance(f"file {number}")
    size = min(max(int(chance.lognormvariate(10.3, 1.1)), 800), 3_000_000)
    if number % 3 == 0:
        size = 4 * _KIB * (1 + size // (4 * _KIB))  # as blocks fill: many share it
    if number % 500 == 1:
        size = _LARGE + number % 3 * 1_000_000
    body = chance.randbytes(size)
    if number % 6 == 0:  # as files of one camera begin
        head = _chance(f"camera {number // 6 % 7}").randbytes(min(size, 16 * _KIB))
        body = head + body[len(head) :]
    return body


def _chance(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same files on every computer


if __name__ == "__main__":
    main()
