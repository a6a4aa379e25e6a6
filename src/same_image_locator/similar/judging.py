"""Decides whether two pictures are one and the same, and says what was done to it."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from same_image_locator.similar.changes import Changes
from same_image_locator.similar.evidence import Evidence, evidence
from same_image_locator.similar.picture import Picture
from same_image_locator.similar.registration import (
    FINER,
    FROM_AFAR,
    Laid,
    Matrix,
    by_keypoints,
    by_view,
    by_window,
    laid_finer,
)
from same_image_locator.similar.verdict import CERTAIN, DOUBTFUL, NEEDED, RULES, Proof, Verdict

# Correlations of the greys below which the details are not looked at: where keypoints agree on how
# one picture lies on the other, and where only the signatures say so.
_GREYS, _GREYS_BY_VIEW = 0.15, 0.65
# A picture out of focus is like one of thirty windows into another such, and has no details that
# could tell them apart: where only a window says so, the greys must agree nearly wholly.
_GREYS_BY_WINDOW = 0.95
_AGREEING = 0.65  # greys that agree so far can be laid finer
_NEAR = 0.6  # of the details, of half of the tiles: so much may prove them the same, laid better
_SUPPORT = 8  # keypoints that agree on one transform
_UPRIGHT_DEGREES = 20.0  # of a quarter turn


class Judged(NamedTuple):
    """A verdict, and the trial that comes nearest to proving that the two are one."""

    verdict: Verdict
    trial: "Trial | None"


def judged(
    one: Picture, other: Picture, view: int | None, *, whole: bool, window: int | None = None
) -> Judged:
    """Look at the pixels of two pictures whose signatures are near each other.

    Args:
        one: a picture.
        other: another one.
        view: the view of the first one that shows what the other does.
        whole: whether that view shows the first one's frame, too.
        window: without a view, the window of the first one that does.
    """
    best, shared = None, 0.0
    for trial in trials(one, other, view, whole=whole, window=window):
        shared = max(shared, trial.seen.fine.half)
        if best is None or _proves(trial) > _proves(best):
            best = trial
        if best.certainty >= NEEDED["default"]:
            break
    if best is None or not best.certainty:
        return Judged(Verdict(same=False, shared=shared), best)
    changes = changes_of(one, other, best)
    verdict = Verdict(same=False, changes=changes, certainty=best.certainty, shared=shared)
    return Judged(verdict.by("default"), best)


def _proves(trial: "Trial") -> tuple[int, float]:
    """Return by what trials are compared: the rules that are met, then what is shared."""
    return trial.certainty, trial.seen.fine.half


def certainty_of(one: Picture, other: Picture, laid: Laid) -> int:
    """Return how many rules two pictures meet that lie on each other so, or nearly so."""
    first = _tried(one, other, laid, _GREYS)
    finer = _finer(one, other, first, _GREYS) if first.certainty < CERTAIN else []
    return max(trial.certainty for trial in (first, *finer))


class Trial(NamedTuple):
    """One way to lay a picture on another, what shows then, and how many rules that meets."""

    laid: Laid
    seen: Evidence
    certainty: int


def trials(
    one: Picture, other: Picture, view: int | None, *, whole: bool, window: int | None = None
) -> Iterator[Trial]:
    """Yield what :func:`judged` looks at, the cheapest ways first.

    Where the signatures say nearly how one picture lies on the other, to shift and bend that costs
    a tenth of what keypoints do. These are spared only if that leaves no doubt.
    """
    by_signatures: list[Trial] = []
    said = _said(one, other, view, whole=whole, window=window)
    least = _GREYS_BY_WINDOW if view is None else _GREYS_BY_VIEW
    if said:
        by_signatures.append(_tried(one, other, said, least))
        if by_signatures[0].certainty < CERTAIN:
            by_signatures += _finer(one, other, by_signatures[0], least)
        yield from (trial for trial in by_signatures[1:] if trial.certainty == CERTAIN)
        yield by_signatures[0]
    found = []
    for trial in _by_keypoints(one, other, mirrored=said is not None and _is_mirror(said.matrix)):
        yield trial
        found.append(trial)
    closest = max((*by_signatures[:1], *found), key=lambda trial: trial.seen.greys, default=None)
    if closest and closest.laid.support:
        yield from _finer(one, other, closest, _GREYS)
    yield from by_signatures[1:]
    shared = max((trial.seen.fine.half for trial in (*by_signatures, *found)), default=0.0)
    if by_signatures and shared >= _NEAR:
        yield from _finer(one, other, by_signatures[0], least, FROM_AFAR)


def _by_keypoints(one: Picture, other: Picture, *, mirrored: bool) -> Iterator[Trial]:
    """Yield what keypoints agree on, as mirrored as it is said to be first."""
    for flipped in (mirrored, not mirrored):
        found = by_keypoints(one, other, mirrored=flipped)
        if found is not None and found.support >= _SUPPORT:
            yield _tried(one, other, found, _GREYS)


def _finer(
    one: Picture,
    other: Picture,
    trial: Trial,
    least: float,
    steps: tuple[float, ...] = FINER,
) -> list[Trial]:
    """Return what shows when one is shifted and bent a little, if that leads anywhere."""
    finer = laid_finer(one, other, trial.laid, steps) if trial.seen.greys >= _AGREEING else None
    return [_tried(one, other, finer, least)] if finer else []


def _said(
    one: Picture, other: Picture, view: int | None, *, whole: bool, window: int | None
) -> Laid | None:
    """Lay the other picture on the first as their signatures say, if they do."""
    if view is not None:
        return by_view(one, other, view, whole=whole)
    return None if window is None else by_window(one, other, window)


def _tried(one: Picture, other: Picture, laid: Laid, least: float) -> Trial:
    seen = evidence(one, other, laid.matrix, least)
    return Trial(laid, seen, _certainty(seen) if seen.greys >= least else 0)


def _certainty(seen: Evidence) -> int:
    """Return how many rules the evidence meets; pages that were filled in are doubtful at best."""
    met = sum(any(_reached(seen, proof) for proof in proofs) for proofs in RULES.values())
    return min(met, DOUBTFUL) if seen.filled else met


def _reached(seen: Evidence, proof: Proof) -> bool:
    if (proof.unless_unlike and seen.unlike) or (proof.if_written and not seen.written):
        return False
    return proof.fine.reached(seen.fine) and proof.coarse.reached(seen.coarse)


def _is_mirror(matrix: Matrix) -> bool:
    return float(np.linalg.det(matrix[:, :2])) < 0


def changes_of(one: Picture, other: Picture, trial: Trial) -> Changes:
    """Return what a trial tells, ``size`` in the pixels of the two small pictures."""
    seen, matrix = trial.seen, trial.laid.matrix
    mirrored = _is_mirror(matrix)
    linear = matrix[:, :2] @ np.diag([-1.0, 1.0]) if mirrored else matrix[:, :2]
    degrees = math.degrees(math.atan2(linear[1, 0], linear[0, 0]))
    tilt = abs(degrees - 90 * round(degrees / 90))
    quarters = round(-degrees / 90) % 4 if tilt < _UPRIGHT_DEGREES else 0
    zoom = math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))
    return Changes(
        mirrored,
        quarters,
        tilt,
        _shown(one, other, matrix),
        1 / zoom,
        seen.brighter,
        round(seen.added, 3),
        round(seen.gone, 3),
    )


def _shown(one: Picture, other: Picture, matrix: Matrix) -> float:
    """Return how much of the scene the other one shows, as a share of what the first shows."""
    left, top, right, bottom = one.box
    mine = (right - left) * (bottom - top)
    x0, y0, x1, y1 = other.box
    theirs = (x1 - x0) * (y1 - y0) * abs(float(np.linalg.det(matrix[:, :2])))
    return theirs / max(mine, 1.0)
