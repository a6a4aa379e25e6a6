"""Looks at one picture in a worker process; it loads no NumPy, so that workers start quickly.

Nor does it load what decodes before a picture is there: who only hands out the work needs none.
"""

import os
from typing import TYPE_CHECKING, NamedTuple

from same_image_locator.facts_text import as_text
from same_image_locator.fingerprint.edge_digest import edges_digest
from same_image_locator.fingerprint.freshness import CHANGED, VANISHED, is_fresh
from same_image_locator.model import Identity

if TYPE_CHECKING:
    from same_image_locator.decode.glimpse import Glimpse
    from same_image_locator.decode.shrink import Small

MIN_SHORT, MIN_LONG = 8, 32
MIN_LONG_SIGNED = 20  # a second look at the pixels follows
SIGNED_LONGEST = 256  # pixels that a signature looks at, at least
_SMALL, _FLAT = "too small to compare", "too flat to compare"
# Mode similar compares by its bytes what shows nothing; the perceptual hashes do not.
_BY_BYTES, _NOT_AT_ALL = " by its looks", ": use --mode exact"


class Task(NamedTuple):
    """What a worker needs to know; plain values are quick to send.

    ``side`` is the raster's, ``sizes`` are those of the thumbnails to make. A file whose edges are
    ``known`` needs no look at all. With ``signed`` the answer is the picture's signature instead
    of its raster.
    """

    path: str
    identity: tuple[int, int, int, int]
    side: int
    sizes: tuple[int, ...] = ()
    known: bytes = b""
    signed: bool = False


class Seen(NamedTuple):
    """What a worker saw: a raster (or a signature), or the cause why there is none.

    A ``lasting`` cause is a property of the content: it is the same the next time. ``same`` says
    that the file's edges are those that were known.
    """

    greys: bytes = b""
    cause: str = ""
    lasting: bool = False
    same: bool = False
    edges: bytes = b""
    facts: str = ""
    thumbnails: tuple[tuple[int, bytes], ...] = ()


def look(task: Task) -> Seen:
    """Return a picture's grey raster with all that one decode gives, or what is wrong with it."""
    identity = Identity(*task.identity)
    try:
        edges = edges_digest(task.path, identity.size)
        if task.known and edges == task.known:
            seen = Seen(same=True, edges=edges)
        else:
            seen = _decoded(task, edges)
        if not is_fresh(os.lstat(task.path), identity):
            return Seen(cause=CHANGED)
    except FileNotFoundError:
        return Seen(cause=VANISHED)
    except OSError as error:
        return Seen(cause=f"cannot be opened: {error.strerror}")
    return seen


def is_compared_by_bytes(cause: str) -> bool:
    """Return whether mode similar compares by its bytes what has no signature for this cause."""
    return cause.endswith(_BY_BYTES)


def _decoded(task: Task, edges: bytes) -> Seen:
    from same_image_locator.decode.causes import DecodeError
    from same_image_locator.decode.glimpse import glimpse_and_small

    longest = SIGNED_LONGEST if task.signed else 0
    try:
        seen, small = glimpse_and_small(
            task.path, task.side, task.sizes, longest, colour=task.signed
        )
    except DecodeError as error:
        return Seen(cause=error.cause, lasting=error.lasting, edges=edges)
    cause = _unfit(seen, signed=task.signed)
    if cause:
        return Seen(cause=cause, lasting=True, edges=edges)
    made = tuple(zip(task.sizes, seen.thumbnails, strict=True))
    greys = _signature(small) if task.signed else seen.greys
    return Seen(greys, edges=edges, facts=as_text(seen.facts), thumbnails=made)


def _signature(small: "Small") -> bytes:
    """Return the picture's signature; only this mode needs NumPy in a worker."""
    from same_image_locator.decode.miniature import squares
    from same_image_locator.fingerprint import signature

    return signature.packed(signature.rows(*squares(small, signature.SIDE)))


def _unfit(seen: "Glimpse", *, signed: bool) -> str:
    """Return why a picture must not be compared by its looks: it would look like many others."""
    if seen.damage:
        return seen.damage
    width, height = seen.facts.width, seen.facts.height
    least, advice = (MIN_LONG_SIGNED, _BY_BYTES) if signed else (MIN_LONG, _NOT_AT_ALL)
    if min(width, height) < MIN_SHORT or max(width, height) < least:
        return _SMALL + advice
    return _FLAT + advice if seen.greys.count(seen.greys[0]) == len(seen.greys) else ""
