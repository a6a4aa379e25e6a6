"""Which folders the queue can be narrowed to: those at the first level at which they differ.

In a library of Phone/…, Backup/2019/… and Backup/2020/… these are Phone and Backup; in one of
2019/Lake, 2019/City and 2019/Home they are the three, since 2019 would narrow nothing. A folder
stands for all below it; "Phone/." stands for what lies in Phone itself where others go deeper.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple, TypeVar

OFFERED = 24  # of single folders, and of pairs
_PAIR = 2
Named = TypeVar("Named", str, tuple[str, ...])


class Places(NamedTuple):
    """The folders that occur most, and those that occur most together, with their groups."""

    folders: tuple[tuple[str, int], ...]
    pairs: tuple[tuple[str, str, int], ...]


def offered(folders_of_groups: Iterable[frozenset[str]]) -> Places:
    """Return what to offer, from the folders of each group as seen from the root."""
    groups = Counter(folders_of_groups)  # very many groups lie in the same few folders
    place = standing_for({folder for group in groups for folder in group})
    single: Counter[str] = Counter()
    for group, count in groups.items():
        for one in {place[folder] for folder in group}:
            single[one] += count
    if len(single) < _PAIR:
        return Places((), ())  # nothing to tell apart
    most = _most(single)
    among = {name for name, _ in most}
    pairs: Counter[tuple[str, ...]] = Counter()
    for group, count in groups.items():
        held = among & {place[folder] for folder in group}
        for pair in combinations(sorted(held), _PAIR):
            pairs[pair] += count
    return Places(most, tuple((one, other, count) for (one, other), count in _most(pairs)))


def within(place: str, folders: Iterable[str]) -> frozenset[str]:
    """Return which of ``folders`` belong to a place that was offered."""
    if place == "." or place.endswith("/."):
        return frozenset(one for one in folders if one == place[:-1].rstrip("/"))
    return frozenset(one for one in folders if one == place or one.startswith(f"{place}/"))


def standing_for(folders: Collection[str]) -> Mapping[str, str]:
    """Return for each folder the place that stands for it."""
    parts = {folder: tuple(_parts(folder)) for folder in folders}
    shared = 0
    for level in zip(*parts.values(), strict=False):
        if len(set(level)) > 1:
            break
        shared += 1
    return {
        folder: "/".join(path[: shared + 1]) if len(path) > shared else _itself(folder)
        for folder, path in parts.items()
    }


def _parts(folder: str) -> Iterator[str]:
    """A folder outside the root begins with a slash, which belongs to its first part."""
    if folder:
        first, *rest = folder.removeprefix("/").split("/")
        yield first if not folder.startswith("/") else f"/{first}"
        yield from rest


def _itself(folder: str) -> str:
    return f"{folder}/." if folder else "."


def _most(counted: "Counter[Named]") -> tuple[tuple[Named, int], ...]:
    """The most frequent first; what is alike by name, so that the offer does not tremble."""
    return tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:OFFERED])
