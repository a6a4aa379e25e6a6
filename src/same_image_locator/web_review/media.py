"""Small pictures and picture facts: made once, kept in the cache, never the full file."""

import contextlib
import os
import stat
import threading
from collections.abc import Iterator

from flask import Blueprint, Response, abort, request

from same_image_locator.cache import Cache, by_content, by_file
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.previews import Previews
from same_image_locator.errors import LocatorError
from same_image_locator.model import Facts
from same_image_locator.plans import Entry
from same_image_locator.review import Review, UnknownGroup, View
from same_image_locator.web_review.security import Secrets

SIZES = (160, 480)
_IN_VIEW = 8  # as many as the page asks for first
_TURNS = 64  # different contents rarely wait for each other
_PATIENCE_SECONDS = 1.0  # for the picture that is being made when the review ends
FOR_EVER = "private, max-age=31536000, immutable"


class Gallery:
    """Gives the previews and facts of staged files, from the cache when it knows them.

    It looks for the content first, then for the file: a staged one is still the file that the scan
    looked at, under another name. What nobody knows is made in a worker process: a picture that
    kills its decoder leaves the server standing. Whoever asks for a content that is being decoded
    waits for that.
    """

    def __init__(self, cache: Cache, previews: Previews) -> None:
        self._cache = cache.pictures
        self._previews = previews
        self._turns = tuple(threading.Lock() for _ in range(_TURNS))
        self._unreadable: dict[str, str] = {}  # content to cause

    def thumbnail(self, view: View, entry: Entry, longest: int) -> bytes:
        """Return a JPEG of about ``longest`` pixels. Raises ``DecodeError``."""
        known = self._cache.thumbnail(longest, *_owners(entry))
        if known is not None:
            return known
        with self._turns[hash(entry.sha256) % _TURNS]:
            known = self._cache.thumbnail(longest, *_owners(entry))
            return self._made(view, entry)[longest] if known is None else known

    @contextlib.contextmanager
    def ahead(self, review: Review) -> Iterator[None]:
        """Make the pictures that the page will show first, while the browser is still opening it.

        One after the other: the browser needs the processors too.
        """
        over = threading.Event()
        _, views = review.rows(0, 1)

        def make() -> None:
            for view in views:
                for entry in view.entries[:_IN_VIEW]:
                    if over.is_set():
                        return
                    # Whoever asks for it will be told.
                    with contextlib.suppress(DecodeError, LocatorError):
                        self.thumbnail(view, entry, max(SIZES))

        making = threading.Thread(target=make, name="ahead", daemon=True)
        making.start()
        try:
            yield
        finally:
            over.set()
            making.join(_PATIENCE_SECONDS)

    def facts(self, view: View, entry: Entry) -> Facts | None:
        """Return what a file's picture says of itself, None when it is no readable picture."""
        known = self._cache.facts(*_owners(entry))
        if known is None:
            try:
                known = self._previews.facts(_regular(view, entry))
            except DecodeError:
                return None
            self._cache.put(by_content(entry.sha256), facts=known)
        return known

    def all_facts(self, view: View) -> list[Facts | None]:
        """Return what each picture of a group says of itself; files of one content are read once.

        Those of one group say the same, so that a group of identical files needs no reading for
        what is told of their differences.
        """
        read: dict[str, Facts | None] = {}
        for entry in view.entries:
            if entry.sha256 not in read:
                read[entry.sha256] = self.facts(view, entry)
        return [read[entry.sha256] for entry in view.entries]

    def known_facts(self, view: View) -> list[Facts] | None:
        """Return what all pictures of a group say of themselves, None when one has to be read."""
        known = [self._cache.facts(*_owners(entry)) for entry in view.entries]
        found = [facts for facts in known if facts]
        return found if len(found) == len(known) else None

    def _made(self, view: View, entry: Entry) -> dict[int, bytes]:
        """Decode a picture once, and keep all that the page will ask of it."""
        path = _regular(view, entry)
        if cause := self._unreadable.get(entry.sha256):
            raise DecodeError(cause)
        try:
            facts, pictures = self._previews.pictures(path, SIZES)
        except DecodeError as error:
            self._unreadable[entry.sha256] = error.cause
            raise
        made = dict(zip(SIZES, pictures, strict=True))
        self._cache.put(by_content(entry.sha256), tuple(made.items()), facts)
        return made


def _owners(entry: Entry) -> tuple[bytes, bytes]:
    return by_content(entry.sha256), by_file(entry.identity)


def _regular(view: View, entry: Entry) -> str:
    """Return the path of a staged file, which must be a file and not a link to one."""
    path = os.path.join(view.staged.folder, entry.name)
    try:
        mode = os.lstat(path).st_mode
    except OSError as error:
        raise DecodeError(error.strerror or "it cannot be read") from error
    if os.path.basename(entry.name) != entry.name or not stat.S_ISREG(mode):
        raise DecodeError("not a regular file")
    return path


def address(view: View, file: int, longest: int, keys: Secrets) -> str:
    """Return the signed address of a preview; it changes with the content, so it never ages."""
    path = f"/thumb/{view.number}/{file}/{view.entries[file].sha256[:16]}/{longest}"
    return f"{path}?k={keys.sign(path)}"


def blueprint(review: Review, gallery: Gallery, keys: Secrets) -> Blueprint:
    """Return the route that serves previews to addresses that this run has signed."""
    media = Blueprint("media", __name__)

    @media.get("/thumb/<int:number>/<int:file>/<digest>/<int:longest>")
    def thumb(number: int, file: int, digest: str, longest: int) -> Response:
        if not keys.signed(request.path, request.args.get("k", "")):
            abort(403, "This picture's address is not of this run")
        try:
            view = review.view(number)
            entry = view.entries[file]
            if longest not in SIZES or entry.sha256[:16] != digest:
                abort(404, "There is no such picture")
            picture = gallery.thumbnail(view, entry, longest)
        except (UnknownGroup, IndexError):
            abort(404, "There is no such picture")
        except DecodeError as error:
            abort(404, f"No preview: {error}")
        return Response(picture, mimetype="image/jpeg", headers={"Cache-Control": FOR_EVER})

    return media
