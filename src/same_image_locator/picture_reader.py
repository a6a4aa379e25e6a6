"""Reads facts and thumbnails wherever files lie: the cache knows them, or a worker process does.

It is for what tells of groups without the page.
"""

from same_image_locator.cache import Cache, by_content, by_file
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.previews import Previews
from same_image_locator.model import Facts, Identity, Metadata
from same_image_locator.plans import Entry
from same_image_locator.review import View
from same_image_locator.review.enlargements import Enlargements
from same_image_locator.review.said_beside import said_with

THUMBNAIL = 160  # pixels of the longer side, as the page's list has them


class PictureReader:
    """Asks the cache first, for the content and for the unchanged file."""

    def __init__(self, cache: Cache, previews: Previews) -> None:
        self._cache = cache.pictures
        self._previews = previews
        self._enlargements = Enlargements()

    def facts(self, view: View) -> list[Facts | None]:
        """Return what each picture of a group says of itself; one content is read once."""
        staged = view.staged
        read: dict[str, Facts | None] = {}
        for entry in staged.entries:
            if entry.sha256 not in read:
                read[entry.sha256] = self._facts(staged.path_of(entry), entry)
        facts = [read[entry.sha256] for entry in staged.entries]
        return self._enlargements.looked(
            staged.entries,
            facts,
            lambda entry, width, height: self._previews.fits(staged.path_of(entry), width, height),
        )

    def thumbnail(self, path: str, identity: Identity, sha256: str) -> bytes | None:
        """Return a small JPEG of a file, None where it is no readable picture."""
        known = self._cache.thumbnail(THUMBNAIL, by_content(sha256), by_file(identity))
        if known is not None:
            return known
        try:
            facts, (jpeg,) = self._previews.pictures(path, (THUMBNAIL,))
        except DecodeError:
            return None
        self._cache.put(by_content(sha256), [(THUMBNAIL, jpeg)], facts)
        return jpeg

    def metadata(self, view: View, entry: Entry) -> Metadata | None:
        """Return what was said of a picture in its file or beside it, None if one is unreadable."""
        try:
            said = self._previews.metadata(view.staged.path_of(entry))
        except DecodeError:
            return None
        return said_with(view, entry, said)

    def _facts(self, path: str, entry: Entry) -> Facts | None:
        known = self._cache.facts(by_content(entry.sha256), by_file(entry.identity))
        if known is None:
            try:
                known = self._previews.facts(path)
            except DecodeError:
                return None
            self._cache.put(by_content(entry.sha256), facts=known)
        return known
