"""How two files of a group lie on each other, found out once and remembered for the run."""

import threading
from typing import Any

from flask import Blueprint, Response, jsonify

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.previews import Previews
from same_image_locator.decode.tiles import SIDE
from same_image_locator.errors import LocatorError
from same_image_locator.plans import Entry
from same_image_locator.review import Review, UnknownGroup, View
from same_image_locator.similar.aligning import aligned
from same_image_locator.similar.alignment import WHOLE, Alignment
from same_image_locator.web_review.rows import Thumbs
from same_image_locator.web_review.staged_file import path_of

VIEWS = (1600, 4096, 8192)  # pixels of the longer side: at first, and as one looks closer
TILED = 0  # stands for all pixels of what is larger than that, in tiles
_REMEMBERED = 2000  # pairs
_TURNS = 16  # different pairs rarely wait for each other


class Pairs:
    """Gives the alignments of pairs; each is worked out in a worker process, once."""

    def __init__(self, previews: Previews) -> None:
        self._previews = previews
        self._known: dict[tuple[str, str], Alignment] = {}
        self._turns = tuple(threading.Lock() for _ in range(_TURNS))

    def alignment(self, view: View, first: Entry, second: Entry) -> Alignment:
        """Return how the second file lies on the first; what cannot be looked at has a reason."""
        if first.sha256 == second.sha256:
            return Alignment(WHOLE, tier="identical")
        pair = first.sha256, second.sha256
        with self._turns[hash(pair) % _TURNS]:
            known = self._known.get(pair)
            if known is None:
                known = self._found(view, first, second)
                while len(self._known) >= _REMEMBERED:
                    self._known.pop(next(iter(self._known)), None)
                self._known[pair] = known
            return known

    def _found(self, view: View, first: Entry, second: Entry) -> Alignment:
        try:
            return self._previews.ask(aligned, (path_of(view, first), path_of(view, second)))
        except (DecodeError, LocatorError) as error:
            return Alignment(reason=str(error))


def routes(api: Blueprint, review: Review, pairs: Pairs, address: Thumbs) -> None:
    """Add what a comparison asks for: the addresses of large pictures, and how they lie."""

    @api.get("/groups/<int:number>/views")
    def views(number: int) -> Response:
        view = review.view(number)
        files = [
            [address(view, file, longest) for longest in VIEWS] for file in range(len(view.entries))
        ]
        tiles = [address(view, file, TILED) for file in range(len(view.entries))]
        return jsonify({"longest": VIEWS, "files": files, "side": SIDE, "tiles": tiles})

    @api.get("/groups/<int:number>/pair/<int:first>/<int:second>")
    def pair(number: int, first: int, second: int) -> Response:
        view = review.view(number)
        if max(first, second) >= len(view.entries):
            raise UnknownGroup("There is no such file in this group")
        found = pairs.alignment(view, view.entries[first], view.entries[second])
        return jsonify(_told(found))


def _told(found: Alignment) -> dict[str, Any]:
    return {**found._asdict(), "matrix": found.matrix or None}
