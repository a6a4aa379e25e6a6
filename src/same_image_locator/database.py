"""One SQLite file that may be deleted, damaged, locked or full at any moment, and never hurts."""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from same_image_locator.events import Listener, Noted, ignore

SET_ASIDE = ".damaged"
SIDE_FILES = ("-wal", "-shm")  # what SQLite keeps beside a database in use
_PATIENCE_SECONDS = 5.0  # how long to wait for another run that writes at this moment

Row = tuple[Any, ...]
Work = tuple[str, Iterable[Sequence[object]]]
Answer = TypeVar("Answer")


class Layout(NamedTuple):
    """What a person calls a database, its tables, their version, and the size of its pages.

    A database of another version is made anew: all that it holds can be made again. One that is
    ``lasting`` holds what nobody can make again: it is set aside instead, each such under a name
    of its own, and what is written is on the drive before ``write`` returns.
    """

    version: int
    tables: str
    page_bytes: int = 4096
    name: str = "cache"
    lasting: bool = False


class Store:
    """A database that is opened by its first use; any thread may call it.

    No method raises because of the file. A damaged one is renamed, and a new one begun; where none
    can be opened or written, nothing is found and nothing is kept. What happens is told to
    ``listener`` in one line, once.
    """

    def __init__(self, path: str, layout: Layout, listener: Listener = ignore) -> None:
        self.path = path
        self._layout = layout
        self._name = layout.name
        self._listener = listener
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None  # device and inode of what we have opened
        self._usable = True
        self._told = False

    def rows(self, statement: str, *values: object) -> list[Row]:
        """Return the rows of a query, none when there is trouble."""
        none: list[Row] = []
        return self._asked(
            lambda connection: connection.execute(statement, values).fetchall(), none
        )

    def table(self, statement: str, *values: object) -> dict[Any, Any]:
        """Return the rows of a query for two columns as key and value; the quickest way to many."""
        none: dict[Any, Any] = {}
        return self._asked(lambda connection: dict(connection.execute(statement, values)), none)

    def write(self, *works: Work) -> bool:
        """Run statements, each for all its rows, as one transaction; return whether it was kept."""
        return self._asked(lambda connection: _transaction(connection, works), otherwise=False)

    def shrink(self) -> None:
        """Give the room of deleted rows back to the drive."""
        # A script, because execute() takes only the first of the vacuum's many steps.
        script = "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)"
        self._asked(lambda connection: connection.executescript(script), None)

    def used_bytes(self) -> int:
        """Return how much of the file holds something; deleted rows do not count."""
        statement = (
            "SELECT (page_count - freelist_count) * page_size "
            "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        return sum(row[0] for row in self.rows(statement))

    def close(self) -> None:
        """Let go of the file; from then on nothing is found or kept."""
        with self._lock:
            self._usable = False
            self._drop()

    def _asked(self, work: Callable[[sqlite3.Connection], Answer], otherwise: Answer) -> Answer:
        """Return what ``work`` finds, and ``otherwise`` when there is trouble with the file."""
        with self._lock:
            try:
                connection = self._opened()
                return work(connection) if connection else otherwise
            except sqlite3.OperationalError as error:
                self._tell(f"the {self._name} cannot be used ({error}): the run goes on without")
            except sqlite3.DatabaseError as error:
                self._drop()
                self._set_aside(str(error))
            except OSError as error:
                self._usable = False
                self._tell(f"no {self._name} ({error.strerror}): the run goes on without")
            return otherwise

    def _opened(self) -> sqlite3.Connection | None:
        """Return the connection, opened now if need be; None when the file cannot be used.

        Raises:
            sqlite3.DatabaseError: the file is damaged.
            OSError: there is no folder to write in.
        """
        if self._connection is None and self._usable:
            self._make_folder()
            try:
                self._connection = self._connected()
            except sqlite3.OperationalError:
                self._usable = False
                raise
            self._file = _file(self.path)
        return self._connection

    def _make_folder(self) -> None:
        """Make the folder, which is the program's own: no photo lies in it."""
        folder = os.path.dirname(self.path)
        missing = []
        while self._layout.lasting and not os.path.isdir(folder):
            missing.append(folder)
            folder = os.path.dirname(folder)
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)  # noqa: TID251 - see above
        for made in missing:  # SQLite syncs the folder of its file, not those above
            _sync(os.path.dirname(made))

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in {0, self._layout.version}:
                connection.close()
                self._give_way(f"version {version}")
                return self._connected()
            self._prepare(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA page_size = {self._layout.page_bytes}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if self._layout.lasting else 'NORMAL'}")
        connection.executescript(self._layout.tables)
        connection.execute(f"PRAGMA user_version = {self._layout.version}")

    def _give_way(self, reason: str) -> None:
        """Take away what another version of the program has written."""
        if self._layout.lasting:
            self._rename(f"is not of this version of the program ({reason})")
        else:
            self._remove()

    def _set_aside(self, reason: str) -> None:
        """Rename the damaged file, unless another run has done so and begun a new one."""
        with contextlib.suppress(OSError):
            if self._file in {None, _file(self.path)}:
                self._rename(f"was damaged ({reason})")
        self._file = None

    def _rename(self, why: str) -> None:
        path = self.path + SET_ASIDE
        if self._layout.lasting:
            path = _free(path)
        os.replace(self.path, path)  # noqa: TID251 - the program's own file
        self._remove()
        self._tell(f"the {self._name} {why}: set aside as {os.path.basename(path)}, begun anew")

    def _remove(self) -> None:
        """Remove the database with what belongs to it."""
        for suffix in ("", *SIDE_FILES):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path + suffix)  # noqa: TID251 - the program's own file

    def _tell(self, text: str) -> None:
        if not self._told:
            self._told = True
            self._listener(Noted(text))

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _transaction(connection: sqlite3.Connection, works: Sequence[Work]) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement, rows in works:
            connection.executemany(statement, rows)
        connection.execute("COMMIT")
    except sqlite3.Error:
        # A full disk has rolled it back already.
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")
        raise
    return True


def _free(path: str) -> str:
    """Return a path where nothing lies yet."""
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = f"{path}-{number}"
    return free


def _sync(folder: str) -> None:
    """Have the drive keep the names in a folder, on systems where a folder can be opened."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _file(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino
