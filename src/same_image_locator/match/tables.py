"""One table of a search: the codes sorted by some of their bands, and compared where those agree.

A run is a stretch of codes that agree in the table's bands. Most runs are short, and millions of
short ones are compared together: at shift 1 each code with its neighbour, at shift 2 with the next
but one, and so on. With the longest run first, the codes that still have a partner at some shift
are the beginning of an array, so that NumPy goes over it in one sweep.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.match.deal import BITS, Bands
from same_image_locator.match.found import packed

_PART = 1 << 16  # codes looked at together: some 2 MB, which the second cache holds
MANY = 32  # pairs of one code in its run: then it joins the crowd
_SHORT = 0xFFFF  # what a 16-bit number, which NumPy sorts by radix, can say of a length


class Part(NamedTuple):
    """Short runs, the longest first: the positions in them, and how many lie in long ones.

    ``reach[d]`` is the number of codes in runs of ``d`` or more.
    """

    members: NDArray[np.int64]
    reach: list[int]


class Table:
    """The choice of some bands: which codes agree in them, and which pairs are this table's."""

    def __init__(self, bands: Bands, chosen: tuple[int, ...]) -> None:
        self._bands = bands
        self._chosen = chosen
        tops = bands.tops
        self._tops = np.uint64(sum(tops))
        self._rest = np.uint64((1 << BITS) - 1 - sum(tops))
        self._until = np.uint64(sum(tops[: chosen[-1] + 1]))
        self._wanted = np.uint64(sum(tops[number] for number in chosen))

    def owns(self, apart: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return which differences (one code xor the other) are of pairs that this table reports.

        Each pair is reported by one table: that of the first bands that it agrees in. A band
        differs where its sum with all ones below its highest bit, or that bit, carries a one.
        """
        differ = (((apart & self._rest) + self._rest) | apart) & self._tops
        mine: NDArray[np.bool_] = ((differ ^ self._tops) & self._until) == self._wanted
        return mine

    def sorted_keys(self, codes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], np.uint64]:
        """Return each code's chosen bands with its position below them, sorted, and the mask.

        The mask is that of the position. Where not all bands have room above it, the last ones are
        cut short: then runs are longer than need be, and nothing is missed.
        """
        below = max(1, (len(codes) - 1).bit_length())
        keys = np.empty(len(codes), np.uint64)
        for start in range(0, len(codes), _PART):
            part = codes[start : start + _PART]
            key, room = np.zeros(len(part), np.uint64), BITS - below
            for number in self._chosen:
                width = min(self._bands.widths[number], room)
                room -= width
                value = part >> np.uint64(self._bands.lows[number])
                value &= np.uint64((1 << width) - 1)
                key <<= np.uint64(width)
                key |= value
            key <<= np.uint64(below)
            key |= np.arange(start, start + len(part), dtype=np.uint64)
            keys[start : start + _PART] = key
        keys.sort()
        return keys, np.uint64((1 << below) - 1)


def runs(
    keys: NDArray[np.uint64], mask: np.uint64, longest: int, crowd: NDArray[np.bool_]
) -> Iterator[tuple[Part, list[NDArray[np.int64]]]]:
    """Yield all runs of two or more: short ones in parts, and those above ``longest`` one by one.

    ``longest`` is at most 65,535. Runs in which all belong to the crowd are left out.
    """
    some_crowd = bool(crowd.any())
    start = 0
    while start < len(keys):
        stop = min(start + _PART, len(keys))
        if stop < len(keys):
            stop = int(np.searchsorted(keys, keys[stop - 1] | mask, "right"))
        part = keys[start:stop]
        edges = np.flatnonzero((part[1:] ^ part[:-1]) > mask) + 1
        starts = np.concatenate((np.zeros(1, np.int64), edges))
        lengths = np.diff(starts, append=len(part))
        positions = (part & mask).astype(np.int64)
        worth = lengths > 1
        if some_crowd:
            worth &= ~np.logical_and.reduceat(crowd[positions], starts)
        long = np.flatnonzero(worth & (lengths > longest))
        apart = [positions[starts[one] : starts[one] + lengths[one]] for one in long.tolist()]
        short = np.flatnonzero(worth & (lengths <= longest))
        yield _longest_first(positions, starts[short], lengths[short]), apart
        start = stop


def _longest_first(
    positions: NDArray[np.int64], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> Part:
    order = np.argsort((_SHORT - lengths).astype(np.uint16), kind="stable")
    starts, lengths = starts[order], lengths[order]
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    places = np.repeat(starts - (ends - lengths), lengths) + np.arange(total)
    sizes = np.bincount(lengths, minlength=1)
    reach = np.cumsum((sizes * np.arange(len(sizes)))[::-1])[::-1]
    return Part(positions[places], reach.tolist())


def neighbours(
    part: Part, codes: NDArray[np.uint64], threshold: int, table: Table, crowd: NDArray[np.bool_]
) -> NDArray[np.uint64]:
    """Return the table's pairs within short runs, packed; none of two codes of the crowd.

    A code with more than ``MANY`` pairs joins the crowd. At the edges codes of two runs meet: such
    a pair is no mistake, only another table's.
    """
    members = part.members
    near, crowded, number = codes[members], crowd[members], np.zeros(len(members), np.uint16)
    apart, bits = np.empty(len(near), np.uint64), np.empty(len(near), np.uint8)
    close, both = np.empty(len(near), np.bool_), np.empty(len(near), np.bool_)
    pairs = [np.empty(0, np.uint64)]
    for shift in range(1, len(part.reach) - 1):
        count = part.reach[shift + 1] - shift
        np.bitwise_xor(near[:count], near[shift : shift + count], out=apart[:count])
        np.bitwise_count(apart[:count], out=bits[:count])
        np.less_equal(bits[:count], threshold, out=close[:count])
        np.logical_and(crowded[:count], crowded[shift : shift + count], out=both[:count])
        np.greater(close[:count], both[:count], out=close[:count])
        if np.count_nonzero(close[:count]):
            found = np.flatnonzero(close[:count])
            found = found[table.owns(apart[found])]
            pairs.append(packed(members[found], members[found + shift]))
            number[found] += 1
            number[found + shift] += 1
            np.logical_or(crowded, number > MANY, out=crowded)
    crowd[members[crowded]] = True
    return np.concatenate(pairs)
