"""A disk in memory behind the journal's kernel: it answers as the real one does, and forgets.

Folders and files are numbered (inodes); a path is only a way through the folders' entries. Every
change is logged as the smallest steps that a disk can lose on its own, so that ``sim_models`` can
tell which of them a power cut leaves behind. Nothing renames a folder, so moves are for files.
A folder may lie on another drive than the one above it; what is made in it lies there as well.
"""

import errno
import functools
import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from same_image_locator.journal.kernel import Status
from same_image_locator.model import Identity

ROOT = 1
TRASH = "/trash"
# What holds these bytes comes out wrong when it is copied, and the trash deletes it in silence.
UNFIT = b"unfit"


@dataclass(frozen=True, slots=True)
class Edit:
    """Entries (folder, name, what it names from now on or None) that change in one transaction."""

    entries: tuple[tuple[int, str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Write:
    """A file's whole content and time from this moment on."""

    inode: int
    content: bytes
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A file or folder whose changes so far are on the disk."""

    inode: int


Operation = Edit | Write | Sync


@dataclass(slots=True)
class Image:
    """What a disk holds: entries by folder, content and time by file, and the device of each.

    ``pinned`` are the files that may not be moved.
    """

    folders: dict[int, dict[str, int]] = field(default_factory=lambda: {ROOT: {}})
    files: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    devices: dict[int, int] = field(default_factory=lambda: {ROOT: 1})
    pinned: set[int] = field(default_factory=set)

    def copy(self) -> "Image":
        """Return an image that can change on its own."""
        folders = {inode: dict(entries) for inode, entries in self.folders.items()}
        return Image(folders, dict(self.files), dict(self.devices), set(self.pinned))

    def apply(self, operation: Operation) -> None:
        """Let one logged step happen; an entry that is gone already stays gone."""
        if isinstance(operation, Edit):
            for folder, name, inode in operation.entries:
                if inode is None:
                    self.folders[folder].pop(name, None)
                else:
                    self.folders[folder][name] = inode
        elif isinstance(operation, Write):
            self.files[operation.inode] = (operation.content, operation.mtime_ns)

    def walk(self, folder: int = ROOT, path: str = "") -> dict[str, tuple[bytes, int]]:
        """Return every file that can be reached, by path: its content and time."""
        found: dict[str, tuple[bytes, int]] = {}
        for name, inode in self.folders[folder].items():
            if inode in self.folders:
                found |= self.walk(inode, f"{path}/{name}")
            else:
                found[f"{path}/{name}"] = self.files[inode]
        return found


class SimKernel:
    """The journal's kernel on an image; ``log`` holds what it did since ``base``."""

    def __init__(
        self, base: Image, log: Sequence[Operation] = (), now: Image | None = None
    ) -> None:
        self.base = base.copy()
        self.log = list(log)
        self.image = (now or base).copy()
        self.clock = 1_700_000_000_000_000_000 + len(self.log)
        # Files that may have a second name; all others need not be counted.
        names = Counter(i for entries in self.image.folders.values() for i in entries.values())
        self._linked = {inode for inode, count in names.items() if count > 1}
        self._last = max(base.folders.keys() | base.files.keys())
        if now is None:
            for operation in log:
                self.image.apply(operation)

    def fork(self) -> "SimKernel":
        """Return a disk with the same past that can change on its own."""
        return SimKernel(self.base, self.log, self.image)

    def status(self, path: str) -> Status | None:
        try:
            folder, inode = self.look(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if inode in self.image.folders:
            return Status("folder", Identity(self.image.devices[inode], inode, 0, 0))
        content, mtime = self.image.files[inode]
        identity = Identity(self.image.devices[folder], inode, len(content), mtime)
        return Status("file", identity, self._links(inode))

    def _links(self, inode: int) -> int:
        if inode not in self._linked:
            return 1
        return sum(list(e.values()).count(inode) for e in self.image.folders.values())

    def names(self, folder: str) -> list[str]:
        try:
            return sorted(self.image.folders[self._folder(folder)])
        except (FileNotFoundError, NotADirectoryError):
            return []

    def read(self, path: str) -> bytes:
        return self.image.files[self._file(path)][0]

    def sha256(self, path: str) -> str:
        return _digest(self.read(path))

    def free_bytes(self, folder: str) -> int:
        self._folder(folder)
        return 1 << 40

    def same_bytes(self, left: str, right: str) -> bool:
        one, other = self._file(left), self._file(right)
        return one != other and self.image.files[one][0] == self.image.files[other][0]

    def make_folder(self, path: str) -> None:
        folder, name = self._free(path)
        inode = self._new()
        self.image.folders[inode] = {}
        self.image.devices[inode] = self.image.devices[folder]
        # The number is the folder's for ever; without its entry nobody can get there.
        self.base.folders[inode] = {}
        self.base.devices[inode] = self.image.devices[folder]
        self.happen(Edit(((folder, name, inode),)))

    def make_drive(self, path: str, device: int) -> None:
        """Plug an empty drive in at a folder that is made for it."""
        self.make_folder(path)
        _, inode = self.look(path)
        self.base.devices[inode] = self.image.devices[inode] = device

    def remove_folder(self, path: str) -> None:
        folder, inode = self.look(path)
        if inode not in self.image.folders:
            raise _error(errno.ENOTDIR, path)
        if self.image.folders[inode]:
            raise _error(errno.ENOTEMPTY, path)
        self.happen(Edit(((folder, os.path.basename(path), None),)))

    def move(self, source: str, target: str) -> None:
        here, there = self._folder(os.path.dirname(source)), self._folder(os.path.dirname(target))
        _, inode = self.look(source)
        old, new = os.path.basename(source), os.path.basename(target)
        if self.image.devices[here] != self.image.devices[there]:
            raise _error(errno.EXDEV, source)
        if inode in self.image.pinned:
            raise _error(errno.EPERM, source)
        if self.image.folders[there].get(new) == inode and self._links(inode) > 1:
            self.remove(source)  # two names of one file: the rename has been made
            return
        if new in self.image.folders[there]:
            raise _error(errno.EEXIST, source)
        self.happen(Edit(((here, old, None), (there, new, inode))))

    def copy(self, source: str, target: str) -> None:
        content, mtime = self.image.files[self._file(source)]
        content = content.replace(UNFIT, b"UNFIT")
        self.create(target, content)
        # The time is set last; until then the copy has the time of its writing.
        self.happen(Write(self._file(target), content, mtime))

    def forget_cached(self, path: str) -> None:
        self.look(path)

    def link(self, source: str, target: str) -> None:
        _, inode = self.look(source)
        folder, name = self._free(target)
        if inode in self.image.folders:
            raise _error(errno.EPERM, source)
        self._linked.add(inode)
        self.happen(Edit(((folder, name, inode),)))

    def trash(self, path: str) -> None:
        """Move to a folder of the same device that no other call here knows of."""
        if self.status(TRASH) is None:
            self.make_folder(TRASH)
        _, inode = self.look(path)
        if UNFIT in self.image.files[inode][0]:
            self.remove(path)
        else:
            self.move(path, f"{TRASH}/{inode}")

    def trashed(self, path: str, identity: Identity) -> bool:
        return self.status(f"{TRASH}/{identity.inode}") is not None

    def remove(self, path: str) -> None:
        folder, inode = self.look(path)
        if inode in self.image.folders:
            raise _error(errno.EISDIR, path)
        self.happen(Edit(((folder, os.path.basename(path), None),)))

    def create(self, path: str, data: bytes) -> None:
        folder, name = self._free(path)
        inode = self._new()
        # A file whose first bytes are lost is there, and empty.
        self.base.files[inode] = (b"", 0)
        self.base.devices[inode] = self.image.devices[inode] = self.image.devices[folder]
        self.image.files[inode] = (b"", self.clock)
        self.happen(Edit(((folder, name, inode),)))
        self._write(inode, data)

    def append(self, path: str, data: bytes) -> None:
        self._write(self._file(path), data)

    def truncate(self, path: str, size: int) -> None:
        inode = self._file(path)
        self._set(inode, self.image.files[inode][0][:size].ljust(size, b"\0"))

    def replace(self, path: str, data: bytes) -> None:
        temporary = f"{path}.new"
        if self.status(temporary) is None:
            self.create(temporary, data)
        else:
            inode = self._file(temporary)
            self._set(inode, b"")
            self._write(inode, data)
        self.sync_file(temporary)
        folder, inode = self.look(temporary)
        name = os.path.basename(path)
        if self.image.folders[folder].get(name) in self.image.folders:
            raise _error(errno.EISDIR, path)
        self.happen(Edit(((folder, f"{name}.new", None), (folder, name, inode))))

    def sync_file(self, path: str) -> None:
        _, inode = self.look(path)
        self.happen(Sync(inode))

    def sync_folder(self, path: str) -> None:
        self.happen(Sync(self._folder(path)))

    def happen(self, operation: Operation) -> None:
        """Log one step and let it happen."""
        self.log.append(operation)
        self.image.apply(operation)

    def _new(self) -> int:
        self._last += 1
        return self._last

    def _write(self, inode: int, data: bytes) -> None:
        """Add data in two steps, since a write may end half-way."""
        before = self.image.files[inode][0]
        if len(data) > 1:
            self._set(inode, before + data[: len(data) // 2])
        if data:
            self._set(inode, before + data)

    def _set(self, inode: int, content: bytes) -> None:
        self.clock += 1
        self.happen(Write(inode, content, self.clock))

    def look(self, path: str) -> tuple[int, int]:
        """Return the folder that a path lies in, and what it names."""
        folder = here = ROOT
        for part in _parts(path):
            entries = self.image.folders.get(here)
            if entries is None:
                raise _error(errno.ENOTDIR, path)
            if part not in entries:
                raise _error(errno.ENOENT, path)
            folder, here = here, entries[part]
        return folder, here

    def _folder(self, path: str) -> int:
        _, inode = self.look(path)
        if inode not in self.image.folders:
            raise _error(errno.ENOTDIR, path)
        return inode

    def _file(self, path: str) -> int:
        _, inode = self.look(path)
        if inode in self.image.folders:
            raise _error(errno.EISDIR, path)
        return inode

    def _free(self, path: str) -> tuple[int, str]:
        folder, name = self._folder(os.path.dirname(path)), os.path.basename(path)
        if name in self.image.folders[folder]:
            raise _error(errno.EEXIST, path)
        return folder, name


def _error(number: int, path: str) -> OSError:
    return OSError(number, os.strerror(number), path)


@functools.cache
def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)


@functools.cache
def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
