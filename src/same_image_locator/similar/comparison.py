"""Compares two files in all ways in which modes compare, and explains what came of it."""

import os
from collections.abc import Iterable
from typing import NamedTuple

import cv2
import numpy as np

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import glimpse, glimpse_and_small
from same_image_locator.decode.miniature import squares
from same_image_locator.decode.worker import Lost, Workers
from same_image_locator.errors import LocatorError
from same_image_locator.fingerprint import ahash, phash, signature
from same_image_locator.fingerprint.algorithm import Algorithm
from same_image_locator.fingerprint.look import SIGNED_LONGEST
from same_image_locator.model import Facts, Identity
from same_image_locator.similar.candidates import Candidate, candidates
from same_image_locator.similar.difference import drawn
from same_image_locator.similar.evidence import Evidence
from same_image_locator.similar.judging import Trial, trials
from same_image_locator.similar.opening import opened
from same_image_locator.similar.pair import Pair
from same_image_locator.similar.registration import by_view
from same_image_locator.similar.second_look import look
from same_image_locator.similar.verdict import CERTAIN, NEEDED, Verdict

_UPRIGHT = 0  # the view by which two pictures lie edge on edge


class Comparison(NamedTuple):
    """How two files compare.

    Attributes:
        verdict: what a second look says, the changes as seen from the first file.
        facts: of both.
        bits: in how many their aHash and their pHash differ.
        distance: of the nearest views of their signatures, None if they are no candidates.
        support: keypoints that agree on how one lies on the other, 0 if the signatures tell.
        seen: what shows when one lies on the other, None when nothing says how it would.
        reencoded: whether only encoding one of them once more tells that they are the same.
        closer: whether only larger pictures of both tell that they are the same.
        exposures: whether larger pictures tell that they are two, each with noise of its own.
        difference: a PNG of both and of their difference, if it was wanted.
    """

    verdict: Verdict
    facts: tuple[Facts, Facts]
    bits: tuple[int, int]
    distance: float | None
    support: int
    seen: Evidence | None
    reencoded: bool = False
    closer: bool = False
    exposures: bool = False
    difference: bytes = b""


class _Task(NamedTuple):
    one: tuple[str, Identity]
    other: tuple[str, Identity]
    draw: bool


def compared(one: str, other: str, *, draw: bool = False) -> Comparison:
    """Compare two files, in a worker process that may die of one of them.

    Raises:
        LocatorError: one cannot be read; the line names it, and why.
    """
    task = _Task(identified(one), identified(other), draw)
    with Workers(1) as workers:
        [(_, answer)] = workers.run(_compared, [task])
    if isinstance(answer, Lost):
        raise LocatorError(f"{one} or {other}: {answer.cause}")
    if isinstance(answer, str):
        raise LocatorError(answer)
    return answer


def identified(path: str) -> tuple[str, Identity]:
    """Return a file as a second look takes it: its real path, and what it is at this moment.

    Raises:
        LocatorError: it cannot be opened.
    """
    real = os.path.realpath(path)  # links are looked through: a second look takes only the file
    try:
        status = os.stat(real)
    except OSError as error:
        raise LocatorError(f"{path} cannot be opened: {error.strerror}") from error
    return real, Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _compared(task: _Task) -> Comparison | str:
    for path, identity in task[:2]:
        try:
            opened(path, identity)
        except DecodeError as error:
            return f"{path}: {error.cause}"
    near = nearest(task.one[0], task.other[0])
    # A view of the first shows the second, or the other way round.
    swapped = near is not None and near.one == 1
    files = (task.other, task.one) if swapped else (task.one, task.other)
    pair = Pair(*files, near.view, near.whole, near.window) if near else Pair(*files)
    verdict = look(pair)
    if verdict is None:
        return f"{task.one[0]} or {task.other[0]} has just been changed"
    here, there = (opened(*file).picture for file in files)
    best = best_of(trials(here, there, pair.view, whole=pair.whole, window=pair.window))
    difference = b""
    if task.draw:
        matrix = best.laid.matrix if best else by_view(here, there, _UPRIGHT, whole=False).matrix
        widths = here.greys.shape[1], there.greys.shape[1]
        if swapped:
            matrix, widths = np.asarray(cv2.invertAffineTransform(matrix)), widths[::-1]
        difference = drawn(task.one[0], task.other[0], matrix, widths)
    if swapped:
        verdict = verdict._replace(changes=verdict.changes.reversed())
    met = best.certainty if best else 0
    raised = verdict.tier == "same picture" and met < NEEDED["default"]
    return Comparison(
        verdict,
        (opened(*task.one).facts, opened(*task.other).facts),
        (_bits_apart(task, ahash.ALGORITHM), _bits_apart(task, phash.ALGORITHM)),
        near.distance if near else None,
        best.laid.support if best else 0,
        best.seen if best else None,
        # Equal blocks leave no doubt; a closer look only comes to what the usual rule asks for.
        reencoded=raised and verdict.certainty == CERTAIN,
        closer=raised and verdict.certainty < CERTAIN,
        exposures=met > 0 and not verdict.certainty,
        difference=difference,
    )


def best_of(tried: Iterable[Trial]) -> Trial | None:
    """Return the first trial that convinces, as a search takes it, else the one that does most."""
    nearest = None
    for trial in tried:
        if trial.certainty >= NEEDED["default"]:
            return trial
        rank = trial.certainty, trial.seen.fine.half
        if nearest is None or rank > (nearest.certainty, nearest.seen.fine.half):
            nearest = trial
    return nearest


def nearest(one: str, other: str) -> Candidate | None:
    """Return how the signatures of two files are nearest to each other, if they are near enough.

    Raises:
        DecodeError: one cannot be read.
    """
    made = []
    for path in (one, other):
        _, small = glimpse_and_small(path, 0, (), SIGNED_LONGEST, colour=True)
        made.append(signature.packed(signature.rows(*squares(small, signature.SIDE))))
    near = candidates(signature.unpacked(b"".join(made)), lambda _done: None)
    return near[0] if near else None


def _bits_apart(task: _Task, algorithm: Algorithm) -> int:
    side = algorithm.side
    greys = b"".join(glimpse(path, side).greys for path, _ in task[:2])
    one, other = algorithm.bits(np.frombuffer(greys, np.uint8).reshape(2, side, side))
    return int(np.count_nonzero(one != other))
