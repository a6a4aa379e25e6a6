"""Parts rows of unit length among cells, so that each is compared with few of the others."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint.signature import lengthened

Packed = NDArray[np.int8]
Floats = NDArray[np.float32]
Places = NDArray[np.intp]

_SAMPLE = 32  # rows for each cell that the centres are learned from
_ROUNDS = 6
MEMBERS_AT_ONCE = 2048  # rows that are compared together: what they make stays in a core's cache


class Met(NamedTuple):
    """Rows that meet a cell: their places among the asking ones, and the cell's members."""

    asking: Places
    members: Places
    rows: Floats


class Cells:
    """Rows in cells around their centres; one cell holds all while they are few.

    An inverted file (Sivic and Zisserman, "Video Google", 2003) whose cells are asked by many rows
    at once, so that each meeting is one product of matrices. The centres come from spherical
    k-means (Dhillon and Modha, "Concept decompositions for large sparse text data", 2001), always
    the same ones for the same rows.

    Args:
        packed: int8 of shape (n, values), as rows of signatures are kept.
        count: how many cells; with one, every row meets every row.
        reach: a row meets the cells to whose centres its cosine is at least this.
    """

    def __init__(self, packed: Packed, count: int, reach: float) -> None:
        self._reach = reach
        self._centres = _centres(packed, count) if count > 1 else None
        home = np.zeros(len(packed), np.intp)
        if self._centres is not None:
            for start in range(0, len(packed), MEMBERS_AT_ONCE):
                part = slice(start, start + MEMBERS_AT_ONCE)
                home[part] = np.argmax(lengthened(packed[part]) @ self._centres.T, axis=1)
        self._order = np.argsort(home, kind="stable")
        self._packed = packed[self._order]
        self._bounds = np.searchsorted(home[self._order], np.arange(count + 1))

    def met(self, rows: Floats, asking: Places) -> Iterator[Met]:
        """Yield what these of the rows are to be compared with; float32 of shape (m, values)."""
        asking, cells = self._asked(rows, asking)
        order = np.argsort(cells, kind="stable")
        bounds = np.searchsorted(cells[order], np.arange(len(self._bounds)))
        for cell in np.flatnonzero(np.diff(bounds)):
            asks = asking[order[bounds[cell] : bounds[cell + 1]]]
            for start in range(self._bounds[cell], self._bounds[cell + 1], MEMBERS_AT_ONCE):
                part = slice(start, min(start + MEMBERS_AT_ONCE, self._bounds[cell + 1]))
                yield Met(asks, self._order[part], lengthened(self._packed[part]))

    def _asked(self, rows: Floats, asking: Places) -> tuple[Places, Places]:
        """Return which row meets which cell, as two columns."""
        if self._centres is None:
            return asking, np.zeros(len(asking), np.intp)
        found = []
        for start in range(0, len(asking), MEMBERS_AT_ONCE):
            near = rows[asking[start : start + MEMBERS_AT_ONCE]] @ self._centres.T >= self._reach
            ones, cells = np.divmod(np.flatnonzero(near), len(self._centres))
            found.append((asking[start + ones], cells))
        return np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])


def _centres(packed: Packed, count: int) -> Floats:
    """Return the centres of so many cells, float32 of shape (count, values)."""
    chance = np.random.default_rng(1)
    some = chance.permutation(len(packed))[: _SAMPLE * count]
    rows = lengthened(packed[some])
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
