"""Looks at pairs of pictures in a worker process, which may die of one without harm to the rest."""

from functools import lru_cache
from typing import NamedTuple

import cv2

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import glimpse_and_small
from same_image_locator.decode.miniature import greys
from same_image_locator.similar.picture import LONGEST, Picture
from same_image_locator.similar.verdict import judged

_KEPT = 96  # pictures that a worker remembers with their keypoints: some 40 MB
_CHUNK = 1 << 20
SAME_FILES = "same bytes"


class Pair(NamedTuple):
    """Two files to compare; ``view`` and ``whole`` are a candidate's."""

    one: str
    other: str
    view: int | None
    whole: bool
    equal_sizes: bool


def look(pair: Pair) -> tuple[bool, str]:
    """Return whether both show the same picture, and what was done to it.

    A picture that cannot be read is the same as none.
    """
    if pair.equal_sizes and _same_bytes(pair.one, pair.other):
        return True, SAME_FILES
    one, other = _picture(pair.one), _picture(pair.other)
    if one is None or other is None:
        return False, ""
    verdict = judged(one, other, pair.view, whole=pair.whole)
    return verdict.same, verdict.changes


@lru_cache(_KEPT)
def _picture(path: str) -> Picture | None:
    cv2.setNumThreads(1)  # there is a worker for each core already
    try:
        seen, small = glimpse_and_small(path, 0, (), LONGEST, colour=False)
    except DecodeError:
        return None
    if seen.damage:
        return None
    return Picture(*greys(small, LONGEST))


def _same_bytes(one: str, other: str) -> bool:
    try:
        with open(one, "rb") as first, open(other, "rb") as second:
            while True:
                piece = first.read(_CHUNK)
                if piece != second.read(_CHUNK):
                    return False
                if not piece:
                    return True
    except OSError:
        return False
