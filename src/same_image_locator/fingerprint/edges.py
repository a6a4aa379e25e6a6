"""Reads the first and the last block of files, to tell most of them apart before more is read."""

from collections.abc import Sequence
from typing import NamedTuple

from same_image_locator.fingerprint.pace import Pace
from same_image_locator.fingerprint.reading import Reading, UnreadableError
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
    read_bytes = 0
    for photo in photos:
        try:
            reading = Reading(photo, pace, turns)
        except UnreadableError as error:
            found.troubles.append((photo, str(error)))
            continue
        try:
            first, last = reading.edge(0), reading.edge()
            found.keys.append((photo, (photo.identity.size, hash((first, last)))))
            read_bytes += len(first) + len(last)
            reading.prove()
        except UnreadableError as error:
            reading.trouble = str(error)
        finally:
            reading.shut()
        if reading.trouble:
            found.troubles.append((photo, reading.trouble))
    return found._replace(read_bytes=read_bytes)
