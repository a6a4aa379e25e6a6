"""Watches every change that the journal announces, and judges it before it happens."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import foreign

_PREFIX = "same_image_locator."
_HARMLESS = {"sync_file", "sync_folder"}


class Photo(NamedTuple):
    """A file of the user's as it is: where it lies, under each of its names, and what it is."""

    paths: frozenset[str]
    content: str
    size: int
    mtime_ns: int
    mode: int


State = dict[int, Photo]


def state(room: Path) -> State:
    """Return the user's files by inode."""
    found: State = {}
    for path in foreign.photos(room):
        status = path.stat()
        names = found[status.st_ino].paths if status.st_ino in found else frozenset()
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[status.st_ino] = Photo(
            names | {str(path)}, content, status.st_size, status.st_mtime_ns, status.st_mode
        )
    return found


class Watch:
    """What is wrong with the changes seen so far: outside of our folders, or without a witness."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.changes = 0
        self._room: Path | None = None
        sys.addaudithook(self._hear)

    @contextmanager
    def over(self, room: Path) -> Iterator[None]:
        """Watch a room."""
        self._room, self.changes = room, 0
        self.wrong.clear()
        try:
            yield
        finally:
            self._room = None

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._room is None or not event.startswith(_PREFIX):
            return
        room, kind = self._room, event.removeprefix(_PREFIX)
        if kind in _HARMLESS:
            return
        self.changes += 1
        self._room = None  # what the watch itself reads is no change
        try:
            self._judge(room, kind, [str(each) for each in arguments if isinstance(each, str)])
        finally:
            self._room = room

    def _judge(self, room: Path, kind: str, paths: list[str]) -> None:
        ours = (str(room / "photos"), str(room / "decide"))
        for path in paths:
            if path not in ours and not path.startswith(tuple(each + os.sep for each in ours)):
                self.wrong.append(f"{kind} of {path} is outside")
        leaving = kind == "move" and "/.set-aside/" in paths[1] and "/.set-aside/" not in paths[0]
        ending = kind == "remove" and "/.set-aside/" in paths[0]
        # The files of a perceptual group are no copies of each other.
        if (ending or leaving) and "_phash_" not in paths[0]:
            self._need_witness(room, kind, paths[0])

    def _need_witness(self, room: Path, kind: str, path: str) -> None:
        if Path(path).suffix == ".xmp" or not os.path.lexists(path):
            return  # a companion goes with its photo
        inode = os.stat(path).st_ino
        known = state(room)
        content = known[inode].content
        others = [
            each
            for number, each in known.items()
            if number != inode and each.content == content
            for place in each.paths
            if not place.startswith(str(room / "decide"))
        ]
        if not others:
            self.wrong.append(f"{kind} of {path} without a witness")


WATCH = Watch()
