"""What durability costs: staging with its journal and barriers, against moves without any sync.

    python -m bench.barriers [GROUPS] [ROUNDS]

In each round the same library is staged three times, one after the other on the same drive:

- plain: mkdir, two small texts and a rename a file; no journal, no check, no sync
- unsynced: the program itself on a kernel whose syncs do nothing
- staged: the program as it is

Figures are seconds and ratios, each the median over the rounds.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from same_image_locator import journal
from same_image_locator.events import ignore
from same_image_locator.fingerprint import identical
from same_image_locator.group import identical_groups
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.model import Group
from same_image_locator.scan import scan
from same_image_locator.session import Session

_COPIES = 3
_FOLDERS = 60


class Unsynced(RealKernel):
    """The real file system without durability."""

    def sync_file(self, path: str) -> None:
        """Return at once."""

    def sync_folder(self, path: str) -> None:
        """Return at once."""


def main(groups: int, rounds: int) -> None:
    """Print the table."""
    ways = {"plain": plain, "unsynced": unsynced, "staged": staged}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        names = list(ways)
        # Every way gets every place in the order, so that a drive that slows down favours none.
        for name in names[number % 3 :] + names[: number % 3]:
            with tempfile.TemporaryDirectory(prefix="barriers-", dir=Path.cwd()) as room:
                found = library(Path(room), groups)
                os.sync()
                start = time.perf_counter()
                ways[name](Path(room), found)
                seconds[name].append(time.perf_counter() - start)
        print("  ".join(f"{name} {times[-1]:.2f} s" for name, times in seconds.items()), flush=True)
    for base in ("plain", "unsynced"):
        ratios = [a / b for a, b in zip(seconds["staged"], seconds[base], strict=True)]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"staged / {base}: median {statistics.median(ratios):.2f} ({spread})")


def library(room: Path, groups: int) -> list[Group]:
    """Make a library of groups of equal files, spread over folders, and find its groups."""
    for number in range(groups):
        for copy in range(_COPIES):
            folder = room / "photos" / f"{(number * _COPIES + copy) % _FOLDERS:02}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number}_{copy}.jpg").write_bytes(b"%d" % number * 50)
    photos, _ = scan(str(room / "photos"), "", include_all=False, listener=ignore)
    return identical_groups(list(identical(photos, ignore, [])))


def plain(room: Path, groups: list[Group]) -> None:
    """Move the files as a script would."""
    for group in groups:
        folder = room / "decide" / str(group.number)
        folder.mkdir(parents=True)
        for number, member in enumerate(group.members):
            os.rename(member.examined.photo.path, folder / f"{number:03}.jpg")
        (folder / "_manifest.tsv").write_text("x" * 200)
        (folder / "_group_meta.json").write_text("x" * 600)


def unsynced(room: Path, groups: list[Group]) -> None:
    """Stage through the journal, but without any sync."""
    (room / "decide").mkdir()
    opened = journal.Journal(str(room / "decide"), Unsynced())
    Session(opened, str(room / "photos"), ignore).stage(groups)


def staged(room: Path, groups: list[Group]) -> None:
    """Stage as the program does."""
    with journal.opened(str(room / "decide")) as opened:
        Session(opened, str(room / "photos"), ignore).stage(groups)


if __name__ == "__main__":
    main(*(int(word) for word in (*sys.argv[1:], "3000", "5")[:2]))
