"""The few system calls that change a disk, behind one small object; nothing else may make them.

Each changing call announces itself with ``sys.audit`` before it happens: a move made through
``ctypes`` raises no audit event of its own, and both the tripwire and the crash tests rely on it.
"""

import ctypes
import errno
import hashlib
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, Literal, NamedTuple, Protocol

from same_image_locator.journal import copying, trash
from same_image_locator.model import Identity

_BLOCK = 1 << 20
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)
_READ = os.O_RDONLY | _NO_FOLLOW | _BINARY | _CLOSE_ON_EXEC
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_FOLLOW | _CLOSE_ON_EXEC
# What a file system answers that does not know "rename without replacing", or does not know links.
_NOT_SUPPORTED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM}


class Status(NamedTuple):
    """What lies at a path, the path itself never followed when it is a link.

    ``links`` is the number of names that the file has: removing one of several frees nothing.
    """

    kind: Literal["file", "folder", "other"]
    identity: Identity
    links: int = 1


class Disk(Protocol):
    """What may be asked of a file system without changing it; planners see no more than this."""

    def status(self, path: str) -> Status | None: ...
    def names(self, folder: str) -> list[str]: ...
    def read(self, path: str) -> bytes: ...
    def sha256(self, path: str) -> str: ...
    def free_bytes(self, folder: str) -> int: ...


class Kernel(Disk, Protocol):
    """All that the journal asks of a file system; tests put a forgetful one in its place."""

    def same_bytes(self, left: str, right: str) -> bool: ...
    def make_folder(self, path: str) -> None: ...
    def remove_folder(self, path: str) -> None: ...
    def move(self, source: str, target: str) -> None: ...
    def copy(self, source: str, target: str) -> None: ...
    def forget_cached(self, path: str) -> None: ...
    def link(self, source: str, target: str) -> None: ...
    def trash(self, path: str) -> None: ...
    def trashed(self, path: str, identity: Identity) -> bool: ...
    def remove(self, path: str) -> None: ...
    def create(self, path: str, data: bytes) -> None: ...
    def append(self, path: str, data: bytes) -> None: ...
    def truncate(self, path: str, size: int) -> None: ...
    def replace(self, path: str, data: bytes) -> None: ...
    def sync_file(self, path: str) -> None: ...
    def sync_folder(self, path: str) -> None: ...


def identity_of(status: os.stat_result) -> Identity:
    """Return what tells this file from any other and from an edited version of itself."""
    return Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@contextmanager
def named(path: str) -> Iterator[None]:
    """Let an error of the system name the file: a call on an open one names its number at most."""
    try:
        yield
    except OSError as error:
        if not isinstance(error.filename, str):
            error.filename = path
        raise


class RealKernel:
    """The operating system's own file system; every method raises ``OSError`` as it comes."""

    def status(self, path: str) -> Status | None:
        """Return what lies at ``path``, or None when nothing does."""
        try:
            found = os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if stat.S_ISREG(found.st_mode):
            return Status("file", identity_of(found), found.st_nlink)
        return Status("folder" if stat.S_ISDIR(found.st_mode) else "other", identity_of(found))

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder; none when the folder is missing."""
        try:
            return sorted(os.listdir(folder))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def read(self, path: str) -> bytes:
        """Return a whole small file."""
        with named(path), open(os.open(path, _READ), "rb") as file:
            return file.read()

    def sha256(self, path: str) -> str:
        """Return the hexadecimal SHA-256 digest of a file, read in blocks."""
        with named(path), open(os.open(path, _READ), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def free_bytes(self, folder: str) -> int:
        """Return how much more the drive of a folder can hold."""
        return shutil.disk_usage(folder).free

    def same_bytes(self, left: str, right: str) -> bool:
        """Return whether two different files hold the same bytes, by comparing all of them."""
        with open(os.open(left, _READ), "rb") as one, open(os.open(right, _READ), "rb") as other:
            if os.path.sameopenfile(one.fileno(), other.fileno()):
                return False
            while block := one.read(_BLOCK):
                if block != other.read(_BLOCK):
                    return False
            return not other.read(1)

    def make_folder(self, path: str) -> None:
        """Make one folder; its parent exists."""
        sys.audit("same_image_locator.make_folder", path)
        os.mkdir(path)

    def remove_folder(self, path: str) -> None:
        """Remove one empty folder."""
        sys.audit("same_image_locator.remove_folder", path)
        os.rmdir(path)

    def move(self, source: str, target: str) -> None:
        """Rename a file; raises ``FileExistsError`` rather than ever replacing ``target``."""
        sys.audit("same_image_locator.move", source, target)
        _rename_without_replacing(source, target)

    def copy(self, source: str, target: str) -> None:
        """Copy a file with its metadata to a new name; half a copy is removed again."""
        sys.audit("same_image_locator.copy", source, target)
        with open(os.open(source, _READ), "rb") as whole, open(_new(target), "wb") as part:
            try:
                copying.write_all(whole.fileno(), part.fileno())
                copying.carry_over(source, target)
            except OSError:
                with suppress(OSError):
                    os.unlink(target)
                raise

    def forget_cached(self, path: str) -> None:
        """Let the next read of a synced file come from the drive, not from memory."""
        if hasattr(os, "posix_fadvise"):  # pragma: no branch - tested where it exists
            descriptor = os.open(path, _READ)
            try:
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)

    def link(self, source: str, target: str) -> None:
        """Give a file a second name; raises ``FileExistsError`` when that is taken."""
        sys.audit("same_image_locator.link", source, target)
        os.link(source, target, follow_symlinks=False)

    def trash(self, path: str) -> None:
        """Hand a file to the system's trash, which may fail without saying so."""
        sys.audit("same_image_locator.trash", path)
        trash.hand_over(path)

    def trashed(self, path: str, identity: Identity) -> bool:
        """Return whether the file that was handed over as ``path`` lies in a trash."""
        return trash.holds(path, identity)

    def remove(self, path: str) -> None:
        """Unlink one file: our own text, or a reject that a purge names."""
        sys.audit("same_image_locator.remove", path)
        os.unlink(path)

    def create(self, path: str, data: bytes) -> None:
        """Write a new file; raises ``FileExistsError`` when the name is taken."""
        sys.audit("same_image_locator.create", path)
        _write(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, data)

    def append(self, path: str, data: bytes) -> None:
        """Add to the end of a file that exists."""
        sys.audit("same_image_locator.append", path)
        _write(path, os.O_WRONLY | os.O_APPEND, data)

    def truncate(self, path: str, size: int) -> None:
        """Cut a file of ours to ``size`` bytes."""
        sys.audit("same_image_locator.truncate", path)
        os.truncate(path, size)

    def replace(self, path: str, data: bytes) -> None:
        """Write a file of ours whole: readers see the old text or the new one, nothing between."""
        sys.audit("same_image_locator.replace", path)
        temporary = f"{path}.new"
        _write(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, data)
        self.sync_file(temporary)
        os.replace(temporary, path)

    def sync_file(self, path: str) -> None:
        """Return once the file's content is on the disk."""
        sys.audit("same_image_locator.sync_file", path)
        # Windows syncs only what is open for writing, which elsewhere a read-only file refuses.
        access = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY
        _sync(path, access | _NO_FOLLOW | _BINARY | _CLOSE_ON_EXEC)

    def sync_folder(self, path: str) -> None:
        """Return once the folder's entries are on the disk (Windows does it by itself)."""
        sys.audit("same_image_locator.sync_folder", path)
        if sys.platform != "win32":  # pragma: no branch - tested on the others
            _sync(path, _FOLDER)


@contextmanager
def written_whole(path: str) -> Iterator[BinaryIO]:
    """Give a file to write a large text of ours to: readers see all of it, or what was before."""
    sys.audit("same_image_locator.replace", path)
    temporary = f"{path}.{secrets.token_hex(4)}.new"
    descriptor = _new(temporary, 0o666)
    try:
        with named(path), open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def added_to(path: str) -> BinaryIO:
    """Open a log of ours to add lines to it; a new one is its owner's alone."""
    sys.audit("same_image_locator.append", path)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY | _CLOSE_ON_EXEC
    return open(os.open(path, flags, 0o600), "ab", buffering=0)


def _new(path: str, mode: int = 0o600) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY | _CLOSE_ON_EXEC
    return os.open(path, flags, mode)


def _write(path: str, flags: int, data: bytes) -> None:
    descriptor = os.open(path, flags | _NO_FOLLOW | _BINARY | _CLOSE_ON_EXEC, 0o666)
    try:
        with named(path):
            while data:
                data = data[os.write(descriptor, data) :]
    except OSError:
        if flags & os.O_CREAT:
            # Half a file of ours must not lie there, nor take up the room that the rest needs.
            with suppress(OSError):
                os.unlink(path)
        raise
    finally:
        os.close(descriptor)


def _sync(path: str, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        with named(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename_without_replacing(source: str, target: str) -> None:
    if sys.platform == "win32":  # pragma: no cover - tested on the others
        os.rename(source, target)  # Windows refuses an existing target by itself
        return
    try:
        _native_rename(source, target)
    except FileExistsError:
        _drop_second_name(source, target)
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:
            raise
        _rename_by_link(source, target)


def _native_rename(source: str, target: str) -> None:
    """Call renameat2 or renameatx_np relative to open folders.

    A parent folder that was swapped for a link after the scan ends in an error, not elsewhere.
    """
    if _RENAME is None:
        raise OSError(errno.ENOSYS, "no rename without replacing")
    call, flag = _RENAME
    here = os.open(os.path.dirname(source), _FOLDER)
    try:
        there = os.open(os.path.dirname(target), _FOLDER)
        try:
            old, new = os.fsencode(os.path.basename(source)), os.fsencode(os.path.basename(target))
            if call(here, old, there, new, flag) != 0:
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), source, None, target)
        finally:
            os.close(there)
    finally:
        os.close(here)


def _rename_by_link(source: str, target: str) -> None:
    """Rename where the file system cannot do it in one call: link() also refuses a taken name."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        _drop_second_name(source, target)
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:
            raise
        _rename_over_placeholder(source, target)
    else:
        os.unlink(source)


def _drop_second_name(source: str, target: str) -> None:
    """End a rename that died between link and unlink: both names of one file are there.

    Raises:
        FileExistsError: they are not; ``target`` is another file, or this one through an alias.
    """
    found = os.lstat(source)
    if not (found.st_nlink > 1 and os.path.samestat(found, os.lstat(target))):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), source, None, target)
    os.unlink(source)


def _rename_over_placeholder(source: str, target: str) -> None:
    """Rename where there are no links either: claim the name first, then replace our own claim."""
    _write(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, b"")
    os.replace(source, target)


def _load_rename() -> "tuple[ctypes._NamedFuncPointer, int] | None":
    name, flag = ("renameatx_np", 4) if sys.platform == "darwin" else ("renameat2", 1)
    try:
        call = getattr(ctypes.CDLL(None, use_errno=True), name)
    except (AttributeError, OSError, TypeError):
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return call, flag


_RENAME = _load_rename()
