"""What an algorithm must offer that fingerprints pictures by their looks."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.model import DECODER_VERSION


class Algorithm(NamedTuple):
    """A perceptual hash: ``side`` is the edge of the grey raster that it looks at, in pixels.

    ``bits`` takes rasters as uint8 of shape (n, side, side) and returns bool of shape (n, 64), in
    the order in which ImageHash writes its hexadecimal digits. ``version`` changes whenever a
    fingerprint of the same picture would.
    """

    name: str
    version: int
    side: int
    bits: Callable[[NDArray[np.uint8]], NDArray[np.bool_]]


class Signing(NamedTuple):
    """A signature that the workers make themselves: too much work for the process that deals it.

    A picture whose raster of ``side`` x ``side`` greys is of one single grey gets none. A signature
    has ``length`` bytes.
    """

    name: str
    version: int
    side: int
    length: int


def recipe(algorithm: Algorithm | Signing) -> str:
    """Return the name of an algorithm's fingerprints in the cache; a new version has a new one."""
    return f"{algorithm.name}/{algorithm.version}/{DECODER_VERSION}"
