"""Copies a file to another drive with everything that is known of it, not its bytes alone."""

import os
import shutil
import sys
from contextlib import suppress

_BLOCK = 1 << 20


def write_all(source: int, target: int) -> None:
    """Write all bytes of one open file to another.

    Raises:
        OSError: the drive is full, or one of the two fails.
    """
    with open(source, "rb", closefd=False) as whole, open(target, "wb", closefd=False) as copy:
        shutil.copyfileobj(whole, copy, _BLOCK)


def carry_over(source: str, target: str) -> None:
    """Give ``target`` the owner, mode, times, extended attributes and access lists of ``source``.

    What the system or the drive does not permit stays behind; the time of birth follows where
    an older modification time moves it back (macOS).
    """
    found = os.lstat(source)
    if sys.platform != "win32":  # pragma: no branch - tested on the others
        with suppress(PermissionError):
            os.chown(target, found.st_uid, found.st_gid, follow_symlinks=False)
    with suppress(PermissionError):
        # Access lists are extended attributes on Linux, and copystat copies those.
        shutil.copystat(source, target, follow_symlinks=False)
