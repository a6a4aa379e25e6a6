"""Looks at larger pictures where smaller ones leave a doubt, one way or the other.

In a small picture a photo's noise is gone, and its finest details are. So two exposures of one
object, taken from one place, share nearly all that is left of them; and what is written all over a
quiet picture may be most of what is seen. A larger one shows the noise, which no two exposures
share, and more of the picture than of the writing.
"""

import cv2
import numpy as np

from same_image_locator.similar.judging import Judged, certainty_of, changes_of
from same_image_locator.similar.noise import two_exposures
from same_image_locator.similar.opening import File, Opened, opened_closely
from same_image_locator.similar.picture import LONGEST, Picture
from same_image_locator.similar.registration import (
    Laid,
    Matrix,
    from_edges,
    in_shares,
    laid_finer,
    scaled,
)
from same_image_locator.similar.verdict import NEEDED, Shares, Verdict

_CLOSELY = 1000  # pixels of the longer side
_WORTHWHILE = 480  # pixels: a picture that has no more shows little else than a small one
_NO_DOUBT = 0.985  # of the details: hardly any two exposures share so much
_PROMISING = Shares(0.0, 0.65, 0.85)  # of the details: what is less hardly ever is enough
_WHOLE = 0.02  # of the sides: so far from each other are their edges where both show all
_EXACTLY = (0.5, 1.0)  # scales by which one is laid so that noise lies on noise


def looked_closer(found: Judged, one: tuple[File, Opened], other: tuple[File, Opened]) -> Verdict:
    """Return the verdict on two files after a closer look, where one is worthwhile.

    Args:
        found: what a first look at their small pictures came to.
        one: a file, and how it was opened for that.
        other: another one.

    Raises:
        DecodeError: one of them cannot be read.
    """
    verdict, trial = found
    longest = min(_CLOSELY, *(max(its.facts.width, its.facts.height) for _, its in (one, other)))
    if trial is None or trial.seen.filled or longest < _WORTHWHILE:
        return verdict
    mine, theirs = one[1].picture, other[1].picture
    edges = _edge_on_edge(trial.laid, mine, theirs)
    doubted = verdict.certainty > 0 and trial.seen.fine.half < _NO_DOUBT and edges is not None
    promising = not verdict.same and _PROMISING.reached(trial.seen.fine)
    if not (doubted or promising):
        return verdict
    here, there = (opened_closely(*file, longest).picture for file, _ in (one, other))
    by = longest / LONGEST
    laid = Laid(scaled(trial.laid.matrix, by, by), trial.laid.support)
    by_edges = laid if edges is None else _by_edges(here, there, edges)
    if doubted and _exposed_twice(here, there, by_edges, laid):
        return Verdict(same=False, shared=verdict.shared)
    if promising and certainty_of(here, there, by_edges) >= NEEDED["default"]:
        changes = changes_of(mine, theirs, trial)
        return Verdict(True, changes, NEEDED["default"], shared=verdict.shared)
    return verdict


def _edge_on_edge(laid: Laid, one: Picture, other: Picture) -> Matrix | None:
    """Return, in shares of the sides, how one lies on the other if each shows all of the other."""
    shares = in_shares(laid.matrix, one.greys, other.greys)
    exact: Matrix = np.round(shares)
    return exact if float(np.abs(shares - exact).max()) <= _WHOLE else None


def _by_edges(here: Picture, there: Picture, shares: Matrix) -> Laid:
    """Lay one on the other by their edges: where they are copies, pixels then lie on pixels."""
    matrix = from_edges(here.greys) @ shares @ np.linalg.inv(from_edges(there.greys))
    return Laid(np.asarray(matrix[:2], np.float64), 0)


def _exposed_twice(one: Picture, other: Picture, by_edges: Laid, laid: Laid) -> bool:
    """Return whether these are two exposures; copies mostly lie by their edges, which is quick."""
    if not _differ(one, other, by_edges):
        return False
    exactly = laid_finer(one, other, laid, _EXACTLY)
    return exactly is not None and _differ(one, other, exactly)


def _differ(one: Picture, other: Picture, laid: Laid) -> bool:
    height, width = one.greys.shape
    moved = cv2.warpAffine(other.greys, laid.matrix, (width, height), flags=cv2.INTER_CUBIC)
    return two_exposures(one.greys, np.asarray(moved, np.uint8))
