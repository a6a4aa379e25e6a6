"""Files are told apart the same by one process or several, and a helper may die at any moment."""

import subprocess
import sys
from pathlib import Path

import pytest

from program import command, environment


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a run reads by itself")
@pytest.mark.parametrize("digests", ["", "with digests"])
@pytest.mark.parametrize("when", ["never", "before", "meanwhile"])
def test_helpers_find_what_one_process_finds_even_when_they_die(
    tmp_path: Path, when: str, digests: str
) -> None:
    for number in range(200):
        size = 100 + number // 4
        for name, content in (("a", b"%d" % number), ("b", b"%d" % number), ("c", b"other")):
            (tmp_path / f"{number:03} {name} \udcff.jpg").write_bytes(content.ljust(size, b"."))
    done = subprocess.run(
        command(str(tmp_path), when, digests, module="helped_child"),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    # Of the first pair one file is gone; of each size there is one that "other" begins.
    assert done.stdout == "249 groups, 1 problems\n", done.stderr
