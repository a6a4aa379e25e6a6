"""Puts photos that belong together into numbered groups, the same way on every run."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence

from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted, ignore
from same_image_locator.model import Examined, Group, Member, Method
from same_image_locator.photos import Prints


def make_groups(
    examined: Sequence[Examined], method: Method, listener: Listener = ignore
) -> list[Group]:
    """Return the groups of two or more, the largest first, whatever order ``examined`` has."""
    if method.perceptual:
        groups = _alike(Prints.of(examined).by_path(), method, listener)
    else:
        groups = _identical(examined, listener)
    return _numbered(groups, method, len(examined), listener)


def numbered(groups: Collection[Group]) -> list[Group]:
    """Return groups of several methods numbered anew, the largest first."""
    ordered = sorted(groups, key=lambda group: _rank(group.members))
    return [group._replace(number=number) for number, group in enumerate(ordered, start=1)]


def to_decide(groups: Sequence[Group], protects: Callable[[str], bool]) -> list[Group]:
    """Return the groups of which at least one file may be moved, numbered anew."""
    left = [
        group
        for group in groups
        if not all(protects(member.examined.photo.path) for member in group.members)
    ]
    return [group._replace(number=number) for number, group in enumerate(left, start=1)]


def _alike(ordered: Prints, method: Method, listener: Listener) -> Collection[list[Member]]:
    """Group what looks alike; exact mode never loads what this needs."""
    if method.mode == "similar":
        from same_image_locator.similar.search import find_groups

        return find_groups(ordered, listener, method.strictness)
    from same_image_locator.greedy import greedily

    return greedily(ordered, method.threshold, listener)


def _identical(examined: Sequence[Examined], listener: Listener) -> Collection[list[Member]]:
    """Group what has the same digest."""
    listener(StepStarted("match", len(examined)))
    number = Counter(photo.fingerprint for photo in examined)
    several = [photo for photo in examined if number[photo.fingerprint] > 1]
    same: dict[bytes, list[Member]] = defaultdict(list)
    for photo in sorted(several, key=_path):
        same[photo.fingerprint].append(Member(photo, tier="identical"))
    listener(Advanced("match", len(examined)))
    listener(StepFinished("match", f"{len(number):,} different digests"))
    return same.values()


def _numbered(
    candidates: Collection[list[Member]], method: Method, compared: int, listener: Listener
) -> list[Group]:
    """Drop what stayed alone, and number the rest: most members first, then by fingerprint."""
    listener(StepStarted("group", len(candidates)))
    several = sorted((members for members in candidates if len(members) > 1), key=_rank)
    groups = [
        Group(number, method, tuple(members), compared)
        for number, members in enumerate(several, start=1)
    ]
    files = sum(len(members) for members in several)
    listener(Advanced("group", len(candidates)))
    listener(StepFinished("group", f"{len(groups):,} groups with {files:,} files"))
    return groups


def _rank(members: Sequence[Member]) -> tuple[int, bytes, bytes]:
    first = members[0].examined
    return -len(members), first.fingerprint, _path(first)


def _path(examined: Examined) -> bytes:
    return os.fsencode(examined.photo.path)
