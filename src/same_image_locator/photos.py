"""The photos of one drive in columns: a million of them, where an object for each would be slow."""

import os
import re
from array import array
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from typing import Self, overload

from same_image_locator.model import Companion, Identity, Photo

Column = MutableSequence[int]

# How Python writes a byte that is no UTF-8 into a path.
_UNDECODABLE = re.compile("[\ud800-\udfff]")


class Photos(Sequence[Photo]):
    """Photos of one device, each made when it is asked for.

    ``paths``, ``inodes``, ``sizes`` (bytes) and ``mtimes`` (nanoseconds) are columns of one length.
    A column is an array of 64-bit numbers, unless a system has larger ones: then it is a list.
    """

    def __init__(self, device: int) -> None:
        self.device = device
        self.paths: list[str] = []
        self.inodes: Column = array("Q")
        self.sizes: Column = array("q")
        self.mtimes: Column = array("q")
        self._links: dict[int, int] = {}  # by place; the others have one name
        self._companions: dict[int, tuple[Companion, ...]] = {}

    @classmethod
    def of(cls, photos: Sequence[Photo]) -> "Photos":
        """Return these photos in columns; what is in columns already stays as it is.

        Raises:
            ValueError: they lie on several drives.
        """
        if isinstance(photos, Photos):
            return photos
        columns = cls(photos[0].identity.device if photos else 0)
        if any(photo.identity.device != columns.device for photo in photos):
            raise ValueError("the photos lie on several drives")
        columns.extend(
            [photo.path for photo in photos],
            [photo.identity.inode for photo in photos],
            [photo.identity.size for photo in photos],
            [photo.identity.mtime_ns for photo in photos],
        )
        for place, photo in enumerate(photos):
            columns.describe(place, photo.links, photo.companions)
        return columns

    def extend(
        self,
        paths: Sequence[str],
        inodes: Sequence[int],
        sizes: Sequence[int],
        mtimes: Sequence[int],
    ) -> None:
        """Add photos that have one name on the disk and no companions."""
        self.paths += paths
        self.inodes = _longer(self.inodes, inodes)
        self.sizes = _longer(self.sizes, sizes)
        self.mtimes = _longer(self.mtimes, mtimes)

    def describe(self, place: int, links: int, companions: tuple[Companion, ...]) -> None:
        """Say how many names a photo has, and what belongs to it."""
        if links != 1:
            self._links[place] = links
        if companions:
            self._companions[place] = companions

    def chosen(self, places: Sequence[int]) -> Self:
        """Return the photos at these places, in this order."""
        photos = type(self)(self.device)
        paths = [self.paths[place] for place in places]
        photos.extend(paths, *([column[place] for place in places] for column in self._numbers()))
        if self._links or self._companions:
            for new, old in enumerate(places):
                photos.describe(new, self._links.get(old, 1), self._companions.get(old, ()))
        return photos

    def by_path(self) -> Self:
        """Return the photos in the order of their paths' bytes."""
        keys: Sequence[str] | Sequence[bytes] = self.paths
        # Text in UTF-8 sorts as its characters do; the bytes of a million paths are worth sparing.
        if not all(map(str.isascii, self.paths)) and any(map(_UNDECODABLE.search, self.paths)):
            keys = [os.fsencode(path) for path in self.paths]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        return self if order == list(range(len(order))) else self.chosen(order)

    def identities(self) -> Iterator[Identity]:
        """Yield what tells each of them."""
        for inode, size, mtime_ns in zip(*self._numbers(), strict=True):
            yield Identity(self.device, inode, size, mtime_ns)

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, place: int) -> Photo: ...
    @overload
    def __getitem__(self, place: slice) -> list[Photo]: ...
    def __getitem__(self, place: int | slice) -> Photo | list[Photo]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        identity = Identity(self.device, *(column[place] for column in self._numbers()))
        links, companions = self._links.get(place, 1), self._companions.get(place, ())
        return Photo(self.paths[place], identity, links, companions)

    def __iter__(self) -> Iterator[Photo]:
        links, companions = self._links, self._companions
        for place, (path, identity) in enumerate(zip(self.paths, self.identities(), strict=True)):
            yield Photo(path, identity, links.get(place, 1), companions.get(place, ()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # it can grow

    def _numbers(self) -> tuple[Column, Column, Column]:
        return self.inodes, self.sizes, self.mtimes


def _longer(column: Column, numbers: Iterable[int]) -> Column:
    """Return the column with more numbers in it."""
    if isinstance(column, array):
        try:
            column.extend(array(column.typecode, numbers))
        except OverflowError:
            return [*column, *numbers]
        return column
    column.extend(numbers)
    return column
