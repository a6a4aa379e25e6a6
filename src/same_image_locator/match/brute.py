"""Compares every fingerprint with every later one: the oracle of faster engines."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

# Comparisons in one block: its arrays then take some 30 MB, however many codes there are (up to
# this number; beyond it one row is a block).
_BLOCK = 1 << 20


def neighbours(
    codes: NDArray[np.uint64], threshold: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]]:
    """Yield blocks of pairs as ``Engine`` promises; quadratic in time, constant in memory."""
    start = 0
    while start < len(codes) - 1:
        later = len(codes) - start - 1
        rows = min(later, max(1, _BLOCK // later))
        yield _block(codes, start, start + rows, threshold)
        start += rows


def _block(
    codes: NDArray[np.uint64], start: int, stop: int, threshold: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Return the pairs whose left position lies in ``start .. stop - 1``."""
    apart = np.bitwise_count(codes[start:stop, None] ^ codes[None, start + 1 :])
    row, column = np.nonzero(apart <= threshold)
    later = column >= row  # column 0 stands for position start + 1
    row, column = row[later], column[later]
    return row + start, column + (start + 1), apart[row, column]
