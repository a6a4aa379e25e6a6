"""Tells whether a picture shows more than a smaller one could hold: an enlargement does not.

What was made by enlarging is a sum of one kernel for each pixel of the smaller picture. A
projection onto all such sums leaves nothing of it but rounding, and the noise of a JPEG that it
became later; of a picture that was taken at its size it leaves the finest detail.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from same_image_locator.decode.glimpse import glimpse_and_small

Floats: TypeAlias = NDArray[np.float64]
Kernel: TypeAlias = Callable[[Floats], Floats]

_SIDE = 128  # pixels of a tile
_TILES = 6  # the busiest ones: flat ones tell nothing
_EVERY = 4  # rows and columns are enough to find these
_WHOLE = 1 << 30  # pixels of the longer side to keep: all
# An enlargement leaves less than this share of what the next coarser step shows, and no more grey
# levels than rounding and a JPEG make. Where that step shows less than LEAST, nothing is told.
_SHARE, _NOISE, _LEAST = 0.18, 2.0, 1.0
_SUPPORT = 3  # pixels to each side that the widest kernel reaches
_NOTHING = 1e-9


def fits(path: str, width: int, height: int) -> bool:
    """Return whether ``width`` x ``height`` pixels could hold all that a larger picture shows.

    Both have the same proportions, and the sizes are upright.

    Raises:
        DecodeError: with one clear cause.
    """
    image = glimpse_and_small(path, 0, (), _WHOLE, colour=False)[1].image
    grey = np.asarray(image.convert("L"))
    scale = height / grey.shape[0], width / grey.shape[1]
    coarser = scale[0] ** 2, scale[1] ** 2
    left, below = [], []
    for corner in _busiest(grey):
        top, start = corner
        tile = grey[top : top + _SIDE, start : start + _SIDE].astype(np.float64)
        tile -= tile.mean()
        left.append([_left(tile, corner, scale, kernel) for kernel in _KERNELS])
        below.append(max(_NOTHING, _left(tile, corner, coarser, _lanczos) - left[-1][0]))
    if not below or np.median(below) < _LEAST**2:
        return False
    shares = np.median(np.array(left) / np.array(below)[:, None], axis=0)
    rest = np.median(left, axis=0)
    return bool(np.any((shares < _SHARE**2) & (rest < _NOISE**2)))


def _busiest(grey: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Return the upper left corners of the tiles in which neighbours differ most."""
    rows, columns = grey.shape[0] // _SIDE, grey.shape[1] // _SIDE
    whole = grey[: rows * _SIDE, : columns * _SIDE].astype(np.int16)
    steps = np.abs(np.diff(whole[::_EVERY], axis=1, prepend=whole[::_EVERY, :1]))
    busy = steps.reshape(rows, _SIDE // _EVERY, columns, _SIDE).sum(axis=(1, 3))
    steps = np.abs(np.diff(whole[:, ::_EVERY], axis=0, prepend=whole[:1, ::_EVERY]))
    busy += steps.reshape(rows, _SIDE, columns, _SIDE // _EVERY).sum(axis=(1, 3))
    best = np.argsort(busy, axis=None)[::-1][:_TILES].tolist()
    return [(at // columns * _SIDE, at % columns * _SIDE) for at in best]


def _left(
    tile: Floats, corner: tuple[int, int], scale: tuple[float, float], kernel: Kernel
) -> float:
    """Return the mean square of what is in a tile and in no enlargement by 1 / ``scale``."""
    down, across = (_basis(at, by, kernel) for at, by in zip(corner, scale, strict=True))
    rest = tile - down @ (down.T @ tile @ across) @ across.T
    return float(np.mean(rest * rest))


def _basis(first: int, scale: float, kernel: Kernel) -> Floats:
    """Return an orthonormal basis of the rows, or columns, that enlarging can make of any others.

    Args:
        first: where in the large picture the tile begins.
        scale: pixels of the small picture for each of the large one.
        kernel: by which it was enlarged.
    """
    places = (np.arange(first, first + _SIDE, dtype=np.float64) + 0.5) * scale - 0.5
    low, high = math.floor(places[0]) - _SUPPORT, math.ceil(places[-1]) + _SUPPORT
    sources = np.arange(low, high + 1, dtype=np.float64)
    weights: Floats = kernel(places[:, None] - sources)
    weights /= weights.sum(axis=1, keepdims=True)
    found, triangle = np.linalg.qr(weights[:, np.abs(weights).sum(axis=0) > _NOTHING])
    lasting: Floats = found[:, np.abs(np.diagonal(triangle)) > _NOTHING]
    return lasting


def _lanczos(at: Floats) -> Floats:
    inside = np.abs(at) < _SUPPORT
    weights: Floats = np.sinc(at) * np.sinc(at / _SUPPORT) * inside
    return weights


def _linear(at: Floats) -> Floats:
    weights: Floats = np.maximum(0.0, 1 - np.abs(at))
    return weights


def _cubic(at: Floats) -> Floats:
    """Keys' kernel with a = -0.5 (IEEE Trans. ASSP 29(6), 1981, equation 15)."""
    x = np.abs(at)
    near, far = (1.5 * x - 2.5) * x * x + 1, ((2.5 - 0.5 * x) * x - 4) * x + 2
    weights: Floats = near * (x < 1) + far * ((x >= 1) & (x < 2))  # noqa: PLR2004 - its reach
    return weights


def _nearest(at: Floats) -> Floats:
    weights: Floats = 1.0 * (np.floor(at + 0.5) == 0)
    return weights


_KERNELS: tuple[Kernel, ...] = (_lanczos, _linear, _cubic, _nearest)
