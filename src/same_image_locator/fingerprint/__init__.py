"""Gives photos their fingerprints, by the mode that the user chose."""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from same_image_locator import forked
from same_image_locator.cache import Cache
from same_image_locator.events import Listener
from same_image_locator.model import Examined, Group, Method, Photo, Problem
from same_image_locator.photos import Photos

if TYPE_CHECKING:
    from same_image_locator.fingerprint.algorithm import Algorithm, Signing

# A new perceptual algorithm is a new module with an ``ALGORITHM`` and one line here. They are
# named, not imported: no mode loads what another one needs.
_ALGORITHMS = {
    "ahash": "same_image_locator.fingerprint.ahash",
    "phash": "same_image_locator.fingerprint.phash",
    "similar": "same_image_locator.fingerprint.signature",
}
_SECOND_LOOK = "same_image_locator.similar.second_look"


def prepare(method: Method, *, at_once: bool = False) -> None:
    """Make ready what ``examine`` will need, as early in a run as possible.

    With ``at_once`` workers are wanted for certain, and soon.
    """
    if method.perceptual:
        from same_image_locator.decode import warm

        # Workers that look twice need what loads longest: once is enough for all of them.
        twice = method.mode == "similar"
        if twice:
            import_module("numpy")  # before the fork, so that it is loaded once for all of us
        module = _SECOND_LOOK if twice else "same_image_locator.fingerprint.look"
        warm.prepare(module, at_once=at_once)
        if method.mode not in _ALGORITHMS:
            algorithm_of(method.mode)  # what cannot be used is told before anything is begun


def prepare_helpers(method: Method) -> None:
    """Fork helpers for a scan, the first thing in a run."""
    if not method.perceptual:
        import_module("same_image_locator.fingerprint.helped")  # before, so that it is loaded once
    forked.prepare()


def algorithm_of(mode: str) -> "Algorithm | Signing":
    """Return what makes the fingerprints of a perceptual mode.

    Raises:
        UsageError: it is that of another package, and cannot be used.
    """
    if mode in _ALGORITHMS:
        found: Algorithm | Signing = import_module(_ALGORITHMS[mode]).ALGORITHM
        return found
    from same_image_locator.fingerprint.installed import installed

    return installed(mode)


def examine(
    photos: Sequence[Photo], method: Method, listener: Listener
) -> tuple[Sequence[Examined], list[Problem]]:
    """Return the photos with their fingerprints, in the order of ``photos``, and the problems.

    The method is a perceptual one. Each problem is also told to ``listener``. What the cache knows
    of an unchanged file is believed, and it keeps what is new.
    """
    from same_image_locator.fingerprint import pool

    forked.dismiss()
    with Cache(listener=listener) as cache:
        return pool.examine(photos, algorithm_of(method.mode), listener, cache)


def identical(
    photos: Sequence[Photo], listener: Listener, problems: list[Problem], *, digests: bool = True
) -> Iterator[list[Examined]]:
    """Yield photos with one and the same content, two or more, each list as soon as it is final.

    Their fingerprints are SHA-256 digests; without ``digests`` they are empty where that saves
    work. What cannot be read is added to ``problems`` at the end, in the order of ``photos``, and
    told to ``listener``.
    """
    from same_image_locator.fingerprint.exact import Examination
    from same_image_locator.fingerprint.memory import Memory

    with Cache(listener=listener) as cache, cache.recorder() as recorder:
        memory = Memory(cache.looks, recorder)
        examination = Examination(photos, listener, memory, digests=digests)
        try:
            yield from examination.groups()
        finally:
            forked.dismiss()
        if examination.problems:
            found = {problem.path: problem for problem in examination.problems}
            problems += [found[photo.path] for photo in photos if photo.path in found]


def forget_lonely_thumbnails(photos: Photos, groups: Iterable[Group]) -> None:
    """Drop the thumbnails that a scan made of photos that came into no group.

    They are made before it is known which photos have a twin; the others would fill the drive.
    """
    grouped = (member.examined.photo for group in groups for member in group.members)
    with Cache() as cache:
        cache.keep_thumbnails(photos.identities(), (one.identity for one in grouped))
        cache.keep_in_bounds()
