"""Finds the pairs of pictures whose signatures are near each other, in any view or window."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import isqrt
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint.signature import (
    FIRST_WINDOW,
    INSIDE,
    ROWS,
    VALUES,
    VIEWS,
    WHOLE,
    lengthened,
    views,
)
from same_image_locator.processors import cores
from same_image_locator.similar.cells import MEMBERS_AT_ONCE, Cells
from same_image_locator.similar.nearest import Near, Nearest

# Cosine distances up to which a second look is worth its price: of ten million pairs of strangers
# 200 are nearer than the first, and 2,000 nearer than the second, which only windows need.
NEAR, NEAR_WINDOW = 0.50, 0.55
# Candidates of one picture; a crowd is tied together by its hub. Of many pictures they must be
# fewer, as strangers grow with the square and fill the memory. Of 5,927 edits that a second look
# knew again, beside a million strangers one had 8 of them nearer to it and to its original.
MOST, _FEWEST = 32, 8
_MOST_IN_ALL = 2_000_000

# Of so many pictures or fewer each is compared with each; of more, with those in the nearest cells:
# so many cells, by the square root of the pictures, that to find them costs less than to compare.
ALL_WITH_ALL = 20_000
_CELLS = 4

_FEWEST_AT_ONCE, _MOST_AT_ONCE = 32, 512  # pictures that ask together
_ROWS_AT_ONCE = 512
_PARTS = 64  # of the search, after each of which its course is told

Signatures = NDArray[np.int8]
Floats = NDArray[np.float32]

_QUERIES = 2 * VIEWS + ROWS - FIRST_WINDOW
WITHIN: Floats = np.repeat(
    np.array([1 - NEAR, 1 - NEAR_WINDOW], np.float32), [2 * VIEWS, ROWS - FIRST_WINDOW]
)


class Blocks(Protocol):
    """Many signatures, of which a few at a time are asked for."""

    def __len__(self) -> int:
        """Return how many they are."""
        ...

    def __getitem__(self, part: slice, /) -> Signatures:
        """Return some of them, int8 of shape (n, ROWS, VALUES)."""
        ...


class Candidate(NamedTuple):
    """Two pictures, ``one`` and ``other`` by place, that may be the same.

    ``view`` is the view of the first one that shows what the other does within its frame (as in
    ``registration.by_view``): of all of the first if ``whole``, else of what its frame encloses.
    Else it may be known which ``window`` of the first one does (as in ``registration.by_window``).
    """

    distance: float
    one: int
    other: int
    view: int | None
    whole: bool
    window: int | None = None


def candidates(signatures: Blocks, done: Callable[[int], None]) -> list[Candidate]:
    """Return the candidates among pictures, nearest first; ``done`` hears of pictures asked for.

    The inside of each picture meets the inside of the others in eight views, their whole in eight
    views, and their windows. Whole never meets whole: frames look alike.

    Args:
        signatures: an array, or what reads them in blocks: only the insides stay in memory.
        done: called in this thread.
    """
    count = len(signatures)
    step = max(_FEWEST_AT_ONCE, min(_MOST_AT_ONCE, count // _PARTS))
    starts = range(0, count, step)
    insides = [signatures[start : start + step][:, INSIDE].copy() for start in starts]
    if not insides:
        return []
    cells = Cells(np.concatenate(insides), cells_of(count))
    insides.clear()
    nearest = Nearest(max(_FEWEST, min(MOST, _MOST_IN_ALL // count)))
    with ThreadPoolExecutor(cores()) as pool:
        asked = pool.map(
            lambda start: _asked(signatures[start : start + step], start, cells), starts
        )
        for start, near in zip(starts, asked, strict=True):
            nearest.add(near)
            done(min(step, count - start))
    return list(map(_candidate, *(column.tolist() for column in nearest.sorted())))


def cells_of(count: int) -> int:
    """Return in how many cells so many pictures lie."""
    return _CELLS * isqrt(count) if count > ALL_WITH_ALL else 1


def beside(signature: Signatures, others: Signatures) -> list[Candidate]:
    """Return the candidates that one picture, numbered 0, makes with others, from 1 on."""
    asked = _asked(signature, 0, Cells(others[:, INSIDE], 1), 1)
    found = _asked(others, 1, Cells(signature[:, INSIDE], 1))
    near = Near.joined([asked, found]).best()
    return list(map(_candidate, *(column.tolist() for column in near)))


def _candidate(distance: float, one: int, other: int, query: int) -> Candidate:
    if query < 2 * VIEWS:
        return Candidate(distance, one, other, query % VIEWS, whole=query >= VIEWS)
    return Candidate(distance, one, other, None, whole=False, window=query - 2 * VIEWS)


def _asked(block: Signatures, start: int, cells: Cells, first_met: int = 0) -> Near:
    """Return what is near a view or a window of the pictures of a block, each pair once."""
    rows = queries(block)
    query, picture = np.divmod(np.arange(len(rows)), len(block))
    within = WITHIN[query]
    found = []
    sketches = cells.sketched(rows)
    room = _Room(sketches.shape[1])
    for met in cells.met(sketches, worthwhile(block)):
        for first in range(0, len(met.asking), _ROWS_AT_ONCE):
            asking = met.asking[first : first + _ROWS_AT_ONCE]
            likeness, places = room.near(sketches, asking, met.sketches, within)
            ones, others = np.divmod(places, len(met.members))
            ones = asking[ones]
            alike = likeness.ravel()[places]
            if met.sketches is not met.rows:
                alike = np.einsum("ij,ij->i", rows[ones], met.rows[others])
                near = alike >= within[ones]
                ones, others, alike = ones[near], others[near], alike[near]
            if len(ones):
                found.append(
                    Near(
                        1 - alike,
                        (picture[ones] + start).astype(np.int32),
                        (met.members[others] + first_met).astype(np.int32),
                        query[ones].astype(np.int8),
                    )
                )
    return Near.joined(found).best()


class _Room:
    """Memory for products of matrices, used again and again: to get it anew takes longer."""

    def __init__(self, values: int) -> None:
        self._rows = np.empty((_ROWS_AT_ONCE, values), np.float32)
        self._likeness = np.empty(_ROWS_AT_ONCE * MEMBERS_AT_ONCE, np.float32)
        self._near = np.empty(_ROWS_AT_ONCE * MEMBERS_AT_ONCE, np.bool_)

    def near(
        self, rows: Floats, asking: NDArray[np.intp], members: Floats, within: Floats
    ) -> tuple[Floats, NDArray[np.intp]]:
        """Return how like members some rows are, and in which places of that near enough."""
        shape, size = (len(asking), len(members)), len(asking) * len(members)
        asked = np.take(rows, asking, axis=0, out=self._rows[: len(asking)], mode="clip")
        likeness = np.matmul(asked, members.T, out=self._likeness[:size].reshape(shape))
        near = self._near[:size]
        np.greater_equal(likeness, within[asking, None], out=near.reshape(shape))
        # To look for them in one dimension is forty times as quick as in two.
        return likeness, np.flatnonzero(near)


def queries(block: Signatures) -> Floats:
    """Return what pictures ask for: (n, ROWS, VALUES) becomes (QUERIES * n, VALUES).

    First are all pictures' first query, then all their second one: the views of the inside, those
    of the whole, the windows.
    """
    inside, whole = lengthened(block[:, INSIDE]), lengthened(block[:, WHOLE])
    windows = lengthened(block[:, FIRST_WINDOW:]).swapaxes(0, 1)
    rows = np.concatenate([views(inside), views(whole), windows])
    return rows.reshape(_QUERIES * len(block), VALUES)


def worthwhile(block: Signatures) -> NDArray[np.intp]:
    """Return which of the queries are worth asking: without a frame the whole asks nothing new."""
    framed = (block[:, INSIDE] != block[:, WHOLE]).any(axis=1)
    worth = np.ones((_QUERIES, len(block)), np.bool_)
    worth[VIEWS : 2 * VIEWS] = framed
    return np.flatnonzero(worth)
