"""The one writer of a scan: what was seen is committed about each second, so little can be lost."""

import threading
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from same_image_locator.cache.keys import by_file, drive_key, file_key
from same_image_locator.cache.looks import Answer, Looks
from same_image_locator.cache.pictures import Pictures, Thumbnails, works
from same_image_locator.model import Identity

COMMIT_SECONDS = 1.0
# Thumbnails are made before it is known which photos have a twin, so they need a bound of their
# own; beyond it the page makes those that it needs.
THUMBNAIL_BYTES = 1 << 30

_SEEN = (
    "INSERT INTO file (drive, key, edges, used) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
    "SET edges = coalesce(excluded.edges, edges), used = excluded.used"
)
_DIGEST = (
    "INSERT INTO file (drive, key, edges, used, sha256) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET edges = coalesce(excluded.edges, edges), used = excluded.used, "
    "sha256 = excluded.sha256"
)
_LOOK = "INSERT OR REPLACE INTO look (recipe, drive, key, answer) VALUES (?, ?, ?, ?)"


class Recorder:
    """Collects what a scan sees; a context manager that commits the rest, whatever ends it.

    When the cache cannot be written, it stops collecting. Any thread may call it.
    """

    def __init__(self, looks: Looks, pictures: Pictures) -> None:
        self._looks, self._pictures = looks, pictures
        self._lock = threading.Lock()
        self._thumbnail_bytes = 0
        self._writable = True
        self._since: float | None = None
        self._clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.commit()

    @property
    def wants_thumbnails(self) -> bool:
        """Whether there is still room for thumbnails of this scan."""
        return self._writable and self._thumbnail_bytes < THUMBNAIL_BYTES

    def seen(self, recipe: str, identity: Identity, answer: Answer, edges: bytes) -> None:
        """Keep a file's fingerprint, or why it has none, with the digest of its edges."""
        drive, key = drive_key(identity.device), file_key(identity)
        with self._lock:
            self._files.append((drive, key, edges, int(time.time())))
            self._answers.append((recipe, drive, key, answer))
        self._commit_in_time()

    def pictured(self, identity: Identity, thumbnails: Thumbnails, facts: str) -> None:
        """Keep a file's thumbnails, as far as there is room, and its facts."""
        with self._lock:
            self._thumbnail_bytes += sum(len(jpeg) for _, jpeg in thumbnails)
            self._made.append((by_file(identity), thumbnails, facts))
        self._commit_in_time()

    def hashed(self, digest: bytes, files: Iterable[tuple[Identity, bytes | None]]) -> None:
        """Keep the SHA-256 digest of files with one content, and the digests of their edges."""
        with self._lock:
            self._digests += [(identity, digest, edges) for identity, edges in files]
        self._commit_in_time()

    def commit(self) -> None:
        """Write what was collected; the fingerprints first, which cost most to make again."""
        with self._lock:
            if self._writable and (self._files or self._digests):
                self._writable = self._looks.store.write(
                    (_SEEN, self._files), (_LOOK, self._answers), (_DIGEST, _rows(self._digests))
                )
            if self._writable and self._made:
                self._writable = self._pictures.store.write(*works(self._made))
            self._clear()

    def _commit_in_time(self) -> None:
        now = time.monotonic()
        if self._since is None:
            self._since = now
        if now - self._since >= COMMIT_SECONDS:
            self.commit()

    def _clear(self) -> None:
        self._files: list[tuple[int, bytes, bytes, int]] = []
        self._answers: list[tuple[str, int, bytes, Answer]] = []
        self._digests: list[tuple[Identity, bytes, bytes | None]] = []
        self._made: list[tuple[bytes, Thumbnails, str]] = []
        self._since = None


def _rows(
    digests: Iterable[tuple[Identity, bytes, bytes | None]],
) -> Iterator[tuple[int, bytes, bytes | None, int, bytes]]:
    now = int(time.time())
    for identity, digest, edges in digests:
        yield drive_key(identity.device), file_key(identity), edges, now, digest
