"""Proves that a JPEG was made from a picture, where its encoding left little to compare.

What an encoding makes of a picture is the same each time: brought through the quantisation of the
poor file, the good one becomes that, block by block. Another shot, however alike, has other noise,
which falls on the other side of a step here and there in one block of ten or more.
"""

import numpy as np
from numpy.typing import NDArray

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import glimpse_and_small, pixels
from same_image_locator.decode.requantised import encoded_like

_SIDE = 8  # pixels of a block
_DETAILED = 8  # greys between a block's darkest and brightest, from which on it proves anything
_EQUAL = 3  # greys that the rounding of colours leaves
_NEARLY_ALL = 0.97  # of the blocks that prove anything
_FEWEST = 64

Greys = NDArray[np.int16]


def is_made_from(good: str, poor: str, longest: int) -> bool:
    """Return whether encoding one picture once more gave the other one, a JPEG of the same size.

    Args:
        good: path of the first one.
        poor: path of the second one.
        longest: pixels of their longer sides.
    """
    try:
        there = glimpse_and_small(poor, 0, (), longest, colour=False)[1].image.convert("L")
        here = pixels(good, "L")  # of its colours, as whoever encoded it saw it
        again = encoded_like(here, poor) if here.size == there.size else None
    except (DecodeError, MemoryError):
        return False
    if again is None:
        return False
    left, shown = np.asarray(again, np.int16), np.asarray(there, np.int16)
    detailed = np.maximum(_contrasts(left), _contrasts(shown)) >= _DETAILED
    equal = _blocks(np.abs(left - shown)).max(axis=(1, 3)) <= _EQUAL
    count = np.count_nonzero(detailed)
    return bool(count >= _FEWEST and np.count_nonzero(equal & detailed) >= _NEARLY_ALL * count)


def _contrasts(greys: Greys) -> Greys:
    blocks = _blocks(greys)
    return np.asarray(blocks.max(axis=(1, 3)) - blocks.min(axis=(1, 3)), np.int16)


def _blocks(greys: Greys) -> Greys:
    """Return whole blocks, of shape (down, height of one, across, width of one)."""
    down, across = (side // _SIDE for side in greys.shape)
    return greys[: down * _SIDE, : across * _SIDE].reshape(down, _SIDE, across, _SIDE)
