"""Rules out at a glance what one picture cannot be the same as."""

import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint.glance import Glances, apart, signs
from same_image_locator.fingerprint.signature import INSIDE, lengthened, views
from same_image_locator.similar.candidates import WITHIN, queries, worthwhile

# In so many of 178 signs rows may differ and yet be near each other. Of 428,000 times that one
# picture is to be found by another that shows the same, 7 in 10,000 are lost by it; of strangers
# 15 in 1,000 are left.
_MOST_APART, _MOST_APART_WINDOW = 64, 64


class Question:
    """One picture's signature, int8 of shape (1, ROWS, VALUES), to be held against glances."""

    def __init__(self, signature: NDArray[np.int8]) -> None:
        worth = worthwhile(signature)
        self._rows, self._within = queries(signature)[worth], WITHIN[worth, None]
        inside = lengthened(signature[:, INSIDE])
        # The view of a whole that is near the inside, and the inside's inverse view near the whole,
        # are one and the same; and the inverse of each view is one of the eight.
        self._views = signs(views(inside)[:, 0]).T[..., None]
        self._inside = self._views[:, 0]

    def may_be_near(self, seen: Glances) -> NDArray[np.bool_]:
        """Return for each of n glances whether its signature may be near this one."""
        insides = seen.insides.astype(np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", insides, insides))
        near = np.any(self._rows @ insides.T >= self._within * lengths, axis=0)
        windows, wholes = seen.signs[:, 1:], seen.signs[:, :1]
        near |= apart(windows, self._inside).min(axis=0) <= _MOST_APART_WINDOW
        near |= apart(wholes, self._views).min(axis=0) <= _MOST_APART
        return np.asarray(near, np.bool_)
