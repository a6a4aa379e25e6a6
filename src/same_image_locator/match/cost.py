"""Chooses how a search cuts its fingerprints into bands, by what each way would cost.

Two codes at most t bits apart agree in at least k of any t + k bands, since t bits can spoil no
more than t bands. So it is enough to compare codes that agree in k bands, once for each choice of
k bands. Few bands chosen mean few tables to sort but long runs to compare; the measure of both is
how often two of these very codes agree in a band.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.match.brute import compared
from same_image_locator.match.deal import BITS, Bands, band, bands_for, dealt

# Nanoseconds, measured once on one machine: only what they are to each other matters here.
SORT = 50.0  # for a code in a table: its key, the sort, its run
_TRIAL = 2.5  # for two codes compared because they agree in k bands
DIRECT = 0.9  # for two codes compared because they are there

FEWEST = 2048  # codes from which bands can pay
_MOST_CHOSEN, _MOST_TABLES, _NARROWEST = 5, 20_000, 2
_SAMPLE = 2048  # codes, of which all pairs are counted: rates down to one in 2 million
_RATED = 16  # codes from which a rate can be told
_CROWDED = 64  # a code that is near one in so many others belongs to a crowd


class Choice(NamedTuple):
    """Bands, how many of them a pair must agree in, and the mean length of a run to expect."""

    bands: Bands
    agreeing: int
    run: float


def choose(codes: NDArray[np.uint64], threshold: int) -> Choice | None:
    """Return the cheapest bands for a search of all pairs, or None when comparing all is cheaper.

    Source of the method: Manku, Jain and Das Sarma, "Detecting near-duplicates for web crawling",
    2007, where such tables are kept for queries; here they are sorted one after the other.
    """
    count = len(codes)
    if count < FEWEST:
        return None
    sample = codes[:: max(1, count // _SAMPLE)]
    best, choice = DIRECT * count * count / 2, None
    scattered = _without_crowd(sample, threshold)
    meeting = count * len(scattered) / len(sample)
    for agreeing in range(1, _MOST_CHOSEN + 1):
        number = threshold + agreeing
        tables = math.comb(number, agreeing)
        if number * _NARROWEST > BITS or tables > _MOST_TABLES or len(scattered) < _RATED:
            break
        bands = bands_for(scattered, number)
        agree = _of_each_choice(_rates(dealt(scattered, bands), bands), agreeing)
        price = tables * count * SORT + agree * meeting * meeting / 2 * _TRIAL
        if price < best:
            best, choice = price, Choice(bands, agreeing, meeting * agree / tables)
    return choice


def _without_crowd(sample: NDArray[np.uint64], threshold: int) -> NDArray[np.uint64]:
    """Return the codes that are near few others.

    The pairs within a crowd are never listed, so that they are no reason for narrower runs.
    """
    ones, others = compared(sample, np.arange(len(sample)), threshold)
    number = np.bincount(ones, minlength=len(sample)) + np.bincount(others, minlength=len(sample))
    return sample[number * _CROWDED < len(sample)]


def _rates(sample: NDArray[np.uint64], bands: Bands) -> list[float]:
    """Return for each band how often two different codes of the sample agree in it, 0 to 1."""
    pairs = len(sample) * (len(sample) - 1)
    rates = []
    for number in range(len(bands.widths)):
        values = np.sort(band(sample, bands, number))
        edges = np.flatnonzero(np.diff(values, prepend=~values[:1]))
        same = np.diff(edges, append=len(values))
        rates.append(float((same * (same - 1)).sum() / pairs))
    return rates


def _of_each_choice(rates: Sequence[float], agreeing: int) -> float:
    """Return the sum, over all choices of bands, of the product of their rates."""
    sums = [1.0] + [0.0] * agreeing
    for rate in rates:
        for size in range(agreeing, 0, -1):
            sums[size] += sums[size - 1] * rate
    return sums[agreeing]
