"""Codes compared directly, and what that comes to: told by a sample of them."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_CHUNK = 1 << 16  # codes compared at once: with what is made of them they stay in the second cache
_SAMPLE = 2048  # codes, of which all pairs are counted: rates down to one in 2 million


def compared(
    codes: NDArray[np.uint64], rows: NDArray[np.int64], threshold: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs ``(row, later)`` at most ``threshold`` bits apart, as positions.

    ``rows`` are ascending positions; each is compared with every later code.
    """
    size = min(_CHUNK, len(codes))
    apart, bits = np.empty(size, np.uint64), np.empty(size, np.uint8)
    near = np.empty(size, np.bool_)
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start in range(0, len(codes), _CHUNK):
        for row in rows.tolist():
            first = max(start, row + 1)
            count = min(start + _CHUNK, len(codes)) - first
            if count <= 0:
                break
            np.bitwise_xor(codes[first : first + count], codes[row], out=apart[:count])
            np.bitwise_count(apart[:count], out=bits[:count])
            np.less_equal(bits[:count], threshold, out=near[:count])
            if np.count_nonzero(near[:count]):
                found = np.flatnonzero(near[:count]) + first
                ones.append(np.full(len(found), row))
                others.append(found)
    return np.concatenate(ones), np.concatenate(others)


class Sample(NamedTuple):
    """Some codes of many, without those that are near far more others than most are.

    Those are a crowd's: one of them takes nearly all, so that they are no work to speak of.
    ``share`` is that of the codes that are here, 0 to 1, and ``alike`` that of their near pairs.
    """

    codes: NDArray[np.uint64]
    share: float
    alike: float

    def direct_work(self, count: int) -> float:
        """Return how many comparisons the greedy grouping of ``count`` such codes needs.

        Each code that is still free is compared with all free ones after it, and takes those near
        it: this is the sum over the codes that are left.
        """
        codes = count * self.share
        near = self.alike * codes
        if near < 1e-3:  # noqa: PLR2004 - there the difference below has no digits left
            return codes * codes / 2
        return (near - math.log1p(near)) / self.alike**2


def sampled(codes: NDArray[np.uint64], threshold: int) -> Sample:
    """Return a sample of the codes; it costs some milliseconds."""
    sample = codes[:: max(1, len(codes) // _SAMPLE)]
    if not len(sample):
        return Sample(sample, 0.0, 0.0)
    ones, others = compared(sample, np.arange(len(sample)), threshold)
    near = np.bincount(ones, minlength=len(sample)) + np.bincount(others, minlength=len(sample))
    usual = near <= 1 + 2 * np.median(near)
    alike = float(near[usual].mean()) / len(sample)
    return Sample(sample[usual], float(usual.mean()), alike)
