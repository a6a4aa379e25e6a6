"""Pictures and picture facts: small ones are kept in the cache, none is the file as it is."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence

from flask import Blueprint, Response, abort, request

from same_image_locator.cache import Cache, by_content, by_file
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.previews import Previews
from same_image_locator.errors import LocatorError
from same_image_locator.model import Facts, Metadata
from same_image_locator.plans import Entry
from same_image_locator.review import Review, UnknownGroup, View
from same_image_locator.review.enlargements import Enlargements
from same_image_locator.review.said_beside import said_with
from same_image_locator.web_review import tiles
from same_image_locator.web_review.pairs import TILED, VIEWS, Pairs
from same_image_locator.web_review.security import Secrets
from same_image_locator.web_review.staged_file import path_of

SIZES = (160, 480)
_NO_SUCH_SIZE = "pictures of that size are not made"
_IN_VIEW = 8  # as many as the page asks for first
_TURNS = 64  # different contents rarely wait for each other
_PATIENCE_SECONDS = 1.0  # for the picture that is being made when the review ends
_Maker = Callable[[View, Entry], bytes]
FOR_EVER = "private, max-age=31536000, immutable"
# Opened by itself, a picture is nothing but that: this policy holds together with the page's own.
_HEADERS = {"Cache-Control": FOR_EVER, "Content-Security-Policy": "sandbox; default-src 'none'"}


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
        self.pairs = Pairs(previews)
        self.tiles = tiles.Tiles(previews)
        self._turns = tuple(threading.Lock() for _ in range(_TURNS))
        self._unreadable: dict[str, str] = {}  # content to cause
        self._enlargements = Enlargements()
        self._metadata: dict[str, Metadata | None] = {}  # by content

    def thumbnail(self, view: View, entry: Entry, longest: int) -> bytes:
        """Return a JPEG of about ``longest`` pixels, one of ``SIZES``. Raises ``DecodeError``."""
        if longest not in SIZES:
            raise DecodeError(_NO_SUCH_SIZE)
        known = self._cache.thumbnail(longest, *_owners(entry))
        if known is not None:
            return known
        with self._turns[hash(entry.sha256) % _TURNS]:
            known = self._cache.thumbnail(longest, *_owners(entry))
            return self._made(view, entry)[longest] if known is None else known

    def view(self, view: View, entry: Entry, longest: int) -> bytes:
        """Return a JPEG to be looked at closely, which only the browser keeps.

        Raises:
            DecodeError: there is none.
        """
        if longest not in VIEWS:
            raise DecodeError(_NO_SUCH_SIZE)
        path = path_of(view, entry)
        if cause := self._unreadable.get(entry.sha256):
            raise DecodeError(cause)
        return self._previews.view(path, longest)

    @contextlib.contextmanager
    def ahead(self, review: Review) -> Iterator[None]:
        """Make the pictures that the page will show first, while the browser is still opening it.

        One after the other: the browser needs the processors too.
        """
        over = threading.Event()
        views = review.rows(0, 1).views

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
                known = self._previews.facts(path_of(view, entry))
            except DecodeError:
                return None
            self._cache.put(by_content(entry.sha256), facts=known)
        return known

    def metadata(self, view: View, entry: Entry) -> Metadata | None:
        """Return what was said of a picture in its file or beside it, None if one is unreadable."""
        if entry.sha256 not in self._metadata:
            found: Metadata | None = None
            with contextlib.suppress(DecodeError):
                found = self._previews.metadata(path_of(view, entry))
            self._metadata[entry.sha256] = found
        return said_with(view, entry, self._metadata[entry.sha256])

    def all_facts(self, view: View) -> list[Facts | None]:
        """Return what each picture of a group says of itself; files of one content are read once.

        Those of one group say the same, so that a group of identical files needs no reading for
        what is told of their differences.
        """
        read: dict[str, Facts | None] = {}
        for entry in view.entries:
            if entry.sha256 not in read:
                read[entry.sha256] = self.facts(view, entry)
        return self._looked(view, [read[entry.sha256] for entry in view.entries])

    def known_facts(self, view: View) -> list[Facts | None] | None:
        """Return what all pictures of a group say of themselves, None when one has to be read."""
        known = [self._cache.facts(*_owners(entry)) for entry in view.entries]
        if not all(known) or not self._enlargements.told(view.entries, known):
            return None
        return self._looked(view, known)

    def _looked(self, view: View, facts: Sequence[Facts | None]) -> list[Facts | None]:
        """Return the facts, enlargements told as such; that takes a decode, once for a picture."""
        return self._enlargements.looked(
            view.entries,
            facts,
            lambda entry, width, height: self._previews.fits(path_of(view, entry), width, height),
        )

    def _made(self, view: View, entry: Entry) -> dict[int, bytes]:
        """Decode a picture once, and keep all that the page will ask of it."""
        path = path_of(view, entry)
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


def address(view: View, file: int, longest: int, keys: Secrets) -> str:
    """Return the signed address of a picture; it changes with the content, so it never ages.

    That of ``TILED`` is one for all of its tiles: their column and row are to be put in.
    """
    if longest == TILED:
        path = f"/tile/{view.number}/{file}/{view.entries[file].sha256[:16]}"
        return f"{path}/{{column}}/{{row}}?k={keys.sign(path)}"
    kind = "view" if longest in VIEWS else "thumb"
    path = f"/{kind}/{view.number}/{file}/{view.entries[file].sha256[:16]}/{longest}"
    return f"{path}?k={keys.sign(path)}"


def blueprint(review: Review, gallery: Gallery, keys: Secrets) -> Blueprint:
    """Return the routes that serve pictures to addresses that this run has signed."""
    media = Blueprint("media", __name__)

    def served(number: int, file: int, digest: str, make: _Maker, signed: str) -> Response:
        if not keys.signed(signed, request.args.get("k", "")):
            abort(403, "This picture's address is not of this run")
        try:
            view = review.view(number)
            entry = view.entries[file]
            if entry.sha256[:16] != digest:
                abort(404, "There is no such picture")
            picture = make(view, entry)
        except (UnknownGroup, IndexError):
            abort(404, "There is no such picture")
        except DecodeError as error:
            abort(404, f"No preview: {error}")
        return Response(picture, mimetype="image/jpeg", headers=_HEADERS)

    @media.get("/thumb/<int:number>/<int:file>/<digest>/<int:longest>")
    def thumb(number: int, file: int, digest: str, longest: int) -> Response:
        return served(
            number, file, digest, lambda v, e: gallery.thumbnail(v, e, longest), request.path
        )

    @media.get("/view/<int:number>/<int:file>/<digest>/<int:longest>")
    def view(number: int, file: int, digest: str, longest: int) -> Response:
        return served(number, file, digest, lambda v, e: gallery.view(v, e, longest), request.path)

    tiles.routes(media, gallery.tiles, served)
    return media
