"""Watches and disturbs a process through strace: the calls it makes, and a fault at one."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

# Every call by which a process can change a file system, those that we never make included.
_CHANGING = """
mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mknod
mknodat open openat openat2 creat write writev pwrite64 pwritev pwritev2 truncate ftruncate
fallocate fsync fdatasync sync_file_range syncfs sync chmod fchmod fchmodat fchmodat2 chown fchown
lchown fchownat utime utimes utimensat futimesat setxattr lsetxattr fsetxattr removexattr
lremovexattr fremovexattr copy_file_range sendfile splice ioctl
"""
# Calls that only look: they too may fail.
_LOOKING = "stat lstat newfstatat statx read pread64 getdents64 flock statfs fstatfs"
CHANGING, LOOKING = _CHANGING.split(), _LOOKING.split()
_OPENING = ("open", "openat", "openat2", "creat")
_BY_OPENING = re.compile(r"\bO_(?:CREAT|TRUNC|TMPFILE)\b")
_LINE = re.compile(r"(\d+) +(\w+)\((.*)")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)")
_ANSWER = re.compile(r"(.*)\) += (-?\d+|\?|0x[0-9a-f]+)(.*)", re.DOTALL)
_IOCTL_WRITES = re.compile(r"FICLONE|FS_IOC_SETFLAGS|FS_IOC_FSSETXATTR|FAT_IOCTL_SET")


@dataclass(frozen=True)
class Call:
    """One system call: the number among the calls of its name in its thread, counted from 1."""

    thread: int
    name: str
    number: int
    arguments: str
    answer: int
    injected: bool = False

    @property
    def changes(self) -> bool:
        """Whether the call may have changed a file system; a sync counts, a failed try does not."""
        if self.name in _OPENING:
            return bool(_BY_OPENING.search(self.arguments)) or self.name == "creat"
        if self.name == "ioctl":
            return bool(_IOCTL_WRITES.search(self.arguments))
        return self.name in CHANGING

    def touches(self, folder: str) -> bool:
        """Return whether a path below ``folder`` is among the arguments."""
        return folder in self.arguments


def parsed(text: str) -> list[Call]:
    """Return the calls that strace wrote down with ``-f -y``, in the order of their beginnings."""
    begun: list[tuple[int, str, int, list[str]]] = []
    counts: dict[tuple[int, str], int] = {}
    waiting: dict[int, list[str]] = {}
    for line in text.splitlines():
        if found := _RESUMED.fullmatch(line):
            waiting.pop(int(found[1]), []).append(found[3])
        elif found := _LINE.fullmatch(line):
            thread, name = int(found[1]), found[2]
            counts[thread, name] = counts.get((thread, name), 0) + 1
            pieces = [found[3].removesuffix(" <unfinished ...>")]
            begun.append((thread, name, counts[thread, name], pieces))
            if pieces[0] != found[3]:
                waiting[thread] = pieces
    return [_call(*one) for one in begun]


def _call(thread: int, name: str, number: int, pieces: list[str]) -> Call:
    found = _ANSWER.fullmatch("".join(pieces))
    answer = int(found[2], 0) if found and found[2] != "?" else -1
    injected = found is not None and found[3].endswith("(INJECTED)")
    return Call(thread, name, number, found[1] if found else "".join(pieces), answer, injected)


@contextmanager
def traced(process: int, *options: str) -> Iterator[list[Call]]:
    """Hold strace to a running process until that ends; the list has the calls from then on."""
    calls: list[Call] = []
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "trace")
        command = ["strace", "-f", "-y", "-s", "0", "-o", str(output), *options, "-p", str(process)]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert tracer.stderr is not None
        with tracer:
            # It says "Process N attached" when it has the process in its hands.
            first = tracer.stderr.readline()
            assert "attached" in first, first
            yield calls
        calls += parsed(output.read_text(encoding="utf-8"))


@cache
def _why_not() -> str:
    """Return why no process can be traced here, or nothing."""
    if not shutil.which("strace"):
        return "strace is missing"
    child = subprocess.run(
        ["strace", "-o", os.devnull, "-e", "inject=getpid:signal=SIGKILL", "sh", "-c", ":"],
        capture_output=True,
        check=False,
        text=True,
    )
    return "" if child.returncode in {0, -signal.SIGKILL} else child.stderr.strip()


def need_strace() -> None:
    """Skip the test, aloud, where no process may be traced; in CI that is a failure.

    Raises:
        AssertionError: in CI.
    """
    if why := _why_not():
        assert "CI" not in os.environ, why
        pytest.skip(f"no system call can be traced: {why}")
