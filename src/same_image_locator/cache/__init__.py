"""Keeps what can be made again between runs, in SQLite; it may be deleted at any time."""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from same_image_locator.cache.keys import by_content, by_file, file_key
from same_image_locator.cache.looks import Answer, Looks
from same_image_locator.cache.pictures import Pictures, Thumbnails
from same_image_locator.cache.recorder import Recorder
from same_image_locator.cache.spool import Spool
from same_image_locator.cache.upkeep import Stats, keep_in_bounds, remove, stats, trim
from same_image_locator.events import Listener, ignore
from same_image_locator.model import Identity
from same_image_locator.own_folders import own_folder

__all__ = [
    "Answer",
    "Cache",
    "Looks",
    "Pictures",
    "Recorder",
    "Spool",
    "Stats",
    "Thumbnails",
    "by_content",
    "by_file",
    "default_folder",
    "file_key",
    "remove",
]


def default_folder() -> str:
    """Return ``SIL_CACHE_DIR``, or else this user's folder for what can be made again."""
    return own_folder("SIL_CACHE_DIR", "cache")


class Cache:
    """What earlier runs saw of the files, and what their pictures look like when small.

    No method ever raises because of the cache itself: a damaged or outdated one is made anew, and
    where none can be written, nothing is found and nothing is kept. Any thread may call it.
    """

    def __init__(self, folder: str | None = None, listener: Listener = ignore) -> None:
        self.folder = folder or default_folder()
        self.looks = Looks(self.folder, listener)
        self.pictures = Pictures(self.folder, listener)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def recorder(self) -> Recorder:
        """Return the writer for one scan; to be used as a context manager."""
        return Recorder(self.looks, self.pictures)

    def keep_thumbnails(self, scanned: Iterable[Identity], grouped: Iterable[Identity]) -> None:
        """Drop the thumbnails of those files of a scan that came into no group."""
        gone = self.pictures.owners() - {by_file(identity) for identity in grouped}
        if gone and (gone := gone.intersection(map(by_file, scanned))):
            self.pictures.drop(gone)
            self.pictures.store.shrink()

    def stats(self) -> Stats:
        """Return how much is kept, of what."""
        return stats(self.folder, self.looks, self.pictures)

    def trim(self, size: int) -> None:
        """Forget what was not used for the longest time, until at most ``size`` bytes are left."""
        trim(self.looks, self.pictures, size)

    def keep_in_bounds(self) -> None:
        """Trim a cache that has outgrown its limit, to somewhat below it."""
        keep_in_bounds(self.folder, self.looks, self.pictures)

    def close(self) -> None:
        """Let go of the files; from then on nothing is found or kept."""
        self.looks.store.close()
        self.pictures.store.close()
