"""Puts photos that belong together into numbered groups, the same way on every run."""

import os
from collections.abc import Callable, Collection, Sequence

from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted, ignore
from same_image_locator.model import Examined, Group, Member, Method
from same_image_locator.photos import Prints


def make_groups(
    examined: Sequence[Examined], method: Method, listener: Listener = ignore
) -> list[Group]:
    """Return the groups of two or more, the largest first, whatever order ``examined`` has."""
    groups = _alike(Prints.of(examined).by_path(), method, listener)
    return _numbered(sorted(groups, key=_rank), method, len(examined), listener)


def identical_groups(
    contents: Collection[Sequence[Examined]], listener: Listener = ignore
) -> list[Group]:
    """Return a group for the photos of each content, which come by path, the largest first.

    Among groups of one size the paths decide.
    """
    files = sum(map(len, contents))
    listener(StepStarted("match", files))
    groups = [[Member(one, tier="identical") for one in same] for same in contents]
    groups.sort(key=lambda members: (-len(members), _path(members[0].examined)))
    listener(Advanced("match", files))
    listener(StepFinished("match", f"{len(groups):,} different contents"))
    return _numbered(groups, Method("exact"), files, listener)


def numbered(groups: Collection[Group]) -> list[Group]:
    """Return groups of several methods numbered anew, the largest first."""
    ordered = sorted(groups, key=lambda group: _rank(group.members))
    return [group._replace(number=number) for number, group in enumerate(ordered, start=1)]


def to_decide(groups: Sequence[Group], protects: Callable[[str], bool]) -> list[Group]:
    """Return the groups of which at least one file may be moved, numbered anew.

    Each knows from then on which of its files stay where they are.
    """
    marked = (group._replace(staying=frozenset(filter(protects, group.paths))) for group in groups)
    left = [group for group in marked if len(group.staying) < len(group.members)]
    return [group._replace(number=number) for number, group in enumerate(left, start=1)]


def _alike(ordered: Prints, method: Method, listener: Listener) -> Collection[list[Member]]:
    """Group what looks alike; exact mode never loads what this needs."""
    if method.mode == "similar":
        from same_image_locator.similar.search import find_groups

        return find_groups(ordered, listener, method.strictness)
    from same_image_locator.greedy import greedily

    return greedily(ordered, method.threshold, listener)


def _numbered(
    candidates: Sequence[list[Member]], method: Method, compared: int, listener: Listener
) -> list[Group]:
    """Drop what stayed alone, and number the rest."""
    listener(StepStarted("group", len(candidates)))
    several = [members for members in candidates if len(members) > 1]
    groups = [
        Group(number, method, tuple(members), compared)
        for number, members in enumerate(several, start=1)
    ]
    files = sum(len(members) for members in several)
    listener(Advanced("group", len(candidates)))
    listener(StepFinished("group", f"{len(groups):,} groups with {files:,} files"))
    return groups


def _rank(members: Sequence[Member]) -> tuple[int, bytes, bytes]:
    """Return what sorts groups: most members first, then by fingerprint."""
    first = members[0].examined
    return -len(members), first.fingerprint, _path(first)


def _path(examined: Examined) -> bytes:
    return os.fsencode(examined.photo.path)
