"""Deals the 64 bits of fingerprints into bands, so that each band tells fingerprints apart."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BITS = 64
_CHUNK = 1 << 15  # codes whose single bits are held at once: 2 MB of them


class Bands(NamedTuple):
    """Which bits make which band.

    ``order`` has the numbers of the bits, the lowest band's first. ``lows`` has each band's lowest
    place in a dealt code, and ``widths`` its number of bits.
    """

    order: NDArray[np.intp]
    lows: tuple[int, ...]
    widths: tuple[int, ...]

    @property
    def tops(self) -> tuple[int, ...]:
        """The highest bit of each band, as a number."""
        places = zip(self.lows, self.widths, strict=True)
        return tuple(1 << (low + width - 1) for low, width in places)


def bands_for(sample: NDArray[np.uint64], count: int) -> Bands:
    """Return ``count`` bands of nearly equal width, in which the bits of ``sample`` are dealt out.

    Bits that are nearly always the same tell nothing. In an average hash of landscapes those are
    neighbours, and a band of them alone would put half of all pictures into one run. So the bits
    are ordered by how even they are and dealt out in turns, as cards are.
    """
    ones = [int(((sample >> np.uint64(bit)) & np.uint64(1)).sum()) for bit in range(BITS)]
    uneven = np.abs(np.array(ones) * 2 - len(sample))
    by_evenness = np.argsort(uneven, kind="stable")
    hands = [by_evenness[hand::count] for hand in range(count)]
    widths = [len(hand) for hand in hands]
    lows = np.cumsum([0, *widths[:-1]]).tolist()
    return Bands(np.concatenate(hands), tuple(lows), tuple(widths))


def dealt(codes: NDArray[np.uint64], bands: Bands) -> NDArray[np.uint64]:
    """Return the codes with their bits in the bands' order; distances stay what they were."""
    moved = np.empty_like(codes)
    for start in range(0, len(codes), _CHUNK):
        octets = codes[start : start + _CHUNK].astype("<u8").view(np.uint8)
        bits = np.unpackbits(octets.reshape(-1, 8), axis=1, bitorder="little")
        ordered = np.take(bits, bands.order, axis=1).ravel()
        moved[start : start + _CHUNK] = np.packbits(ordered, bitorder="little").view("<u8")
    return moved


def band(codes: NDArray[np.uint64], bands: Bands, number: int) -> NDArray[np.uint64]:
    """Return one band of dealt codes, as numbers."""
    mask = (1 << bands.widths[number]) - 1
    return (codes >> np.uint64(bands.lows[number])) & np.uint64(mask)
