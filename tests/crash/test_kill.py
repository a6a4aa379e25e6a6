"""A real SIGKILL before the changes of a real process; the next start loses nothing.

By default a sample of the points is tried; ``SIL_CRASH_POINTS=all`` tries every one of them.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crash.cutting import CUTTER
from crash.stories import STORIES, Story, contents, files

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")

_ALL = os.environ.get("SIL_CRASH_POINTS") == "all"
_SAMPLE = 2


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_killed_process_loses_nothing_and_the_next_start_goes_on(
    tmp_path: Path, story: Story
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    story.before(room)
    before = contents(files(room))
    with CUTTER.cutting(0):
        story.act(room)
    count, expected = CUTTER.count, files(room)
    points = range(1, count + 1) if _ALL else range(1, count + 1, max(1, count // _SAMPLE))
    for at in points:
        shutil.rmtree(room)
        room.mkdir()
        story.before(room)
        died = _play_and_kill(story, room, at)
        assert died == -signal.SIGKILL, f"point {at} of {count} was not reached"
        assert not before - contents(files(room)), f"point {at}: lost before recovery"
        story.act(room)
        assert files(room) == expected, f"point {at}: another end"


def _play_and_kill(story: Story, room: Path, at: int) -> int:
    command = [sys.executable, "-m", "crash.kill_child", story.name, str(room), str(at)]
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=False).returncode
