"""Plays one story in a process of its own and kills it, really, before the n-th change.

    python -m crash.kill_child STORY ROOM AT

The exit code is 0 when the story ended before that change, -SIGKILL otherwise.
"""

import os
import signal
import sys
from pathlib import Path

from crash.cutting import CUTTER
from crash.stories import STORIES


def main(name: str, room: str, at: str) -> None:
    """Play the story ``name`` in ``room`` up to call ``at``."""
    CUTTER.cut = lambda: os.kill(os.getpid(), signal.SIGKILL)
    story = next(story for story in STORIES if story.name == name)
    with CUTTER.cutting(int(at)):
        story.act(Path(room))


if __name__ == "__main__":
    main(*sys.argv[1:])
