"""Compares the pixels of two pictures that were laid over each other."""

import math
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from same_image_locator.similar.blurring import blurred
from same_image_locator.similar.picture import Greys, Picture
from same_image_locator.similar.quantiles import quantiles
from same_image_locator.similar.registration import Matrix
from same_image_locator.similar.unlike import unlike
from same_image_locator.similar.verdict import MARKED, Shares
from same_image_locator.similar.written import written_over

_SOFT = 1.5  # pixels, the blur under which all greys are compared
_FINE, _COARSE = 1.2, 5.0  # pixels, the band of details
_COARSER = 2.0  # times as coarse is the second band
# Of the fine details: below the first the coarse ones never agree, above the second nobody asks.
_TOO_FEW, _ENOUGH = 0.5, 0.95
_ENLARGED = 0.7  # of what was enlarged, the fine end of the band
_CLIPPED = 1.5  # medians: a few strong lines must not outweigh all the rest
_NOISE = 2.0  # greys below which details are noise
_ROUNDS = 6
_SAMPLE = 8192  # pixels are enough for medians and slopes
_HERE = 4  # blurs of a picture that others are laid on, which come many times in a row
_TILES, _LEAST_TILE = 300, 8
_COVERED = 0.9
_TELLING = 1.0  # greys by which a tile's details must vary: of less, an encoding leaves nothing
_STRONG, _STRANGE = 4.0, 0.3  # greys, and the share of a tile's details below which they are new
_FEWEST_TILES = 12
# Of a page's telling tiles: so many on both show what the other has not, or so many on one of them.
_REPLACED, _MORE = 0.13, 0.3
_WHITE, _NEARLY = 255, 250
_FEWEST = 300  # pixels that can be compared at all
_LEAST_SLOPE = 0.05
_MARGIN = np.ones((5, 5), np.uint8)

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Evidence(NamedTuple):
    """What the overlap of two pictures shows.

    Attributes:
        overlap: its share of the smaller picture.
        greys: correlation of all softened greys.
        fine: how much of the details of one picture, none of great contrast, stands in the other.
            What was added to that one takes nothing away.
        coarse: the same of coarser details, which strong encodings leave; not looked at where the
            fine ones say enough, and the same as these then.
        brighter: greys by which the other picture is brighter than the first, on average.
        added: share of the small tiles where strong details of the other one are not in the first.
        gone: share of those where strong details of the first are not in the other one.
        unlike: whether what sets them apart is as it is between two pictures; told only where the
            coarser details are looked at.
        written: whether one of them is the other with something laid over it in one ink; told only
            where it takes that to know them.
        filled: whether they are two pages of which one shows much that the other has not, as two
            copies of a form do; told only where they could be taken for one.
    """

    overlap: float
    greys: float
    fine: Shares
    coarse: Shares
    brighter: float = 0.0
    added: float = 0.0
    gone: float = 0.0
    unlike: bool = False
    written: bool = False
    filled: bool = False


_NO_SHARES = Shares(0.0, 0.0, 0.0)
_NO_TILES: Mask = np.zeros(0, np.bool_)


class _Explained(NamedTuple):
    """How much of one picture's details the other has, and where it has none of strong ones.

    ``telling`` are the tiles that show any, and ``slope`` makes the one's contrast the other's.
    ``missing`` is the share of the telling tiles whose strong details the other has not.
    """

    shares: Shares = _NO_SHARES
    unexplained: float = 0.0
    slope: float = 0.0
    telling: Mask = _NO_TILES
    missing: float = 1.0


def _better(both: list[_Explained]) -> int:
    """Return which of two tells more."""
    sums = [one.shares.half + one.shares.third for one in both]
    return int(sums[1] > sums[0])


def evidence(one: Picture, other: Picture, matrix: Matrix, least: float) -> Evidence:
    """Return how well the other picture, moved by ``matrix``, agrees with the first.

    Where the greys correlate by less than ``least``, the details are not looked at.
    """
    here = one.greys
    height, width = here.shape
    moved = np.asarray(
        cv2.warpAffine(other.greys, matrix, (width, height), flags=cv2.INTER_AREA), np.uint8
    )
    full = cv2.warpAffine(_within_frame(other), matrix, (width, height)) > _NEARLY
    mask = (full & (_within_frame(one) > 0)).astype(np.uint8)
    zoom = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    inner = cv2.erode(mask, _MARGIN) > 0
    if np.count_nonzero(inner) < _FEWEST:
        return Evidence(0.0, 0.0, _NO_SHARES, _NO_SHARES)
    overlap = float(np.count_nonzero(mask)) / min(here.size, other.greys.size * zoom * zoom)
    covered = mask > 0
    greys = _correlation(_softened_of(one)[covered], _softened(moved)[covered])
    if greys < least:
        return Evidence(overlap, greys, _NO_SHARES, _NO_SHARES)
    coarseness = max(1.0, _ENLARGED * max(one.enlarged, other.enlarged * zoom))
    tiles = _Tiles(inner)

    def bands(coarseness: float) -> list[tuple[Floats, Floats]]:
        mine, theirs = _band_of(one, coarseness), _band(moved, coarseness)
        return [(mine, theirs), (theirs, mine)]

    details = bands(coarseness)
    both = [_explained(*pair, tiles) for pair in details]
    better = _better(both)
    fine = coarse = both[better].shares
    differ = False
    if _TOO_FEW <= fine.half < _ENOUGH:
        coarser = bands(_COARSER * coarseness)
        seen = [_explained(*pair, tiles) for pair in coarser]
        coarse = seen[_better(seen)].shares
        differ = unlike(
            _left_over(*details[better], both[better], tiles),
            _left_over(*coarser[better], seen[better], tiles),
        )
    brighter = float(moved[covered].mean()) - float(here[covered].mean())
    gone, added = (found.unexplained for found in both)
    written = _may_be_written_on(fine) and written_over(here, moved, inner, coarseness)
    return Evidence(
        overlap,
        greys,
        fine,
        coarse,
        brighter,
        added,
        gone,
        differ,
        written,
        filled=_filled_in(one, other, both),
    )


def _filled_in(one: Picture, other: Picture, both: list[_Explained]) -> bool:
    """Return whether these are pages of which each says what the other does not, or one says more.

    What stands on paper is all that it shows: most of a form being the same proves nothing.
    """
    if max(found.shares.half for found in both) < _TOO_FEW:
        return False
    less, more = sorted(found.missing for found in both)
    return (less >= _REPLACED or more >= _MORE) and one.is_page and other.is_page


def _may_be_written_on(fine: Shares) -> bool:
    return MARKED.half <= fine.half < _ENOUGH and fine.third >= MARKED.third


def _within_frame(picture: Picture) -> Greys:
    """Return white where the picture is, and black where its frame is: frames look alike."""
    left, top, right, bottom = (round(edge) for edge in picture.box)
    mask = np.zeros(picture.greys.shape, np.uint8)
    mask[top:bottom, left:right] = _WHITE
    return mask


@lru_cache(_HERE)
def _softened_of(picture: Picture) -> Floats:
    return _softened(picture.greys)


@lru_cache(_HERE)
def _band_of(picture: Picture, coarseness: float) -> Floats:
    return _band(picture.greys, coarseness)


def _softened(greys: Greys) -> Floats:
    return cv2.GaussianBlur(greys, (0, 0), _SOFT).astype(np.float32)


def _band(greys: Greys, coarseness: float) -> Floats:
    """Return the details: what is neither finer than both pictures show, nor coarse."""
    fine = _FINE * coarseness
    return blurred(greys, fine) - blurred(greys, max(_COARSE, 3 * fine))


def _explained(first: Floats, second: Floats, tiles: "_Tiles") -> _Explained:
    """Return how much of the first picture's details the second one has.

    Two pictures of one layout share their strong lines. So these set the contrast between the two,
    and are then clipped, that weak details count as much.
    """
    mine, theirs = first.ravel()[tiles.sample], second.ravel()[tiles.sample]
    slope = _slope(mine, theirs)
    if slope < _LEAST_SLOPE or not tiles.covered.any():
        return _Explained()
    strength = tiles.means(first * first) - tiles.means(first) ** 2
    telling = strength >= _TELLING**2
    if np.count_nonzero(telling) < _FEWEST_TILES:
        return _Explained()
    usual = _CLIPPED * _median(np.abs(mine)) + _NOISE / max(1.0, slope)
    here = np.clip(first * np.float32(1 / usual), -1, 1)
    there = np.clip(second * np.float32(1 / (slope * usual)), -1, 1)
    x, y = tiles.means(here), tiles.means(there)
    shared = tiles.means(here * there) - x * y
    variances = tiles.means(here * here) - x * x
    shares = np.minimum(1.0, shared / (variances + 1e-3))
    strange = (strength >= _STRONG**2) & (shares < _STRANGE)
    told = Shares(*quantiles(shares[telling], 35, 50, 65))
    unexplained = float(np.count_nonzero(strange)) / len(shares)
    missing = float(np.count_nonzero(strange) / np.count_nonzero(telling))
    return _Explained(told, unexplained, slope, telling, missing)


def _left_over(first: Floats, second: Floats, found: _Explained, tiles: "_Tiles") -> Floats:
    """Return how strong, in greys, is what the second one shows beside the first, tile by tile."""
    if not found.telling.size:
        return np.empty(0, np.float32)
    rest = second - np.float32(found.slope) * first
    variances = tiles.means(rest * rest) - tiles.means(rest) ** 2
    return np.asarray(np.sqrt(np.maximum(0, variances[found.telling])), np.float32)


def _slope(x: Floats, y: Floats) -> float:
    """Return by what ``x`` is to be multiplied to be ``y``, whatever else lies on ``y``.

    Least squares, reweighted by Cauchy's function (Holland and Welsch, "Robust regression using
    iteratively reweighted least-squares", 1977).
    """
    slope = float(x @ y) / max(float(x @ x), 1e-3)
    for _ in range(_ROUNDS):
        misses = y - np.float32(slope) * x
        usual = _CLIPPED * _median(np.abs(misses)) + 0.3
        misses *= np.float32(1 / usual)
        weighted = x / (1 + misses * misses)
        slope = float(weighted @ y) / max(float(weighted @ x), 1e-3)
    return slope


def _median(values: Floats) -> float:
    """Return the middle value; of an even number the upper of the two, which is near enough."""
    middle = len(values) // 2
    return float(np.partition(values, middle)[middle])


class _Tiles:
    """Small tiles of the overlap; ``covered`` are those of which it covers nearly all.

    ``sample`` are the places of some of its pixels, evenly spread.
    """

    def __init__(self, inner: Mask) -> None:
        places = np.flatnonzero(inner)
        self.sample = places[:: 1 + len(places) // _SAMPLE]
        rows, columns = np.flatnonzero(inner.any(axis=1)), np.flatnonzero(inner.any(axis=0))
        top, left = int(rows[0]), int(columns[0])
        height, width = int(rows[-1]) + 1 - top, int(columns[-1]) + 1 - left
        self._side = side = max(_LEAST_TILE, round((height * width / _TILES) ** 0.5))
        self._down, self._across = height // side, width // side
        self._part = np.s_[top : top + self._down * side, left : left + self._across * side]
        self.covered = np.ones((self._down, self._across), np.bool_)
        everywhere = self.means(inner.astype(np.float32))
        self.covered = everywhere.reshape(self.covered.shape) >= _COVERED

    def means(self, values: Floats) -> Floats:
        """Return the mean of each covered tile."""
        if not self.covered.size:
            return np.empty(0, np.float32)
        size = (self._across, self._down)  # whole tiles: each becomes the pixel of their average
        means = cv2.resize(values[self._part], size, interpolation=cv2.INTER_AREA)
        return np.asarray(means, np.float32)[self.covered]


def _correlation(one: Floats, other: Floats) -> float:
    """Return Pearson's correlation; next to 0 for what is flat."""
    x, y = one - one.mean(), other - other.mean()
    return float(x @ y) / (math.sqrt(float(x @ x) * float(y @ y)) + 1e-3)
