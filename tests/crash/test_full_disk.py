"""Real small drives: full to any level, or switched off in the middle; none is ever lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.bench import Tally
from crash.drives import KINDS, plugged
from crash.filling import fill_to, levels_of
from crash.forking import Forker
from crash.stories import STORIES, Story, contents, files

pytestmark = pytest.mark.campaign

_LEVELS = 12
_CUTS = 9


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    with Forker() as one:
        yield one


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_drive_stops_a_run_with_one_line_and_undo_still_works(
    tmp_path: Path, forker: Forker, kind: str
) -> None:
    tally = Tally()
    with plugged(kind, tmp_path) as drive:
        for free in levels_of(kind, _LEVELS):
            fill_to(drive, forker, free, tally)
    assert not tally.findings, str(tally)
    assert sum(tally.trials.values()) == 5 * _LEVELS


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_drive_switched_off_in_the_middle_comes_back_with_every_photo(
    tmp_path: Path, forker: Forker, story: Story
) -> None:
    """What was not synced is really lost here: the drive fails at once, and is mounted again."""
    with plugged("ext4", tmp_path) as drive:
        room = drive.folder / "room"
        room.mkdir()
        story.before(room)
        story.act(room)
        expected = files(room)
        stopped = 0
        for at in range(2, 2 + 3 * _CUTS, 3):
            drive.clear()
            room.mkdir()
            story.before(room)
            drive.sync()
            before = contents(files(room))
            request = {"story": story.name, "room": str(room), "off": str(drive.folder), "at": at}
            forker.born(request)
            ending = forker.let_go()
            assert ending.error in {"", "OSError", "RefusedError", "UsageError"}, ending
            stopped += bool(ending.error)
            drive.unmount()
            drive.mount()
            assert contents(files(room)) == before, f"cut {at}: lost, or half there"
            story.act(room)
            assert files(room) == expected, f"cut {at}: another end"
        assert stopped, "the drive never failed"
