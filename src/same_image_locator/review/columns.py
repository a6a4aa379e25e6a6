"""What is kept of each group to filter and sort by: a search must not read it group by group."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from same_image_locator.model import Tier
from same_image_locator.plans import Staged
from same_image_locator.review.best import tier_of
from same_image_locator.review.query import searchable
from same_image_locator.review.record import Record
from same_image_locator.review.weights import redundant_bytes
from same_image_locator.wording import printable

Value = TypeVar("Value")


class Column(Generic[Value]):
    """One thing of every group, read from what is staged: no choice changes it."""

    def __init__(self, records: Mapping[int, Record], read: Callable[[Staged], Value]) -> None:
        self._records = records
        self._read = read
        self._known: dict[int, Value] = {}

    def of(self, numbers: Iterable[int]) -> Mapping[int, Value]:
        """Return what is known by number; of these numbers it is everything."""
        known, records, read = self._known, self._records, self._read
        for number in numbers:
            if number not in known:
                known[number] = read(records[number].staged)
        return known

    def forget(self, number: int) -> None:
        """Read it again the next time."""
        self._known.pop(number, None)


class Columns:
    """All columns of a review whose library is ``root``."""

    def __init__(self, records: Mapping[int, Record], root: str) -> None:
        self._inside = root.rstrip(os.sep) + os.sep
        self._root = root
        self._folders: dict[str, str] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self.bytes: Column[int] = Column(records, redundant_bytes)
        self.tier: Column[Tier] = Column(records, lambda staged: tier_of(staged.entries))
        self.files: Column[int] = Column(records, lambda staged: len(staged.entries))
        self.date: Column[int] = Column(records, _earliest)
        self.text: Column[str] = Column(records, self._text)
        self.folders: Column[frozenset[str]] = Column(records, self._folders_of)
        self._all: tuple[Column[Any], ...] = (
            self.bytes,
            self.tier,
            self.files,
            self.date,
            self.text,
            self.folders,
        )

    def fill(self, numbers: Sequence[int]) -> None:
        """Read all of these groups now."""
        for column in self._all:
            column.of(numbers)

    def forget(self, number: int) -> None:
        """Read all of a group again the next time: it was staged anew."""
        for column in self._all:
            column.forget(number)

    def _text(self, staged: Staged) -> str:
        """The paths as the page shows them, a line each: what is read can be searched for."""
        inside = self._inside
        return searchable(
            "\n".join([_shown(entry.origin.removeprefix(inside)) for entry in staged.entries])
        )

    def lying(self, staged: Staged) -> list[str]:
        """Return the folder of each file as seen from the root, as the page shows it."""
        return [self._folder(one.origin.rpartition(os.sep)[0]) for one in staged.entries]

    def place_of(self, folder: str) -> str:
        """Return a folder as seen from the root, which is "" itself."""
        return self._folder(folder)

    def _folders_of(self, staged: Staged) -> frozenset[str]:
        """Many groups lie in the same few folders: they share one set."""
        found = frozenset(self.lying(staged))
        return self._sets.setdefault(found, found)

    def _folder(self, folder: str) -> str:
        """The folder as seen from the root, which is "" itself."""
        known = self._folders.get(folder)
        if known is None:
            path = os.path.normpath(folder)
            known = "" if path == self._root else _shown(path.removeprefix(self._inside))
            self._folders[folder] = known
        return known


def _shown(path: str) -> str:
    return printable(path if os.sep == "/" else path.replace(os.sep, "/"))


def _earliest(staged: Staged) -> int:
    return min([entry.identity.mtime_ns for entry in staged.entries], default=0)
