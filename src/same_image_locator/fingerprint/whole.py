"""Tells small files of one size apart: each is read once, as a whole."""

from collections.abc import Callable, Sequence

from same_image_locator.fingerprint.reading import UnreadableError
from same_image_locator.fingerprint.room import Blocks
from same_image_locator.model import Photo

WHOLE_BYTES = 1 << 17  # up to here, to look at the last block before costs more than it saves
CROWD_BYTES = 16 << 20  # of one size, at most; only what differs is held

_TELLING_BYTES = 64  # the end of a file tells most apart

Trouble = tuple[Photo, str]


def told_apart(
    photos: Sequence[Photo], read: Callable[[Photo, memoryview], None], room: Blocks
) -> tuple[list[tuple[memoryview, list[Photo]]], list[Trouble]]:
    """Return each content with its photos, and the photos that could not be read.

    The contents stay in ``room`` until that is cleared.
    """
    size = photos[0].identity.size
    ends: dict[bytes, list[tuple[bytearray, int, list[Photo]]]] = {}
    contents: list[tuple[memoryview, list[Photo]]] = []
    troubles: list[Trouble] = []
    for photo in photos:
        piece = room.free(size)
        try:
            read(photo, piece)
        except UnreadableError as error:
            troubles.append((photo, str(error)))
            continue
        alike = ends.setdefault(bytes(piece[-_TELLING_BYTES:]), [])
        for block, start, same in alike:
            # Much quicker than to compare two views, which Python does item by item.
            if block.startswith(piece, start):
                same.append(photo)
                break
        else:
            alike.append((*room.taken(size), [photo]))
            contents.append((piece, alike[-1][2]))
    return contents, troubles
