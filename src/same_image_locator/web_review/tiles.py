"""The true pixels of very large pictures, in tiles: each is decoded once, and a few are held."""

import threading
from collections.abc import Callable
from typing import TypeAlias

from flask import Blueprint, Response

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.previews import Previews
from same_image_locator.plans import Entry
from same_image_locator.review import View
from same_image_locator.web_review.staged_file import path_of

# Answers with a picture of a file, made so, if the address in the end is a signed one.
Served: TypeAlias = Callable[[int, int, str, Callable[[View, Entry], bytes], str], Response]

_HELD_BYTES = 256_000_000  # of JPEG; that picture which is looked at is held in any case


class Tiles:
    """Holds what was looked at last, since one who looks at 100 % goes on doing so."""

    def __init__(self, previews: Previews) -> None:
        self._previews = previews
        self._held: dict[str, tuple[int, list[bytes]]] = {}  # by content, the last used one last
        self._refused: dict[str, str] = {}  # content to cause
        self._one_at_a_time = threading.Lock()  # decoded whole, such a picture takes much memory

    def tile(self, view: View, entry: Entry, column: int, row: int) -> bytes:
        """Return a JPEG of the tile in this place.

        Raises:
            DecodeError: the picture cannot be decoded in full, or has no such tile.
        """
        with self._one_at_a_time:
            found = self._held.pop(entry.sha256, None)
            if found is None:
                found = self._cut(path_of(view, entry), entry.sha256)
            self._held[entry.sha256] = found
            self._let_go()
        columns, tiles = found
        place = row * columns + column
        if column >= columns or place >= len(tiles):
            raise DecodeError("there is no such tile")
        return tiles[place]

    def _cut(self, path: str, content: str) -> tuple[int, list[bytes]]:
        """Have all tiles made; what fails once would take as long again, tile by tile."""
        if cause := self._refused.get(content):
            raise DecodeError(cause)
        try:
            return self._previews.tiles(path)
        except DecodeError as error:
            self._refused[content] = error.cause
            raise

    def _let_go(self) -> None:
        sizes = {content: sum(map(len, tiles)) for content, (_, tiles) in self._held.items()}
        while len(self._held) > 1 and sum(sizes[one] for one in self._held) > _HELD_BYTES:
            del self._held[next(iter(self._held))]


def routes(media: Blueprint, tiles: Tiles, served: Served) -> None:
    """Add the tiles; one signature holds for all of a file."""

    @media.get("/tile/<int:number>/<int:file>/<digest>/<int:column>/<int:row>")
    def tile(number: int, file: int, digest: str, column: int, row: int) -> Response:
        def made(view: View, entry: Entry) -> bytes:
            return tiles.tile(view, entry, column, row)

        return served(number, file, digest, made, f"/tile/{number}/{file}/{digest}")
