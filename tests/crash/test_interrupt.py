"""Ctrl+C in the middle of staging: a calm end, and the next run has all groups."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crash.stories import build, contents, files
from program import Program, environment, sil


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no signals")
@pytest.mark.parametrize("at", [1, 4, 9, 14, 17, 21, 26, 33])
def test_ctrl_c_while_staging_ends_calmly_and_the_next_run_has_all_groups(
    tmp_path: Path, at: int
) -> None:
    build(tmp_path)
    before = files(tmp_path)
    words = [str(tmp_path / "photos"), "--decision-folder", str(tmp_path / "decide")]
    child = [sys.executable, "-m", "crash.interrupt_child", str(at)]
    done = subprocess.run(
        [*child, *words, "--port", "0", "--no-open"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 130, done.stderr
    assert "No photo is lost" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(files(tmp_path)) == contents(before)
    program = Program(*words)
    program.all_found()
    assert program.get("/api/groups")["total"] == 3
    program.kill()
    assert sil("undo", *words).returncode == 0
    assert files(tmp_path) == before
    assert not os.path.exists(tmp_path / "decide")
