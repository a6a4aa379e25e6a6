"""Keeps thumbnails and facts between runs in SQLite; it may be deleted at any time."""

import contextlib
import os
import sqlite3
import threading
from types import TracebackType
from typing import Any, Self

from same_image_locator.model import Facts

FILE_NAME = "cache.sqlite3"
_VERSION = 1
_LARGEST_BYTES = 1 << 30
_TABLES = """
CREATE TABLE IF NOT EXISTS thumbnail (
    sha256 TEXT NOT NULL, longest INTEGER NOT NULL, jpeg BLOB NOT NULL,
    PRIMARY KEY (sha256, longest)
);
CREATE TABLE IF NOT EXISTS facts (
    sha256 TEXT PRIMARY KEY, width INTEGER NOT NULL, height INTEGER NOT NULL,
    format TEXT NOT NULL, taken_at TEXT
);
"""


def default_folder() -> str:
    """Return ``SIL_CACHE_DIR``, or else this user's folder for what can be made again."""
    import platformdirs

    chosen = os.environ.get("SIL_CACHE_DIR")
    return chosen or platformdirs.user_cache_dir("same-image-locator", appauthor=False)


class Cache:
    """Thumbnails and facts by the content (hexadecimal SHA-256) of the photo they were made from.

    No method ever raises because of the cache itself: a damaged or outdated one is made anew, and
    where none can be written, nothing is found and nothing is kept. Any thread may call it.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._path = os.path.join(folder or default_folder(), FILE_NAME)
        self._lock = threading.Lock()
        self._connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def thumbnail(self, sha256: str, longest: int) -> bytes | None:
        """Return the JPEG bytes kept for this content and size."""
        row = self._ask(
            "SELECT jpeg FROM thumbnail WHERE sha256 = ? AND longest = ?", sha256, longest
        )
        return row[0] if row else None

    def put_thumbnail(self, sha256: str, longest: int, jpeg: bytes) -> None:
        """Keep JPEG bytes for this content and size."""
        self._ask("INSERT OR REPLACE INTO thumbnail VALUES (?, ?, ?)", sha256, longest, jpeg)

    def facts(self, sha256: str) -> Facts | None:
        """Return the facts kept for this content."""
        row = self._ask(
            "SELECT width, height, format, taken_at FROM facts WHERE sha256 = ?", sha256
        )
        return Facts(*row) if row else None

    def put_facts(self, sha256: str, facts: Facts) -> None:
        """Keep the facts of this content."""
        values = (facts.width, facts.height, facts.format, facts.taken_at)
        self._ask("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?, ?)", sha256, *values)

    def close(self) -> None:
        """Let go of the file; from then on nothing is found or kept."""
        with self._lock:
            self._drop()

    def _ask(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        """Run one statement and return its first row; trouble means an empty answer."""
        with self._lock:
            if self._connection is None:
                return None
            try:
                row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
            except sqlite3.OperationalError:
                return None  # locked by another run, or the disk is full: go on without
            except sqlite3.DatabaseError:
                self._drop()
                self._connection = self._rebuilt()
                return None
            return row

    def _open(self) -> sqlite3.Connection | None:
        try:
            # The cache folder is the program's own; no photo lies in it.
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)  # noqa: TID251 - see above
            if os.path.exists(self._path) and os.path.getsize(self._path) > _LARGEST_BYTES:
                return self._rebuilt()
            return self._connected()
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError:
            return self._rebuilt()
        except OSError:
            return None

    def _connected(self) -> sqlite3.Connection:
        """Return a connection to a database of our version.

        Raises:
            sqlite3.DatabaseError: the file is damaged or of another version.
        """
        connection = sqlite3.connect(
            self._path, timeout=5, isolation_level=None, check_same_thread=False
        )
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in {0, _VERSION}:
                raise sqlite3.DatabaseError("made by another version of the program")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_TABLES)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _rebuilt(self) -> sqlite3.Connection | None:
        """Throw the database away and begin a new one."""
        try:
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._path + suffix)  # noqa: TID251 - the program's own cache file
            return self._connected()
        except (OSError, sqlite3.Error):
            return None

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
