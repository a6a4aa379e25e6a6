"""Looks at pairs of pictures in a worker process, which may die of one without harm to the rest."""

import os
from functools import lru_cache
from typing import NamedTuple

import cv2

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import glimpse_and_small
from same_image_locator.decode.miniature import greys
from same_image_locator.fingerprint.freshness import is_fresh
from same_image_locator.model import Identity
from same_image_locator.similar.picture import LONGEST, Picture
from same_image_locator.similar.verdict import Verdict, judged

_KEPT = 96  # pictures that a worker remembers with their keypoints: some 40 MB
_CHUNK = 1 << 20
SAME_FILES = "same bytes"


class Pair(NamedTuple):
    """Two files to compare; ``view`` and ``whole`` are a candidate's."""

    one: tuple[str, Identity]
    other: tuple[str, Identity]
    view: int | None
    whole: bool


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
        return Verdict(same=True, changes=SAME_FILES)
    return judged(_picture(*pair.one), _picture(*pair.other), pair.view, whole=pair.whole)


@lru_cache(_KEPT)
def _picture(path: str, _identity: Identity) -> Picture:
    cv2.setNumThreads(1)  # there is a worker for each core already
    seen, small = glimpse_and_small(path, 0, (), LONGEST, colour=False)
    if seen.damage:
        raise DecodeError(seen.damage)
    return Picture(*greys(small, LONGEST))


def same_bytes(one: str, other: str) -> bool:
    """Return whether two files hold the same bytes."""
    with open(one, "rb") as first, open(other, "rb") as second:
        while True:
            piece = first.read(_CHUNK)
            if piece != second.read(_CHUNK):
                return False
            if not piece:
                return True
