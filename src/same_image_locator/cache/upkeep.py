"""Tells how large the cache is, and makes it smaller: what was not used for longest goes first."""

import math
import os
from typing import NamedTuple

from same_image_locator.cache import looks as looks_module
from same_image_locator.cache import pictures as pictures_module
from same_image_locator.cache.looks import Looks
from same_image_locator.cache.pictures import Pictures
from same_image_locator.database import SET_ASIDE, SIDE_FILES

LIMIT_BYTES = 2 << 30
_ROOM = 0.9  # to what part of the limit it is trimmed, so that not every run has to trim
_ALMOST = 0.98  # pages that are filled unevenly make every forecast a little wrong
_BESIDE_BYTES = 2 * 32768  # what SQLite keeps beside two databases in use
_SUFFIXES = ("", *SIDE_FILES, SET_ASIDE)


class Stats(NamedTuple):
    """What the cache holds; ``size`` is what its files take on the drive, in bytes."""

    folder: str
    size: int
    limit: int
    fingerprints: int
    digests: int
    thumbnails: int


def stats(folder: str, looks: Looks, pictures: Pictures) -> Stats:
    """Return how much is kept, of what."""
    fingerprints, digests = looks.counts()
    size = _size(folder)
    return Stats(folder, size, LIMIT_BYTES, fingerprints, digests, pictures.count())


def keep_in_bounds(folder: str, looks: Looks, pictures: Pictures) -> None:
    """Trim a cache that has outgrown its limit, to somewhat below it.

    The fingerprints of the last week's scans come on top of the limit: a library of a million
    signatures needs more, and would else forget itself at the end of each scan.
    """
    size = _size(folder)
    if size > LIMIT_BYTES and size > LIMIT_BYTES + (lasting := looks.lasting_bytes()):
        trim(looks, pictures, int(LIMIT_BYTES * _ROOM) + lasting)


def trim(looks: Looks, pictures: Pictures, size: int) -> None:
    """Forget the oldest until ``size`` bytes are left: first what is quickly made again."""
    size = max(0, int(size * _ALMOST) - _BESIDE_BYTES)
    if looks.store.used_bytes() + pictures.store.used_bytes() > size:
        looks.forget_rolls()
    used = looks.store.used_bytes()
    if used + pictures.store.used_bytes() > size:
        pictures.forget_until(max(0, size - used))
    excess = used + pictures.store.used_bytes() - size
    if excess > 0 and not pictures.count():
        looks.forget_oldest(math.ceil(looks.files() * min(1.0, excess / used)))
    for store in (looks.store, pictures.store):
        store.shrink()


def remove(folder: str) -> tuple[int, list[str]]:
    """Remove the cache's files; return the bytes that this freed, and the files that had to stay.

    A run that uses the cache meanwhile goes on; on some systems its files have to stay.
    """
    freed, left = 0, []
    for path in _files(folder):
        try:
            size = os.path.getsize(path)
            os.unlink(path)  # noqa: TID251 - the program's own cache file
        except FileNotFoundError:
            continue
        except OSError:
            left.append(path)
        else:
            freed += size
    return freed, left


def _files(folder: str) -> list[str]:
    names = (looks_module.FILE_NAME, pictures_module.FILE_NAME)
    return [os.path.join(folder, name + suffix) for name in names for suffix in _SUFFIXES]


def _size(folder: str) -> int:
    return sum(os.path.getsize(path) for path in _files(folder) if os.path.exists(path))
