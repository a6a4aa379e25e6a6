"""Quantiles, for less than NumPy's own cost, which look for what is no number, too."""

import numpy as np
from numpy.typing import NDArray


def quantiles(values: NDArray[np.float32], *percents: float) -> list[float]:
    """Return for each of the percents what so many of the values are at most.

    Between two values it lies on the line, as with NumPy's ``percentile``.

    Args:
        values: float32 of shape (n,), n > 0.
        percents: 0 to 100.
    """
    last = len(values) - 1
    places = [percent / 100 * last for percent in percents]
    found: list[float] = np.interp(places, np.arange(last + 1), np.sort(values)).tolist()
    return found


def median(values: NDArray[np.float32]) -> float:
    """Return the median, as NumPy does, of float32 of shape (n,), n > 0."""
    half = len(values) // 2
    parted = np.partition(values, half)
    if len(values) % 2:
        return float(parted[half])
    return float((parted[:half].max() + parted[half]) / 2)
