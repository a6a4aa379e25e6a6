"""Finds the pairs of pictures whose signatures are near each other, in any view or window."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint.signature import (
    FIRST_WINDOW,
    INSIDE,
    ROWS,
    WHOLE,
    lengthened,
    views,
)
from same_image_locator.processors import cores
from same_image_locator.similar.registration import VIEWS

# Cosine distances up to which a second look is worth its price: of ten million pairs of strangers
# 200 are nearer than the first, and 2,000 nearer than the second, which only windows need.
NEAR, NEAR_WINDOW = 0.50, 0.55
MOST = 32  # candidates of one picture; a crowd is tied together by its hub

_FEWEST_AT_ONCE, _MOST_AT_ONCE = 32, 512  # pictures that ask together
_CELLS = 1 << 23  # likenesses held by one thread

Signatures = NDArray[np.int8]
Floats = NDArray[np.float32]


class Candidate(NamedTuple):
    """Two pictures, ``one`` and ``other`` by place, that may be the same.

    ``view`` is the other's view that lies on the first one (as in ``registration.by_view``), of
    the whole picture if ``whole``, else within its frame; None if it is a window.
    """

    distance: float
    one: int
    other: int
    view: int | None
    whole: bool


def candidates(signatures: Signatures, done: Callable[[int], None]) -> list[Candidate]:
    """Return the candidates among pictures, nearest first; ``done`` hears of pictures asked for.

    The inside of each picture meets the inside of the others in eight views, their whole in eight
    views, and their windows. Whole never meets whole: frames look alike.
    """
    insides = lengthened(signatures[:, INSIDE])
    best: dict[tuple[int, int], Candidate] = {}
    step = max(_FEWEST_AT_ONCE, min(_MOST_AT_ONCE, _CELLS // max(1, len(signatures))))
    starts = range(0, len(signatures), step)
    with ThreadPoolExecutor(cores()) as pool:
        asked = pool.map(
            lambda start: list(_asked(signatures[start : start + step], start, insides)), starts
        )
        for start, found in zip(starts, asked, strict=True):
            for one in found:
                pair = (min(one.one, one.other), max(one.one, one.other))
                if pair not in best or one[:3] < best[pair][:3]:
                    best[pair] = one
            done(min(step, len(signatures) - start))
    return _fewest(sorted(best.values(), key=itemgetter(0, 1, 2)))


def _asked(block: Signatures, start: int, insides: Floats) -> Iterator[Candidate]:
    """Yield what is near a view or a window of the pictures of a block."""
    for query, rows in enumerate(_queries(block)):
        # One inside another is found from both sides: one of them is enough.
        met = insides[: start + len(block)] if query < VIEWS else insides
        likeness = met @ rows.T
        within = 1 - (NEAR if query < 2 * VIEWS else NEAR_WINDOW)
        view, whole = (query % VIEWS if query < 2 * VIEWS else None), query // VIEWS == 1
        ones, others = np.nonzero(likeness >= within)
        distances = (1 - likeness[ones, others]).tolist()
        for one, other, distance in zip(ones.tolist(), others.tolist(), distances, strict=True):
            if one != start + other:
                yield Candidate(distance, one, start + other, view, whole)


def _queries(block: Signatures) -> Iterator[Floats]:
    yield from views(lengthened(block[:, INSIDE]))
    yield from views(lengthened(block[:, WHOLE]))
    for row in range(FIRST_WINDOW, ROWS):
        yield lengthened(block[:, row])


def _fewest(nearest_first: list[Candidate]) -> list[Candidate]:
    """Return the candidates that are among the nearest of one of their two pictures."""
    number: dict[int, int] = {}
    kept = []
    for candidate in nearest_first:
        ends = (candidate.one, candidate.other)
        if any(number.get(end, 0) < MOST for end in ends):
            kept.append(candidate)
        for end in ends:
            number[end] = number.get(end, 0) + 1
    return kept
