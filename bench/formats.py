"""Reads a corpus of real, broken and hostile pictures, and compares with what was expected.

    python -m bench.formats CORPUS MANIFEST [--misses FILE]

``MANIFEST`` is a table with tabs and a heading: the repository a file is from, its path in it, what
is expected, and its kind by content. The files lie under ``CORPUS/repository/path``; those that are
not there are counted and left out. Expected is one of:

- read, read-upright: a picture must come out, upright as its reference is where there is one
- clear-error: one clear cause; it may show a part of the picture if it says so, since that is
  neither compared nor taken for the whole; clear-error-or-damaged: the same
- read-or-clear-error: hostile, anything but the end or the hang of a worker
- read-optional, skip-...: no picture is owed; what becomes of them is only counted

Every row must end: a lost worker, or more than so many seconds or megabytes, is a failure anywhere.
"""

import argparse
import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from bench.reading import Reading, read_all

_SLOWEST = 5  # how many of the dearest files are named
_HOSTILE_SECONDS, _HOSTILE_MB = 2.0, 1024.0
_SECONDS, _MB = 20.0, 3072.0
_WANTED = {
    "read": {"read"},
    "read-upright": {"read"},
    "clear-error": {"error", "damaged"},
    "clear-error-or-damaged": {"error", "damaged"},
    "read-or-clear-error": {"read", "damaged", "error"},
}
_NUMBERED = re.compile(r"(.*?)([0-8])$")


class Row(NamedTuple):
    """A line of the manifest, with where its file lies."""

    file: str
    expected: str
    kind: str


def main() -> None:
    """Print the table, and write all misses to a file when asked to."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("corpus", type=Path)
    words.add_argument("manifest", type=Path)
    words.add_argument("--misses", type=Path, help="write every miss to this file")
    words.add_argument("--only", default="", help="only paths that hold this text")
    asked = words.parse_args()
    rows, absent = _rows(asked.manifest, asked.corpus, asked.only)
    print(f"{len(rows):,} files; {absent:,} of the manifest are not here")
    readings = dict(read_all([row.file for row in rows]))
    misses = [
        (row, readings[row.file])
        for row in rows
        if readings[row.file].outcome not in _WANTED.get(row.expected, {readings[row.file].outcome})
    ]
    _print_outcomes(rows, readings)
    _print_kinds(rows, misses)
    turned = _turned_wrongly([row for row in rows if row.expected == "read-upright"], readings)
    print(f"\nupright as their reference: all but {len(turned)}", *turned, sep="\n  ")
    _print_limits(rows, readings)
    if asked.misses:
        asked.misses.write_text(_listed(misses, asked.corpus), encoding="utf-8", errors="replace")


def _rows(manifest: Path, corpus: Path, only: str) -> tuple[list[Row], int]:
    """Return the rows whose files are there, and how many are not."""
    with manifest.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    rows = [
        Row(str(corpus / repository / path), expected, kind)
        for repository, path, expected, kind in lines
        if only in f"{repository}/{path}"
    ]
    here = [row for row in rows if Path(row.file).is_file()]
    return here, len(rows) - len(here)


def _print_outcomes(rows: list[Row], readings: dict[str, Reading]) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row.expected][readings[row.file].outcome] += 1
    columns = ("read", "damaged", "error", "lost")
    print(f"\n{'expected':24}" + "".join(f"{name:>9}" for name in columns))
    for expected, found in sorted(counts.items()):
        print(f"{expected:24}" + "".join(f"{found[name]:9,}" for name in columns))


def _print_kinds(rows: list[Row], misses: list[tuple[Row, Reading]]) -> None:
    """Print how many of each kind became what they should."""
    judged = Counter(row.kind for row in rows if row.expected in _WANTED)
    missed = Counter(row.kind for row, _ in misses)
    print("\nas expected, by kind")
    for kind, count in judged.most_common():
        print(f"{kind:8} {count - missed[kind]:6,} of {count:6,}")


def _print_limits(rows: list[Row], readings: dict[str, Reading]) -> None:
    groups = {"hostile": [], "others": []}  # type: dict[str, list[Row]]
    for row in rows:
        groups["hostile" if row.expected == "read-or-clear-error" else "others"].append(row)
    for name, chosen in groups.items():
        seconds, megabytes = (
            (_HOSTILE_SECONDS, _HOSTILE_MB) if name == "hostile" else (_SECONDS, _MB)
        )
        costs = [(readings[row.file], row) for row in chosen]
        slow = sum(reading.cpu > seconds for reading, _ in costs)
        large = sum(reading.peak_mb > megabytes for reading, _ in costs)
        print(f"\n{name}: {slow} over {seconds:g} CPU s, {large} over {megabytes:g} MB; dearest:")
        for reading, row in _dearest(costs):
            print(
                f"  {reading.cpu:6.2f} s {reading.peak_mb:7.0f} MB  {reading.outcome}  {row.file}"
            )
    lost = [(row, readings[row.file]) for row in rows if readings[row.file].outcome == "lost"]
    print(f"\nlost workers: {len(lost)}")
    for row, reading in lost:
        print(f"  {row.file}: {reading.cause}")


def _dearest(costs: list[tuple[Reading, Row]]) -> Iterable[tuple[Reading, Row]]:
    by_time = sorted(costs, key=lambda cost: -cost[0].cpu)[:_SLOWEST]
    by_size = sorted(costs, key=lambda cost: -cost[0].peak_mb)[:_SLOWEST]
    return dict.fromkeys([*by_time, *by_size])


def _listed(misses: list[tuple[Row, Reading]], corpus: Path) -> str:
    """Return all misses, by what was expected, then by kind and cause."""
    order = sorted(misses, key=lambda miss: (miss[0].expected, miss[0].kind, miss[1].cause))
    return "".join(
        f"{row.expected}\t{row.kind}\t{reading.outcome}\t{reading.cause}"
        f"\t{row.file.removeprefix(f'{corpus}/')}\n"
        for row, reading in order
    )


def _turned_wrongly(rows: list[Row], readings: dict[str, Reading]) -> list[str]:
    """Return the pictures that look more like their reference when they are turned or mirrored."""
    wrong = []
    for row in rows:
        reading = readings[row.file]
        reference = _reference(Path(row.file))
        if reading.thumbnail and (reference is None or not _upright(reading.thumbnail, reference)):
            wrong.append(row.file + ("" if reference else " (no reference here)"))
    return wrong


def _reference(file: Path) -> Path | None:
    """Return the picture of the same scene that is stored upright.

    Sets of pictures are numbered by their orientation, 1 being upright; others name a variant
    after a dot, or lie beside a ``ref.png``, whose pixels are upright whatever its tags say.
    """
    numbered = _NUMBERED.match(file.stem)
    names = [f"{numbered[1]}1{file.suffix}"] if numbered else []
    names += [f"{file.stem.split(mark)[0]}{file.suffix}" for mark in "._"]
    found = (file.with_name(name) for name in [*names, "ref.png"])
    return next((one for one in found if one != file and one.is_file()), file if numbered else None)


def _upright(thumbnail: bytes, reference: Path) -> bool:
    """Return whether none of the eight ways to lay the picture fits better than as it is."""
    with Image.open(io.BytesIO(thumbnail)) as image, Image.open(reference) as plain:
        upright = plain.convert("RGB")
        shown = np.asarray(image.convert("RGB").resize((64, 64)), np.int16)
        truth = np.asarray(upright.resize((64, 64)), np.int16)
        if (image.width > image.height) != (upright.width > upright.height):
            return False
    ways = [np.rot90(way, turns) for way in (shown, shown[:, ::-1]) for turns in range(4)]
    errors = [float(np.abs(way - truth).mean()) for way in ways]
    return errors[0] == min(errors)


if __name__ == "__main__":
    main()
