"""Decides whether two pictures are one and the same, and says what was done to it."""

import math
from typing import NamedTuple

import numpy as np

from same_image_locator.model import Tier
from same_image_locator.similar.changes import Changes
from same_image_locator.similar.evidence import Evidence, evidence
from same_image_locator.similar.picture import Picture
from same_image_locator.similar.registration import Matrix, by_keypoints, by_view

# Chosen on one half of a benchmark's originals. Of the pairs of strangers and look-alikes that were
# looked at in libraries of 5,000 files, only two shots of one and the same object passed.
_SUPPORT = 8  # keypoints that agree on one transform
_GREYS = 0.3
_DETAILS, _BETTER = 0.88, 0.94
# Where only the signatures say how one lies on the other, its greys must agree as well.
_GREYS_BY_VIEW = 0.8

_UPRIGHT_DEGREES = 20.0  # of a quarter turn


class Verdict(NamedTuple):
    """Whether two pictures are the same one, and what was done to the first to get the second.

    ``tier`` says how sure that is; of two that are not the same it is "similar".
    """

    same: bool
    changes: Changes = Changes()
    tier: Tier = "similar"


def judged(one: Picture, other: Picture, view: int | None, *, whole: bool) -> Verdict:
    """Look at the pixels of two pictures whose signatures are near each other.

    Args:
        one: a picture.
        other: another one.
        view: the view of the other one that lies on the first one, None if it is a window of it.
        whole: whether that view shows the frame, too.
    """
    mirrored = False
    if view is not None:
        laid = by_view(one, other, view, whole=whole)
        mirrored = _is_mirror(laid.matrix)
        if _convinces(evidence(one, other, laid.matrix, _GREYS_BY_VIEW), _GREYS_BY_VIEW):
            return _same(_changes(one, other, laid.matrix))
    for flipped in (mirrored, not mirrored):
        found = by_keypoints(one, other, mirrored=flipped)
        if found is None or found.support < _SUPPORT:
            continue
        if _convinces(evidence(one, other, found.matrix, _GREYS), _GREYS):
            return _same(_changes(one, other, found.matrix))
    return Verdict(same=False)


def _same(changes: Changes) -> Verdict:
    return Verdict(same=True, changes=changes, tier="same picture")


def _convinces(seen: Evidence, greys: float) -> bool:
    return seen.greys >= greys and seen.details >= _DETAILS and seen.better >= _BETTER


def _is_mirror(matrix: Matrix) -> bool:
    return float(np.linalg.det(matrix[:, :2])) < 0


def _changes(one: Picture, other: Picture, matrix: Matrix) -> Changes:
    """Return what the geometry tells, ``size`` in the pixels of the two small pictures."""
    mirrored = _is_mirror(matrix)
    linear = matrix[:, :2] @ np.diag([-1.0, 1.0]) if mirrored else matrix[:, :2]
    degrees = math.degrees(math.atan2(linear[1, 0], linear[0, 0]))
    tilt = abs(degrees - 90 * round(degrees / 90))
    quarters = round(-degrees / 90) % 4 if tilt < _UPRIGHT_DEGREES else 0
    zoom = math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))
    return Changes(mirrored, quarters, tilt, _shown(one, other, matrix), 1 / zoom)


def _shown(one: Picture, other: Picture, matrix: Matrix) -> float:
    """Return how much of the scene the other one shows, as a share of what the first shows."""
    left, top, right, bottom = one.box
    mine = (right - left) * (bottom - top)
    x0, y0, x1, y1 = other.box
    theirs = (x1 - x0) * (y1 - y0) * abs(float(np.linalg.det(matrix[:, :2])))
    return theirs / max(mine, 1.0)
