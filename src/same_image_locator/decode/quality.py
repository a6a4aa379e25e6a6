"""Estimates the quality at which a JPEG was saved, from its quantisation tables."""

import bisect
import functools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# The example luminance table of the JPEG standard (ITU-T T.81, Annex K, 1992), row by row. The
# Independent JPEG Group's encoder scales it by the quality asked for, and most programs follow.
_LUMINANCE = (
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)
_WORST, _BEST = 1, 100

_SIDE = 8
# The order in which a file stores a table: along the diagonals, there and back (T.81, figure A.6).
_ZIGZAG = sorted(
    range(_SIDE**2),
    key=lambda at: (at // 8 + at % 8, at // 8 if (at // 8 + at % 8) % 2 else -(at // 8)),
)


class Quality(NamedTuple):
    """A JPEG quality from 1 to 100; ``exact`` when the tables are the very ones of that quality."""

    value: int
    exact: bool


@functools.cache
def _table(quality: int) -> tuple[int, ...]:
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality  # noqa: PLR2004 - IJG's scale
    return tuple(min(255, max(1, (entry * scale + 50) // 100)) for entry in _LUMINANCE)


def _sum(place: int) -> int:
    """Return the sum of the table that is so many qualities below the best: it grows with that."""
    return sum(_table(_BEST - place))


def estimated(tables: Mapping[int, Sequence[int]] | None) -> Quality | None:
    """Return the quality that the luminance table (number 0, row by row) shows, or the nearest."""
    first = tuple(tables[0]) if tables and 0 in tables else ()
    if len(first) != len(_LUMINANCE):
        return None
    total = sum(first)
    after = min(bisect.bisect_left(range(_BEST), total, key=_sum), _BEST - _WORST)
    if _table(_BEST - after) == first:
        return Quality(_BEST - after, exact=True)
    nearest = min(max(0, after - 1), after, key=lambda place: abs(_sum(place) - total))
    return Quality(_BEST - nearest, exact=False)


def row_by_row(table: bytes) -> list[int]:
    """Return the 64 entries of a table that is in a file's order."""
    rows = [0] * len(table)
    for place, entry in zip(_ZIGZAG, table, strict=True):
        rows[place] = entry
    return rows


@functools.lru_cache(maxsize=256)  # most programs and cameras use few
def of_stored(table: bytes) -> Quality | None:
    """Return the quality that a luminance table shows, whose 64 bytes are in a file's order."""
    return estimated({0: row_by_row(table)})
