"""Real mounts for tests: root only, always taken down; where CI is set they must be possible."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


def without(reason: str) -> None:
    """Skip a test for a reason that is printed; in CI what it needs must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must be able to run this: {reason}")
    pytest.skip(reason)


@contextlib.contextmanager
def bound(source: Path, place: Path) -> Iterator[None]:
    """Have a folder or a file appear at ``place`` too, as ``mount --bind`` does."""
    done = subprocess.run(
        ["mount", "--bind", source, place], capture_output=True, text=True, check=False
    )
    if done.returncode:
        without(f"no bind mount here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)
