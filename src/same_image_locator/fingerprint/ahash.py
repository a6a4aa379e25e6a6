"""The average hash: which parts of the picture are brighter than the whole."""

import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint.algorithm import Algorithm
from same_image_locator.model import HASH_BITS

_SIDE = 8


def bits(rasters: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return for each 8 x 8 raster which greys exceed their mean: bool of shape (n, 64).

    Equal to ImageHash's ``average_hash``. The mean is exact: a sum of 64 bytes divided by 64.
    """
    greys = rasters.reshape(-1, HASH_BITS)
    above: NDArray[np.bool_] = np.greater(greys, greys.mean(axis=1, keepdims=True))
    return above


ALGORITHM = Algorithm("ahash", version=1, side=_SIDE, bits=bits)
