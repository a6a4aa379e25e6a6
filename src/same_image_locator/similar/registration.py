"""Lays one picture over another: by the view in which their signatures agree, or by keypoints."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint import signature
from same_image_locator.similar.picture import Box, Greys, Keypoints, Picture, Points

# A view is a sum of these.
TURNED, DOWN, ACROSS = 4, 2, 1
_UPRIGHT = 0

_RATIO = 0.85  # of the distances to the best and to the second best word
_FEWEST = 4  # matches that a transform is looked for in
_REACH = 3.0  # pixels by which a match may miss it
_TRIES = 500
_FINER_STEPS = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 15, 1e-3)
_FINER_BLUR = 5
FINER, FROM_AFAR = (0.5,), (0.125, 0.25, 0.5)  # scales by which one is laid finer
_LEAST_ZOOM, _MOST_ZOOM, _MOST_STRETCH = 0.12, 8.0, 1.4

Matrix = NDArray[np.float64]


class Laid(NamedTuple):
    """How a second picture lies on a first one.

    Attributes:
        matrix: takes its pixels to those of the first, of shape (2, 3).
        support: how many keypoints agree; 0 when it comes from signatures.
    """

    matrix: Matrix
    support: int


def by_view(one: Picture, other: Picture, view: int, *, whole: bool) -> Laid:
    """Lay what the other picture's frame encloses where a view of the first one shows the same.

    That view is of what the first one's frame encloses, or of all of it if ``whole``. Views are
    numbered as :func:`same_image_locator.fingerprint.signature.views` does.
    """
    height, width = one.greys.shape
    mine: Box = (0.0, 0.0, float(width), float(height)) if whole else one.box
    return _on(mine, view, other)


def by_window(one: Picture, other: Picture, window: int) -> Laid:
    """Lay what the other picture's frame encloses on a window into what the first one's does.

    Windows are numbered as in :func:`same_image_locator.fingerprint.signature.window`.
    """
    left, top, right, bottom = one.box
    x0, y0, x1, y1 = signature.window(window)
    width, height = right - left, bottom - top
    mine = (left + x0 * width, top + y0 * height, left + x1 * width, top + y1 * height)
    return _on(mine, _UPRIGHT, other)


def _on(mine: Box, view: int, other: Picture) -> Laid:
    """Lay what the other picture's frame encloses on a box of the first one, as in a view of it."""
    turned, down, across = (bool(view & bit) for bit in (TURNED, DOWN, ACROSS))
    left, top, right, bottom = mine
    corners = []
    for x, y in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)):
        # What was done to the first one to see that view is undone, the last of it first.
        u, v = (1 - x if across else x), (1 - y if down else y)
        u, v = (v, u) if turned else (u, v)
        corners.append((left + u * (right - left), top + v * (bottom - top)))
    x0, y0, x1, y1 = other.box
    # The middle of a pixel is half a pixel from its edge.
    here = np.array([(x0, y0), (x1, y0), (x0, y1)], np.float32) - np.float32(0.5)
    there = np.array(corners, np.float32) - np.float32(0.5)
    return Laid(cv2.getAffineTransform(here, there).astype(np.float64), 0)


def by_keypoints(one: Picture, other: Picture, *, mirrored: bool) -> Laid | None:
    """Find the transform that most matched keypoints agree on, or None if there is none.

    RANSAC (Fischler and Bolles, "Random sample consensus", 1981).
    """
    mine = one.mirrored if mirrored else one.keypoints
    here, there = _matches(mine, other.keypoints)
    if len(here) < _FEWEST:
        return None
    cv2.setRNGSeed(1)
    matrix, agree = cv2.estimateAffine2D(
        there, here, method=cv2.RANSAC, ransacReprojThreshold=_REACH, maxIters=_TRIES
    )
    if matrix is None:
        return None
    large, small = np.linalg.svd(matrix[:, :2], compute_uv=False)
    if small < _LEAST_ZOOM or large > _MOST_ZOOM or large > _MOST_STRETCH * small:
        return None
    support = len(np.unique(np.round(here[agree.ravel() == 1]), axis=0))
    if mirrored:
        width = one.greys.shape[1]
        matrix = np.array([[-1.0, 0.0, width - 1.0], [0.0, 1.0, 0.0]]) @ _squared(
            matrix.astype(np.float64)
        )
    return Laid(matrix.astype(np.float64), support)


def laid_finer(
    one: Picture, other: Picture, laid: Laid, steps: tuple[float, ...] = FINER
) -> Laid | None:
    """Shift and bend how one picture lies on the other until their greys agree best.

    Args:
        one: a picture.
        other: another one.
        laid: how that lies on the first now.
        steps: the scales at which they are compared, one after another: halves of the pictures are
            enough, and from an eighth of them it leads home from farther away.

    Returns:
        None if it leads nowhere.
    """
    matrix = laid.matrix
    for scale in steps:
        here, there = (
            cv2.resize(picture.greys, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            for picture in (one, other)
        )
        start = scaled(matrix, scale, scale)
        finer = refined(np.asarray(here, np.uint8), np.asarray(there, np.uint8), start)
        if finer is None:
            return None
        matrix = scaled(finer, 1 / scale, 1 / scale)
    return Laid(matrix, laid.support)


def refined(here: Greys, there: Greys, matrix: Matrix) -> Matrix | None:
    """Return the matrix near this one by which greys agree best, None if that leads nowhere.

    By the enhanced correlation coefficient (Evangelidis and Psarakis, "Parametric image alignment
    using enhanced correlation coefficient maximization", 2008).
    """
    back = np.linalg.inv(_squared(matrix))[:2].astype(np.float32)
    everywhere = np.ones(there.shape, np.uint8)
    try:
        _, found = cv2.findTransformECC(
            here, there, back, cv2.MOTION_AFFINE, _FINER_STEPS, everywhere, _FINER_BLUR
        )
    except cv2.error:  # they agree too little
        return None
    return np.asarray(np.linalg.inv(_squared(found.astype(np.float64)))[:2], np.float64)


def scaled(matrix: Matrix, first: float, second: float) -> Matrix:
    """Return a matrix for pictures that were scaled: the first one, and the second one.

    It takes the middles of pixels to the middles of pixels.
    """
    matrix = _scaling(first) @ _squared(matrix) @ np.linalg.inv(_scaling(second))
    return np.asarray(matrix[:2], np.float64)


def in_shares(matrix: Matrix, here: Greys, there: Greys) -> Matrix:
    """Return a matrix of pixels as one of fractions of the sides, of shape (3, 3)."""
    shares = np.linalg.inv(from_edges(here)) @ _squared(matrix) @ from_edges(there)
    return np.asarray(shares, np.float64)


def from_edges(picture: Greys) -> Matrix:
    """Return what takes fractions to pixels; the middle of a pixel is half of one from its edge."""
    height, width = picture.shape
    return np.array([(width, 0, -0.5), (0, height, -0.5), (0, 0, 1)], np.float64)


def _scaling(by: float) -> Matrix:
    return np.array([(by, 0, (by - 1) / 2), (0, by, (by - 1) / 2), (0, 0, 1)], np.float64)


def _squared(matrix: Matrix) -> Matrix:
    return np.vstack([matrix, (0.0, 0.0, 1.0)])


def _matches(one: Keypoints, other: Keypoints) -> tuple[Points, Points]:
    """Return the places of words that are clearly nearer to one word than to all others."""
    if min(len(one.words), len(other.words)) < _FEWEST:
        return one.places[:0], other.places[:0]
    likeness = one.words @ other.words.T
    rows, best = np.arange(len(likeness)), np.argmax(likeness, axis=1)
    near = np.sqrt(np.maximum(0, 2 - 2 * likeness[rows, best]))
    likeness[rows, best] = -1
    next_ = np.sqrt(np.maximum(0, 2 - 2 * likeness.max(axis=1)))
    clear = np.flatnonzero(near < _RATIO * next_)
    return one.places[clear], other.places[best[clear]]
