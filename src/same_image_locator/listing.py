"""Lists folders with what the system tells of each file, on all cores where that can be.

To ask for a file's status takes longer than all that a scan does with the answer. So where a
process can be forked safely, helpers that are forked off a run that is still young list, too, and
what they send back are whole columns: an object for each file would cost what they save.
"""

import os
import select
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from types import TracebackType
from typing import Any, NamedTuple, Self

from same_image_locator import forked
from same_image_locator.forked import Call, Helper

_FOLDERS_AT_ONCE = 16  # their paths always fit into what a socket holds
_OWED_AT_MOST = 2  # batches, so that a helper need not wait for the next one
_INODE, _FIGURE = "Q", "q"  # how arrays hold them
# The system finds a file sooner in a folder that is open than by its whole path (lstat as stat).
_IS_OPENED = os.listdir in os.supports_fd and os.stat in os.supports_dir_fd
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
        names = os.listdir(opened)
    except OSError as error:
        return Listing(troubles=((folder, _reason(error)),))
    # A name that is plain ASCII need not be turned into bytes to be sorted.
    names.sort(key=None if all(map(str.isascii, names)) else os.fsencode)
    troubles = []
    try:
        found = _statuses(opened, names)
    except OSError:
        found, there = [], []
        for name in names:
            try:
                found += _statuses(opened, [name])
                there.append(name)
            except OSError as error:
                troubles.append((os.path.join(folder, name), _reason(error)))
        names = there
    if not found:
        return Listing(troubles=tuple(troubles))
    # A status is a tuple, too, but for the nanoseconds.
    modes, inodes, devices, links, _, _, sizes, *_ = zip(*found, strict=True)
    return Listing(
        tuple(names),
        _shared(modes),
        _array(_INODE, inodes),
        _array(_FIGURE, sizes),
        _array(_FIGURE, [status.st_mtime_ns for status in found]),
        _shared(links),
        _shared(devices),
        tuple(troubles),
    )


def _statuses(folder: int | str, names: Iterable[str]) -> list[os.stat_result]:
    """Return the statuses of names in a folder; links are not followed."""
    if isinstance(folder, int):
        return [os.lstat(name, dir_fd=folder) for name in names]
    return [os.lstat(os.path.join(folder, name)) for name in names]


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
