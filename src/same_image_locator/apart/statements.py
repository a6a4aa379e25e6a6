"""The database of what was told apart: each function opens it, and lets go of it again."""

import contextlib
import errno
import os
import time
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from same_image_locator.apart.known import Known
from same_image_locator.database import Layout, Store
from same_image_locator.events import Listener, ignore
from same_image_locator.own_folders import own_folder

FILE_NAME = "not-duplicates.sqlite3"
LAYOUT = Layout(
    version=1,
    tables="""
CREATE TABLE IF NOT EXISTS statement (
    number INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL UNIQUE, at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS said (
    statement INTEGER NOT NULL, place INTEGER NOT NULL, part INTEGER NOT NULL,
    sha256 BLOB NOT NULL, size INTEGER NOT NULL, path BLOB NOT NULL,
    PRIMARY KEY (statement, place)
) WITHOUT ROWID;
""",
    name="memory of what you told apart",
    lasting=True,
)
# The number is found inside the transaction: another run may be writing one of its own.
_SAID = (
    "INSERT INTO said (statement, place, part, sha256, size, path) "
    "SELECT number, ?, ?, ?, ?, ? FROM statement WHERE token = ?"
)
_TOKEN_BYTES = 16


class Said(NamedTuple):
    """A file in a statement: where it lay then, its content and size, and its part."""

    path: str
    sha256: str
    size: int
    part: int


class Statement(NamedTuple):
    """What a person said, when (Unix seconds), and of which files; its number is never reused."""

    number: int
    at: int
    files: tuple[Said, ...]


def default_folder() -> str:
    """Return ``SIL_DATA_DIR``, or else this user's folder for what no program can make again."""
    return own_folder("SIL_DATA_DIR", "data")


def known(listener: Listener = ignore) -> Known:
    """Return what all statements say together; nothing when none can be read, which is told."""
    with _opened(listener) as store:
        rows = store.rows("SELECT statement, part, sha256, size FROM said") if store else ()
    return Known((statement, part, sha256.hex(), size) for statement, part, sha256, size in rows)


def statements(listener: Listener = ignore) -> list[Statement]:
    """Return all statements, the latest first."""
    query = (
        "SELECT number, at, path, sha256, size, part FROM statement "
        "JOIN said ON statement = number ORDER BY number DESC, place"
    )
    with _opened(listener) as store:
        rows = store.rows(query) if store else []
    return [
        Statement(*head, tuple(Said(os.fsdecode(row[2]), row[3].hex(), *row[4:]) for row in of_one))
        for head, of_one in groupby(rows, key=lambda row: (row[0], row[1]))
    ]


def remember(files: Sequence[Said]) -> int:
    """Keep a statement on the drive, and return its number.

    Raises:
        OSError: it could not be kept.
    """
    token = os.urandom(_TOKEN_BYTES)
    rows = [
        (place, one.part, bytes.fromhex(one.sha256), one.size, os.fsencode(one.path), token)
        for place, one in enumerate(files)
    ]
    with _opened(make=True) as store:
        head = "INSERT INTO statement (token, at) VALUES (?, ?)"
        if store is None or not store.write((head, [(token, int(time.time()))]), (_SAID, rows)):
            raise _unsaved()
        [(number,)] = store.rows("SELECT number FROM statement WHERE token = ?", token) or [(0,)]
    return int(number)


def forget(numbers: Collection[int]) -> None:
    """Take statements back; one that is not there is taken back already.

    Raises:
        OSError: they could not be taken back.
    """
    rows = [(number,) for number in numbers]
    with _opened() as store:
        if store and not store.write(
            ("DELETE FROM said WHERE statement = ?", rows),
            ("DELETE FROM statement WHERE number = ?", rows),
        ):
            raise _unsaved()


@contextlib.contextmanager
def _opened(listener: Listener = ignore, *, make: bool = False) -> Iterator[Store | None]:
    """Give the database; None where there is none and none is to be made: reading makes none."""
    path = os.path.join(default_folder(), FILE_NAME)
    if not make and not os.path.exists(path):
        yield None
        return
    store = Store(path, LAYOUT, listener)
    try:
        yield store
    finally:
        store.close()


def _unsaved() -> OSError:
    path = os.path.join(default_folder(), FILE_NAME)
    return OSError(errno.EIO, "the memory of what you told apart cannot be written", path)
