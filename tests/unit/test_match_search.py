"""A search tells how far it is, warns of a long wait, can be left, and keeps crowds small."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from same_image_locator.events import Advanced, Event, Noted, ignore
from same_image_locator.match import ENGINES, bands, cost
from same_image_locator.match.course import Course
from same_image_locator.match.found import Found, packed, unpacked
from same_image_locator.match.tables import Table


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def course(events: list[Event]) -> tuple[Course, Clock]:
    clock = Clock()
    return Course(events.append, 1000, 12, clock), clock


def codes(count: int) -> NDArray[np.uint64]:
    return np.random.default_rng(5).integers(0, 2**64, count, dtype=np.uint64)


def search(
    engine: str, numbers: NDArray[np.uint64], threshold: int, listener: Callable[[Event], None]
) -> int:
    """Return how many pairs were yielded to a caller who takes what he can."""
    taken = np.zeros(len(numbers), np.bool_)
    pairs = 0
    for left, right in ENGINES[engine].neighbours(numbers, threshold, taken, listener):
        pairs += len(left)
        for first, member in zip(left.tolist(), right.tolist(), strict=True):
            if not (taken[first] or taken[member]):
                taken[member] = True
    return pairs


def test_a_long_search_is_told_once_from_the_pace_of_its_typical_work() -> None:
    events: list[Event] = []
    track, clock = course(events)
    clock.now += 20
    track.reach(0.01, typical=False)
    clock.now += 1
    track.reach(0.02)
    clock.now += 1
    track.reach(0.03)
    clock.now += 100
    track.reach(0.5)
    notes = [event.text for event in events if isinstance(event, Noted)]
    assert len(notes) == 1
    assert notes[0].startswith(
        "comparing 1,000 fingerprints at threshold 12 takes about 1 min 35 s"
    )
    assert sum(event.files for event in events if isinstance(event, Advanced)) == 500


def test_a_short_search_is_not_announced() -> None:
    events: list[Event] = []
    track, clock = course(events)
    for share in (0.1, 0.5, 1.0):
        track.reach(share)
        clock.now += 1
    assert not [event for event in events if isinstance(event, Noted)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [0, 1, 5000])
def test_an_engine_tells_of_as_many_files_as_there_are_codes(engine: str, count: int) -> None:
    told: list[int] = []

    def listen(event: Event) -> None:
        assert isinstance(event, Advanced)
        told.append(event.files)

    search(engine, codes(count), 8, listen)
    assert sum(told) == count
    assert count < 5000 or len(told) > 5


def test_a_listener_that_stops_the_search_leaves_no_thread_behind() -> None:
    def stop(_event: Event) -> None:
        raise InterruptedError

    before = threading.active_count()
    with pytest.raises(InterruptedError):
        search("bands", codes(50_000), 8, stop)
    assert threading.active_count() == before


def test_a_table_at_work_ends_soon_when_the_search_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[bands.Join] = []

    class Remembered(bands.Join):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made.append(self)

    def stop(_event: Event) -> None:
        raise InterruptedError

    monkeypatch.setattr(bands, "_FEW", 0)
    monkeypatch.setattr(bands, "_SHORTEST", 1)
    monkeypatch.setattr(bands, "Join", Remembered)
    with pytest.raises(InterruptedError):
        search("bands", codes(5000), 4, stop)
    outermost = made[0]
    assert outermost.given_up.is_set()
    made.clear()
    before = len(outermost.found.sorted())
    outermost._cut(np.arange(5000), Table(outermost._bands, outermost.choices[0]))
    assert len(made) == 1
    assert len(outermost.found.sorted()) == before


def test_bands_are_chosen_where_they_are_cheaper_and_only_there() -> None:
    assert cost.choose(codes(1000), 4) is None
    assert cost.choose(codes(50_000), 4)
    assert cost.choose(codes(50_000), 40) is None
    assert cost.choose(codes(50_000) & np.uint64(7), 4) is None


def test_a_crowd_costs_its_groups_and_not_its_pairs() -> None:
    """Of 30,000 codes 20,000 are look-alikes: 200 million pairs, of which hardly any is listed."""
    numbers = np.random.default_rng(7)
    library = codes(30_000)
    library[5_000:25_000] = 0
    for _ in range(4):
        flips = numbers.integers(0, 64, 20_000, dtype=np.uint64)
        library[5_000:25_000] ^= np.uint64(1) << flips
    library = numbers.permutation(np.unique(library))
    assert search("bands", library, 8, ignore) < 4 * len(library)


def test_a_crowd_is_found_by_its_pairs_when_there_is_no_room_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("same_image_locator.match.found._FEWEST_PAIRS", 100)
    found = Found(10)
    every = np.array([(a, b) for a in range(10) for b in range(a + 1, 10)])
    for _ in range(5):
        found.add(packed(every[:, 0], every[:, 1]))
    pairs = list(zip(*unpacked(found.sorted()), strict=True))
    listed = {(int(one), int(other)) for one, other in pairs}
    for one, other in every.tolist():
        assert (one, other) in listed or (found.crowd[one] and found.crowd[other])
    assert len(pairs) <= 100


def test_a_run_that_can_be_cut_no_further_joins_the_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "_FEW", 0)
    monkeypatch.setattr(bands, "_SHORTEST", 8)
    alike = codes(6000)
    alike[:3000] &= np.uint64(0xFFFF)
    choice = cost.choose(alike, 2)
    assert choice is not None
    join = bands.Join(alike, 2, choice._replace(run=1.0), depth=2)
    for chosen in join.choices:
        join.search(chosen)
    assert join.found.crowd[:3000].all()
    assert not join.found.crowd[3000:].all()
