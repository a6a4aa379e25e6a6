"""In which facts the files of a group differ, which of their values is best, and what all share."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from same_image_locator.model import Facts
from same_image_locator.plans import Entry
from same_image_locator.review.preferences import folder_of

Name = Literal[
    "pixels", "bytes", "format", "quality", "depth", "frames", "taken", "camera", "gps",
    "orientation", "modified", "folder",
]  # fmt: skip
_SECONDS_LENGTH = 19  # "2019-06-12T14:03:22": zones differ too often to be compared
_GPS_DIGITS = 3  # of a degree, about a hundred metres: no copy was taken elsewhere by less
_SECOND = 10**9  # nanoseconds; many a drive keeps no finer time
# What a picture may well not say: a file that says it knows more than one that does not.
_OPTIONAL: frozenset[Name] = frozenset({"taken", "camera", "gps"})
_USUAL: dict[Name, Any] = {"frames": False, "orientation": 1}  # of which nothing need be said


class Difference(NamedTuple):
    """A fact that not all files of a group have alike.

    Attributes:
        fact: its name.
        values: what each file has, by its place; None where it is missing.
        best: the places of the files with the best value; none where no value is better.
        worst: the places of those with the worst.
    """

    fact: Name
    values: tuple[Any, ...]
    best: tuple[int, ...]
    worst: tuple[int, ...]


class Same(NamedTuple):
    """A fact that all files have alike."""

    fact: Name
    value: Any


class Compared(NamedTuple):
    """A group fact by fact: what differs, what is the same, and what no file of it says."""

    differ: tuple[Difference, ...]
    same: tuple[Same, ...]
    missing: tuple[Name, ...]


def compared(
    entries: Sequence[Entry], facts: Sequence[Facts | None], preferred: Sequence[str] = ()
) -> Compared:
    """Return in what the files differ; that one has what another lacks counts as a difference."""
    values = _values(entries, facts)
    ranks = _ranks(entries, facts, values, preferred)
    differ, same, missing = [], [], []
    for fact, found in values.items():
        if any(value != found[0] for value in found):
            best, worst = _ends(ranks.get(fact, [None] * len(found)))
            differ.append(Difference(fact, tuple(found), best, worst))
        elif found[0] is not None and found[0] != _USUAL.get(fact):
            same.append(Same(fact, found[0]))
        elif found[0] is None and fact in _OPTIONAL and all(facts):
            missing.append(fact)
    return Compared(tuple(differ), tuple(same), tuple(missing))


def _values(entries: Sequence[Entry], facts: Sequence[Facts | None]) -> dict[Name, list[Any]]:
    def said(tell: Callable[[Facts], Any]) -> list[Any]:
        return [tell(fact) if fact else None for fact in facts]

    folders = list(dict.fromkeys(folder_of(entry) for entry in entries))
    number = {folder: place for place, folder in enumerate(folders)}
    return {
        "pixels": said(lambda fact: (fact.width, fact.height, *(fact.detail or ()))),
        "bytes": [entry.identity.size for entry in entries],
        "format": said(lambda fact: fact.format),
        "quality": said(lambda fact: (fact.quality, fact.quality_exact) if fact.quality else None),
        "depth": said(lambda fact: fact.depth),
        "frames": said(lambda fact: fact.more_frames),
        "taken": said(lambda fact: fact.taken_at[:_SECONDS_LENGTH] if fact.taken_at else None),
        "camera": said(lambda fact: fact.camera),
        "gps": said(_rounded),
        "orientation": said(lambda fact: fact.orientation),
        "modified": [entry.identity.mtime_ns // _SECOND for entry in entries],
        "folder": [number[folder_of(entry)] for entry in entries],
    }


def _rounded(fact: Facts) -> tuple[float, float] | None:
    if fact.latitude is None or fact.longitude is None:
        return None
    return round(fact.latitude, _GPS_DIGITS), round(fact.longitude, _GPS_DIGITS)


def _ranks(
    entries: Sequence[Entry],
    facts: Sequence[Facts | None],
    values: dict[Name, list[Any]],
    preferred: Sequence[str],
) -> dict[Name, list[Any]]:
    """Return the higher the better, by the same measure as what is suggested to keep.

    Some facts tell nothing of a file among others: a quality beside what is stored without loss,
    bytes of another format, the date of a file where the pictures have their own.
    """
    formats = {fact.format for fact in facts if fact}
    ranks: dict[Name, list[Any]] = {
        "pixels": [fact and fact.telling for fact in facts],
        "depth": values["depth"],
        "frames": values["frames"],
        "taken": _earliest(values["taken"]),
        "camera": [one is not None for one in values["camera"]],
        "gps": [one is not None for one in values["gps"]],
    }
    if len(formats) == 1 and not any(fact and fact.detail for fact in facts):
        ranks["bytes"] = values["bytes"]
    if formats == {"JPEG"}:
        ranks["quality"] = [one and one[0] for one in values["quality"]]
    if len(set(values["taken"])) == 1:
        ranks["modified"] = [-time for time in values["modified"]]
    order = {folder: -rank for rank, folder in reversed(list(enumerate(preferred)))}
    if any(folder_of(entry) in order for entry in entries):
        ranks["folder"] = [order.get(folder_of(entry)) for entry in entries]
    return ranks


def _earliest(dates: Sequence[str | None]) -> list[int | None]:
    order = {date: -rank for rank, date in enumerate(sorted({date for date in dates if date}))}
    return [order[date] if date else None for date in dates]


def _ends(ranks: Sequence[Any]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the places of the best and of the worst; what is missing is worse than anything."""
    known = [rank for rank in ranks if rank is not None]
    if len(set(ranks)) == 1 or not known:
        return (), ()
    lowest = None if len(known) < len(ranks) else min(known)
    best = tuple(place for place, rank in enumerate(ranks) if rank == max(known))
    return best, tuple(place for place, rank in enumerate(ranks) if rank == lowest)
