"""The pairs that a search has found, and the crowd: codes with too many pairs to list them."""

import threading

import numpy as np
from numpy.typing import NDArray

_HALF = np.uint64(32)
_PAIRS_PER_CODE = 8  # a photo library has some 0.3; 8 are a library of bursts of 17
_FEWEST_PAIRS = 1 << 16
_CHUNK = 1 << 20  # pairs looked at together: 25 MB of them


def packed(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return pairs of positions as one number each, which sorts by the lower, then the higher."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return (low.astype(np.uint64) << _HALF) | high.astype(np.uint64)


def unpacked(pairs: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the lower and the higher position of each pair."""
    return (pairs >> _HALF).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


class Found:
    """The pairs of one search over ``count`` codes; it may be filled from several threads.

    It promises that each pair is in it which was added, unless both its codes are in the crowd:
    pairs within the crowd are not kept, and whoever reads must compare the crowd directly. A code
    that joined the crowd stays in it. The room is bounded: when it is full, the codes with the
    most pairs join the crowd until half of it is free.
    """

    def __init__(self, count: int) -> None:
        self.crowd = np.zeros(count, np.bool_)
        # Memory that is never written is never taken from the system.
        self._room = np.empty(max(_FEWEST_PAIRS, _PAIRS_PER_CODE * count), np.uint64)
        self._used = 0
        self._lock = threading.Lock()

    def add(self, pairs: NDArray[np.uint64]) -> None:
        """Take in packed pairs."""
        with self._lock:
            while len(pairs):
                fitting = min(len(pairs), len(self._room) - self._used)
                self._room[self._used : self._used + fitting] = pairs[:fitting]
                self._used += fitting
                pairs = pairs[fitting:]
                if len(pairs):
                    self._thin()

    def sorted(self) -> NDArray[np.uint64]:
        """Return the packed pairs in order, without those within the crowd; it then stays as is."""
        self._drop_crowd()
        pairs = self._room[: self._used]
        pairs.sort()
        return pairs

    def _thin(self) -> None:
        number = np.zeros(len(self.crowd), np.int64)
        for start in range(0, self._used, _CHUNK):
            for ends in unpacked(self._room[start : min(start + _CHUNK, self._used)]):
                number += np.bincount(ends, minlength=len(number))
        limit = int(number.max())
        while self._used > len(self._room) // 2:
            limit //= 2
            self.crowd |= number > limit
            self._drop_crowd()

    def _drop_crowd(self) -> None:
        """Close up the pairs of which not both codes are in the crowd."""
        kept = 0
        for start in range(0, self._used, _CHUNK):
            pairs = self._room[start : min(start + _CHUNK, self._used)]
            low, high = unpacked(pairs)
            pairs = pairs[~(self.crowd[low] & self.crowd[high])]
            self._room[kept : kept + len(pairs)] = pairs
            kept += len(pairs)
        self._used = kept
