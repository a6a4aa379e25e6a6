"""The glances of a drive's pictures in the cache, to be joined with all files of a scan at once.

They lie in pieces, of which only the last one grows: what a scan adds costs a piece to write, not
all of them. Of a file that was changed or is gone a glance may stay behind: it meets no file.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from same_image_locator.cache import Looks, file_key
from same_image_locator.fingerprint.glance import GLANCE_BYTES, Glances, glances, opened, packed
from same_image_locator.fingerprint.signature import unpacked
from same_image_locator.photos import Photos, Prints

_KEY = np.dtype([("inode", ">u8"), ("size", ">i8"), ("mtime", ">i8")])  # as in ``file_key``
# Pictures: a piece of them has 1.2 MB, which stays in a core's cache while it is looked through,
# and whose memory is used again for the next.
_PIECE = 1024
_BLOCK = 1024


class Page(NamedTuple):
    """Glances of photos: ``places`` says whose they are, -1 where the file is not there now."""

    places: NDArray[np.intp]
    glances: Glances


def pages(recipe: str, photos: Photos, looks: Looks) -> Iterator[Page]:
    """Yield what the album has of these photos, piece by piece."""
    for part, among_all in photos.by_drive():
        files, index = _Files(part), np.asarray(among_all, np.intp)
        for number in range(looks.rolls(recipe, part.device)):
            keys, seen = _opened(looks.roll(_name(recipe, number), part.device))
            places = files.places(keys)
            there = places >= 0
            places[there] = index[places[there]]
            yield Page(places, seen)


def complete(recipe: str, prints: Prints, looks: Looks) -> int:
    """Add to the album those of these signatures that it lacks; return how many."""
    lacking = np.ones(len(prints), np.bool_)
    for page in pages(recipe, prints.photos, looks):
        lacking[page.places[page.places >= 0]] = False
    places = np.flatnonzero(lacking).tolist()
    add(recipe, prints, places, looks)
    return len(places)


def add(recipe: str, prints: Prints, places: Sequence[int], looks: Looks) -> None:
    """Add the signatures of the photos at these places."""
    chosen = prints.photos.chosen(places)
    for part, among_these in chosen.by_drive():
        _add(recipe, part.device, prints, [places[at] for at in among_these], looks)


def _add(recipe: str, device: int, prints: Prints, places: Sequence[int], looks: Looks) -> None:
    """Add the signatures of photos of one drive."""
    number = max(0, looks.rolls(recipe, device) - 1)
    keys, seen = _opened(looks.roll(_name(recipe, number), device))
    start = 0
    while start < len(places):
        if len(keys) >= _PIECE:
            number, keys, seen = number + 1, *_opened(b"")
        part = places[start : start + _PIECE - len(keys)]
        start += len(part)
        fresh = [
            glances(unpacked(prints.joined(part[at : at + _BLOCK])))
            for at in range(0, len(part), _BLOCK)
        ]
        names = b"".join(file_key(prints.photos[place].identity) for place in part)
        # To concatenate arrays would turn their bytes round.
        keys = np.frombuffer(keys.tobytes() + names, _KEY)
        seen = Glances(
            np.concatenate([seen.insides, *(one.insides for one in fresh)]),
            np.concatenate([seen.signs, *(one.signs for one in fresh)], axis=2),
        )
        looks.keep_roll(_name(recipe, number), device, keys.tobytes() + packed(seen))


def names(photos: Photos) -> Iterator[bytes]:
    """Yield how the cache names these files."""
    return map(file_key, photos.identities())


class _Files:
    """The columns of photos, to be asked where a file lies among them."""

    def __init__(self, photos: Photos) -> None:
        columns = (photos.inodes, photos.sizes, photos.mtimes)
        if not all(isinstance(column, array) for column in columns):
            columns = (array("Q"), array("q"), array("q"))  # numbers that no key holds
        self._inodes, self._sizes, self._mtimes = map(np.asarray, columns)
        self._order = np.argsort(self._inodes, kind="stable")
        self._sorted = self._inodes[self._order]

    def places(self, keys: NDArray[np.void]) -> NDArray[np.intp]:
        """Return the place of each of these files, -1 for what is not there as it was."""
        if not len(self._sorted):
            return np.full(len(keys), -1, np.intp)
        at = np.searchsorted(self._sorted, keys["inode"].astype(np.uint64))
        at[at == len(self._sorted)] = 0
        places = self._order[at]
        same = (
            (self._inodes[places] == keys["inode"])
            & (self._sizes[places] == keys["size"])
            & (self._mtimes[places] == keys["mtime"])
        )
        return np.where(same, places, -1)


def _opened(piece: bytes) -> tuple[NDArray[np.void], Glances]:
    count = len(piece) // (_KEY.itemsize + GLANCE_BYTES)
    keys = np.frombuffer(piece, _KEY, count)
    return keys, opened(memoryview(piece)[count * _KEY.itemsize :])


def _name(recipe: str, number: int) -> str:
    return f"{recipe}/{number:06}"
