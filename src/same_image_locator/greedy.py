"""Puts pictures that look alike together by the greedy rule of the first version."""

from collections import defaultdict
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted
from same_image_locator.match import ENGINES, Engine
from same_image_locator.model import Member, Tier
from same_image_locator.photos import Prints


def greedily(
    ordered: Prints,
    threshold: int,
    listener: Listener,
    engine: Engine | None = None,
) -> Collection[list[Member]]:
    """Return the groups of two or more by distance to a first member, in the given order.

    A picture that no group has taken opens one, and takes every later picture that is still free
    and at most ``threshold`` bits away from it. Members need not be that near each other.
    """
    listener(StepStarted("match", len(ordered)))
    codes = np.frombuffer(ordered.fingerprints, np.uint64)
    distinct, places = _distinct(codes)
    openers = _openers(distinct, threshold, engine or ENGINES["bands"], listener)
    listener(Advanced("match", len(ordered) - len(distinct)))
    listener(StepFinished("match", f"{len(distinct):,} different fingerprints"))
    apart = np.bitwise_count(distinct ^ distinct[openers])
    sizes = np.bincount(openers[places], minlength=len(distinct))
    near: dict[int, list[Member]] = defaultdict(list)
    for index in np.flatnonzero(sizes[openers[places]] > 1).tolist():
        place = places[index]
        members = near[int(openers[place])]
        tier: Tier = "similar" if members else "identical"  # the first with itself
        members.append(Member(ordered[index], int(apart[place]), tier=tier))
    return near.values()


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
