"""The signature of mode ``similar``: what a picture shows, whatever its tones, size or edges.

Ranks of the luma instead of its values bear any change of tones; a cosine transform with a
flattened spectrum bears encodings and overlays; a little colour tells apart what has one layout.
The eight turned and mirrored views of a picture come from one transform, by its signs and its
transpose. Windows into the picture find what is a cropping of another.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint.algorithm import Signing

SIDE = 128  # pixels of a thumbnail, in each direction
_SAMPLES = 48
_LOW = 15  # frequencies in each direction; of the highest, only those near an axis
_BELOW = _LOW + 2
_COLOURS = 4  # frequencies of each colour difference, in each direction
_POWER = 0.35  # flattens the spectrum
_TINT = 0.3  # length of the colours beside the luma
_GREYISH = 40.0**_POWER  # greyish pictures get short colours
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_BLUE, _RED = 0.564, 0.713

# Shares of the width and height that a window keeps, with its places in each direction.
_WINDOWS = ((0.92, 2), (0.84, 3), (0.74, 3), (0.62, 4))

INSIDE, WHOLE, FIRST_WINDOW = 0, 1, 2  # rows of a signature
VIEWS = 8  # turned and mirrored
ROWS = FIRST_WINDOW + sum(steps * steps for _, steps in _WINDOWS)

_u = np.arange(_LOW)
_KEPT = (_u[:, None] + _u[None, :] > 0) & (_u[:, None] + _u[None, :] < _BELOW)
_LUMAS = int(_KEPT.sum())
VALUES = _LUMAS + 2 * _COLOURS * _COLOURS

PACKED_BYTES = ROWS * VALUES
_SCALE = 256.0  # values are at most about a half; what is above loses nothing that tells

Row = NDArray[np.float32]

# A picture of one single grey is known by a raster of this side.
ALGORITHM = Signing("similar", version=1, side=8, length=PACKED_BYTES)


def rows(whole: NDArray[np.uint8], inside: NDArray[np.uint8]) -> Row:
    """Return a picture's signature: float32 of shape (ROWS, VALUES), each row of length 1.

    Args:
        whole: the picture as uint8 of shape (SIDE, SIDE, 3), RGB.
        inside: the same for the part of it within its frame.
    """
    pictures = np.stack([inside, whole]).astype(np.float32)
    lumas: Row = pictures @ _LUMA
    blues = _BLUE * (pictures[..., 2] - lumas)
    reds = _RED * (pictures[..., 0] - lumas)
    tones = _ranks(_windows(lumas, _averages))
    basis = _cosines(_SAMPLES, _LOW)
    low = (basis @ tones @ basis.T)[:, _KEPT].astype(np.float32, copy=False)
    colours = [_windows(plane, _low_averages).reshape(ROWS, -1) for plane in (blues, reds)]
    return _joined(low, np.concatenate(colours, axis=1))


def _joined(low: Row, colours: Row) -> Row:
    low, colours = _flattened(low), _flattened(colours)
    low /= np.linalg.norm(low, axis=1, keepdims=True) + 1e-6
    colours *= _TINT / (np.linalg.norm(colours, axis=1, keepdims=True) + _GREYISH)
    joined = np.concatenate([low, colours], axis=1)
    joined /= np.linalg.norm(joined, axis=1, keepdims=True) + 1e-6
    return joined


def _flattened(values: Row) -> Row:
    return np.sign(values) * np.abs(values) ** np.float32(_POWER)


def _ranks(samples: Row) -> Row:
    """Return each sample's rank in its picture, from 0 to 1: the same for any curve of tones.

    Equal samples share their mean rank, so that a white page looks the same from all sides.
    """
    count, size = len(samples), samples[0].size
    flat = samples.reshape(count, size)
    # Whole numbers of 16 bits are sorted by their digits, ten times as fast as fractions are.
    values = np.rint(flat * np.float32(256)).astype(np.uint16)
    order = np.argsort(values, axis=1, kind="stable")
    order += np.arange(0, count * size, size)[:, None]
    rising = values.ravel().take(order)
    equal = np.zeros(rising.shape, np.bool_)
    np.equal(rising[:, 1:], rising[:, :-1], out=equal[:, 1:])
    # Few samples are equal to others: their ranks are mended after all have got their places.
    rising_ranks = np.tile((np.arange(size) / size).astype(np.float32), count)
    later = np.flatnonzero(equal)
    runs = np.flatnonzero(np.diff(later, prepend=-1) > 1)
    firsts, lengths = later[runs] - 1, np.diff(runs, append=len(later))
    means = ((firsts % size + lengths / 2) / size).astype(np.float32)
    rising_ranks[firsts] = means
    rising_ranks[later] = np.repeat(means, lengths)
    ranks = np.empty(count * size, np.float32)
    ranks[order.ravel()] = rising_ranks
    return ranks.reshape(samples.shape)


def _windows(planes: Row, operator: Callable[[float, int], Row]) -> Row:
    """Return what an operator makes of both whole planes, and of the windows of the first."""
    whole = operator(1.0, 1)[0]
    inside = planes[0]
    parts = [whole @ planes @ whole.T]
    for share, steps in _WINDOWS:
        lines = operator(share, steps)
        size = lines.shape[1]
        lines = lines.reshape(-1, SIDE)
        grid = (lines @ inside @ lines.T).reshape(steps, size, steps, size)
        parts.append(grid.swapaxes(1, 2).reshape(-1, size, size))
    return np.concatenate(parts)


def packed(rows: Row) -> bytes:
    """Return a signature in one byte a value: ``PACKED_BYTES`` of them."""
    values: bytes = np.clip(np.rint(rows * _SCALE), -127, 127).astype(np.int8).tobytes()
    return values


def unpacked(signatures: bytes) -> NDArray[np.int8]:
    """Return packed signatures, one behind the other, as int8 of shape (n, ROWS, VALUES)."""
    return np.frombuffer(signatures, np.int8).reshape(-1, ROWS, VALUES)


def lengthened(values: NDArray[np.int8]) -> Row:
    """Return rows of packed signatures as float32, each of length 1 again."""
    rows = values.astype(np.float32)
    rows /= np.linalg.norm(rows, axis=-1, keepdims=True) + 1e-6
    return rows


@cache
def _averages(share: float, steps: int) -> Row:
    """Return what averages a line of SIDE pixels to samples, one matrix for each window."""
    length = share * SIDE
    edges = np.arange(_SAMPLES + 1) * (length / _SAMPLES)
    pixels = np.arange(SIDE)
    matrices = []
    for step in range(steps):
        start = (SIDE - length) * step / (steps - 1) if steps > 1 else 0.0
        begins, ends = start + edges[:-1, None], start + edges[1:, None]
        covered = np.minimum(ends, pixels + 1) - np.maximum(begins, pixels)
        matrices.append(np.maximum(covered, 0) * (_SAMPLES / length))
    return np.array(matrices, np.float32)


@cache
def _low_averages(share: float, steps: int) -> Row:
    """Return what takes a line of SIDE pixels to the lowest frequencies of each window."""
    low: Row = _cosines(_SAMPLES, _COLOURS) @ _averages(share, steps)
    return low


@cache
def _cosines(samples: int, count: int) -> Row:
    k = np.arange(count)[:, None]
    waves = np.cos(np.pi * k * (2 * np.arange(samples) + 1) / (2 * samples))
    cosines: Row = (waves * np.sqrt(2 / samples)).astype(np.float32)
    return cosines


def window(number: int) -> tuple[float, float, float, float]:
    """Return where a window lies: left, top, right and bottom as shares of the sides.

    Number 0 is that of the row ``FIRST_WINDOW``.
    """
    for share, steps in _WINDOWS:
        if number < steps * steps:
            top, left = (step / (steps - 1) * (1 - share) for step in divmod(number, steps))
            return left, top, left + share, top + share
        number -= steps * steps
    raise ValueError("there are not so many windows")


@cache
def _turns() -> tuple[NDArray[np.int64], Row]:
    """Return for each of the eight views from which values it comes, and with which signs."""
    places = np.zeros((_LOW, _LOW), np.int64)
    places[_KEPT] = np.arange(_LUMAS)
    small = np.arange(_COLOURS * _COLOURS).reshape(_COLOURS, _COLOURS)
    orders, signs = [], []
    for turned in (False, True):
        for down in (1.0, -1.0):
            for across in (1.0, -1.0):
                order, sign = [], []
                for grid, kept, first in (
                    (places, _KEPT, 0),
                    (small, np.ones_like(small, np.bool_), _LUMAS),
                    (small, np.ones_like(small, np.bool_), _LUMAS + _COLOURS * _COLOURS),
                ):
                    k = np.arange(len(grid))
                    flips = np.multiply.outer(down**k, across**k)
                    order.append(first + (grid.T if turned else grid)[kept])
                    sign.append(flips[kept])
                orders.append(np.concatenate(order))
                signs.append(np.concatenate(sign))
    return np.array(orders), np.array(signs, np.float32)


def views(rows: Row) -> Row:
    """Return the eight turned and mirrored views of rows: (n, VALUES) becomes (8, n, VALUES).

    View ``4 t + 2 d + a`` is the picture transposed if t, then upside down if d, then mirrored
    if a.
    """
    orders, signs = _turns()
    return np.stack([rows[:, order] * sign for order, sign in zip(orders, signs, strict=True)])
