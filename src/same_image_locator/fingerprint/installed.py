"""Perceptual hashes of other packages: each entry point is an ``Algorithm``, the mode its name."""

from collections.abc import Callable
from importlib.metadata import EntryPoint

import numpy as np
from numpy.typing import NDArray

from same_image_locator import plugins
from same_image_locator.errors import LocatorError, UsageError
from same_image_locator.fingerprint.algorithm import Algorithm
from same_image_locator.model import HASH_BITS
from same_image_locator.plugins import PluginError

_MOST_SIDE = 512  # greys in each direction: a raster travels from worker to run

Bits = Callable[[NDArray[np.uint8]], NDArray[np.bool_]]


def installed(mode: str) -> Algorithm:
    """Return the hash of this name.

    What it makes is cached under its name, its package and its version.

    Raises:
        UsageError: there is none, or it cannot be used.
    """
    point = plugins.named("algorithms").get(mode)
    if point is None:
        raise UsageError(f"There is no mode {mode}")
    try:
        loaded = plugins.load(point)
        if not isinstance(loaded, Algorithm):
            raise PluginError(f"{plugins.words(point)} is no Algorithm")  # noqa: TRY301 - told as its other troubles are
        if not 1 <= loaded.side <= _MOST_SIDE:
            raise PluginError(f"{plugins.words(point)} has a side of {loaded.side}")  # noqa: TRY301 - likewise
    except PluginError as error:
        raise UsageError(str(error), "Choose another --mode") from error
    package = point.dist.name if point.dist else ""
    return loaded._replace(name=f"{package}:{mode}", bits=_checked(point, loaded.bits))


def _checked(point: EntryPoint, bits: Bits) -> Bits:
    """Return the function with its answers looked at: what is wrong must not reach the cache."""

    def checked(rasters: NDArray[np.uint8]) -> NDArray[np.bool_]:
        try:
            made = np.asarray(bits(rasters))
        except Exception as error:
            raise LocatorError(str(plugins.failed(point, error))) from error
        if made.shape != (len(rasters), HASH_BITS) or made.dtype != np.bool_:
            told = f"bits of shape {made.shape} and type {made.dtype}"
            raise LocatorError(f"{plugins.words(point)} made {told}, not (n, 64) and bool")
        return made

    return checked
