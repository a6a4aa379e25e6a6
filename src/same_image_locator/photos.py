"""Photos in columns: a million of them, where an object for each would be slow."""

import os
import re
from abc import abstractmethod
from array import array
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from itertools import islice, repeat
from operator import le
from typing import Any, Self, TypeVar, overload

from same_image_locator.model import Companion, Examined, Identity, Photo

Column = MutableSequence[int]
Item = TypeVar("Item")

# How Python writes a byte that is no UTF-8 into a path.
_UNDECODABLE = re.compile("[\ud800-\udfff]")


class _Columns(Sequence[Item]):
    """A sequence in columns, of which each item is made when it is asked for."""

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        places = range(len(self))[place]
        return self._item(places) if isinstance(places, int) else list(map(self._item, places))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # it can grow

    @abstractmethod
    def _item(self, place: int) -> Item:
        """Make the item at a place, which is not negative."""


class Photos(_Columns[Photo]):
    """Photos, each made when it is asked for; nearly always all of them lie on one ``device``.

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
        self._elsewhere: dict[int, int] = {}  # by place, the device of what lies on another one

    @classmethod
    def of(cls, photos: Sequence[Photo]) -> "Photos":
        """Return these photos in columns; what is in columns already stays as it is."""
        if isinstance(photos, Photos):
            return photos
        columns = cls(photos[0].identity.device if photos else 0)
        columns.extend(
            [photo.path for photo in photos],
            [photo.identity.inode for photo in photos],
            [photo.identity.size for photo in photos],
            [photo.identity.mtime_ns for photo in photos],
        )
        for place, photo in enumerate(photos):
            columns.describe(place, photo.links, photo.companions)
            columns.lies_on(place, photo.identity.device)
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

    def add(self, others: "Photos") -> None:
        """Add photos, perhaps of another drive."""
        first = len(self)
        self.extend(others.paths, others.inodes, others.sizes, others.mtimes)
        for place, links, companions in others.described():
            self.describe(first + place, links, companions)
        if others.device != self.device or len(others.by_drive()) > 1:
            for place, device in others.devices():
                self.lies_on(first + place, device)

    def describe(self, place: int, links: int, companions: tuple[Companion, ...]) -> None:
        """Say how many names a photo has, and what belongs to it."""
        if links != 1:
            self._links[place] = links
        if companions:
            self._companions[place] = companions

    def lies_on(self, place: int, device: int) -> None:
        """Say on which device a photo lies."""
        if device != self.device:
            self._elsewhere[place] = device

    def devices(self) -> Iterator[tuple[int, int]]:
        """Yield the place of each photo and its device."""
        return ((place, self._device(place)) for place in range(len(self)))

    def _device(self, place: int) -> int:
        return self._elsewhere.get(place, self.device)

    def described(self) -> Iterator[tuple[int, int, tuple[Companion, ...]]]:
        """Yield the place of each photo with several names or companions, with these."""
        for place in self._links.keys() | self._companions.keys():
            yield place, self._links.get(place, 1), self._companions.get(place, ())

    def chosen(self, places: Sequence[int]) -> Self:
        """Return the photos at these places, in this order."""
        photos = self._on(self.device, places)
        if self._elsewhere:
            for new, old in enumerate(places):
                photos.lies_on(new, self._device(old))
        return photos

    def _on(self, device: int, places: Sequence[int]) -> Self:
        """Return the photos at these places, all as if they lay on one device."""
        photos = type(self)(device)
        paths = [self.paths[place] for place in places]
        photos.extend(paths, *([column[place] for place in places] for column in self._numbers()))
        if self._links or self._companions:
            for new, old in enumerate(places):
                photos.describe(new, self._links.get(old, 1), self._companions.get(old, ()))
        return photos

    def by_drive(self) -> Sequence[tuple["Photos", Sequence[int]]]:
        """Return the photos of each drive, and the places of these among all."""
        if not self._elsewhere:
            return [(self, range(len(self)))]
        places: dict[int, list[int]] = {self.device: []}
        for place, device in self.devices():
            places.setdefault(device, []).append(place)
        return [(self._on(device, those), those) for device, those in places.items()]

    def by_path(self) -> Self:
        """Return the photos in the order of their paths' bytes."""
        order = self.order()
        return self if order is None else self.chosen(order)

    def order(self) -> list[int] | None:
        """Return the places in the order of the paths' bytes; None where that is theirs already."""
        keys: Sequence[Any] = self.paths
        # Text in UTF-8 sorts as its characters do; the bytes of a million paths are worth sparing.
        if not all(map(str.isascii, self.paths)) and any(map(_UNDECODABLE.search, self.paths)):
            keys = [os.fsencode(path) for path in self.paths]
        if all(map(le, keys, islice(keys, 1, None))):
            return None
        return sorted(range(len(keys)), key=keys.__getitem__)

    def identities(self) -> Iterator[Identity]:
        """Return what tells each of them."""
        places = range(len(self))
        devices = map(self._device, places) if self._elsewhere else repeat(self.device)
        return map(Identity, devices, *self._numbers())

    def __len__(self) -> int:
        return len(self.paths)

    def _item(self, place: int) -> Photo:
        numbers = (column[place] for column in self._numbers())
        identity = Identity(self._device(place), *numbers)
        links, companions = self._links.get(place, 1), self._companions.get(place, ())
        return Photo(self.paths[place], identity, links, companions)

    def __iter__(self) -> Iterator[Photo]:
        # Several times as quick as to make each by its place.
        if not (self._links or self._companions):
            return map(Photo, self.paths, self.identities())
        places = range(len(self))
        links = (self._links.get(place, 1) for place in places)
        companions = (self._companions.get(place, ()) for place in places)
        return map(Photo, self.paths, self.identities(), links, companions)

    def _numbers(self) -> tuple[Column, Column, Column]:
        return self.inodes, self.sizes, self.mtimes


class Prints(_Columns[Examined]):
    """Photos with their fingerprints, all of one length, which lie one behind the other.

    Args:
        photos: the photos.
        store: the fingerprints, perhaps of further photos; it may be a map of a file.
        rows: where in the store each photo's fingerprint lies; None when they lie in order.
    """

    def __init__(
        self, photos: Photos, store: bytes | memoryview, rows: Sequence[int] | None = None
    ) -> None:
        self.photos = photos
        self._store = store
        self._rows = rows
        self._length = len(store) // len(photos) if photos and rows is None else 0

    @classmethod
    def of(cls, examined: Sequence[Examined]) -> "Prints":
        """Return these photos with their fingerprints; what is a ``Prints`` stays as it is."""
        if isinstance(examined, Prints):
            return examined
        photos = Photos.of([one.photo for one in examined])
        return cls(photos, b"".join(one.fingerprint for one in examined))

    @classmethod
    def found(
        cls, photos: Photos, answers: Sequence[object], store: memoryview | None = None
    ) -> "Prints":
        """Return the photos that have a fingerprint; ``answers`` holds anything for the others.

        With a ``store``, which has a place for each photo, the fingerprints lie there.
        """
        if store is not None:
            places = [place for place, answer in enumerate(answers) if isinstance(answer, bytes)]
            return cls(photos, store).chosen(places)
        fingerprints = [answer for answer in answers if isinstance(answer, bytes)]
        if len(fingerprints) < len(photos):
            places = [place for place, answer in enumerate(answers) if isinstance(answer, bytes)]
            photos = photos.chosen(places)
        return cls(photos, b"".join(fingerprints))

    @property
    def fingerprints(self) -> bytes | memoryview:
        """All fingerprints, one behind the other, in the order of the photos."""
        return self._store if self._rows is None else self.joined(range(len(self)))

    def joined(self, places: Sequence[int]) -> bytes:
        """Return the fingerprints of the photos at these places, one behind the other."""
        return b"".join(map(self._fingerprint, places))

    def chosen(self, places: Sequence[int]) -> "Prints":
        """Return the photos at these places, in this order; no fingerprint is copied."""
        rows = places if self._rows is None else [self._rows[place] for place in places]
        chosen = Prints(self.photos.chosen(places), self._store, rows)
        chosen._length = self._length
        return chosen

    def by_path(self) -> "Prints":
        """Return them in the order of their paths' bytes."""
        order = self.photos.order()
        return self if order is None else self.chosen(order)

    def __len__(self) -> int:
        return len(self.photos)

    def _item(self, place: int) -> Examined:
        return Examined(self.photos[place], self._fingerprint(place))

    def _fingerprint(self, place: int) -> bytes:
        row = place if self._rows is None else self._rows[place]
        return bytes(self._store[row * self._length : (row + 1) * self._length])


def _longer(column: Column, numbers: Iterable[int]) -> Column:
    """Return the column with more numbers in it."""
    if isinstance(column, array):
        try:
            same = isinstance(numbers, array) and numbers.typecode == column.typecode
            column.extend(numbers if same else array(column.typecode, numbers))
        except OverflowError:
            return [*column, *numbers]
        return column
    column.extend(numbers)
    return column
