"""The difference hash: where a picture grows brighter from left to right."""

import numpy as np
from numpy.typing import NDArray

from same_image_locator import Algorithm

_SIDE, _EDGE = 9, 8


def bits(rasters: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return for each 9 x 9 raster which greys exceed their left neighbour: bool of (n, 64)."""
    rows = rasters[:, :_EDGE, :]
    brighter: NDArray[np.bool_] = rows[:, :, 1:] > rows[:, :, :-1]
    return brighter.reshape(len(rasters), -1)


# Another version means other fingerprints: the cached ones are then made anew.
ALGORITHM = Algorithm("dhash", version=1, side=_SIDE, bits=bits)
