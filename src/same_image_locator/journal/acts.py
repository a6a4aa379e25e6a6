"""The acts themselves: each refuses to overwrite, checks what it touches, and may be repeated."""

import errno
import os
import time
from collections.abc import Callable

from same_image_locator.journal.kernel import Kernel, Status
from same_image_locator.model import Identity
from same_image_locator.plans import Act

# A photo that a viewer or an indexer holds open is free again soon; seconds between the tries.
_WAITS = (0.1, 0.3, 1.0, 3.0, 10.0)
_LOCKED = {errno.EBUSY, errno.ETXTBSY}
_LOCKED_ON_WINDOWS = {32, 33}  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION


class ActRefusedError(Exception):
    """An act cannot be done as planned, so its whole plan is taken back.

    ``trouble`` is the system's error when it is the drive that fails, not this one file.
    """

    def __init__(self, what: str, trouble: OSError | None = None) -> None:
        super().__init__(what)
        self.trouble = trouble


class TargetTakenError(Exception):
    """Another file lies at the target of a move."""


def matches(kernel: Kernel, path: str, found: Status, expect: Identity | None, sha: str) -> bool:
    """Return whether the file found at ``path`` is still the one a plan speaks of.

    Device and inode change when a drive is mounted anew, and some network systems make them up;
    then the content decides, so that nobody is driven to switch a safety check off.
    """
    if found.kind != "file":
        return False
    if expect is None or found.identity == expect:
        return True
    same_look = (found.identity.size, found.identity.mtime_ns) == (expect.size, expect.mtime_ns)
    return same_look and bool(sha) and kernel.sha256(path) == sha


def move(kernel: Kernel, act: Act, target: str) -> bool:
    """Move ``act.source`` to ``target``; False when an earlier, interrupted run already did.

    Raises:
        ActRefusedError: the source vanished or changed, or the system refuses.
        TargetTakenError: the target is another file; nothing was changed.
    """
    source, present = kernel.status(act.source), kernel.status(target)
    if _there_already(kernel, act, source, target, present):
        return False
    if source is None:
        raise ActRefusedError(f"{act.source} is no longer there")
    if not matches(kernel, act.source, source, act.expect, act.sha256):
        raise ActRefusedError(f"{act.source} has changed since it was examined")
    if present is not None and not two_names(source, present):
        raise TargetTakenError(target)
    try:
        _patiently(lambda: kernel.move(act.source, target))
    except FileExistsError:
        raise TargetTakenError(target) from None
    except OSError as error:
        raise ActRefusedError(f"{act.source} cannot be moved: {reason(error)}", error) from error
    return True


def _there_already(
    kernel: Kernel, act: Act, source: Status | None, target: str, present: Status | None
) -> bool:
    """Return whether the very file lies at its target, whatever has its old name by now."""
    if present is None:
        return False
    if source is None:
        return matches(kernel, target, present, act.expect, act.sha256)
    return act.expect == present.identity != source.identity


def two_names(source: Status, target: Status) -> bool:
    """Return whether these are two names of one file, as a rename by link and unlink makes them.

    A file that has one name only, and is found at both, is seen through an alias of its folder.
    """
    return source.identity == target.identity and source.links > 1


def make_folder(kernel: Kernel, path: str) -> list[str]:
    """Make a folder and its missing parents; returns the folders whose entries changed."""
    missing: list[str] = []
    while kernel.status(path) is None:
        missing.append(path)
        path, below = os.path.dirname(path), path
        if path == below:
            raise ActRefusedError(f"{missing[0]} cannot be made: its drive is gone")
    try:
        for folder in reversed(missing):
            _make_one_folder(kernel, folder)
    except OSError as error:
        raise ActRefusedError(f"{missing[0]} cannot be made: {reason(error)}", error) from error
    return [os.path.dirname(folder) for folder in missing]


def _make_one_folder(kernel: Kernel, path: str) -> None:
    try:
        kernel.make_folder(path)
    except FileExistsError:
        found = kernel.status(path)
        if found is None or found.kind != "folder":
            raise  # not the folder that another run made in this very moment


def write_text(kernel: Kernel, act: Act) -> None:
    """Write one of our own texts; a torn one from a run that died is written anew."""
    data = act.text.encode("utf-8")
    try:
        if kernel.status(act.target) is None:
            kernel.create(act.target, data)
        elif kernel.read(act.target) != data:
            kernel.replace(act.target, data)
    except OSError as error:
        raise ActRefusedError(f"{act.target} cannot be written: {reason(error)}", error) from error


def remove(kernel: Kernel, path: str) -> bool:
    """Unlink one file; False when it is gone already.

    Raises:
        ActRefusedError: the system refuses.
    """
    if kernel.status(path) is None:
        return False
    try:
        _patiently(lambda: kernel.remove(path))
    except OSError as error:
        raise ActRefusedError(f"{path} cannot be removed: {reason(error)}", error) from error
    return True


def remove_folder(kernel: Kernel, path: str) -> tuple[str, ...]:
    """Remove a folder when it is empty; returns the names that keep it otherwise.

    Raises:
        ActRefusedError: the system refuses.
    """
    if kernel.status(path) is None:
        return ()
    if names := kernel.names(path):
        return tuple(os.path.join(path, name) for name in names)
    try:
        kernel.remove_folder(path)
    except OSError as error:
        raise ActRefusedError(f"{path} cannot be removed: {reason(error)}", error) from error
    return ()


def verify(kernel: Kernel, path: str, act: Act, other: str) -> None:
    """Prove that ``path`` holds the content promised, and that ``other``, if any, is its copy.

    Raises:
        ActRefusedError: it does not, or cannot be read.
    """
    try:
        found = kernel.status(path)
        if found is None or found.kind != "file":
            raise ActRefusedError(f"{path} is no longer there")
        if act.sha256 and kernel.sha256(path) != act.sha256:
            raise ActRefusedError(f"{path} no longer holds the bytes that were examined")
        if other and not kernel.same_bytes(path, other):
            raise ActRefusedError(f"{other} is not a copy of {path}")
    except OSError as error:
        raise ActRefusedError(f"{path} cannot be verified: {reason(error)}") from error


def trash(kernel: Kernel, act: Act, name: str) -> None:
    """Hand ``act.source`` to the system's trash as ``name``, its second name until that is proven.

    The file keeps its place among what is set aside until a trash is seen to hold this very file,
    so that a trash that deletes in silence, or does nothing, costs nothing.

    Raises:
        TargetTakenError: another file has that name.
        ActRefusedError: the file has changed, or the trash did not prove that it took it.
    """
    found = kernel.status(act.source)
    if found is None:
        return  # an earlier, interrupted run had proven it already
    if not matches(kernel, act.source, found, act.expect, act.sha256):
        raise ActRefusedError(f"{act.source} has changed since it was set aside")
    try:
        if not kernel.trashed(name, found.identity):
            _hand_over(kernel, act.source, name)
        if not kernel.trashed(name, found.identity):
            _drop_name(kernel, act.source, name)
            raise ActRefusedError(f"{name}: the trash did not take it, so it stays set aside")
        # What was proven must last before the other name goes: a power cut may take either.
        kernel.sync_folder(os.path.dirname(name))
    except FileExistsError:
        raise TargetTakenError(name) from None
    except OSError as error:
        _drop_name(kernel, act.source, name)
        raise ActRefusedError(f"{name} stays set aside: {reason(error)}") from error
    remove(kernel, act.source)


def _hand_over(kernel: Kernel, path: str, name: str) -> None:
    present, found = kernel.status(name), kernel.status(path)
    if present is None or found is None or present.identity != found.identity:
        kernel.link(path, name)
    kernel.trash(name)


def _drop_name(kernel: Kernel, path: str, name: str) -> None:
    """Take the second name away again, if it still is one of this very file."""
    present, found = kernel.status(name), kernel.status(path)
    if present and found and present.identity == found.identity:
        remove(kernel, name)


def reason(error: OSError) -> str:
    """Return the system's own words for what went wrong."""
    return error.strerror or str(error)


def _patiently(call: Callable[[], None]) -> None:
    for wait in _WAITS:
        try:
            call()
        except OSError as error:
            locked = error.errno in _LOCKED
            if not locked and getattr(error, "winerror", None) not in _LOCKED_ON_WINDOWS:
                raise
            time.sleep(wait)
        else:
            return
    call()
