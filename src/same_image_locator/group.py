"""Puts photos that belong together into numbered groups, the same way on every run."""

import os
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted, ignore
from same_image_locator.match import ENGINES, Engine
from same_image_locator.model import Examined, Group, Member, Method


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
    same: dict[bytes, list[Member]] = defaultdict(list)
    for photo in _by_path(examined):
        same[photo.fingerprint].append(Member(photo))
    listener(Advanced("match", len(examined)))
    listener(StepFinished("match", f"{len(same):,} different digests"))
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
    openers, apart = _openers(distinct, method.threshold, engine or ENGINES["brute"], listener)
    listener(Advanced("match", len(ordered) - len(distinct)))
    listener(StepFinished("match", f"{len(distinct):,} different fingerprints"))
    near: dict[int, list[Member]] = defaultdict(list)
    for photo, place in zip(ordered, places.tolist(), strict=True):
        near[int(openers[place])].append(Member(photo, int(apart[place])))
    return _numbered(near.values(), method, listener)


def _by_path(examined: Sequence[Examined]) -> list[Examined]:
    return sorted(examined, key=lambda each: os.fsencode(each.photo.path))


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
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return for each code the place of its group's first code, and the distance to it."""
    opener = np.arange(len(codes))
    apart = np.zeros(len(codes), np.uint8)
    taken = np.zeros(len(codes), np.bool_)
    done = 0
    for left, right, distance in engine.neighbours(codes, threshold):
        starts = np.flatnonzero(np.diff(left, prepend=-1)).tolist()
        for start, stop in pairwise([*starts, len(left)]):
            first = int(left[start])
            if taken[first]:
                continue
            free = ~taken[right[start:stop]]
            members = right[start:stop][free]
            opener[members], apart[members] = first, distance[start:stop][free]
            taken[members] = True
        if len(left):
            listener(Advanced("match", int(left[-1]) - done))
            done = int(left[-1])
    listener(Advanced("match", len(codes) - done))
    return opener, apart


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
