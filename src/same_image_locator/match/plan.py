"""Chooses how a search cuts fingerprints into bands, and says how much work each way is.

Let two codes be at most t bits apart, and let each band have a radius. If the codes were further
apart than the radius in every band, they would differ in at least the sum of all radii plus one a
band. So with radii whose sum plus the number of bands is t + 1, two such codes are near in some
band: it is enough to compare, band by band, the codes whose bits there are within the radius.
Source of the method: Norouzi, Punjani and Fleet, "Fast exact search in Hamming space with
multi-index hashing", 2014, where it serves single queries.

Work is counted in comparisons of two codes. How long one takes is measured during the search.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.match.deal import BITS, Bands, bands_for
from same_image_locator.match.direct import sampled

FEWEST = 2048  # codes from which bands can pay
_FEWEST_BANDS, _MOST_BANDS = 4, 8  # of 16 to 8 bits: 16 bits are sorted by radix

# What else a search does, in comparisons that take as long.
SORTED = 60  # a code that is sorted by a band
VISITED = 20  # a bucket that is looked up for another
FETCHED = 6  # a code of a bucket that was looked up


class Plan(NamedTuple):
    """The bands of a search and the radius of each."""

    bands: Bands
    radii: tuple[int, ...]


def ball(width: int, radius: int) -> int:
    """Return how many values of ``width`` bits are at most ``radius`` bits from one of them."""
    return sum(math.comb(width, bits) for bits in range(radius + 1))


def radii_for(number: int, threshold: int) -> tuple[int, ...]:
    """Return the radii of so many bands, as even as can be; bands beyond them are not needed."""
    even, more = divmod(threshold + 1, number)
    return tuple(even - (band >= more) for band in range(number) if even or band < more)


def choose(codes: NDArray[np.uint64], threshold: int) -> Plan | None:
    """Return the bands that promise the least work, or None when comparing all promises less."""
    if len(codes) < FEWEST:
        return None
    sample = sampled(codes, threshold)
    outside, least = int(len(codes) * sample.share), sample.direct_work(len(codes))
    best = None
    for number in range(_FEWEST_BANDS, _MOST_BANDS + 1):
        radii = radii_for(number, threshold)
        work = sum(
            _promised(outside, (BITS + number - 1 - band) // number, radius)
            for band, radius in enumerate(radii)
        )
        if work < least:
            least, best = work, number
    return None if best is None else Plan(bands_for(sample.codes, best), radii_for(best, threshold))


def _promised(count: int, width: int, radius: int) -> float:
    """Return the work of one band, if its values were all alike in number."""
    buckets, size = min(1 << width, count), count / (1 << width)
    looked_up = buckets * (ball(width, radius) + 1) / 2
    return count * SORTED + looked_up * (VISITED + size * FETCHED + size * count / buckets)
