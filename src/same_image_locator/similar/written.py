"""Tells a picture that was written on all over from another one, by what was laid over it.

Whatever is laid over a picture in one ink, in full or half transparent, moves its pixels towards
that ink, none away from it, and as far as it covers them: ``b = a + cover * (ink - a)`` (Porter and
Duff, "Compositing digital images", 1984). Between the strokes all stays as it was. Of two pictures
of one layout each shows what the other has not, so that they differ both ways; two shots differ
everywhere. Pages and screens are another matter: what stands on blank paper is all that they show.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from same_image_locator.similar.pages import commonest, lesser_side
from same_image_locator.similar.picture import Greys
from same_image_locator.similar.quantiles import median, quantiles

_SOFT, _COARSE = 1.0, 5.0  # pixels, between which details lie
_SAMPLE = 2048  # pixels are enough for medians and slopes
_ROUNDS = 8
_USUAL, _LEAST = 1.5, 1.0  # medians, and greys: what an encoding leaves
_BEYOND = 2.0  # of these is what was laid over it
_EQUAL = 0.10  # of the standard deviation of its greys may usually differ where nothing was written
_AWAY = 0.03  # of the energy of what differs may be away from the ink
_FREE = 0.5  # of the picture must be free of it, and this of each ninth of the picture:
_FREE_EVERYWHERE = 0.35
_DETAILED = 0.2  # of what is free must show details, beside which what an encoding leaves is little
_FEW, _PARTS_DETAILED = 0.1, 5  # of each of so many ninths at least
_BLANK = 0.5  # of what is free may be of one grey
_ONE_SIDED = 0.12  # of the energy of what stands there is to one side of it, if that is paper
_EVENLY = 0.6  # of how far the ink covers where it does most, it does in a quarter of its places
_ROOM = 40.0  # greys between the ink and what it covers, from which on that can be told
_FEWEST = 50  # pixels that tell it
_WHITE = 255
_INKS = (0.0, float(_WHITE))

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


def written_over(one: Greys, other: Greys, inner: Mask, coarseness: float) -> bool:
    """Return whether one picture is the other with something laid over it in one ink.

    Args:
        one: greys of a picture; uint8 of shape (height, width).
        other: those of another one, which lies on the first.
        inner: where both are.
        coarseness: pixels that stand for one of the coarser picture, at least 1.
    """
    both = [(greys, _soft(greys, _SOFT * coarseness)) for greys in (one, other)]
    return any(
        _is_marked(*clean, marked, inner, max(_COARSE, 3 * _SOFT * coarseness))
        for clean, (_, marked) in (both, both[::-1])
    )


def _soft(greys: Greys, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(greys.astype(np.float32), (0, 0), sigma), np.float32)


def _is_marked(greys: Greys, clean: Floats, marked: Floats, inner: Mask, coarse: float) -> bool:
    """Return whether the second one is the first, whose greys are given, with an ink over it."""
    places = np.flatnonzero(inner)
    some = places[:: 1 + len(places) // _SAMPLE]
    slope, offset = _tone(clean.ravel()[some], marked.ravel()[some])
    shown = np.float32(slope) * clean + np.float32(offset)
    rest = marked - shown
    usual = median(np.abs(rest.ravel()[some]))
    beyond = np.float32(_BEYOND * (_USUAL * usual + _LEAST))
    free = inner & (np.abs(rest) <= beyond)
    if np.count_nonzero(free) < _FREE * np.count_nonzero(inner):
        return False
    if usual > _EQUAL * float(shown[free].std()) or commonest(shown[free]) > _BLANK:
        return False
    rest_inside, shown_inside = rest[inner], shown[inner]
    if not any(_in_one_ink(rest_inside, shown_inside, beyond, ink) for ink in _INKS):
        return False
    details = np.float32(slope) * (clean - _soft(greys, coarse))
    spread = _is_spread(free, np.abs(details) >= beyond, inner)
    return spread and lesser_side(clean, greys, inner) >= _ONE_SIDED


def _tone(x: Floats, y: Floats) -> tuple[float, float]:
    """Return the slope and offset that make one's greys the other's, whatever lies on that.

    Least squares, reweighted by Cauchy's function (Holland and Welsch, "Robust regression using
    iteratively reweighted least-squares", 1977).
    """
    slope, offset = 1.0, median(y - x)
    for _ in range(_ROUNDS):
        misses = y - np.float32(slope) * x - np.float32(offset)
        usual = _USUAL * median(np.abs(misses)) + _LEAST / 2
        weights = 1 / (1 + (misses * np.float32(1 / usual)) ** 2)
        weights /= weights.sum()
        across, up = float(weights @ x), float(weights @ y)
        spread = float(weights @ (x - np.float32(across)) ** 2)
        if spread < 1:
            break
        slope = float((weights * (x - np.float32(across))) @ (y - np.float32(up))) / spread
        offset = up - slope * across
    return slope, offset


def _is_spread(free: Mask, detailed: Mask, inner: Mask) -> bool:
    """Return whether each part of the picture is free in places, and most show details there."""
    of_part, free_there, told = (_ninths(mask, inner) for mask in (inner, free, free & detailed))
    there = of_part > 0
    return bool(
        told.sum() >= _DETAILED * free_there.sum()
        and (free_there >= _FREE_EVERYWHERE * of_part)[there].all()
        and np.count_nonzero(told >= _FEW * np.maximum(free_there, 1e-6)) >= _PARTS_DETAILED
    )


def _ninths(mask: Mask, inner: Mask) -> Floats:
    """Return which share is set of each ninth of the overlap's rectangle."""
    rows, columns = np.flatnonzero(inner.any(axis=1)), np.flatnonzero(inner.any(axis=0))
    part = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    return np.asarray(cv2.resize(part, (3, 3), interpolation=cv2.INTER_AREA), np.float32)


def _in_one_ink(rest: Floats, shown: Floats, beyond: np.float32, ink: float) -> bool:
    """Return whether what differs lies towards an ink, which covers much of it as far."""
    room = np.float32(ink) - shown
    towards = rest * np.sign(room)
    over, away = (np.maximum(side - beyond, 0) for side in (towards, -towards))
    energy = float(away @ away)
    if energy > _AWAY * (energy + float(over @ over)):
        return False
    told = (towards > beyond) & (np.abs(room) > _ROOM)
    if np.count_nonzero(told) < _FEWEST:
        return False
    usually, most = quantiles(towards[told] / np.abs(room[told]), 75, 95)
    return usually >= _EVENLY * most
