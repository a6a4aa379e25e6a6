"""Finds the pairs of fingerprints that differ in few bits; the search engine is replaceable."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from same_image_locator.match import brute

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]


class Engine(Protocol):
    """A way to search all pairs; every engine finds exactly what ``brute`` finds."""

    def neighbours(self, codes: NDArray[np.uint64], threshold: int) -> Iterator[Pairs]:
        """Yield blocks ``(left, right, distance)`` of pairs at most ``threshold`` bits apart.

        ``left`` and ``right`` are positions in ``codes`` with left < right. Each pair comes once.
        The lefts ascend within a block and from block to block, and so do the rights of one left.
        """


# The first one is the one in use; the others are tested to be equal to it.
ENGINES: dict[str, Engine] = {"brute": brute}
