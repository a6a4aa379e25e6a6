"""Gives photos their fingerprints, by the mode that the user chose."""

from collections.abc import Iterator, Sequence
from importlib import import_module

from same_image_locator.events import Listener
from same_image_locator.model import Examined, Method, Mode, Photo, Problem

# A new perceptual algorithm is a new module with an ``ALGORITHM`` and one line here. They are
# named, not imported, so that exact mode never loads numpy or Pillow.
_ALGORITHMS: dict[Mode, str] = {
    "ahash": "same_image_locator.fingerprint.ahash",
    "phash": "same_image_locator.fingerprint.phash",
}


def examine(
    photos: Sequence[Photo], method: Method, listener: Listener
) -> tuple[list[Examined], list[Problem]]:
    """Return the photos with their fingerprints, in the order of ``photos``, and the problems.

    In exact mode a photo that shares its size and first bytes with no other is left out: nothing
    can be identical to it. Each problem is also told to ``listener``.
    """
    if not method.perceptual:
        from same_image_locator.fingerprint import exact

        return exact.examine(photos, listener)
    from same_image_locator.fingerprint import pool

    algorithm = import_module(_ALGORITHMS[method.mode]).ALGORITHM
    return pool.examine(photos, algorithm, listener)


def identical(
    photos: Sequence[Photo], listener: Listener, problems: list[Problem]
) -> Iterator[list[Examined]]:
    """Yield photos with one and the same content, two or more, each list as soon as it is final.

    What cannot be read is added to ``problems``, and told to ``listener``.
    """
    from same_image_locator.fingerprint.exact import Examination

    examination = Examination(photos, listener)
    yield from examination.groups()
    problems += examination.problems
