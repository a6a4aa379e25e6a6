"""The fingerprint of one picture, made in this process."""

import os

import numpy as np

from same_image_locator.errors import LocatorError, UsageError
from same_image_locator.fingerprint.algorithm import Algorithm, Signing
from same_image_locator.fingerprint.look import Task, look


def hashed(path: str, algorithm: Algorithm | Signing) -> bytes:
    """Return a picture's 64 bits.

    Raises:
        LocatorError: it cannot be looked at, or must not be compared by its looks.
    """
    if isinstance(algorithm, Signing):
        raise UsageError(
            f"Mode {algorithm.name} compares more than fingerprints", "Use find or `sil compare`"
        )
    try:
        status = os.stat(path)
    except OSError as error:
        raise LocatorError(f"{path} cannot be read: {error.strerror}") from error
    identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    seen = look(Task(path, identity, algorithm.side))
    if not seen.greys:
        raise LocatorError(f"{path}: {seen.cause}")
    raster = np.frombuffer(seen.greys, np.uint8).reshape(1, algorithm.side, algorithm.side)
    return np.packbits(algorithm.bits(raster), axis=1).tobytes()
