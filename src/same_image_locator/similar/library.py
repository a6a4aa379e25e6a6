"""The photos of a library as an earlier walk found them, as long as no folder has changed since.

Whoever asks for one picture would wait for the walk more than for all the rest. The times of a
folder change when a name in it comes, goes or becomes another; so as long as they stand, the same
names are there. What was written over in place is not seen so: whoever opens a photo has to look.
"""

import hashlib
import os
import time
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from same_image_locator.aliases import mount_points
from same_image_locator.cache import Looks
from same_image_locator.events import Listener, StepFinished, StepStarted
from same_image_locator.model import Problem
from same_image_locator.photos import Photos
from same_image_locator.scan import scan
from same_image_locator.wording import plural

_RECIPE = "walk/1"
_NAME_BYTES = _STATE_BYTES = 16
# The clock of a file system may stand still for two seconds: within them a name could come unseen.
_UNSURE_NS = 3_000_000_000
_COLUMNS = "Qqq"  # inodes, sizes, times
_END = "\0"  # in no path


class Library(NamedTuple):
    """Photos, what could not be listed, and whether an earlier walk has found all that."""

    photos: Photos
    problems: list[Problem]
    remembered: bool


def remembered(root: str, own_folder: str, looks: Looks, listener: Listener) -> Library | None:
    """Return what the last walk found under ``root``; None when a folder has changed since."""
    try:
        device = os.stat(root).st_dev
        state, folders, photos = _unpacked(looks.roll(_name(root, own_folder), device), device)
        if _state(root, folders)[0] != state:
            return None
    except (OSError, ValueError):
        return None
    listener(StepStarted("scan"))
    listener(StepFinished("scan", f"{plural(len(photos), 'photo')} known, no folder has changed"))
    return Library(photos, [], remembered=True)


def walked(root: str, own_folder: str, looks: Looks, listener: Listener) -> Library:
    """Walk through ``root``, and remember what was found if all of it could be listed."""
    folders: list[str] = []
    began = time.time_ns()
    photos, problems = scan(
        root, own_folder, include_all=False, listener=listener, entered=folders.append
    )
    try:
        state, changed = _state(root, folders)
        if not problems and changed < began - _UNSURE_NS:
            packed = _packed(state, folders, photos)
            looks.keep_roll(_name(root, own_folder), photos.device, packed)
    except OSError:
        pass  # a folder is gone already: there is nothing worth remembering
    return Library(photos, problems, remembered=False)


def forget(device: int, looks: Looks) -> None:
    """Forget all walks on a drive: files were met that they may have seen as others."""
    looks.drop_rolls(_RECIPE, device)


def _name(root: str, own_folder: str) -> str:
    both = os.fsencode(root) + b"\0" + os.fsencode(own_folder)
    return f"{_RECIPE}/{hashlib.blake2b(both, digest_size=_NAME_BYTES).hexdigest()}"


def _state(root: str, folders: Sequence[str]) -> tuple[bytes, int]:
    """Return what changes when a name does in one of the folders, and when that was last (ns).

    Raises:
        OSError: one cannot be looked at.
    """
    latest = 0
    below = os.path.join(root, "")
    mounts = sorted(point for point in mount_points() if point.startswith(below))
    digest = hashlib.blake2b(repr(mounts).encode(), digest_size=_STATE_BYTES)
    for folder in folders:
        status = os.lstat(folder)
        times = status.st_mtime_ns, status.st_ctime_ns
        latest = max(latest, *times)
        digest.update(b"%d %d %d %d " % (status.st_dev, status.st_ino, *times))
    return digest.digest(), latest


def _packed(state: bytes, folders: Sequence[str], photos: Photos) -> bytes:
    columns = [
        one for one in (photos.inodes, photos.sizes, photos.mtimes) if isinstance(one, array)
    ]
    if len(columns) < len(_COLUMNS):
        return b""  # numbers too large for a column
    names = [os.fsencode(_END.join(paths)) for paths in (folders, photos.paths)]
    counts = array("Q", (len(photos), *map(len, names)))
    return b"".join([state, counts.tobytes(), *(one.tobytes() for one in columns), *names])


def _unpacked(packed: bytes, device: int) -> tuple[bytes, list[str], Photos]:
    """Raises ValueError: it holds no walk."""
    state, rest = packed[:_STATE_BYTES], memoryview(packed)[_STATE_BYTES:]
    counts = array("Q")
    counts.frombytes(rest[: 3 * counts.itemsize])
    count, length, others = counts
    rest = rest[3 * counts.itemsize :]
    columns = []
    for kind in _COLUMNS:
        column = array(kind)
        column.frombytes(rest[: count * column.itemsize])
        columns.append(column)
        rest = rest[count * column.itemsize :]
    folders, paths = (
        os.fsdecode(bytes(part)).split(_END) if part else []
        for part in (rest[:length], rest[length:])
    )
    if len(rest) != length + others or {len(paths), *map(len, columns)} != {count}:
        raise ValueError("no walk")
    photos = Photos(device)
    photos.extend(paths, *columns)
    return state, folders, photos
