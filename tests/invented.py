"""Groups that lie on no disk: for what is told of them without their files."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from same_image_locator.model import Identity, Method, Tier
from same_image_locator.plans import Decision, Entry, Staged
from same_image_locator.review import Effects, Review

ROOT = "/library"
SECOND = 10**9


def group(
    number: int,
    paths: Sequence[str],
    *,
    size: int = 1000,
    tier: Tier = "identical",
    changed: int = 0,
) -> Staged:
    """Return a group of files at these paths below ``ROOT``; the first is the smallest by a byte.

    They are identical, or as sure as ``tier`` says; ``changed`` is in seconds.
    """
    entries = tuple(
        Entry(
            f"{place:03}",
            f"{ROOT}/{path}",
            Identity(1, number * 1000 + place, size + place, (changed + place) * SECOND),
            f"{number if tier == 'identical' else number * 1000 + place:064x}",
            tier=tier,
        )
        for place, path in enumerate(paths)
    )
    method = Method("exact" if tier == "identical" else "similar")
    return Staged(f"run/{number}", f"/nowhere/{number}", number, method, entries)


def in_folders(folder: Path, groups: Iterable[Staged]) -> list[Staged]:
    """Give each group a folder of its own, so that what is chosen can be kept there."""
    found = [replace(one, folder=str(folder / str(one.number))) for one in groups]
    for one in found:
        Path(one.folder).mkdir()
    return found


def review(folder: Path, groups: Iterable[Staged]) -> Review:
    """Take invented groups up for review; what is chosen is kept below ``folder``."""
    return Review(str(folder), ROOT, list(groups), _nothing)


def _nothing(decision: Decision) -> Effects:
    return Effects((), (), 0)
