"""Opens a picture for a second look: from the scan's own thumbnail if there is one."""

from functools import lru_cache
from typing import NamedTuple

import cv2

from same_image_locator.cache import Pictures, by_file, default_folder
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import glimpse_and_small
from same_image_locator.decode.miniature import greys
from same_image_locator.decode.thumbnails import small_of
from same_image_locator.fingerprint.pool import THUMBNAIL_SIZES
from same_image_locator.model import Facts, Identity
from same_image_locator.similar.picture import LONGEST, Picture

REMEMBERED = 320  # pictures that a worker remembers with their keypoints: some 40 MB
_CLOSELY_REMEMBERED = 8
_THUMBNAIL = min(size for size in THUMBNAIL_SIZES if size > LONGEST)


File = tuple[str, Identity]


class Opened(NamedTuple):
    """A picture, what its file says of it, and whether it was encoded once more in between."""

    picture: Picture
    facts: Facts
    from_thumbnail: bool


@lru_cache(REMEMBERED)
def opened(path: str, identity: Identity) -> Opened:
    """Return a picture as a second look sees it; a worker remembers the last of them.

    A scan makes thumbnails of what takes long to decode, unless it is damaged: what it has made of
    this unchanged file is not decoded again.

    Raises:
        DecodeError: it cannot be read, or only in part.
    """
    cv2.setNumThreads(1)  # there is a worker for each core already
    return _known(identity) or _decoded(path, LONGEST)


@lru_cache(_CLOSELY_REMEMBERED)
def opened_closely(path: str, _identity: Identity, longest: int) -> Opened:
    """Return a picture so many pixels long, from its file.

    Raises:
        DecodeError: it cannot be read, or only in part.
    """
    return _decoded(path, longest)


def _decoded(path: str, longest: int) -> Opened:
    seen, small = glimpse_and_small(path, 0, (), longest, colour=False)
    if seen.damage:
        raise DecodeError(seen.damage)
    return Opened(Picture(*greys(small, longest), longest), seen.facts, from_thumbnail=False)


def _known(identity: Identity) -> Opened | None:
    pictures, owner = _pictures(default_folder()), by_file(identity)
    jpeg = pictures.thumbnail(_THUMBNAIL, owner)
    facts = pictures.facts(owner) if jpeg else None
    if not jpeg or not facts:
        return None
    try:
        return Opened(Picture(*greys(small_of(jpeg), LONGEST)), facts, from_thumbnail=True)
    except OSError:  # damaged, as anything in a cache may be
        return None


@lru_cache(1)
def _pictures(folder: str) -> Pictures:
    return Pictures(folder)
