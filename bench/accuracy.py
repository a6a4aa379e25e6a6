"""How well a whole scan finds the edits of pictures, and what it mixes up.

    python -m bench.accuracy FOLDER [--mode MODE] [--labels FILE] [--draw D]
                             [--originals N] [--skip N]

FOLDER holds ``bench.tsv`` and ``bench/``: a row a file, with its name, its scene, its origin (the
picture that it was made from), the edit ("" for none), the class of the edit, and "photo" or
"lookalike". ``--labels`` names corrections made by eye, a row each, with tabs: "same" with a name
for the scene that all pictures are of whose paths in ``raw.tsv`` hold one of the texts that follow,
or "drop" for blank ones. Designs are chosen on the first half of the originals and reported on the
other: ``--originals N --skip N`` takes the edits of so many. With ``--draw`` the library is a fair
one: each original has one edit in it.

An edit is found when it is in a group with its original. A group is mixed when it holds pictures of
two scenes. An original is split when its files lie in several groups.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """One file of the benchmark."""

    file: str
    scene: str
    origin: str
    edit: str
    kind: str
    family: str


def main() -> None:
    """Scan a library of the benchmark's files, and score the groups."""
    given = _options()
    rows = _read(given.folder)
    if given.labels:
        rows = list(_corrected(rows, given.folder, given.labels))
    rows = _chosen(rows, given.originals, given.skip, given.draw)
    with tempfile.TemporaryDirectory(prefix="accuracy-", dir=given.folder) as room:
        library, report = Path(room) / "library", Path(room) / "report.json"
        library.mkdir()
        for row in rows:
            os.link(given.folder / "bench" / row.file, library / row.file)
        words = ["scan", str(library), "--mode", given.mode, "--json", str(report)]
        environment = {**os.environ, "SIL_CACHE_DIR": str(Path(room) / "cache")}
        command = [sys.executable, "-m", "same_image_locator", *words]
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        groups = json.loads(report.read_text())["groups"]
    _score(rows, [[Path(one["path"]).name for one in group["files"]] for group in groups])


def _read(folder: Path) -> list[Row]:
    lines = (folder / "bench.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [Row(*line.split("\t")) for line in lines]


def _corrected(rows: Iterable[Row], folder: Path, labels: Path) -> Iterator[Row]:
    """Yield the rows with the scenes that were seen by eye, and without what was dropped."""
    paths = [line.split("\t")[0] for line in (folder / "raw.tsv").read_text().splitlines()]
    path_of = {f"p{number:04}": path for number, path in enumerate(paths)}
    lines = [line for line in labels.read_text().splitlines() if line and line[0] != "#"]
    for row in rows:
        kept = row
        for kind, name, *texts in (line.split("\t") for line in lines):
            if any(text in path_of.get(row.origin, "") for text in texts):
                if kind == "drop":
                    break
                if kind == "same":
                    kept = row._replace(scene=name)
        else:
            yield kept


def _chosen(rows: list[Row], originals: int | None, skip: int, draw: int | None) -> list[Row]:
    """Return all unedited files, and the edits of so many originals."""
    edited = sorted({row.origin for row in rows if row.edit})
    random.Random(3).shuffle(edited)  # noqa: S311 - the same choice each time
    some = sorted(edited[skip:][:originals])
    edits = list(dict.fromkeys(row.edit for row in rows if row.edit))
    kept = []
    for row in rows:
        if row.edit and row.origin not in some:
            continue
        if row.edit and draw is not None:
            place = (some.index(row.origin) + 4 * draw) % len(edits)
            if row.edit != edits[place]:
                continue
        kept.append(row)
    return kept


def _score(rows: list[Row], groups: list[list[str]]) -> None:
    group_of = {file: number for number, group in enumerate(groups) for file in group}
    row_of = {row.file: row for row in rows}
    original = {row.origin: row.file for row in rows if not row.edit}
    found: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        if row.edit:
            here = group_of.get(row.file)
            same = here is not None and here == group_of.get(original[row.origin])
            for name in ("all", row.kind, f"  {row.edit}"):
                found[name].append(same)
    for name, answers in sorted(found.items(), key=lambda item: (item[0] != "all", item[0])):
        share = sum(answers) / len(answers)
        if not name.startswith(" ") or share < 1:
            print(f"{name:24} {share:7.4f} of {len(answers):,}")
    mixed = [group for group in groups if len({row_of[file].scene for file in group}) > 1]
    split = sum(_is_split(files, group_of) for files in _by_origin(rows))
    print(f"{len(rows):,} files, {len(groups):,} groups")
    print(f"mixed groups: {len(mixed)}, {10_000 * len(mixed) / len(rows):.1f} in 10,000 files")
    for group in mixed[:10]:
        print("   ", *group[:6])
    print(f"split originals: {split}")


def _by_origin(rows: Iterable[Row]) -> list[list[str]]:
    files: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        files[row.origin].append(row.file)
    return [those for those in files.values() if len(those) > 1]


def _is_split(files: list[str], group_of: dict[str, int]) -> bool:
    return len({group_of[file] for file in files if file in group_of}) > 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mode", default="similar")
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--originals", type=int)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--draw", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
