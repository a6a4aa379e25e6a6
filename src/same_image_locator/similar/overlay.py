"""Lays one file's picture on another's, as exactly as a large screen shows it."""

import numpy as np

from same_image_locator.decode.glimpse import glimpse_and_small
from same_image_locator.decode.miniature import greys
from same_image_locator.similar.alignment import Alignment
from same_image_locator.similar.comparison import best_of, identified, nearest
from same_image_locator.similar.judging import trials
from same_image_locator.similar.opening import opened
from same_image_locator.similar.pair import Pair
from same_image_locator.similar.picture import Greys
from same_image_locator.similar.registration import Matrix, from_edges, in_shares, refined
from same_image_locator.similar.second_look import look

_LONGEST = 800  # pixels by which it is laid finer than a second look does
_STRAYED = 0.03  # of the sides: farther away the greys agree by chance
_ON_EDGE = 0.6 / _LONGEST  # of the sides: nearer to the very edges it is the noise of laying
_NOTHING = "nothing was found by which one could be laid on the other"
_CHANGED = "one of the files has just been changed"


def overlaid(one: str, other: str) -> Alignment:
    """Return how the second file lies on the first.

    Raises:
        DecodeError: one cannot be read.
        LocatorError: one cannot be opened.
    """
    near = nearest(one, other)
    # A view of the second lies on the first, or the other way round.
    swapped = near is not None and near.one == 1
    paths = (other, one) if swapped else (one, other)
    files = identified(paths[0]), identified(paths[1])
    pair = Pair(*files, near.view, near.whole, near.window) if near else Pair(*files)
    verdict = look(pair)
    if verdict is None:
        return Alignment(reason=_CHANGED)
    changes = (verdict.changes.reversed() if swapped else verdict.changes).words()
    here, there = (opened(*file).picture for file in files)
    best = best_of(trials(here, there, pair.view, whole=pair.whole, window=pair.window))
    if best is None or not (near or best.certainty):
        return Alignment(reason=_NOTHING, changes=changes, tier=verdict.tier)
    shares: Matrix = in_shares(best.laid.matrix, here.greys, there.greys)
    if best.certainty:
        shares = _finer(*paths, shares)
    if swapped:
        shares = np.asarray(np.linalg.inv(shares), np.float64)
    matrix = tuple(float(value) for value in _on_edge(shares)[:2].ravel())
    return Alignment(matrix, changes=changes, tier=verdict.tier)


def _finer(one: str, other: str, shares: Matrix) -> Matrix:
    """Correct what small pictures do not show, unless it leads astray."""
    here, there = _greys(one), _greys(other)
    start = from_edges(here) @ shares @ np.linalg.inv(from_edges(there))
    found = refined(here, there, start[:2])
    if found is None:
        return shares
    finer = in_shares(found, here, there)
    corners = np.array([(0, 1, 0, 1), (0, 0, 1, 1), (1, 1, 1, 1)], np.float64)
    strayed = float(np.abs((finer - shares) @ corners).max())
    return finer if strayed <= _STRAYED else shares


def _greys(path: str) -> Greys:
    _, small = glimpse_and_small(path, 0, (), _LONGEST, colour=False)
    return greys(small, _LONGEST).greys


def _on_edge(shares: Matrix) -> Matrix:
    """Return the matrix that lays edge on edge where it is meant: pixels then lie on pixels."""
    exact = np.round(shares) + 0.0  # no zero of it is negative
    return exact if float(np.abs(shares - exact).max()) <= _ON_EDGE else shares
