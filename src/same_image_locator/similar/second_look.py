"""Looks at pairs of pictures in a worker process, which may die of one without harm to the rest."""

import os
from functools import lru_cache

import cv2
import numpy as np

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import pixel_digest
from same_image_locator.fingerprint.freshness import is_fresh
from same_image_locator.model import Facts, Identity
from same_image_locator.similar.changes import Changes
from same_image_locator.similar.closer import looked_closer
from same_image_locator.similar.judging import Judged, judged
from same_image_locator.similar.opening import REMEMBERED, Opened, opened, opened_closely
from same_image_locator.similar.pair import Pair, same_bytes
from same_image_locator.similar.picture import LONGEST
from same_image_locator.similar.requantised import is_made_from
from same_image_locator.similar.series import by_two_cameras, shots_apart
from same_image_locator.similar.verdict import CERTAIN, NEEDED, Verdict

_BURST_SECONDS = 60.0  # shots that are alike, and so near each other, are of one series
_SHRUNK_OTHERWISE = 8.0  # greys by which the same pixels may differ on average when shrunk
_POOR = range(5, 41)  # JPEG qualities that leave little; still less, and another shot does as well
_BEST = 100
_CLOSE = 0.5  # of the details: from there on what a thumbnail's encoding took away may decide


def look(pair: Pair) -> Verdict | None:
    """Return whether both show the same picture, and what was done to it.

    None says that nothing can be said now: one cannot be read, or was changed since it was found.
    """
    try:
        verdict = _looked(pair)
        fresh = all(is_fresh(os.lstat(path), identity) for path, identity in pair[:2])
    except (DecodeError, OSError):
        return None
    return verdict if fresh else None


def _looked(pair: Pair) -> Verdict:
    (one, first), (other, second) = pair.one, pair.other
    if first.size == second.size and same_bytes(one, other):
        return Verdict(same=True, certainty=CERTAIN, tier="identical")
    mine, theirs, found = _at_first(pair)
    later = shots_apart(mine.facts, theirs.facts)
    another_camera = by_two_cameras(mine.facts, theirs.facts)
    verdict = found.verdict
    if not (later or another_camera):  # else these are two shots anyway
        verdict = looked_closer(found, (pair.one, mine), (pair.other, theirs))
    if verdict.certainty < NEEDED["default"] and verdict.shared >= _CLOSE:
        verdict = _proved(verdict, (one, mine.facts), (other, theirs.facts))
    if not verdict.certainty:
        in_burst = 0 < abs(later) <= _BURST_SECONDS
        return (
            Verdict(same=False, changes=Changes(later=later), tier="series")
            if in_burst
            else verdict
        )
    changes = verdict.changes._replace(
        size=verdict.changes.size * _enlarged(theirs) / _enlarged(mine),
        later=later,
        another_camera=another_camera,
        formats=(mine.facts.format, theirs.facts.format),
        qualities=(mine.facts.quality, theirs.facts.quality),
    )
    if not changes.moved and _may_agree(mine, theirs, pair):
        digest = _pixel_digest(*pair.one)
        if digest and digest == _pixel_digest(*pair.other):
            nothing = Changes(formats=changes.formats)
            return Verdict(same=True, changes=nothing, certainty=CERTAIN, tier="same pixels")
    if later or changes.another_camera:
        # However alike they are, two shots are two pictures; only the loose rule takes them.
        certainty = min(verdict.certainty, NEEDED["loose"])
        return Verdict(same=False, changes=changes, certainty=certainty, tier="series")
    return verdict._replace(changes=changes, tier="same picture" if verdict.same else "similar")


def _at_first(pair: Pair) -> tuple[Opened, Opened, Judged]:
    """Look at what the scan has made of them, where it did; then, if that decides, at the files."""
    mine, theirs = opened(*pair.one), opened(*pair.other)
    found = _judged(mine, theirs, pair)
    small = mine.from_thumbnail or theirs.from_thumbnail
    if small and not found.verdict.same and found.verdict.shared >= _CLOSE:
        mine, theirs = (opened_closely(*file, LONGEST) for file in pair[:2])
        found = _judged(mine, theirs, pair)
    return mine, theirs, found


def _judged(one: Opened, other: Opened, pair: Pair) -> Judged:
    return judged(one.picture, other.picture, pair.view, whole=pair.whole, window=pair.window)


def _proved(verdict: Verdict, one: tuple[str, Facts], other: tuple[str, Facts]) -> Verdict:
    """Return the verdict, but where one is a poor JPEG: whether it was made from the other one."""
    if (one[1].width, one[1].height) != (other[1].width, other[1].height):
        return verdict
    good, poor = sorted((one, other), key=lambda file: -(file[1].quality or _BEST))
    if poor[1].quality not in _POOR:
        return verdict
    longest = max(poor[1].width, poor[1].height)
    if not is_made_from(good[0], poor[0], longest):
        return verdict
    return Verdict(same=True, certainty=CERTAIN, shared=verdict.shared)


def _enlarged(one: Opened) -> float:
    """Return how many of a file's pixels lie side by side in one of the small picture."""
    width: int = one.picture.greys.shape[1]
    return one.facts.width / width


def _may_agree(one: Opened, other: Opened, pair: Pair) -> bool:
    """Return whether two pictures may agree in all pixels: only then are all of them decoded.

    Files of one format are shrunk in one way, so that the same pixels leave the same ones; others
    may differ by a little, as may what was encoded once more as a thumbnail.
    """
    first, second = one.facts, other.facts
    if (first.width, first.height) != (second.width, second.height):
        return False
    apart = _apart(one, other)
    if first.format != second.format:
        return apart <= _SHRUNK_OTHERWISE
    if one.from_thumbnail == other.from_thumbnail:
        return not apart
    closely = (opened_closely(*file, LONGEST) for file in (pair.one, pair.other))
    return apart <= _SHRUNK_OTHERWISE and not _apart(*closely)


def _apart(one: Opened, other: Opened) -> float:
    """Return by how many greys two pictures of one size differ on average."""
    here, there = one.picture.greys, other.picture.greys
    if here.shape != there.shape:  # a thumbnail's shorter side was rounded once more
        there = np.asarray(cv2.resize(there, here.shape[::-1], interpolation=cv2.INTER_AREA))
    return float(np.mean(cv2.absdiff(here, there)))


@lru_cache(REMEMBERED)
def _pixel_digest(path: str, _identity: Identity) -> bytes:
    try:
        return pixel_digest(path)
    except (DecodeError, MemoryError):  # too large to be decoded whole: it stays a verified copy
        return b""
