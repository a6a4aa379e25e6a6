"""A run that dies while it takes a refused plan back: the next one goes on taking it back."""

import itertools
import shutil
from pathlib import Path

from crash.cutting import cuts
from crash.stories import STORIES, contents, files, recover
from same_image_locator import journal


def _taking_back(folder: Path) -> bool:
    return any(left.aborting is not None for left in journal.peek(str(folder)).open.values())


def test_what_was_being_taken_back_is_taken_back(tmp_path: Path) -> None:
    story = next(one for one in STORIES if one.name == "settle with a spoilt reject")
    room = tmp_path / "room"
    folder = room / "decide"
    room.mkdir()
    story.before(room)
    staged = files(room)
    for at in itertools.count(1):
        assert cuts(lambda: story.act(room), at), "it never took anything back"
        if _taking_back(folder):
            break
        shutil.rmtree(room)
        room.mkdir()
        story.before(room)
    recover(room)
    assert not journal.peek(str(folder)).open
    assert contents(files(room)) == contents(staged)
    waiting = {path for path in staged if "/002_" in path}
    assert waiting
    assert waiting <= files(room).keys(), "the group whose reject is spoilt waits as before"
