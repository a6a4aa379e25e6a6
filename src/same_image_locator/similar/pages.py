"""Tells pages, forms and screens from photos: what they show stands on blank ground.

Of a photo, as much stands out brighter as darker from what is around it, and few pixels share one
grey.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_SOFT = 1.0  # pixels, what an encoding leaves around a stroke
_AROUND = 31  # pixels, around each, whose middle grey is what it stands on
_ONE_GREY = 5  # so many neighbouring greys count as one
_PAGE_ONE_SIDED, _PAGE_BLANK = 0.03, 0.4
_PAPER = 96  # greys that paper has at least, also in the shade: lights at night stand on black
_WHITE = 255

Greys = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


def is_page(greys: Greys) -> bool:
    """Return whether a picture is a page without doubt: uint8 of shape (height, width)."""
    if np.median(greys) < _PAPER:
        return False
    plain = greys.astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(plain, (0, 0), _SOFT), np.float32)
    one_sided = lesser_side(soft, greys, np.ones(greys.shape, np.bool_)) < _PAGE_ONE_SIDED
    return one_sided or commonest(plain.ravel()) > _PAGE_BLANK


def lesser_side(soft: Floats, greys: Greys, inner: Mask) -> float:
    """Return the share of the energy of what stands out that is on the lesser side of its ground.

    It is next to nothing for ink on paper, also for a page that lies in the shade.

    Args:
        soft: the picture, slightly blurred.
        greys: the picture itself; uint8 of the same shape.
        inner: where it is looked at.
    """
    standing_out = (soft - cv2.medianBlur(greys, _AROUND))[inner]
    sides = np.minimum(standing_out, 0), np.maximum(standing_out, 0)
    darker, brighter = (float(side @ side) for side in sides)
    return min(darker, brighter) / max(darker + brighter, 1e-3)


def commonest(greys: Floats) -> float:
    """Return the share of the commonest grey, which of a page is the paper's."""
    counts = np.bincount(np.clip(greys, 0, _WHITE).astype(np.uint8))
    most = int(np.convolve(counts, np.ones(_ONE_GREY, np.int64)).max())
    return most / len(greys)
