"""Finds the pairs of fingerprints that differ in few bits; the search engine is replaceable."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from same_image_locator.events import Listener
from same_image_locator.match import bands, brute

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


class Engine(Protocol):
    """A way to search all pairs; every engine finds exactly what ``brute`` finds."""

    def neighbours(
        self,
        codes: NDArray[np.uint64],
        threshold: int,
        taken: NDArray[np.bool_],
        listener: Listener,
    ) -> Iterator[Pairs]:
        """Yield blocks ``(left, right)`` of pairs at most ``threshold`` bits apart.

        ``left`` and ``right`` are positions in ``codes`` with left < right. Each pair comes once.
        The lefts ascend within a block and from block to block, and so do the rights of one left.

        ``taken`` is the caller's, who may mark positions between two blocks: pairs with a marked
        position may be left out from then on. That is what keeps a crowd of look-alikes, whose
        pairs are too many to be listed, from costing more than its groups do.

        The listener is told ``Advanced("match")`` for as many files as there are codes, and is
        warned in a line when the search will take long.
        """


# The first one is the one in use; the others are tested to be equal to it.
ENGINES: dict[str, Engine] = {"bands": bands, "brute": brute}
