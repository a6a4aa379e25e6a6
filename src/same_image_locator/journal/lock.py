"""One run per decision folder: a second one is told so and changes nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from same_image_locator.errors import RefusedError

NAME = ".lock"


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Hold the decision folder's lock; the system gives it back when the process dies.

    Raises:
        RefusedError: another run holds it.
    """
    lock = FileLock(os.path.join(folder, NAME), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RefusedError(
            f"another run is working in {folder}",
            "Finish or stop that one first; nothing was changed",
        ) from None
    try:
        yield
    finally:
        lock.release()
