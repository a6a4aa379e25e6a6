"""Computes perceptual fingerprints on all cores; a file that cannot be read costs only itself."""

from collections.abc import Sequence

import numpy as np

from same_image_locator.decode.worker import Lost, Workers
from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted, Troubled
from same_image_locator.fingerprint.algorithm import Algorithm
from same_image_locator.fingerprint.look import Task, look
from same_image_locator.model import Examined, Photo, Problem

_AT_ONCE = 128  # rasters: enough to spread NumPy's overhead, few enough for the processor's cache


def examine(
    photos: Sequence[Photo], algorithm: Algorithm, listener: Listener
) -> tuple[list[Examined], list[Problem]]:
    """Return the photos with their 8-byte fingerprints, in the given order, and the problems.

    A picture of one single grey, or of hardly any pixels, is a problem too: it would look like
    every other such picture.
    """
    size = sum(photo.identity.size for photo in photos)
    listener(StepStarted("fingerprint", len(photos), size))
    tasks = [_task(photo, algorithm.side) for photo in photos]
    prints: dict[int, bytes] = {}
    rasters: dict[int, bytes] = {}
    troubles: dict[int, Problem] = {}
    with Workers() as workers:
        for index, answer in workers.run(look, tasks):
            if isinstance(answer, bytes):
                rasters[index] = answer
            else:
                detail = answer.cause if isinstance(answer, Lost) else answer
                troubles[index] = Problem(photos[index].path, "fingerprint", detail)
                listener(Troubled(troubles[index]))
            listener(Advanced("fingerprint", 1, photos[index].identity.size))
            if len(rasters) == _AT_ONCE:
                prints |= _fingerprints(rasters, algorithm)
                rasters.clear()
    prints |= _fingerprints(rasters, algorithm)
    summary = f"{len(prints):,} of {len(photos):,} pictures have a fingerprint"
    listener(StepFinished("fingerprint", summary))
    examined = [Examined(photos[index], prints[index]) for index in sorted(prints)]
    return examined, [troubles[index] for index in sorted(troubles)]


def _task(photo: Photo, side: int) -> Task:
    seen = photo.identity
    return photo.path, seen.device, seen.inode, seen.size, seen.mtime_ns, side


def _fingerprints(rasters: dict[int, bytes], algorithm: Algorithm) -> dict[int, bytes]:
    """Return the fingerprint of each raster, computed together: one alone is mostly overhead."""
    if not rasters:
        return {}
    greys = np.frombuffer(b"".join(rasters.values()), np.uint8)
    bits = algorithm.bits(greys.reshape(-1, algorithm.side, algorithm.side))
    rows = np.packbits(bits, axis=1)
    return {index: row.tobytes() for index, row in zip(rasters, rows, strict=True)}
