"""Decides how a drive is best read: how many files at once, in which order, how much at a time."""

import errno
import os
from collections.abc import Sequence
from typing import NamedTuple

from same_image_locator.model import Photo

_KIB, _MIB = 1 << 10, 1 << 20
NOWAIT = getattr(os, "RWF_NOWAIT", 0)
_SAMPLE = 32
_NEARLY_ALL = 0.9
_ROTATIONAL = "/sys/dev/block/{}:{}/{}queue/rotational"


class Pace(NamedTuple):
    """How the photos of one run are read.

    ``readers`` files may wait for the drive at once. ``tells`` says whether the system can be
    asked what memory holds already, so that no thread need wait for a drive unawares. With
    ``held`` it holds nearly all of them.
    """

    readers: int
    chunk_bytes: int
    by_inode: bool
    tells: bool
    held: bool = False


def pace_of(photos: Sequence[Photo]) -> Pace:
    """Return how to read these photos: as the slowest of their drives is best read.

    What memory holds is read in any order. A drive that turns is read from one place at a time,
    in the order in which its files are likely to lie, and in long stretches, since files that are
    compared side by side are far apart. The others are fastest when asked for much at once.
    """
    sample = photos[:: len(photos) // _SAMPLE + 1]
    answers = [_is_resident(photo.path) for photo in sample]
    tells = None not in answers
    if answers.count(True) > len(answers) * _NEARLY_ALL:
        # Whoever waits holds up to 20 MB of other files, and few will have to.
        return Pace(3, 256 * _KIB, by_inode=False, tells=tells, held=True)
    rotating = {_rotates(device) for device in {photo.identity.device for photo in sample}}
    if True in rotating:
        return Pace(1, 2 * _MIB, by_inode=True, tells=tells)
    if None in rotating:  # a share in the network, or a system that does not say
        return Pace(4, _MIB, by_inode=True, tells=tells)
    return Pace(8, 256 * _KIB, by_inode=False, tells=tells)


def held_in_memory(descriptor: int, offset: int) -> bool:
    """Return whether a read at ``offset`` would be answered without the drive, by asking for it.

    The system may begin to fetch what it does not hold: where the file is advised to be read at
    random, one page.

    Raises:
        OSError: the system cannot tell, or the file cannot be read.
    """
    try:
        os.preadv(descriptor, [bytearray(1)], offset, NOWAIT)
    except BlockingIOError:
        return False
    return True


def _is_resident(path: str) -> bool | None:
    """Return whether memory holds a file's beginning; None when the system cannot tell."""
    if not NOWAIT:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)
        return held_in_memory(descriptor, 0)
    except OSError as error:
        return None if error.errno == errno.EOPNOTSUPP else False
    finally:
        os.close(descriptor)


def _rotates(device: int, table: str = _ROTATIONAL) -> bool | None:
    """Return what Linux knows of a drive, or of the drive that a partition is on; else None."""
    for above in ("", "../"):
        try:
            with open(table.format(os.major(device), os.minor(device), above), "rb") as file:
                return file.read(1) == b"1"
        except (OSError, AttributeError):  # Windows knows no device numbers
            continue
    return None
