"""The system's trash: hand a file over, and prove afterwards that it really lies there.

Trashes fail in silence on some drives: the file is gone for good, or nothing happened. So the
caller keeps a second name of the file until ``holds`` has found the very file in a trash folder.
"""

import os
import sys
from collections.abc import Iterator

from same_image_locator.model import Identity


def hand_over(path: str) -> None:
    """Ask the system to move a file to its trash.

    Raises:
        OSError: the system refuses.
    """
    from send2trash import send2trash

    send2trash(path)


def holds(path: str, identity: Identity) -> bool:
    """Return whether the file that was handed over as ``path`` is found in a trash folder.

    Known are the trashes of the freedesktop.org specification (The FreeDesktop.org Trash
    specification 1.0, 2014), where each file needs a note of its origin, and those of macOS. On
    other systems nothing can be proven.
    """
    stem, extension = os.path.splitext(os.path.basename(path))
    for files, notes in _trash_folders(path):
        for name in _names(files, stem, extension):
            noted = notes is None or os.path.isfile(os.path.join(notes, f"{name}.trashinfo"))
            if noted and _is(os.path.join(files, name), identity):
                return True
    return False


def _trash_folders(path: str) -> Iterator[tuple[str, str | None]]:
    """Yield (folder of the files, folder of the notes) of every trash that may have taken it."""
    if sys.platform == "win32":  # pragma: no cover - its trash renames what it takes
        return
    home, top, user = os.path.expanduser("~"), _mount_point(path), str(os.getuid())
    if sys.platform == "darwin":  # pragma: no cover - tested on the others
        yield os.path.join(home, ".Trash"), None
        yield os.path.join(top, ".Trashes", user), None
        return
    data = os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    for trash in (
        os.path.join(data, "Trash"),
        os.path.join(top, ".Trash", user),
        os.path.join(top, f".Trash-{user}"),
    ):
        yield os.path.join(trash, "files"), os.path.join(trash, "info")


def _names(files: str, stem: str, extension: str) -> list[str]:
    """Return the names in a trash that the file may have got: its own, or that with an addition."""
    try:
        return [n for n in os.listdir(files) if n.startswith(stem) and n.endswith(extension)]
    except OSError:
        return []


def _is(path: str, identity: Identity) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return (found.st_dev, found.st_ino) == (identity.device, identity.inode)


def _mount_point(path: str) -> str:
    path = os.path.dirname(path)
    while not os.path.ismount(path):
        path = os.path.dirname(path)
    return path
