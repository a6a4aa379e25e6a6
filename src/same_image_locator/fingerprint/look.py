"""Looks at one picture in a worker process; it loads no NumPy, so that workers start quickly."""

import os

from same_image_locator.decode import DecodeError, raster
from same_image_locator.fingerprint.freshness import CHANGED, VANISHED, is_fresh
from same_image_locator.model import Identity

MIN_SIDE = 8
_SMALL = f"smaller than {MIN_SIDE} pixels on a side: use --mode exact"
_FLAT = "too flat to compare: use --mode exact"

# Path, device, inode, size, mtime_ns, and the raster's side: plain values are quick to send.
Task = tuple[str, int, int, int, int, int]


def look(task: Task) -> bytes | str:
    """Return a picture's grey raster, or what is wrong with it."""
    path, device, inode, size, mtime_ns, side = task
    try:
        width, height, greys = raster(path, side)
        if not is_fresh(os.lstat(path), Identity(device, inode, size, mtime_ns)):
            return CHANGED
    except FileNotFoundError:
        return VANISHED
    except DecodeError as error:
        return error.cause if os.path.lexists(path) else VANISHED
    if min(width, height) < MIN_SIDE:
        return _SMALL
    return greys if min(greys) != max(greys) else _FLAT
