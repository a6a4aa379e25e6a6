"""The tripwire: fails a test when code outside the journal changes a file that is not its own.

Python announces every change to the file system with an audit event before it happens. Each event
below the tests' temporary folder is looked at: when the call comes from the program but not from
its journal package, the change is stopped and the test fails. What the tests themselves write is
free, and so are places that the program owns: its cache folder and its data folder, and a
``.json`` report that the user asked for.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import same_image_locator

PACKAGE = Path(same_image_locator.__file__).parent
_IN_PACKAGE = str(PACKAGE) + os.sep
_IN_JOURNAL = str(PACKAGE / "journal") + os.sep
_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# Event -> positions of (path, its folder descriptor or None) among the event's arguments.
_PATHS: dict[str, tuple[tuple[int, int | None], ...]] = {
    "open": ((0, None),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((1, 3),),
    "os.symlink": ((1, 2),),
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.mkdir": ((0, 2),),
    "os.truncate": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.setxattr": ((0, None),),
    "os.removexattr": ((0, None),),
    "shutil.copyfile": ((1, None),),
    "shutil.copytree": ((1, None),),
    "shutil.move": ((0, None), (1, None)),
    "shutil.rmtree": ((0, 1),),
    "shutil.unpack_archive": ((1, None),),
}


class TrippedError(AssertionError):
    """The program was about to change a file outside its journal."""


class Tripwire:
    """The rooms that are watched, and what tripped in them; ``arm`` once for the whole session."""

    def __init__(self) -> None:
        self.watched: list[str] = []
        self.free: list[str] = []
        self.tripped: list[str] = []

    def arm(self) -> None:
        """Watch from now on; an audit hook can never be taken away again."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        positions = _PATHS.get(event)
        if positions is None or not self.watched or not _writes(event, arguments):
            return
        for path in _paths(positions, arguments):
            if self._is_watched(path) and _comes_from_outside_the_journal():
                self.tripped.append(f"{event} on {path!r}")
                raise TrippedError(self.tripped[-1])

    def _is_watched(self, path: str) -> bool:
        name = os.path.basename(path)
        if name.endswith(".json") and not name.startswith("_"):
            return False
        return _below(path, self.watched) and not _below(path, self.free)


def _below(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def _writes(event: str, arguments: tuple[object, ...]) -> bool:
    if event != "open":
        return True
    mode, flags = arguments[1], arguments[2]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITING_FLAGS)


def _paths(
    positions: tuple[tuple[int, int | None], ...], arguments: tuple[object, ...]
) -> Iterator[str]:
    for at, folder_at in positions:
        path = arguments[at]
        if not isinstance(path, (str, bytes, os.PathLike)):
            continue  # an open descriptor: its opening was seen
        name = os.path.normpath(os.fsdecode(path))
        if os.path.isabs(name):  # as nearly all are: where a relative one begins is slow to tell
            yield name
            continue
        folder = arguments[folder_at] if folder_at is not None else None
        base = f"/proc/self/fd/{folder}" if isinstance(folder, int) and folder >= 0 else "."
        yield os.path.join(os.path.realpath(base), name)


def _comes_from_outside_the_journal() -> bool:
    frame: FrameType | None = sys._getframe()
    ours = False
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_IN_JOURNAL):
            return False
        ours = ours or file.startswith(_IN_PACKAGE)
        frame = frame.f_back
    return ours
