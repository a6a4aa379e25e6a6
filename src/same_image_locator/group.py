"""Puts photos that belong together into numbered groups, the same way on every run."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted, ignore
from same_image_locator.match import ENGINES, Engine
from same_image_locator.model import Examined, Group, Member, Method

# How Python writes a byte that is no UTF-8 into a path.
_UNDECODABLE = re.compile("[\ud800-\udfff]")


def make_groups(
    examined: Sequence[Examined], method: Method, listener: Listener = ignore
) -> list[Group]:
    """Return the groups of two or more, the largest first, whatever order ``examined`` has."""
    if method.perceptual:
        return greedy_groups(examined, method, listener=listener)
    return exact_groups(examined, method, listener=listener)


def exact_groups(
    examined: Sequence[Examined], method: Method, listener: Listener = ignore
) -> list[Group]:
    """Group what has the same digest."""
    listener(StepStarted("match", len(examined)))
    number = Counter(photo.fingerprint for photo in examined)
    several = [photo for photo in examined if number[photo.fingerprint] > 1]
    same: dict[bytes, list[Member]] = defaultdict(list)
    for photo in _by_path(several):
        same[photo.fingerprint].append(Member(photo))
    listener(Advanced("match", len(examined)))
    listener(StepFinished("match", f"{len(number):,} different digests"))
    return _numbered(same.values(), method, listener)


def greedy_groups(
    examined: Sequence[Examined],
    method: Method,
    engine: Engine | None = None,
    listener: Listener = ignore,
) -> list[Group]:
    """Group by distance to a first member, in the order of the paths.

    A picture that no group has taken opens one, and takes every later picture that is still free
    and at most ``method.threshold`` bits away from it. Members need not be that near each other.
    """
    ordered = _by_path(examined)
    listener(StepStarted("match", len(ordered)))
    codes = np.frombuffer(b"".join(photo.fingerprint for photo in ordered), np.uint64)
    distinct, places = _distinct(codes)
    openers = _openers(distinct, method.threshold, engine or ENGINES["bands"], listener)
    listener(Advanced("match", len(ordered) - len(distinct)))
    listener(StepFinished("match", f"{len(distinct):,} different fingerprints"))
    apart = np.bitwise_count(distinct ^ distinct[openers])
    sizes = np.bincount(openers[places], minlength=len(distinct))
    near: dict[int, list[Member]] = defaultdict(list)
    for index in np.flatnonzero(sizes[openers[places]] > 1).tolist():
        place = places[index]
        near[int(openers[place])].append(Member(ordered[index], int(apart[place])))
    return _numbered(near.values(), method, listener)


def _by_path(examined: Sequence[Examined]) -> list[Examined]:
    """Return the photos in the order of their paths' bytes.

    Text in UTF-8 sorts as its characters do, so that only a path with undecodable bytes makes the
    bytes of them all necessary: a million of those would take more memory than the photos do.
    """
    if any(_UNDECODABLE.search(photo.photo.path) for photo in examined):
        return sorted(examined, key=lambda each: os.fsencode(each.photo.path))
    return sorted(examined, key=lambda each: each.photo.path)


def _distinct(codes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the distinct codes in order of first appearance, and each code's place among them.

    Equal codes always end in one group, so searching one of them is enough; thousands of copies
    of one picture would else make millions of pairs.
    """
    values, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    by_appearance = np.argsort(first)
    place = np.empty(len(values), np.int64)
    place[by_appearance] = np.arange(len(values))
    return values[by_appearance], place[inverse]


def _openers(
    codes: NDArray[np.uint64], threshold: int, engine: Engine, listener: Listener
) -> NDArray[np.int64]:
    """Return for each code the place of its group's first code.

    The engine gives the pairs in order, so that all that could take a code was seen before it may
    open a group itself. It sees what is taken: ``flags`` and ``taken`` are the same memory, an
    array for the engine and bytes for the loop, where those are faster.
    """
    opener = np.arange(len(codes))
    taken = bytearray(len(codes))
    flags = np.frombuffer(taken, np.bool_)
    for left, right in engine.neighbours(codes, threshold, flags, listener):
        firsts, members = [], []
        for first, member in zip(left.tolist(), right.tolist(), strict=True):
            if not (taken[first] or taken[member]):
                taken[member] = True
                firsts.append(first)
                members.append(member)
        opener[members] = firsts
    return opener


def _numbered(
    candidates: Collection[list[Member]], method: Method, listener: Listener
) -> list[Group]:
    """Drop what stayed alone, and number the rest: most members first, then by fingerprint."""
    listener(StepStarted("group", len(candidates)))
    several = sorted((members for members in candidates if len(members) > 1), key=_rank)
    groups = [
        Group(number, method, tuple(members)) for number, members in enumerate(several, start=1)
    ]
    files = sum(len(members) for members in several)
    listener(Advanced("group", len(candidates)))
    listener(StepFinished("group", f"{len(groups):,} groups with {files:,} files"))
    return groups


def _rank(members: list[Member]) -> tuple[int, bytes, bytes]:
    first = members[0].examined
    return -len(members), first.fingerprint, os.fsencode(first.photo.path)
