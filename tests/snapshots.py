"""All that a tree is, so that "the same as before" can be said of every attribute."""

import contextlib
import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

_NO_ATTRIBUTES = {errno.ENOTSUP, errno.EPERM, errno.EACCES}


class Seen(NamedTuple):
    """One file, folder or link; a folder's own time is left out, since each move in it sets it."""

    kind: str
    content: str
    mtime_ns: int
    mode: int
    owner: tuple[int, int]
    attributes: tuple[tuple[str, bytes], ...]


Tree = dict[str, Seen]


def tree(root: str | os.PathLike[str]) -> Tree:
    """Return everything below ``root`` by its path from there."""
    found: Tree = {}
    for folder, folders, names in os.walk(root):
        for name in [*folders, *names]:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, root)] = seen(path)
    return found


def seen(path: str) -> Seen:
    """Return all that one path is; links are not followed."""
    status = os.lstat(path)
    kind, content, time = "other", "", status.st_mtime_ns
    if stat.S_ISLNK(status.st_mode):
        kind, content = "link", os.readlink(path)
    elif stat.S_ISDIR(status.st_mode):
        kind, time = "folder", 0
    elif stat.S_ISREG(status.st_mode):
        kind, content = "file", hashlib.sha256(Path(path).read_bytes()).hexdigest()
    owner = status.st_uid, status.st_gid
    return Seen(kind, content, time, stat.S_IMODE(status.st_mode), owner, attributes(path))


def attributes(path: str) -> tuple[tuple[str, bytes], ...]:
    """Return a path's extended attributes, ACLs included; none where the system knows none."""
    if not hasattr(os, "listxattr"):
        return ()
    try:
        names = sorted(os.listxattr(path, follow_symlinks=False))
        return tuple((name, os.getxattr(path, name, follow_symlinks=False)) for name in names)
    except OSError as error:
        if error.errno in _NO_ATTRIBUTES:
            return ()
        raise


def mark(path: str, name: str, value: bytes) -> bool:
    """Set an extended attribute; returns whether this file system takes it."""
    if not hasattr(os, "setxattr"):
        return False
    with contextlib.suppress(OSError):
        os.setxattr(path, name, value)
        return True
    return False


def contents(found: Tree) -> set[str]:
    """Return the different contents of a tree's files."""
    return {each.content for each in found.values() if each.kind == "file"}
