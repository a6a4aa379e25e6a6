"""First groups in the decision folder while the rest is still being read."""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import pictures
import reviewing
from preparing import prepare
from same_image_locator.events import Event, StepFinished, Troubled, ignore
from same_image_locator.handover import HandOver
from same_image_locator.model import Method, Settings
from same_image_locator.pipeline import find, located
from same_image_locator.plans import Decision, Staged
from same_image_locator.session import Session
from slow_drive import asleep_after_one_group

EXACT = Method("exact")

# Three groups of identical files, and one that is alone.
LIBRARY = {
    "a/one.jpg": 1,
    "b/one.jpg": 1,
    "c/one.jpg": 1,
    "a/two.jpg": 2,
    "b/two.jpg": 2,
    "a/three.jpg": 3,
    "b/three.jpg": 3,
    "a/alone.jpg": 4,
}
IN_GROUPS = LIBRARY.keys() - {"a/alone.jpg"}


@dataclass
class Room:
    """A library, its decision folder, and all that was told."""

    photos: Path
    folder: Path
    told: list[Event] = field(default_factory=list)

    def settings(self, method: Method = EXACT) -> Settings:
        return located(Settings(str(self.photos), method, str(self.folder)))

    @contextlib.contextmanager
    def hand_over(self, method: Method = EXACT, at_once: int = 256) -> Iterator[HandOver]:
        with contextlib.ExitStack() as stack:
            listener = self.told.append
            yield HandOver(self.settings(method), stack, listener, patience=0.0, at_once=at_once)

    def at_home(self) -> set[str]:
        """Return the photos that lie in the library."""
        return set(reviewing.tree(self.photos))

    def problems(self) -> list[str]:
        return [event.problem.detail for event in self.told if isinstance(event, Troubled)]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    for path, seed in LIBRARY.items():
        pictures.photo(tmp_path / "photos" / path, seed)
    return Room(tmp_path / "photos", tmp_path / "decide")


def origins(groups: list[Staged], room: Room) -> list[set[str]]:
    """Return the original places of each group's photos."""
    root = f"{room.photos}/"
    return [{entry.origin.removeprefix(root) for entry in group.entries} for group in groups]


def session_of(hand_over: HandOver) -> Session:
    assert hand_over.session is not None
    return hand_over.session


def rest(hand_over: HandOver) -> list[Staged]:
    """Wait for all that is still to be found."""
    groups: list[Staged] = []
    while hand_over.searching:
        groups += hand_over.first()
    return groups


def keep_first(session: Session, group: Staged) -> None:
    session.settle(Decision(group.subject, frozenset({group.entries[0].name})))


def test_a_small_library_is_staged_at_once_in_the_order_of_a_whole_search(room: Room) -> None:
    expected = find(room.settings(), ignore).groups
    with contextlib.ExitStack() as stack:
        session, groups, problems = prepare(room.settings(), stack, ignore)
        assert session is not None
        assert not session.staging_was_interrupted
        assert problems == []
        assert [group.number for group in groups] == [1, 2, 3]
        assert origins(groups, room) == [
            {member.examined.photo.path.removeprefix(f"{room.photos}/") for member in one.members}
            for one in expected
        ]


def test_first_groups_are_staged_while_others_are_still_being_read(room: Room) -> None:
    with asleep_after_one_group() as wake, room.hand_over() as hand_over:
        assert hand_over.begin() == []
        [first] = hand_over.first()
        assert first.number == 1
        assert hand_over.searching
        assert not hand_over.busy
        assert hand_over.bring() == [], "nothing more is found yet"
        assert session_of(hand_over).staging_was_interrupted
        assert room.at_home() == LIBRARY.keys() - origins([first], room)[0]
        wake()
        later = rest(hand_over)
        assert not session_of(hand_over).staging_was_interrupted
    assert sorted(group.number for group in later) == [2, 3], "numbered on"
    found = origins([first, *later], room)
    assert set.union(*found) == IN_GROUPS
    assert sum(map(len, found)) == len(IN_GROUPS), "no photo is in two groups"
    assert room.problems() == []


def test_a_kept_photo_that_comes_home_meanwhile_is_in_no_later_group(room: Room) -> None:
    with asleep_after_one_group() as wake, room.hand_over() as hand_over:
        hand_over.begin()
        [first] = hand_over.first()
        session = session_of(hand_over)
        keep_first(session, first)
        assert os.path.exists(first.entries[0].origin)
        wake()
        later = rest(hand_over)
        session.undo(session.undoable()[:1])
    assert set.union(*origins(later, room)) == IN_GROUPS - origins([first], room)[0]
    assert {group.number for group in later} == {2, 3}, "no number is used twice"
    assert room.problems() == [], "what moved meanwhile is not told as changed or vanished"


def test_a_run_that_stops_in_the_middle_of_the_search_is_gone_on_with(room: Room) -> None:
    with asleep_after_one_group() as wake, room.hand_over() as hand_over:
        hand_over.begin()
        [first] = hand_over.first()
        keep_first(session_of(hand_over), first)
        wake()
        hand_over.stop()  # what is found from now on, nobody takes
    assert room.at_home() >= IN_GROUPS - origins([first], room)[0]
    with room.hand_over() as hand_over:
        assert hand_over.begin() == []
        assert hand_over.searching
        later = rest(hand_over)
        assert not session_of(hand_over).staging_was_interrupted
    assert {group.number for group in later} == {2, 3}
    with room.hand_over() as hand_over:
        assert len(hand_over.begin()) == 2
        assert not hand_over.searching, "a search that came to its end is not begun again"


def test_groups_that_wait_are_shown_at_once_when_a_stopped_search_goes_on(room: Room) -> None:
    with asleep_after_one_group() as wake, room.hand_over() as hand_over:
        hand_over.begin()
        [first] = hand_over.first()
        wake()
        hand_over.stop()
    with room.hand_over() as hand_over:
        room.told.clear()
        assert [group.subject for group in hand_over.begin()] == [first.subject]
        ended = [event.step for event in room.told if isinstance(event, StepFinished)]
        assert "scan" in ended, "what comes home from now on is not found again"
        assert hand_over.searching
        assert sorted(group.number for group in rest(hand_over)) == [2, 3]


def test_groups_that_look_alike_are_staged_piece_by_piece_in_their_order(room: Room) -> None:
    pictures.photo(room.photos / "b/alone.jpg", 4, quality=75)
    method = Method("phash", 5)
    expected = [len(group.members) for group in find(room.settings(method), ignore).groups]
    assert expected == [3, 2, 2, 2]
    sizes = []
    with room.hand_over(method, at_once=1) as hand_over:
        staged = [*hand_over.begin(), *hand_over.first()]
        sizes.append(len(staged))
        assert hand_over.searching
        assert hand_over.busy, "the next piece waits for nothing"
        while hand_over.searching:
            sizes.append(len(piece := hand_over.bring()))
            staged += piece
    assert sizes == [1, 1, 1, 1]
    assert [group.number for group in staged] == [1, 2, 3, 4]
    assert [len(group.entries) for group in staged] == expected
    ends = [event for event in room.told if isinstance(event, StepFinished)]
    [staging] = [event for event in ends if event.step == "stage"]
    assert staging.summary == "9 files in 4 groups wait for review"


def test_what_ends_the_search_is_raised_where_groups_are_taken_and_staged_ones_stay(
    room: Room,
) -> None:
    def listener(event: Event) -> None:
        if isinstance(event, StepFinished) and event.step == "fingerprint":
            raise OSError(5, "the drive is gone")

    with contextlib.ExitStack() as stack:
        hand_over = HandOver(room.settings(), stack, listener, patience=0.0)
        wake = stack.enter_context(asleep_after_one_group())
        hand_over.begin()
        [first] = hand_over.first()
        wake()
        with pytest.raises(OSError, match="the drive is gone"):
            rest(hand_over)
    with room.hand_over() as hand_over:
        assert first.subject in {group.subject for group in hand_over.begin()}
        assert hand_over.searching


def test_an_error_after_the_last_group_is_raised_and_the_next_run_searches_again(
    room: Room,
) -> None:
    for path in IN_GROUPS - {"a/one.jpg", "b/one.jpg"}:
        (room.photos / path).unlink()
    staged = threading.Event()

    def listener(event: Event) -> None:
        if isinstance(event, StepFinished) and event.step == "stage":
            [finder] = [thread for thread in threading.enumerate() if thread.name == "finder"]
            staged.set()
            finder.join(60)
        elif isinstance(event, StepFinished) and event.step == "fingerprint":
            assert staged.wait(60)
            raise OSError(5, "the drive is gone")

    with contextlib.ExitStack() as stack:
        hand_over = HandOver(room.settings(), stack, listener, patience=0.0)
        hand_over.begin()
        [first] = hand_over.first()
        with pytest.raises(OSError, match="the drive is gone"):
            rest(hand_over)
    with room.hand_over() as hand_over:
        assert [group.subject for group in hand_over.begin()] == [first.subject]
        assert hand_over.searching


def test_a_folder_that_cannot_be_walked_ends_the_search_before_anything_moves(room: Room) -> None:
    with room.hand_over() as hand_over:
        shutil.rmtree(room.photos)
        assert hand_over.begin() == []
        with pytest.raises(FileNotFoundError):
            hand_over.first()
        assert hand_over.session is None
    assert not room.folder.exists()


def test_groups_that_another_run_staged_meanwhile_are_taken_up(room: Room) -> None:
    shutil.copytree(room.photos, room.photos.parent / "elsewhere")
    other = Room(room.photos.parent / "elsewhere", room.folder)
    with room.hand_over() as hand_over:
        hand_over.begin()
        with contextlib.ExitStack() as stack:
            _, theirs, _ = prepare(other.settings(), stack, ignore)
        ours = rest(hand_over)
    assert {group.subject for group in theirs} < {group.subject for group in ours}
    assert sorted(group.number for group in ours) == [1, 2, 3, 4, 5, 6]


def test_a_first_versions_folder_that_is_taken_over_does_not_end_a_stopped_search(
    room: Room,
) -> None:
    with asleep_after_one_group() as wake, room.hand_over() as hand_over:
        hand_over.begin()
        hand_over.first()
        wake()
        hand_over.stop()
    older = room.folder / "group_0099_sha_0123456789"
    pictures.photo(older / "001_old.jpg", 9)
    (older / "_manifest.tsv").write_text(f"001_old.jpg\t{room.photos}/old.jpg\n")
    with room.hand_over() as hand_over:
        assert [group.number for group in hand_over.begin()] == [1, 99]
        assert hand_over.searching
        assert sorted(group.number for group in rest(hand_over)) == [100, 101]
