"""Small real drives, ext4 and in memory: filled to any level, switched off, mounted again."""

import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

IMAGE_BYTES = 24 << 20
MEMORY_BYTES = 2 << 20
KINDS = ("ext4", "tmpfs", "vfat")
_MAKE = {
    "ext4": ["mkfs.ext4", "-q", "-F", "-m", "0"],  # nothing held back for root, who we are
    "vfat": ["mkfs.vfat"],
}
_SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN, from linux/ext4.h
_AT_ONCE = 2  # without writing out what is still in memory: as when the plug is pulled


class Drive:
    """One small drive and the folder that it is mounted on; ``made`` by a context manager."""

    def __init__(self, kind: str, below: Path) -> None:
        self.kind = kind
        self.folder = below / f"drive {kind}"
        self._image = below / f"{kind}.image"
        self._ballast = self.folder / "ballast"

    def make(self) -> None:
        """Format the drive.

        Raises:
            CalledProcessError: it cannot be made here.
        """
        self.folder.mkdir(parents=True)
        if self.kind in _MAKE:
            with self._image.open("wb") as image:
                image.truncate(IMAGE_BYTES)
            _run(*_MAKE[self.kind], str(self._image))

    def mount(self) -> None:
        """Plug it in.

        Raises:
            CalledProcessError: the kernel does not know its file system, or we may not.
        """
        if self.kind == "tmpfs":
            _run("mount", "-t", "tmpfs", "-o", f"size={MEMORY_BYTES}", "tmpfs", str(self.folder))
        else:
            _run("mount", "-t", self.kind, "-o", "loop", str(self._image), str(self.folder))

    def unmount(self) -> None:
        """Take it away, whoever works on it."""
        _run("umount", "--lazy", str(self.folder))

    def sync(self) -> None:
        """Write out all that is in memory."""
        _run("sync", "--file-system", str(self.folder))

    def fill(self, free: int) -> None:
        """Fill it up to the last block, then leave about ``free`` bytes of room."""
        with self._ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 10):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass
            os.fsync(file)
            file.truncate(max(0, file.tell() - free))
            os.fsync(file)

    def clear(self) -> None:
        """Give all room back, whatever lies there."""
        self._ballast.unlink(missing_ok=True)
        shutil.rmtree(self.folder / "room", ignore_errors=True)


def switch_off(folder: str) -> None:
    """Let the ext4 drive of a folder fail from now on, as if its plug were pulled."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, _SHUTDOWN, struct.pack("I", _AT_ONCE))
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def plugged(kind: str, below: Path) -> Iterator[Drive]:
    """Give a mounted drive, and take it away in any case; skip the test where that cannot be.

    In CI it can: only FAT may be missing in a kernel.
    """
    drive = Drive(kind, below)
    if why := _why_not(kind):
        assert "CI" not in os.environ or kind == "vfat", why
        pytest.skip(why)
    drive.make()
    drive.mount()
    try:
        yield drive
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            drive.unmount()


@cache
def _why_not(kind: str) -> str:
    """Return why no such drive can be mounted here, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        drive = Drive(kind, Path(folder))
        try:
            drive.make()
            drive.mount()
            drive.unmount()
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", None) or str(error)
            return f"no {kind} drive can be mounted here: {said.strip()}"
    return ""


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, text=True)
