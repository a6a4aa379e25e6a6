"""What earlier scans saw in each file: its fingerprints or why it has none, and its digest."""

import os
import time
from collections.abc import Collection, Iterable, Iterator

from same_image_locator.cache.keys import KEY_BYTES, drive_key, file_key
from same_image_locator.database import Layout, Store
from same_image_locator.events import Listener, ignore
from same_image_locator.model import Identity

FILE_NAME = "cache.sqlite3"
LAYOUT = Layout(
    version=2,
    tables="""
CREATE TABLE IF NOT EXISTS file (
    drive INTEGER NOT NULL, key BLOB NOT NULL, edges BLOB, sha256 BLOB, used INTEGER NOT NULL,
    PRIMARY KEY (drive, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS look (
    recipe TEXT NOT NULL, drive INTEGER NOT NULL, key BLOB NOT NULL, answer NOT NULL,
    PRIMARY KEY (recipe, drive, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS roll (
    recipe TEXT NOT NULL, drive INTEGER NOT NULL, packed BLOB NOT NULL,
    PRIMARY KEY (recipe, drive)
);
CREATE TABLE IF NOT EXISTS compared (
    drive INTEGER NOT NULL, name BLOB NOT NULL, contents TEXT NOT NULL, PRIMARY KEY (drive, name)
) WITHOUT ROWID;
""",
)

# What was used within a week counts as used now: a second run then writes nothing.
_LASTING_SECONDS = 7 * 86400

# What a row takes beside its answer, and how much more all of them take in pages partly filled.
_ROW_BYTES, _PAGED = 150, 1.25

# A fingerprint, or why the picture has none; of a pair of files, the words of a verdict.
Answer = bytes | str


class Looks:
    """Answers by recipe (algorithm and decoder with their versions) and file; digests by file.

    A file is known by device, inode, size and mtime: it may have been renamed or moved meanwhile.
    """

    def __init__(self, folder: str, listener: Listener = ignore) -> None:
        self.store = Store(os.path.join(folder, FILE_NAME), LAYOUT, listener)

    def answers(self, recipe: str, device: int) -> dict[bytes, Answer]:
        """Return all that is known of the files of one drive, by ``file_key``."""
        statement = "SELECT key, answer FROM look WHERE recipe = ? AND drive = ?"
        return self.store.table(statement, recipe, drive_key(device))

    def answer(self, recipe: str, identity: Identity) -> Answer | None:
        """Return what is known of one file."""
        statement = "SELECT answer FROM look WHERE recipe = ? AND drive = ? AND key = ?"
        key = file_key(identity)
        found = self.store.rows(statement, recipe, drive_key(identity.device), key)
        return found[0][0] if found else None

    def keep_answers(
        self, recipe: str, device: int, answers: Iterable[tuple[bytes, Answer]]
    ) -> None:
        """Keep answers on one drive by other keys than ``file_key``; trimming forgets them."""
        statement = "INSERT OR REPLACE INTO look (recipe, drive, key, answer) VALUES (?, ?, ?, ?)"
        drive = drive_key(device)
        self.store.write((statement, [(recipe, drive, *answer) for answer in answers]))

    def roll(self, recipe: str, device: int) -> bytes:
        """Return the roll of a drive (see ``cache.roll``), empty when there is none."""
        statement = "SELECT packed FROM roll WHERE recipe = ? AND drive = ?"
        found = self.store.rows(statement, recipe, drive_key(device))
        return found[0][0] if found else b""

    def renew_roll(self, recipe: str, device: int) -> None:
        """Make the roll of a drive anew from all that is known of its files."""
        from same_image_locator.cache.roll import packed  # it loads NumPy

        self.keep_roll(recipe, device, packed(self.answers(recipe, device).items()))

    def keep_roll(self, recipe: str, device: int, roll: bytes) -> None:
        """Keep a roll of a drive; trimming forgets all of them first."""
        statement = "INSERT OR REPLACE INTO roll (recipe, drive, packed) VALUES (?, ?, ?)"
        self.store.write((statement, [(recipe, drive_key(device), roll)]))

    def rolls(self, recipe: str, device: int) -> int:
        """Return how many rolls of a drive have names that begin with ``recipe`` and a slash."""
        statement = "SELECT count(*) FROM roll WHERE recipe > ? AND recipe < ? AND drive = ?"
        found = self.store.rows(statement, f"{recipe}/", f"{recipe}0", drive_key(device))
        return sum(row[0] for row in found)

    def drop_rolls(self, recipe: str, device: int) -> None:
        """Forget the rolls of a drive that have names that begin with ``recipe`` and a slash."""
        statement = "DELETE FROM roll WHERE recipe > ? AND recipe < ? AND drive = ?"
        self.store.write((statement, [(f"{recipe}/", f"{recipe}0", drive_key(device))]))

    def settled(self, device: int) -> dict[bytes, str]:
        """Return what was settled among the files of one drive, by the caller's names."""
        statement = "SELECT name, contents FROM compared WHERE drive = ?"
        return self.store.table(statement, drive_key(device))

    def keep_settled(self, device: int, settled: Iterable[tuple[bytes, str]]) -> None:
        """Remember what was settled among the files of one drive, by names of the caller's."""
        statement = "INSERT OR REPLACE INTO compared (drive, name, contents) VALUES (?, ?, ?)"
        drive = drive_key(device)
        self.store.write((statement, ((drive, *one) for one in settled)))

    def forget_rolls(self) -> None:
        """Forget all rolls and what was settled: the next scan makes its own anew."""
        self.store.write(("DELETE FROM roll", [()]), ("DELETE FROM compared", [()]))

    def digests(self, device: int) -> dict[bytes, bytes]:
        """Return the SHA-256 digests of the files of one drive, by ``file_key``."""
        statement = "SELECT key, sha256 FROM file WHERE drive = ? AND sha256 IS NOT NULL"
        return self.store.table(statement, drive_key(device))

    def digest(self, identity: Identity) -> bytes | None:
        """Return the SHA-256 digest of one file."""
        statement = "SELECT sha256 FROM file WHERE drive = ? AND key = ?"
        found = self.store.rows(statement, drive_key(identity.device), file_key(identity))
        return found[0][0] if found else None

    def other_drives(self, devices: Collection[int]) -> list[int]:
        """Return the keys of the drives that files are known of, but those of these devices."""
        own = {drive_key(device) for device in devices}
        return [drive for drive in self._drives() if drive not in own]

    def answer_elsewhere(
        self, recipe: str, identity: Identity, drives: Collection[int]
    ) -> tuple[bytes, Answer] | None:
        """Return the edges and the answer of a file that has all of ``identity`` but the device.

        It is the same file on a drive that was mounted again, if its edges are still those.
        """
        statement = (
            "SELECT edges, answer FROM look JOIN file USING (drive, key) "
            "WHERE recipe = ? AND look.drive = ? AND key = ? AND edges IS NOT NULL"
        )
        key = file_key(identity)
        for drive in drives:
            for edges, answer in self.store.rows(statement, recipe, drive, key):
                return edges, answer
        return None

    def digest_elsewhere(
        self, identity: Identity, drives: Collection[int]
    ) -> tuple[bytes, bytes] | None:
        """Return the edges and the digest of such a file."""
        statement = (
            "SELECT edges, sha256 FROM file "
            "WHERE drive = ? AND key = ? AND edges IS NOT NULL AND sha256 IS NOT NULL"
        )
        key = file_key(identity)
        for drive in drives:
            for edges, digest in self.store.rows(statement, drive, key):
                return edges, digest
        return None

    def mark_used(self, device: int, keys: Iterable[bytes]) -> None:
        """Remember that these files were asked for now: what was not for longest goes first."""
        statement = "SELECT key FROM file WHERE drive = ? AND used < ?"
        now, drive = int(time.time()), drive_key(device)
        old = self.store.rows(statement, drive, now - _LASTING_SECONDS)
        if old:
            wanted = set(keys)
            stamped = [(now, drive, key) for (key,) in old if key in wanted]
            self.store.write(("UPDATE file SET used = ? WHERE drive = ? AND key = ?", stamped))

    def forget_oldest(self, count: int) -> None:
        """Forget the ``count`` files that were not asked for for the longest time."""
        oldest = "SELECT drive, key FROM file ORDER BY used, drive, key LIMIT ?"
        gone = self.store.rows(oldest, count)
        self.store.write(
            ("DELETE FROM file WHERE drive = ? AND key = ?", gone),
            (
                "DELETE FROM look WHERE (drive, key) NOT IN (SELECT drive, key FROM file)",
                [()],
            ),
        )

    def lasting_bytes(self) -> int:
        """Return what the fingerprints take that were asked for within the last week."""
        looks = (
            "SELECT count(*), sum(length(answer)) FROM look JOIN file USING (drive, key) "
            "WHERE used >= ?"
        )
        [(count, size)] = self.store.rows(looks, int(time.time()) - _LASTING_SECONDS) or [(0, 0)]
        rolls = self.store.rows("SELECT sum(length(packed)) FROM roll")
        answers = int(((size or 0) + count * _ROW_BYTES) * _PAGED)
        return answers + sum(row[0] or 0 for row in rolls)

    def counts(self) -> tuple[int, int]:
        """Return how many fingerprints and how many digests are kept."""
        looks = self.store.rows("SELECT count(*) FROM look WHERE length(key) = ?", KEY_BYTES)
        digests = self.store.rows("SELECT count(*) FROM file WHERE sha256 IS NOT NULL")
        return sum(row[0] for row in looks), sum(row[0] for row in digests)

    def files(self) -> int:
        """Return how many files something is known of."""
        return sum(row[0] for row in self.store.rows("SELECT count(*) FROM file"))

    def _drives(self) -> Iterator[int]:
        """Yield the drives, jumping from one to the next: they are few, their files are many."""
        found = self.store.rows("SELECT min(drive) FROM file")
        while found and found[0][0] is not None:
            yield found[0][0]
            found = self.store.rows("SELECT min(drive) FROM file WHERE drive > ?", found[0][0])
