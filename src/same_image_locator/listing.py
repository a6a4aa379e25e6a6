"""Lists folders with what the system tells of each file, on all cores where that can be.

To ask for a file's status takes longer than all that a scan does with the answer. So where a
process can be forked safely, helpers that are forked off a run that is still young list, too, and
what they send back are whole columns: an object for each file would cost what they save.
"""

import os
import select
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import compress
from operator import attrgetter
from types import TracebackType
from typing import Any, NamedTuple, Self

from same_image_locator import forked
from same_image_locator.forked import Call, Helper

_NAME = attrgetter("name")
_told = attrgetter("st_mode", "st_ino", "st_size", "st_mtime_ns", "st_nlink", "st_dev")
_FOLDERS_AT_ONCE = 16  # their paths always fit into what a socket holds
_OWED_AT_MOST = 2  # batches, so that a helper need not wait for the next one
_INODE, _FIGURE = "Q", "q"  # how arrays hold them
# The system finds a file sooner in a folder that is open than by its whole path.
_IS_OPENED = os.scandir in os.supports_fd
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)


class Listing(NamedTuple):
    """What a folder holds, sorted by the bytes of the names: names, and a column for each figure.

    ``troubles`` are paths of which the system tells nothing, each with its reason.
    """

    names: tuple[str, ...] = ()
    modes: tuple[int, ...] = ()
    inodes: Sequence[int] = ()
    sizes: Sequence[int] = ()
    mtimes: Sequence[int] = ()
    links: tuple[int, ...] = ()
    devices: tuple[int, ...] = ()
    troubles: tuple[tuple[str, str], ...] = ()

    def chosen(self, wanted: Sequence[object]) -> "Listing":
        """Return the rows for which ``wanted`` holds something true."""

        def kept(column: Sequence[int]) -> tuple[int, ...]:
            return tuple(compress(column, wanted))

        return Listing(
            tuple(compress(self.names, wanted)),
            kept(self.modes),
            kept(self.inodes),
            kept(self.sizes),
            kept(self.mtimes),
            kept(self.links),
            kept(self.devices),
        )


def listed(folder: str) -> Listing:
    """List a folder; links in it are not followed."""
    try:
        opened = os.open(folder, _FOLDER) if _IS_OPENED else folder
    except OSError as error:
        return Listing(troubles=((folder, _reason(error)),))
    try:
        return _listed(folder, opened)
    finally:
        if isinstance(opened, int):
            os.close(opened)


def _listed(folder: str, opened: int | str) -> Listing:
    try:
        with os.scandir(opened) as entries:
            found = list(entries)
    except OSError as error:
        return Listing(troubles=((folder, _reason(error)),))
    # A name that is plain ASCII need not be turned into bytes to be sorted.
    ascii_only = all(map(str.isascii, map(_NAME, found)))
    found.sort(key=_NAME if ascii_only else lambda entry: os.fsencode(entry.name))
    troubles = []
    try:
        rows = list(map(_told, map(_stat, found)))
    except OSError:
        rows, there = [], []
        for entry in found:
            try:
                rows.append(_told(_stat(entry)))
                there.append(entry)
            except OSError as error:
                troubles.append((os.path.join(folder, entry.name), _reason(error)))
        found = there
    if not rows:
        return Listing(troubles=tuple(troubles))
    modes, inodes, sizes, mtimes, links, devices = zip(*rows, strict=True)
    return Listing(
        tuple(map(_NAME, found)),
        _shared(modes),
        _array(_INODE, inodes),
        _array(_FIGURE, sizes),
        _array(_FIGURE, mtimes),
        _shared(links),
        _shared(devices),
        tuple(troubles),
    )


def _shared(column: tuple[int, ...]) -> tuple[int, ...]:
    """Return the column; where all its numbers are equal, as they mostly are, with one object."""
    same = column.count(column[0]) == len(column)
    return column[:1] * len(column) if same else column


def _array(code: str, column: Sequence[int]) -> Sequence[int]:
    """Return a column of numbers that differ; what another process has sent of one are bytes."""
    try:
        return array(code, column)
    except OverflowError:  # some systems number files with more than 64 bits
        return column


if sys.platform == "win32":  # pragma: no cover - there an entry knows no device and no inode

    def _stat(entry: os.DirEntry[str]) -> os.stat_result:
        return os.lstat(entry.path)

else:
    _stat = partial(os.DirEntry.stat, follow_symlinks=False)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def listings_of(folders: Sequence[str]) -> list[tuple[Any, ...]]:
    """List several folders, for another process."""
    return [tuple(listed(folder)) for folder in folders]


def _received(fields: tuple[Any, ...]) -> Listing:
    """Return what another process has listed: arrays have become bytes on the way."""
    listing = Listing(*fields)
    return listing._replace(
        inodes=_array(_INODE, listing.inodes),
        sizes=_array(_FIGURE, listing.sizes),
        mtimes=_array(_FIGURE, listing.mtimes),
    )


class Listings:
    """Lists folder after folder, as they are added while those that came are looked at.

    To be used as a context manager, which hands the helpers back. They come in any order; a
    folder's own listing comes before those of the folders that are added because of it.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self._waiting = [*folders]
        self._helpers = forked.taken()

    def add(self, folders: Iterable[str]) -> None:
        """Have these folders listed too."""
        self._waiting += folders

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        forked.hand_back(self._helpers)

    def __iter__(self) -> Iterator[tuple[str, Listing]]:
        while self._waiting or any(helper.owed for helper in self._helpers):
            self._deal()
            for helper in self._answering():
                yield from self._heard(helper)
            if self._waiting:
                folder = self._waiting.pop()
                yield folder, listed(folder)

    def _deal(self) -> None:
        for helper in self._helpers:
            # The last one is ours; and while few wait, each of us takes few.
            while len(self._waiting) > 1 and len(helper.owed) < _OWED_AT_MOST:
                share = len(self._waiting) // (2 * len(self._helpers) + 1)
                count = max(1, min(_FOLDERS_AT_ONCE, share))
                folders = [self._waiting.pop() for _ in range(count)]
                helper.ask(Call(__name__, listings_of.__name__, folders))

    def _answering(self) -> list[Helper]:
        """Return who has answered; when nothing else is left to do, wait for that."""
        owing = {helper.socket: helper for helper in self._helpers if helper.owed}
        if not owing:
            return []
        ready, _, _ = select.select(list(owing), [], [], 0 if self._waiting else None)
        return [owing[one] for one in ready]

    def _heard(self, helper: Helper) -> list[tuple[str, Listing]]:
        """Return what a helper answers; what a dead one owed waits again."""
        folders = helper.owed[0].argument
        try:
            return [(f, _received(its)) for f, its in zip(folders, helper.answer(), strict=True)]
        except OSError:
            self._helpers.remove(helper)
            helper.end()
            for call in helper.owed:
                self._waiting += call.argument
            return []
