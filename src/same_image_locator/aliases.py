"""Tells one file from its other names: hard links, mounts, and two spellings of one path."""

import os
import re
import unicodedata

from same_image_locator.photos import Photos

_MOUNTS = "/proc/self/mountinfo"
# The kernel writes a space, tab, line break or backslash of a path as three octal digits.
_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")
_POINT = 4  # the field of a line that names the mount point


def folded(path: str) -> str:
    """Return what two spellings of a path share where letter case and Unicode forms are folded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


class Known:
    """The files, or the folders, that were met, each under the first of its names.

    Some network systems number no files: there, inode 0, only the spelling can tell.
    """

    def __init__(self) -> None:
        self._first: dict[tuple[int, int | str], str] = {}

    def met_as(self, device: int, inode: int, path: str) -> str | None:
        """Return the name that this file was met under before; None, and noted, when it is new."""
        key = (device, inode or folded(path))
        first = self._first.get(key)
        self._first.setdefault(key, path)
        return first


def one_per_file(photos: Photos) -> tuple[Photos, list[tuple[str, str]]]:
    """Return the photos by path, each under its first name, and (other name, first name) pairs.

    A hard link is no copy: removing one of the names frees nothing.
    """
    ordered = photos.by_path()
    inodes = set(ordered.inodes)
    if len(inodes) == len(ordered) and 0 not in inodes:
        return ordered, []
    known, kept, others = Known(), [], []
    for place, (path, one) in enumerate(zip(ordered.paths, ordered.identities(), strict=True)):
        first = known.met_as(one.device, one.inode, path)
        if first is None:
            kept.append(place)
        else:
            others.append((path, first))
    return ordered.chosen(kept), others


def mount_points(table: str = _MOUNTS) -> frozenset[str]:
    """Return the paths where something is mounted, as Linux tells them; elsewhere none.

    A bind mount has its origin's device number, and yet no file can be renamed across it.
    """
    try:
        with open(table, "rb") as file:
            lines = file.read().splitlines()
    except OSError:
        return frozenset()
    points = (line.split(b" ")[_POINT] for line in lines if line.count(b" ") >= _POINT)
    return frozenset(os.fsdecode(_OCTAL.sub(_character, point)) for point in points)


def drive(path: str, mounts: frozenset[str]) -> tuple[int, str]:
    """Return what two existing paths must share for a file to be renamed from one to the other.

    That is the device, and the mount that a real path lies in (the empty string when unknown).

    Raises:
        OSError: the path cannot be looked at.
    """
    device, above = os.stat(path).st_dev, path
    while above not in mounts:
        if above == os.path.dirname(above):
            return device, ""
        above = os.path.dirname(above)
    return device, above


def _character(code: re.Match[bytes]) -> bytes:
    return bytes([int(code[1], 8)])
