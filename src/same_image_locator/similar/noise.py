"""Tells two exposures from copies of one by the finest that they show: each exposure has its noise.

Where one picture is a copy of the other, at least one of them has all that the other shows there:
what was added to a copy leaves the original's noise in it, what an encoding took away was a part
of it, and what was softened or sharpened is still the same pattern. Two exposures have patterns of
their own (Lukas, Fridrich and Goljan, "Digital camera identification from sensor pattern noise",
2006, who look for what noise two exposures do share: a thousandth of it).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from same_image_locator.similar.picture import Greys
from same_image_locator.similar.quantiles import median

_FINEST, _FINE = (0.6, 1.2), (1.5, 4.0)  # pixels, from which to which
_TILE = 32  # pixels
_TOLD, _FINE_TOLD = 0.6, 1.0  # greys: of less, an encoding leaves nothing that could be compared
_LEAST_SLOPE = 0.05
_FEWEST_TILES = 24
_OWN = 0.4  # of the finest may be shared by two exposures, in the median; copies reach 0.6

Floats = NDArray[np.float32]


def two_exposures(here: Greys, there: Greys) -> bool:
    """Return whether two pictures that lie exactly on each other have noise of their own each.

    That they have not proves nothing: where little of them is so fine, or what is shows the scene
    and no noise, two exposures share it, too.

    Args:
        here: greys of a picture; uint8 of shape (height, width).
        there: those of the other one, of the same shape.
    """
    one, other = (greys.astype(np.float32) for greys in (here, there))
    finest = _energies(_band(one, *_FINEST), _band(other, *_FINEST))
    fine = _energies(_band(one, *_FINE), _band(other, *_FINE))
    telling = (finest[:2] > _TOLD**2).all(axis=0) & (fine[:2] > _FINE_TOLD**2).all(axis=0)
    if np.count_nonzero(telling) < _FEWEST_TILES:
        return False
    return median(_shared(finest[:, telling], fine[:, telling])) < _OWN


def _band(values: Floats, finest: float, coarsest: float) -> Floats:
    soft, softer = (cv2.GaussianBlur(values, (0, 0), sigma) for sigma in (finest, coarsest))
    return np.asarray(soft - softer, np.float32)


def _energies(one: Floats, other: Floats) -> Floats:
    """Return of each tile the energy of one, that of the other, and what is common to both.

    float32 of shape (3, n); tiles at the rim, where one picture may end, are left out.
    """
    down, across = (side // _TILE for side in one.shape)
    part, size = np.s_[: down * _TILE, : across * _TILE], (across, down)
    means = [
        cv2.resize(product[part], size, interpolation=cv2.INTER_AREA)[1:-1, 1:-1].ravel()
        for product in (one * one, other * other, one * other)
    ]
    return np.asarray(means, np.float32)


def _shared(finest: Floats, fine: Floats) -> Floats:
    """Return how much of the finest details of one has the other, or how alike the two are.

    The fine details, which all copies share, tell what the contrast of one is in the other.
    """
    one, other, common = finest
    alike = np.where(common > 0, common * common / (one * other), 0)
    of_one, of_other = (
        (common / mine) / np.maximum(fine[2] / theirs, _LEAST_SLOPE)
        for mine, theirs in ((one, fine[0]), (other, fine[1]))
    )
    return np.asarray(np.maximum.reduce([alike, of_one, of_other]), np.float32)
