"""A file system that is only looked at: what would change stays in memory, for ``--dry-run``.

The journal works on it as on the real one. So what a dry run tells is what the real run would
do, with names that are taken, files that have changed and interrupted runs in the account.
"""

import errno
import hashlib
import os
from enum import Enum

from same_image_locator.journal.kernel import Kernel, Status
from same_image_locator.model import Identity


class _Now(Enum):
    FOLDER = "a folder that would be made"
    NOTHING = "nothing any more"


# What would lie at a path: the file of a real path, or a text of ours, or one of the above.
_Node = str | bytearray | _Now


class Rehearsal:
    """A kernel over a real one, on which nothing is changed."""

    def __init__(self, real: Kernel) -> None:
        self._real = real
        self._nodes: dict[str, _Node] = {}
        self._touched: dict[str, set[str]] = {}  # the names of those nodes, by folder
        self._trash: set[tuple[str, Identity]] = set()

    def status(self, path: str) -> Status | None:
        """Return what would lie at ``path``."""
        node = self._nodes.get(path, path)
        if isinstance(node, str):
            return self._real.status(node)
        if node is _Now.NOTHING:
            return None
        if node is _Now.FOLDER:
            return Status("folder", Identity(0, 0, 0, 0))
        return Status("file", Identity(0, id(node), len(node), 0))

    def names(self, folder: str) -> list[str]:
        """Return the sorted names that a folder would hold."""
        touched = self._touched.get(folder, set())
        there = {n for n in touched if self._nodes[os.path.join(folder, n)] is not _Now.NOTHING}
        return sorted(set(self._real.names(folder)) - touched | there)

    def read(self, path: str) -> bytes:
        """Return a whole small file."""
        node = self._at(path)
        return self._real.read(node) if isinstance(node, str) else bytes(node)

    def sha256(self, path: str) -> str:
        """Return the digest of a photo, read where it really lies, or of a text of ours."""
        node = self._at(path)
        if isinstance(node, str):
            return self._real.sha256(node)
        return hashlib.sha256(node).hexdigest()

    def same_bytes(self, left: str, right: str) -> bool:
        """Return whether two different photos hold the same bytes."""
        return self._real.same_bytes(str(self._at(left)), str(self._at(right)))

    def free_bytes(self, folder: str) -> int:
        """Return how much more the drive of a folder can hold now."""
        while self._real.status(folder) is None:
            folder = os.path.dirname(folder)  # it would be made
        return self._real.free_bytes(folder)

    def make_folder(self, path: str) -> None:
        """Note a new folder."""
        self._put(path, _Now.FOLDER)

    def remove_folder(self, path: str) -> None:
        """Note that an empty folder would be gone."""
        self._set(path, _Now.NOTHING)

    def move(self, source: str, target: str) -> None:
        """Note that a file would lie elsewhere; raises ``FileExistsError`` as the real one."""
        found, present = self.status(source), self.status(target)
        # Two names of one file are what a rename leaves that died between link and unlink.
        if not (found and present and found.links > 1 and found.identity == present.identity):
            self._put(target, self._at(source))
        self._set(source, _Now.NOTHING)

    def copy(self, source: str, target: str) -> None:
        """Note a copy: it would hold what its source holds."""
        self._put(target, self._at(source))

    def forget_cached(self, path: str) -> None:
        """Do nothing, for nothing was written."""

    def link(self, source: str, target: str) -> None:
        """Note a second name; raises ``FileExistsError`` as the real one."""
        self._put(target, self._at(source))

    def trash(self, path: str) -> None:
        """Note that a trash would hold the file, as a working one does."""
        if found := self.status(path):
            self._trash.add((path, found.identity))
        self._set(path, _Now.NOTHING)

    def trashed(self, path: str, identity: Identity) -> bool:
        """Return whether the trash would hold that file."""
        return (path, identity) in self._trash or self._real.trashed(path, identity)

    def remove(self, path: str) -> None:
        """Note that a file would be gone."""
        self._set(path, _Now.NOTHING)

    def create(self, path: str, data: bytes) -> None:
        """Note a new text; raises ``FileExistsError`` when the name is taken."""
        self._put(path, bytearray(data))

    def append(self, path: str, data: bytes) -> None:
        """Note by what a text would grow."""
        node = self._at(path)
        text = bytearray(self._real.read(node)) if isinstance(node, str) else node
        text.extend(data)
        self._set(path, text)

    def truncate(self, path: str, size: int) -> None:
        """Note that a text would lose its end."""
        self._set(path, bytearray(self.read(path)[:size]))

    def replace(self, path: str, data: bytes) -> None:
        """Note the new content of a text."""
        self._set(path, bytearray(data))

    def sync_file(self, path: str) -> None:
        """Do nothing, for nothing was written."""

    def sync_folder(self, path: str) -> None:
        """Do nothing, for nothing was written."""

    def _at(self, path: str) -> str | bytearray:
        node = self._nodes.get(path, path)
        if isinstance(node, _Now):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return node

    def _put(self, path: str, node: _Node) -> None:
        if self.status(path) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
        self._set(path, node)

    def _set(self, path: str, node: _Node) -> None:
        folder, name = os.path.split(path)
        self._nodes[path] = node
        self._touched.setdefault(folder, set()).add(name)
