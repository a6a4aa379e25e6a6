"""One band of a search: the codes sorted into buckets by it, and near buckets compared.

Buckets are small and there are many, so that they are compared together: the first code of each
of some hundred buckets with all codes of the buckets near to it, then the second of each, and so
on. With the largest bucket first, the buckets that still have a code are the beginning of an
array, and NumPy goes over all of them in one sweep.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from same_image_locator.match.deal import band
from same_image_locator.match.found import Found, packed
from same_image_locator.match.plan import FETCHED, VISITED, Plan

MANY = 32  # pairs of one code found together: then it joins the crowd
_SWEEP = 1 << 15  # codes compared in one sweep: some 500 KB, which the second cache holds
_TASK = 1 << 17  # codes that a task looks up: with what is made of them some 4 MB
_HELD = 1 << 18  # pairs that a task holds before it hands them over
_OUTLIERS = 256  # codes of a bucket, from which on it may be a crowd's
_PATIENCE = 4  # codes of such a bucket without a crowd about them, until the next bucket's turn


class Buckets:
    """All codes sorted by one band; within a bucket those outside the crowd come first.

    ``codes`` are dealt for ``plan``. ``found`` has the crowd, and takes the pairs.
    """

    def __init__(
        self, codes: NDArray[np.uint64], plan: Plan, number: int, threshold: int, found: Found
    ) -> None:
        self._plan = plan
        self._number = number
        self._threshold = threshold
        self._found = found
        self._width = plan.bands.widths[number]
        self._radius = plan.radii[number]
        self._masks = _within(self._width, self._radius)
        values = band(codes, plan.bands, number).astype(np.uint16)
        outside = np.flatnonzero(~found.crowd)
        places = np.concatenate((outside, np.flatnonzero(found.crowd)))
        self._places = places[np.argsort(values[places], kind="stable")].astype(np.int32)
        self._codes = codes[self._places]
        self._sizes = np.bincount(values, minlength=1 << self._width)
        self._outside = np.bincount(values[outside], minlength=1 << self._width)
        self._starts = np.cumsum(self._sizes) - self._sizes

    def work(self) -> float:
        """Return the work of all tasks, in comparisons."""
        crowd = self._sizes - self._outside
        near = _summed(self._sizes, self._width, self._radius)
        crowded = _summed(crowd, self._width, self._radius)
        others = self._sizes * (near - self._sizes) - crowd * (crowded - crowd)
        comparisons = others.sum() / 2 + (self._outside * self._sizes).sum()
        fetched = ((near + crowded) * (self._outside > 0)).sum() / 2
        visited = np.count_nonzero(self._outside) * len(self._masks) / 2
        return float(comparisons + fetched * FETCHED + visited * VISITED)

    def tasks(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches of buckets that ``compare`` takes one by one."""
        near = _summed(self._sizes, self._width, self._radius) * (self._sizes > 0)
        heavy = np.cumsum(near + len(self._masks)) // (2 * _TASK)
        edges = [0, *(np.flatnonzero(np.diff(heavy)) + 1).tolist(), len(heavy)]
        yield from pairwise(edges)

    def scout(self) -> None:
        """Let the codes of large buckets join the crowd which many others of theirs are near."""
        crowd = self._found.crowd
        large = max(_OUTLIERS, 8 * len(self._codes) >> self._width)
        for bucket in np.flatnonzero(self._sizes > large).tolist():
            start = int(self._starts[bucket])
            rest = np.arange(start, start + int(self._sizes[bucket]))
            rest = rest[~crowd[self._places[rest]]]
            patience = _PATIENCE
            while patience and len(rest) > MANY:
                apart = np.bitwise_count(self._codes[rest] ^ self._codes[rest[0]])
                near = apart <= self._threshold
                if np.count_nonzero(near) > MANY:
                    crowd[self._places[rest[near]]] = True
                else:
                    patience -= 1
                near[0] = True
                rest = rest[~near]

    def compare(self, start: int, stop: int) -> float:
        """Find the pairs of the codes outside the crowd in some buckets; return the work done.

        They are compared with all codes of the buckets from theirs on, and with the crowd of those
        before: so two buckets meet once, and their crowds never.
        """
        buckets = start + np.flatnonzero(self._outside[start:stop])
        buckets = buckets[np.argsort(-self._outside[buckets], kind="stable")]
        near = buckets[:, None] ^ self._masks
        before = near < buckets[:, None]
        outside = self._outside[near]
        lengths = self._sizes[near] - outside * before
        widths = lengths.sum(axis=1)
        shifts = self._starts[near] + outside * before
        lengths, ends = lengths.ravel(), np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        columns = np.repeat((shifts.ravel() - (ends - lengths)).astype(np.int32), lengths)
        columns += np.arange(total, dtype=np.int32)
        heights = self._outside[buckets]
        self._sweep(self._starts[buckets], heights, widths, columns)
        comparisons = float((heights * widths).sum())
        return comparisons + total * FETCHED + len(buckets) * len(self._masks) / 2 * VISITED

    def _sweep(
        self,
        starts: NDArray[np.int64],
        heights: NDArray[np.int64],
        widths: NDArray[np.int64],
        columns: NDArray[np.int32],
    ) -> None:
        """Compare ``heights`` codes from each start with the next ``widths`` of the columns."""
        edges = np.concatenate((np.zeros(1, np.int64), np.cumsum(widths)))
        codes = self._codes[columns]
        bits, close = np.empty(_SWEEP, np.uint8), np.empty(_SWEEP, np.bool_)
        found: list[NDArray[np.int64]] = []
        turns: list[int] = []
        held = 0
        for left in range(0, len(columns), _SWEEP):
            right = min(left + _SWEEP, len(columns))
            first = int(np.searchsorted(edges, left, "right")) - 1
            last = int(np.searchsorted(edges, right, "left"))
            clipped = np.clip(edges[first : last + 1], left, right)
            inside = clipped[1:] - clipped[:-1]
            ends, ranks = np.cumsum(inside), -heights[first:last]
            for turn in range(int(heights[first])):
                still = int(np.searchsorted(ranks, -turn))
                count = int(ends[still - 1])
                row = self._codes[starts[first : first + still] + turn]
                apart = np.repeat(row, inside[:still])
                np.bitwise_xor(apart, codes[left : left + count], out=apart)
                np.bitwise_count(apart, out=bits[:count])
                np.less_equal(bits[:count], self._threshold, out=close[:count])
                if np.count_nonzero(close[:count]):
                    found.append(np.flatnonzero(close[:count]) + left)
                    turns.append(turn)
                    held += len(found[-1])
                    if held > _HELD:
                        self._hand_over(starts, edges, columns, found, turns)
                        held = 0
        self._hand_over(starts, edges, columns, found, turns)

    def _hand_over(
        self,
        starts: NDArray[np.int64],
        edges: NDArray[np.int64],
        columns: NDArray[np.int32],
        found: list[NDArray[np.int64]],
        turns: list[int],
    ) -> None:
        """Give the pairs found so far to ``found``, each only if it is this band's."""
        if not found:
            return
        at = np.concatenate(found)
        rows = np.repeat(turns, [len(several) for several in found])
        rows += starts[np.searchsorted(edges, at, "right") - 1]
        others = columns[at]
        found.clear()
        turns.clear()
        apart = self._codes[rows] ^ self._codes[others]
        # A bucket beside itself has each pair twice, and each code with itself.
        mine = (rows < others) | (band(apart, self._plan.bands, self._number) > 0)
        mine &= self._owns(apart)
        ones, others = self._places[rows[mine]], self._places[others[mine]]
        crowd = self._found.crowd
        if len(ones) > MANY:
            members, number = np.unique(np.concatenate((ones, others)), return_counts=True)
            crowd[members[number > MANY]] = True
        listed = ~(crowd[ones] & crowd[others])
        self._found.add(packed(ones[listed], others[listed]))

    def _owns(self, apart: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return which differences are of pairs that no band before this one finds."""
        mine = np.ones(len(apart), np.bool_)
        for number in range(self._number):
            bits = np.bitwise_count(band(apart, self._plan.bands, number))
            mine &= bits > self._plan.radii[number]
        return mine


def _within(width: int, radius: int) -> NDArray[np.int64]:
    """Return all differences of at most ``radius`` bits; the first is none."""
    bits = [1 << bit for bit in range(width)]
    return np.array([sum(few) for size in range(radius + 1) for few in combinations(bits, size)])


def _summed(sizes: NDArray[np.int64], width: int, radius: int) -> NDArray[np.int64]:
    """Return for each value the sum of the sizes of all values within the radius."""
    rings = [sizes] + [np.zeros_like(sizes)] * radius
    for bit in range(width):
        for ring in range(radius, 0, -1):
            flipped = rings[ring - 1].reshape(-1, 2, 1 << bit)[:, ::-1].ravel()
            rings[ring] = rings[ring] + flipped
    total: NDArray[np.int64] = np.sum(rings, axis=0)
    return total
