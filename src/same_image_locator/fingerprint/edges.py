"""Reads the first and the last block of files, to tell most of them apart before more is read."""

from collections.abc import Sequence
from typing import NamedTuple

from same_image_locator.fingerprint.pace import Pace
from same_image_locator.fingerprint.reading import EDGE_BYTES, Reading, UnreadableError
from same_image_locator.fingerprint.turns import Turns
from same_image_locator.model import Photo


class Edges(NamedTuple):
    """What a pass over some files found.

    ``keys`` are equal for files of one size and equal edges, and hardly ever for others;
    ``read_bytes`` are the bytes read.
    """

    keys: list[tuple[Photo, tuple[int, int]]]
    troubles: list[tuple[Photo, str]]
    read_bytes: int


def edges_of(photos: Sequence[Photo], pace: Pace, turns: Turns) -> Edges:
    """Read the edges of these files, in the given order; the thread holds the turn."""
    found = Edges([], [], 0)
    buffer = memoryview(bytearray(EDGE_BYTES))
    read_bytes = 0
    for photo in photos:
        try:
            reading = Reading(photo, pace, turns)
        except UnreadableError as error:
            found.troubles.append((photo, str(error)))
            continue
        try:
            size = photo.identity.size
            piece = buffer[: min(size, EDGE_BYTES)]
            reading.edge(piece, 0)
            first = bytes(piece)
            reading.edge(piece, size - len(piece))
            found.keys.append((photo, (size, hash((first, bytes(piece))))))
            read_bytes += 2 * len(piece)
            reading.prove()
        except UnreadableError as error:
            reading.trouble = str(error)
        finally:
            reading.shut()
        if reading.trouble:
            found.troubles.append((photo, reading.trouble))
    return found._replace(read_bytes=read_bytes)
