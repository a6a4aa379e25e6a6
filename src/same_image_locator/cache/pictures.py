"""Thumbnails and facts, by the content they were made from or by the unchanged file."""

import os
import time
from collections.abc import Collection, Iterable, Sequence

from same_image_locator.database import Layout, Store, Work
from same_image_locator.events import Listener, ignore
from same_image_locator.facts_text import as_text, from_text
from same_image_locator.model import DECODER_VERSION, Facts

FILE_NAME = "thumbnails.sqlite3"
_LAYOUT_VERSION = 1
LAYOUT = Layout(
    version=1000 * DECODER_VERSION + _LAYOUT_VERSION,
    tables="""
CREATE TABLE IF NOT EXISTS thumbnail (
    owner BLOB NOT NULL, longest INTEGER NOT NULL, used INTEGER NOT NULL, jpeg BLOB NOT NULL,
    UNIQUE (owner, longest)
);
CREATE TABLE IF NOT EXISTS facts (
    owner BLOB PRIMARY KEY, used INTEGER NOT NULL, facts TEXT NOT NULL
) WITHOUT ROWID;
""",
    page_bytes=16384,  # a thumbnail then lies in few pages, and is quickly written and deleted
)
_LASTING_SECONDS = 86400
_THUMBNAIL = "INSERT OR REPLACE INTO thumbnail (owner, longest, used, jpeg) VALUES (?, ?, ?, ?)"
_FACTS = "INSERT OR REPLACE INTO facts (owner, used, facts) VALUES (?, ?, ?)"

Thumbnails = Sequence[tuple[int, bytes]]  # longest side in pixels, and JPEG


class Pictures:
    """Small pictures and facts; an owner is what ``by_content`` or ``by_file`` names."""

    def __init__(self, folder: str, listener: Listener = ignore) -> None:
        self.store = Store(os.path.join(folder, FILE_NAME), LAYOUT, listener)

    def thumbnail(self, longest: int, *owners: bytes) -> bytes | None:
        """Return the JPEG of this size of the first owner that has one."""
        statement = "SELECT jpeg, used FROM thumbnail WHERE owner = ? AND longest = ?"
        now = int(time.time())
        for owner in owners:
            for jpeg, used in self.store.rows(statement, owner, longest):
                if used < now - _LASTING_SECONDS:
                    touch = "UPDATE thumbnail SET used = ? WHERE owner = ? AND longest = ?"
                    self.store.write((touch, [(now, owner, longest)]))
                found: bytes = jpeg
                return found
        return None

    def facts(self, *owners: bytes) -> Facts | None:
        """Return the facts of the first owner that has some."""
        for owner in owners:
            for (text,) in self.store.rows("SELECT facts FROM facts WHERE owner = ?", owner):
                return from_text(text)
        return None

    def put(self, owner: bytes, thumbnails: Thumbnails = (), facts: Facts | None = None) -> None:
        """Keep what was made from one picture."""
        self.store.write(*works([(owner, thumbnails, as_text(facts) if facts else "")]))

    def owners(self) -> set[bytes]:
        """Return all that have a thumbnail."""
        return {row[0] for row in self.store.rows("SELECT owner FROM thumbnail")}

    def drop(self, owners: Iterable[bytes]) -> None:
        """Delete the thumbnails of these; facts are small and stay."""
        self.store.write(("DELETE FROM thumbnail WHERE owner = ?", [(owner,) for owner in owners]))

    def forget_until(self, size: int) -> None:
        """Delete what was not looked at for the longest time, until ``size`` bytes are left."""
        statement = "SELECT rowid, length(jpeg) FROM thumbnail ORDER BY used DESC, rowid DESC"
        lengths = self.store.rows(statement)
        # Pages are never quite full: a thumbnail takes more room than it is long.
        share = self.store.used_bytes() / max(1, sum(length for _, length in lengths))
        left, gone = float(size), []
        for row, length in lengths:
            left -= length * share
            if left < 0:
                gone.append((row,))
        self.store.write(("DELETE FROM thumbnail WHERE rowid = ?", gone))
        if self.store.used_bytes() > size:
            self.store.write(("DELETE FROM facts", [()]))

    def count(self) -> int:
        """Return how many thumbnails there are."""
        return sum(row[0] for row in self.store.rows("SELECT count(*) FROM thumbnail"))


def works(made: Collection[tuple[bytes, Thumbnails, str]]) -> tuple[Work, ...]:
    """Return the statements that keep thumbnails and facts (as text, or empty) of owners."""
    now = int(time.time())
    pictures = [(owner, longest, now, jpeg) for owner, all_, _ in made for longest, jpeg in all_]
    facts = [(owner, now, text) for owner, _, text in made if text]
    return (_THUMBNAIL, pictures), (_FACTS, facts)
