"""The power goes before every single change of the disk; nothing is lost and the run goes on."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crash.cutting import PowerCut, cuts
from crash.stories import STORIES, Story, build, contents, files, recover, undo
from same_image_locator import journal
from same_image_locator.journal.kernel import RealKernel

pytestmark = pytest.mark.campaign

each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)


@contextmanager
def room_for(tmp_path: Path, story: Story) -> Iterator[Path]:
    """Give a fresh room in which the story's beginning has happened."""
    room = tmp_path / "room"
    room.mkdir()
    story.before(room)
    yield room
    shutil.rmtree(room)


def every_cut(tmp_path: Path, story: Story, check: Callable[[Path, int], None]) -> int:
    """Cut the story's action at call 1, 2, 3, ... and check each state; returns their number."""
    for at in itertools.count(1):
        with room_for(tmp_path, story) as room:
            if not cuts(lambda: story.act(room), at):
                return at - 1
            check(room, at)
    raise AssertionError


def uncut(tmp_path: Path, story: Story) -> tuple[set[str], dict[str, tuple[str, int]]]:
    """Return the contents before, and all files after, an undisturbed action."""
    with room_for(tmp_path, story) as room:
        before = contents(files(room))
        story.act(room)
        return before, files(room)


@each_story
def test_nothing_is_lost_and_the_run_ends_as_if_the_power_had_stayed(
    tmp_path: Path, story: Story
) -> None:
    before, expected = uncut(tmp_path, story)

    def check(room: Path, at: int) -> None:
        gone = before - contents(files(room))
        # A purge ends copies, never a content.
        assert not gone, f"cut {at}: lost before recovery"
        story.act(room)
        assert files(room) == expected, f"cut {at}: another end"

    assert every_cut(tmp_path, story, check) > 3


@each_story
def test_undo_after_a_power_cut_brings_every_photo_home(tmp_path: Path, story: Story) -> None:
    if not story.undoable:
        return  # a purge is the one act that cannot be undone
    with room_for(tmp_path, story) as room:
        story.act(room)
        undo(room)
        expected = files(room)

    def check(room: Path, at: int) -> None:
        undo(room)
        found = files(room)
        assert contents(found) == contents(expected), f"cut {at}: other contents"
        away = [p for p in found if p.startswith(("decide/", "copies/")) or ".sil-hold" in p]
        assert not away, f"cut {at}: not home"

    every_cut(tmp_path, story, check)


@each_story
def test_a_second_power_cut_during_recovery_loses_nothing_either(
    tmp_path: Path, story: Story
) -> None:
    before, expected = uncut(tmp_path, story)
    tried = 0

    def check(room: Path, at: int) -> None:
        nonlocal tried
        # Each first cut meets one second cut; over all cuts the second wanders through recovery.
        cuts(lambda: story.act(room), 1 + at * 7 % 23)
        assert not before - contents(files(room)), f"cut {at}: lost"
        story.act(room)
        assert files(room) == expected, f"cut {at}: another end"
        tried += 1

    every_cut(tmp_path, story, check)
    assert tried > 3


@each_story
def test_recovering_twice_changes_nothing_more(tmp_path: Path, story: Story) -> None:
    def check(room: Path, at: int) -> None:
        if (room / "decide").exists():
            recover(room)
            once = files(room)
            recover(room)
            assert files(room) == once, f"cut {at}"

    every_cut(tmp_path, story, check)


class TornKernel(RealKernel):
    """Dies in the middle of writing the n-th piece of the journal."""

    appends = 0
    at = 0

    def append(self, path: str, data: bytes) -> None:
        TornKernel.appends += 1
        if TornKernel.appends == TornKernel.at:
            super().append(path, data[: len(data) // 2])
            raise PowerCut
        super().append(path, data)


@each_story
def test_a_half_written_journal_line_counts_as_never_written(
    tmp_path: Path, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, expected = uncut(tmp_path, story)
    for at in itertools.count(1):
        with room_for(tmp_path, story) as room:
            monkeypatch.setattr(journal, "RealKernel", TornKernel)
            TornKernel.appends, TornKernel.at = 0, at
            try:
                story.act(room)
            except PowerCut:
                monkeypatch.undo()
            else:
                assert at > 1
                return
            assert not before - contents(files(room)), f"torn piece {at}: lost"
            story.act(room)
            assert files(room) == expected, f"torn piece {at}: another end"


def test_a_stage_undone_gives_back_the_same_tree_with_the_same_times(tmp_path: Path) -> None:
    build(tmp_path)
    before = files(tmp_path)
    STORIES[0].act(tmp_path)
    assert any(path.startswith("decide/group_") for path in files(tmp_path))
    undo(tmp_path)
    assert files(tmp_path) == before
    assert not os.path.exists(tmp_path / "decide")
