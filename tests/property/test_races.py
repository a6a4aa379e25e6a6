"""Another program changes the photos in the very moment before one of our changes.

By default a sample is tried; ``SIL_RACES=1000`` tries that many. A failure names its seed.
"""

import contextlib
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import foreign
import racing
from counts import tell
from crash import stories
from crash.cutting import CUTTER, cuts
from preparing import prepare
from same_image_locator.errors import LocatorError
from same_image_locator.events import Event, StepFinished

_RACES = int(os.environ.get("SIL_RACES", "96"))
_ROUNDS = 20
_PARTS = 4  # so that two workers share them
# About as many changes of the disk as each action makes.
_MOST_CALLS = {"stage": 43, "settle": 56, "undo": 36, "undo what is settled": 28, "purge": 25}


ACTIONS: dict[str, Callable[[Path], None]] = {
    "stage": stories.stage,
    "settle": stories.settle,
    "undo": stories.undo,
    "undo what is settled": stories.undo,
    "purge": stories.purge,
}


class Race:
    """One action, and one foreign act right before one of its changes of the disk."""

    def __init__(self, room: Path, seed: int) -> None:
        self.room = room
        self.rng = random.Random(seed)
        self.action = self.rng.choice(list(ACTIONS))
        self.foreign = ""
        self.there: Counter[str] = Counter()
        self.touched: set[str] = set()

    def run(self) -> None:
        """Prepare the room, and race."""
        self.room.mkdir()
        stories.build(self.room)
        if self.action != "stage":
            stories.stage(self.room)
        if self.action in {"undo what is settled", "purge"}:
            stories.settle(self.room)
        at = self.rng.randint(1, _MOST_CALLS[self.action])
        CUTTER.cut, before = self._strike, CUTTER.cut
        try:
            with CUTTER.cutting(at):
                self.tolerated(ACTIONS[self.action])
        finally:
            CUTTER.cut = before

    def tolerated(self, action: Callable[[Path], None]) -> None:
        """Let an action end as it may: refused, or stopped by the disk; never in another way."""
        with contextlib.suppress(LocatorError, OSError):
            action(self.room)

    def _strike(self) -> None:
        before = foreign.contents(self.room)
        self.foreign = foreign.anything(self.room, self.rng)
        self.there = foreign.contents(self.room)
        self.touched = {*(before - self.there), *(self.there - before)}

    def lost(self) -> set[str]:
        """Return the contents that are gone although nobody else touched them."""
        now = foreign.contents(self.room)
        if self.action == "purge":
            # A purge ends proven copies; whoever changes one of the two between the proof and
            # the end, within that millisecond, has changed what is then ended.
            return set(self.there) - set(now) - self.touched
        return set(self.there - now)

    def stuck(self) -> list[str]:
        """Return the user's files that an undo left in the decision folder."""
        inside = foreign.photos(self.room / "decide")
        return [str(path) for path in inside if not path.name.startswith("stranger")]


@pytest.mark.parametrize("part", range(_PARTS))
def test_what_another_program_does_meanwhile_costs_no_photo(tmp_path: Path, part: int) -> None:
    struck: Counter[str] = Counter()
    for seed in range(part, _RACES, _PARTS):
        race = Race(tmp_path / str(seed), seed)
        race.run()
        where = f"seed {seed}: {race.foreign} during {race.action}"
        assert not race.lost(), where
        race.tolerated(stories.recover)
        assert not race.lost(), f"{where}, recovered"
        race.tolerated(stories.undo)
        assert not race.lost(), f"{where}, undone"
        # Home may be a link by now: files do not go through it, they wait where they are.
        assert race.foreign == "divert" or not race.stuck(), where
        struck[race.foreign or "none in time"] += 1
        foreign.clear(race.room)
    tell(f"{sum(struck.values())} races, 0 photos lost: {dict(sorted(struck.items()))}")
    assert len(struck) > 1


def test_a_folder_that_became_a_link_after_a_crash_stops_no_later_run(tmp_path: Path) -> None:
    stories.build(tmp_path)
    before = foreign.contents(tmp_path)
    at = next(at for at in range(1, 99) if moved_after_cut(tmp_path, at))
    (tmp_path / "photos/c").rename(tmp_path / "elsewhere")
    (tmp_path / "photos/c").symlink_to(tmp_path / "elsewhere")
    stories.recover(tmp_path)
    (tmp_path / "photos/c").unlink()
    (tmp_path / "elsewhere").rename(tmp_path / "photos/c")
    stories.undo(tmp_path)
    assert foreign.contents(tmp_path / "photos") == before, at
    assert not (tmp_path / "decide").exists()


def moved_after_cut(room: Path, at: int) -> bool:
    """Stage with a power cut; return whether some photo of folder c had moved by then."""
    foreign.clear(room)
    stories.build(room)
    assert cuts(lambda: stories.stage(room), at)
    return len(os.listdir(room / "photos/c")) < 3


def test_of_two_runs_that_start_at_once_one_works_and_the_other_says_who(tmp_path: Path) -> None:
    rooms = [tmp_path / str(number) for number in range(_ROUNDS)]
    for room in rooms:
        room.mkdir()
        stories.build(room)
    before = [foreign.contents(room) for room in rooms]
    answers = raced([str(room) for room in rooms])
    for room, were in zip(rooms, before, strict=True):
        told = sorted(answers[str(room)], reverse=True)
        assert [groups for groups, _ in told] == [3, 0], told
        assert told[1][1].startswith("LockedError"), told
        assert "process " in told[1][1]
        assert foreign.contents(room) == were
        stories.undo(room)
        assert not (room / "decide").exists()
    tell(f"{_ROUNDS} times two runs at once: one worked, the other was told who does")


def test_a_run_that_scanned_while_another_staged_goes_on_with_those_groups(tmp_path: Path) -> None:
    stories.build(tmp_path)
    began: list[Event] = []

    def heard(event: Event) -> None:
        if isinstance(event, StepFinished) and not began:
            began.append(event)
            stories.stage(tmp_path)

    with contextlib.ExitStack() as stack:
        session, groups, _ = prepare(stories.settings(tmp_path), stack, heard)
        assert session is not None
        assert [group.number for group in groups] == [1, 2, 3]


def raced(rooms: list[str]) -> dict[str, list[tuple[int, str]]]:
    """Have two processes compete in all the rooms; return both answers by room."""
    context = multiprocessing.get_context("spawn")
    start, end, queue = context.Barrier(2), context.Barrier(2), context.Queue()
    runs = [context.Process(target=racing.compete, args=(rooms, start, end, queue)) for _ in "ab"]
    for run in runs:
        run.start()
    answers: dict[str, list[tuple[int, str]]] = {room: [] for room in rooms}
    for _ in range(2 * len(rooms)):
        room, groups, why = queue.get(timeout=60)
        answers[room].append((groups, why))
    for run in runs:
        run.join(60)
        assert run.exitcode == 0
    return answers
