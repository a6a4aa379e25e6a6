"""Keeps of near pairs of pictures those that are among the nearest of one of the two."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_FULL = 1 << 22  # pairs that may wait before it is looked which of them to keep


class Near(NamedTuple):
    """Near pairs in columns of one length: which query of ``one`` meets the inside of ``other``."""

    distance: NDArray[np.float32]
    one: NDArray[np.int32]
    other: NDArray[np.int32]
    query: NDArray[np.int8]

    @classmethod
    def joined(cls, parts: Sequence["Near"]) -> "Near":
        """Return all of these pairs."""
        if not parts:
            none = np.zeros(0, np.int32)
            return cls(np.zeros(0, np.float32), none, none, np.zeros(0, np.int8))
        distance, one, other, query = zip(*parts, strict=True)
        return cls(
            np.concatenate(distance),
            np.concatenate(one),
            np.concatenate(other),
            np.concatenate(query),
        )

    def chosen(self, places: NDArray[np.intp] | NDArray[np.bool_]) -> "Near":
        """Return the pairs at these places, or where something holds."""
        return Near(self.distance[places], self.one[places], self.other[places], self.query[places])

    def best(self) -> "Near":
        """Return each pair once, whoever asked, as it is nearest; none of a picture with itself.

        They come nearest first, those as near in the order of their numbers.
        """
        low, high = np.minimum(self.one, self.other), np.maximum(self.one, self.other)
        order = np.lexsort((self.query, self.other, self.one, self.distance, high, low))
        low, high = low[order], high[order]
        first = low != high
        first[1:] &= (low[1:] != low[:-1]) | (high[1:] != high[:-1])
        best = self.chosen(order[first])
        return best.chosen(np.lexsort((best.other, best.one, best.distance)))

    def fewest(self, most: int) -> "Near":
        """Return of these sorted pairs those among the ``most`` first of one of the two."""
        ends = np.concatenate([self.one, self.other])
        time = np.tile(np.arange(len(self.one)), 2)
        order = np.lexsort((time, ends))
        starts = np.flatnonzero(np.diff(ends[order], prepend=-1))
        lengths = np.diff(starts, append=len(ends))
        rank = np.empty(len(ends), np.intp)
        rank[order] = np.arange(len(ends)) - np.repeat(starts, lengths)
        both = rank.reshape(2, -1)
        return self.chosen(both.min(axis=0) < most)


class Nearest:
    """Collects pairs in any order, and never holds many more than it will return.

    What is not among the nearest of either picture by now never will be.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: list[Near] = []
        self._number = self._kept = 0

    def add(self, near: Near) -> None:
        """Take more pairs."""
        self._parts.append(near)
        self._number += len(near.one)
        if self._number > _FULL + self._kept * 3 // 2:
            kept = self.sorted()
            self._parts = [kept]
            self._number = self._kept = len(kept.one)

    def sorted(self) -> Near:
        """Return the pairs that are among the nearest of one of their pictures, nearest first."""
        return Near.joined(self._parts).best().fewest(self._most)
