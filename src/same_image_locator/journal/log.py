"""The journal's file: one checksummed line a record, appended and synced, read up to a torn tail.

A line is sixteen hexadecimal digits of the SHA-256 of its JSON text, a space, and that text in
ASCII, so that ``less`` shows it and a half-written line never passes for a whole one.
"""

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from same_image_locator.errors import JournalDamagedError
from same_image_locator.journal.kernel import Kernel
from same_image_locator.own_names import JOURNAL_NAME

NAME = JOURNAL_NAME
# A full disk must not keep the journal from writing down how everything goes home again: this
# much, in bytes, is held back for it and given up when there is no other room.
RESERVE_NAME = ".reserve"
_RESERVE = 128 << 10
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_DIGITS = 16

Record = Mapping[str, Any]


class Log:
    """The append-only records of one decision folder."""

    def __init__(self, folder: str, kernel: Kernel) -> None:
        self.path = os.path.join(folder, NAME)
        self._reserve = os.path.join(folder, RESERVE_NAME)
        self._kernel = kernel
        self._whole = 0  # bytes of the file that hold whole records
        self._torn = False
        self._lasting = False  # whether the file's own entry is sure to be on the disk

    def load(self) -> list[Record]:
        """Return the records of earlier runs; a half-written last line counts as never written.

        Raises:
            JournalDamagedError: a line in the middle is damaged.
        """
        found: list[Record] = []
        if self._kernel.status(self.path) is None:
            return found
        lines = self._kernel.read(self.path).splitlines(keepends=True)
        for number, line in enumerate(lines, start=1):
            record = _record(line)
            if record is None:
                if any(_record(later) is not None for later in lines[number:]):
                    raise JournalDamagedError(
                        f"line {number} of {self.path} is damaged, and whole lines follow it",
                        "Nothing was changed; keep the folder as it is and look at that line",
                    )
                self._torn = True
                break
            found.append(record)
            self._whole += len(line)
        return found

    def append(self, records: Iterable[Record], *, to_the_last: bool = True) -> None:
        """Add records and return once they are on the disk; ``to_the_last`` may use the reserve.

        Raises:
            OSError: the disk is full or failing; nothing of these records counts then.
        """
        data = b"".join(map(_line, records))
        try:
            self._write(data)
        except OSError as error:
            if error.errno not in FULL or not to_the_last:
                raise
            if self._kernel.status(self._reserve) is None:
                raise
            self._kernel.remove(self._reserve)
            self._write(data)

    def make_lasting(self) -> None:
        """Sync what a dead run wrote, since it may have died before it could.

        Raises:
            OSError: the disk is failing.
        """
        self._kernel.sync_file(self.path)
        self._kernel.sync_folder(os.path.dirname(self.path))
        self._lasting = True

    def hold_reserve(self, records: Iterable[Record]) -> None:
        """Hold back the room that a full disk will need to undo any one of these plans.

        Raises:
            OSError: it is full already.
        """
        # An undo is announced in no more words than what it undoes.
        size = max([_RESERVE, *(2 * len(_line(record)) for record in records)])
        held = self._kernel.status(self._reserve)
        if held is None or held.identity.size < size:
            if held:
                self._kernel.remove(self._reserve)
            # Not zeros: a file system that compresses would hold back nothing.
            self._kernel.create(self._reserve, os.urandom(size))

    def _write(self, data: bytes) -> None:
        if self._torn:
            self._cut()  # behind a half-written line nothing could be read
        if self._kernel.status(self.path) is None:
            if self._whole:
                raise OSError(errno.ENODEV, "the journal is gone, and its drive with it", self.path)
            self._kernel.create(self.path, b"")
        if not self._lasting:
            self._kernel.sync_folder(os.path.dirname(self.path))
            self._lasting = True
        self._torn = True
        try:
            self._kernel.append(self.path, data)
            self._kernel.sync_file(self.path)
        except OSError:
            with suppress(OSError):
                self._cut()  # else the next start would take for announced what was not
            raise
        self._torn = False
        self._whole += len(data)

    def _cut(self) -> None:
        """Cut off what was written without having become whole and durable."""
        self._kernel.truncate(self.path, self._whole)
        self._torn = False


def _line(record: Record) -> bytes:
    text = json.dumps(record, separators=(",", ":")).encode("ascii")
    return _checksum(text) + b" " + text + b"\n"


def _record(line: bytes) -> Record | None:
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    if not line.endswith(b"\n") or checksum != _checksum(text):
        return None
    record: Record = json.loads(text)
    return record


def _checksum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:_DIGITS].encode("ascii")
