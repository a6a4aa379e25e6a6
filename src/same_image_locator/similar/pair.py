"""Two files to look at: what is handed out to workers, and is known without looking at pixels."""

from typing import NamedTuple

from same_image_locator.model import Identity

_CHUNK = 1 << 20


class Pair(NamedTuple):
    """Two files to compare; ``view``, ``whole`` and ``window`` are a candidate's."""

    one: tuple[str, Identity]
    other: tuple[str, Identity]
    view: int | None = None
    whole: bool = False
    window: int | None = None


def same_bytes(one: str, other: str) -> bool:
    """Return whether two files hold the same bytes."""
    with open(one, "rb") as first, open(other, "rb") as second:
        while True:
            piece = first.read(_CHUNK)
            if piece != second.read(_CHUNK):
                return False
            if not piece:
                return True
