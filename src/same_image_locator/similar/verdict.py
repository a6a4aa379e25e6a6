"""Decides whether two pictures are one and the same, and says what was done to it."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from same_image_locator.model import Strictness, Tier
from same_image_locator.similar.changes import Changes
from same_image_locator.similar.evidence import Evidence, Shares, evidence
from same_image_locator.similar.picture import Picture
from same_image_locator.similar.registration import (
    Laid,
    Matrix,
    by_keypoints,
    by_view,
    laid_finer,
)


class Proof(NamedTuple):
    """What the evidence must reach at least, and all of it."""

    fine: Shares = Shares(0.0, 0.0, 0.0)
    coarse: Shares = Shares(0.0, 0.0, 0.0)


# Each strictness with what proves that two pictures are the same: any of these does.
# Chosen on one half of a benchmark's originals. Of the pairs of strangers and look-alikes that were
# looked at in libraries of 5,000 files, only shots of one and the same object passed: others reach
# 0.86 and 0.93 of the fine details, and 0.80 and 0.94 of the coarse ones.
RULES: dict[Strictness, tuple[Proof, ...]] = {
    "loose": (
        Proof(fine=Shares(0.00, 0.82, 0.92)),
        Proof(coarse=Shares(0.82, 0.94, 0.00)),
        Proof(fine=Shares(0.00, 0.60, 0.97)),
    ),
    "default": (
        Proof(fine=Shares(0.00, 0.88, 0.94)),
        Proof(coarse=Shares(0.86, 0.95, 0.00)),  # an encoding left no more
        Proof(fine=Shares(0.00, 0.70, 0.98)),  # all is there, but half is written on
    ),
    "strict": (Proof(fine=Shares(0.00, 0.94, 0.97)),),
}
# Correlations of the greys below which the details are not looked at: where keypoints agree on how
# one picture lies on the other, and where only the signatures say so.
_GREYS, _GREYS_BY_VIEW = 0.15, 0.65
_AGREEING = 0.65  # greys that agree so far can be laid finer
_SUPPORT = 8  # keypoints that agree on one transform

# A verdict's certainty is the number of rules that it meets; each takes all that the next takes.
NEEDED: dict[Strictness, int] = {name: number for number, name in enumerate(RULES, start=1)}
CERTAIN = len(RULES)

# Shots of a burst and pages of one form share so much; strangers hardly ever do.
_ALIKE = 0.6

_UPRIGHT_DEGREES = 20.0  # of a quarter turn


class Verdict(NamedTuple):
    """Whether two pictures are the same one, and what was done to the first to get the second.

    Attributes:
        same: whether the rule of the chosen strictness is met.
        changes: what was done, as far as the geometry shows it.
        certainty: how many rules are met, from 0 to ``CERTAIN``: those of loose, default, strict.
        tier: how sure it is; less than the default rule verifies nothing.
        shared: of the details, the share that half of the small tiles reach.
    """

    same: bool
    changes: Changes = Changes()
    certainty: int = 0
    tier: Tier = "similar"
    shared: float = 0.0

    @property
    def alike(self) -> bool:
        """Whether these are two pictures that look much like each other, and are not the same."""
        return self.tier == "series" or (not self.certainty and self.shared >= _ALIKE)

    def by(self, strictness: Strictness) -> "Verdict":
        """Return the verdict that another strictness comes to."""
        return self._replace(same=self.certainty >= NEEDED[strictness])


def judged(one: Picture, other: Picture, view: int | None, *, whole: bool) -> Verdict:
    """Look at the pixels of two pictures whose signatures are near each other.

    Args:
        one: a picture.
        other: another one.
        view: the view of the first one that shows what the other does, None if it is a window.
        whole: whether that view shows the first one's frame, too.
    """
    best, shared = Verdict(same=False), 0.0
    for trial in trials(one, other, view, whole=whole):
        shared = max(shared, trial.seen.fine.half)
        if trial.certainty > best.certainty:
            changes = _changes(one, other, trial.laid.matrix)
            seen = trial.seen
            changes = changes._replace(
                brighter=seen.brighter, added=round(seen.added, 3), gone=round(seen.gone, 3)
            )
            best = Verdict(same=False, changes=changes, certainty=trial.certainty).by("default")
        if best.same:
            break
    return best._replace(shared=shared)


class Trial(NamedTuple):
    """One way to lay a picture on another, what shows then, and how many rules that meets."""

    laid: Laid
    seen: Evidence
    certainty: int


def trials(one: Picture, other: Picture, view: int | None, *, whole: bool) -> Iterator[Trial]:
    """Yield what :func:`judged` looks at, the likeliest way first, the finest at last."""
    closest, agree = None, _AGREEING
    for laid in _laid(one, other, view, whole=whole):
        trial = _tried(one, other, laid)
        yield trial
        if trial.seen.greys >= agree:
            closest, agree = laid, trial.seen.greys
    finer = laid_finer(one, other, closest) if closest else None
    if finer:
        yield _tried(one, other, finer)


def _tried(one: Picture, other: Picture, laid: Laid) -> Trial:
    least = _GREYS if laid.support else _GREYS_BY_VIEW
    seen = evidence(one, other, laid.matrix, least)
    return Trial(laid, seen, _certainty(seen) if seen.greys >= least else 0)


def _laid(one: Picture, other: Picture, view: int | None, *, whole: bool) -> Iterator[Laid]:
    """Yield the ways in which the other picture may lie on the first, the likeliest first."""
    mirrored = False
    if view is not None:
        laid = by_view(one, other, view, whole=whole)
        mirrored = _is_mirror(laid.matrix)
        yield laid
    for flipped in (mirrored, not mirrored):
        found = by_keypoints(one, other, mirrored=flipped)
        if found is not None and found.support >= _SUPPORT:
            yield found


def _certainty(seen: Evidence) -> int:
    """Return how many rules the evidence meets."""
    return sum(any(_reached(seen, proof) for proof in proofs) for proofs in RULES.values())


def _reached(seen: Evidence, proof: Proof) -> bool:
    pairs = zip((*seen.fine, *seen.coarse), (*proof.fine, *proof.coarse), strict=True)
    return all(reached >= least for reached, least in pairs)


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
