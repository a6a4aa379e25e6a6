"""Honest help for choosing: which files of a group are best in what they say of themselves."""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, TypeVar

from same_image_locator.model import TIERS, Facts, Tier, weakest
from same_image_locator.plans import Entry

Mark = Literal["most-pixels", "oldest", "most-bytes"]
Value = TypeVar("Value", int, str)
_SECONDS_LENGTH = 19  # "2019-06-12T14:03:22": zones differ too often to be compared


def marks(entries: Sequence[Entry], facts: Sequence[Facts | None]) -> list[list[Mark]]:
    """Return for each file the marks it has earned.

    A mark is given only where the files differ, so that a mark always tells something; files
    that share the best value share the mark.
    """
    earned: list[list[Mark]] = [[] for _ in entries]
    pixels = [fact.telling if fact else None for fact in facts]
    dates = [fact.taken_at[:_SECONDS_LENGTH] if fact and fact.taken_at else None for fact in facts]
    sizes: list[int | None] = [entry.identity.size for entry in entries]
    _award(earned, "most-pixels", pixels, max)
    _award(earned, "oldest", dates, min)
    _award(earned, "most-bytes", sizes, max)
    return earned


def _award(
    earned: list[list[Mark]],
    mark: Mark,
    values: Sequence[Value | None],
    choose: Callable[[list[Value]], Value],
) -> None:
    known = [value for value in values if value is not None]
    if len(set(known)) < 2:  # noqa: PLR2004 - one value alone is no difference
        return
    best = choose(known)
    for index, value in enumerate(values):
        if value == best:
            earned[index].append(mark)


def tier_of(entries: Sequence[Entry]) -> Tier:
    """Return how sure it is that all show the same; equal bytes are proof by themselves."""
    others = [entry.tier for entry in entries[1:] if entry.sha256 != entries[0].sha256]
    return weakest(others) if others else TIERS[0]


def twins(entries: Sequence[Entry]) -> list[int]:
    """Return for each file the number (from 1) of its set of byte-identical files, 0 for none."""
    count = Counter(entry.sha256 for entry in entries)
    repeated = (entry.sha256 for entry in entries if count[entry.sha256] > 1)
    sets = {digest: number for number, digest in enumerate(dict.fromkeys(repeated), start=1)}
    return [sets.get(entry.sha256, 0) for entry in entries]


def clusters(entries: Sequence[Entry], parts: Sequence[AbstractSet[str]] = ()) -> list[int]:
    """Return for each file the number (from 1) of those that show the same pixels, 0 for none.

    Equal bytes are equal pixels; otherwise only the first file's pixels were looked for in the
    others. ``parts`` are the names of those that may still be one picture, where some were told
    apart.
    """
    first = entries[0].sha256
    alike = {first} | {entry.sha256 for entry in entries[1:] if entry.tier in TIERS[:2]}
    keys = [
        (
            first if entry.sha256 in alike else entry.sha256,
            next((place for place, part in enumerate(parts) if entry.name in part), 0),
        )
        for entry in entries
    ]
    count = Counter(keys)
    repeated = dict.fromkeys(key for key in keys if count[key] > 1)
    sets = {key: number for number, key in enumerate(repeated, start=1)}
    return [sets.get(key, 0) for key in keys]
