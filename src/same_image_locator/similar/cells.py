"""Parts rows of unit length among cells, so that each is compared with few of the others."""

from collections.abc import Iterator
from itertools import pairwise
from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint.signature import lengthened
from same_image_locator.similar.sketch import Sketch

Packed = NDArray[np.int8]
Floats = NDArray[np.float32]
Places = NDArray[np.intp]

_ASKED = 3  # cells, by the square root of how many there are, that a row is compared with
_SAMPLE = 32  # rows for each cell that the centres are learned from
_ROUNDS = 6
_ROWS_AT_ONCE = 512
MEMBERS_AT_ONCE = 2048  # rows that are compared together: what they make stays in a core's cache


class Met(NamedTuple):
    """Rows that meet a cell: their places among the asking ones, and the cell's members.

    The members' ``sketches`` are the ``rows`` themselves while one cell holds all.
    """

    asking: Places
    members: Places
    rows: Floats
    sketches: Floats


class Cells:
    """Rows in cells around their centres; one cell holds all while they are few.

    An inverted file (Sivic and Zisserman, "Video Google", 2003) whose cells are asked by many rows
    at once, so that each meeting is one product of matrices. The centres come from spherical
    k-means (Dhillon and Modha, "Concept decompositions for large sparse text data", 2001), always
    the same ones for the same rows, in whatever order.

    Args:
        packed: int8 of shape (n, values), as rows of signatures are kept.
        count: how many cells; with one, every row meets every row, else the cells whose centres are
            nearest to it.
    """

    def __init__(self, packed: Packed, count: int) -> None:
        self._sketch = self._centres = None
        home = np.zeros(len(packed), np.intp)
        if count > 1:
            sample = lengthened(packed[_by_chance(packed)[: _SAMPLE * count]])
            self._sketch = Sketch(sample)
            self._centres = _centres(self._sketch.of(sample), count)
            for start in range(0, len(packed), MEMBERS_AT_ONCE):
                part = slice(start, start + MEMBERS_AT_ONCE)
                sketches = self.sketched(lengthened(packed[part]))
                home[part] = np.argmax(sketches @ self._centres.T, axis=1)
        self._order = np.argsort(home, kind="stable")
        self._packed = packed[self._order]
        self._bounds = np.searchsorted(home[self._order], np.arange(count + 1))

    def sketched(self, rows: Floats) -> Floats:
        """Return what of rows is compared first: float32 of shape (m, values) become shorter."""
        return rows if self._sketch is None else self._sketch.of(rows)

    def met(self, sketches: Floats, asking: Places) -> Iterator[Met]:
        """Yield what rows at some places, sketched, are to be compared with."""
        meets = self._meets(sketches, asking)
        for cell, (first, end) in enumerate(pairwise(self._bounds.tolist())):
            asks = asking if meets is None else asking[np.flatnonzero(meets[cell])]
            if len(asks):
                for start in range(first, end, MEMBERS_AT_ONCE):
                    part = slice(start, min(start + MEMBERS_AT_ONCE, end))
                    rows = lengthened(self._packed[part])
                    yield Met(asks, self._order[part], rows, self.sketched(rows))

    def _meets(self, sketches: Floats, asking: Places) -> NDArray[np.bool_] | None:
        """Return for each cell which rows meet it, as one line; None if all meet the only one."""
        if self._centres is None:
            return None
        count = len(self._centres)
        meets = np.empty((count, len(asking)), np.bool_)
        farthest = count - min(count, _ASKED * isqrt(count))
        for start in range(0, len(asking), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            likeness = sketches[asking[part]] @ self._centres.T
            reach = np.partition(likeness, farthest, axis=1)[:, farthest]
            meets[:, part] = (likeness >= reach[:, None]).T
        return meets


def _centres(rows: Floats, count: int) -> Floats:
    """Return the centres of so many cells among some rows, of length 1."""
    centres = rows[:count].copy()
    for _ in range(_ROUNDS):
        home = np.concatenate(
            [
                np.argmax(rows[start : start + MEMBERS_AT_ONCE] @ centres.T, axis=1)
                for start in range(0, len(rows), MEMBERS_AT_ONCE)
            ]
        )
        order = np.argsort(home, kind="stable")
        filled, starts = np.unique(home[order], return_index=True)
        sums = np.add.reduceat(rows[order], starts, axis=0)
        centres[filled] = sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-6)
    return centres


def _by_chance(packed: Packed) -> Places:
    """Return the places of rows in an order that only what they hold decides."""
    weights = np.random.default_rng(1).integers(1 << 63, size=packed.shape[1], dtype=np.uint64)
    names = np.empty(len(packed), np.uint64)
    for start in range(0, len(packed), MEMBERS_AT_ONCE):
        part = slice(start, start + MEMBERS_AT_ONCE)
        names[part] = packed[part].view(np.uint8).astype(np.uint64) @ weights
    return np.argsort(names, kind="stable")
