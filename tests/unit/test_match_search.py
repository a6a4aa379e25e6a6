"""A search tells how far it is, warns of a long wait, can be left, and keeps crowds small."""

import threading
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from same_image_locator.events import Advanced, Event, Noted, ignore
from same_image_locator.match import ENGINES, plan
from same_image_locator.match.course import Course
from same_image_locator.match.direct import Sample, sampled
from same_image_locator.match.found import Found, packed, unpacked


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


def notes(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Noted)]


def test_a_long_search_is_told_once_from_the_pace_of_its_own_work() -> None:
    events: list[Event] = []
    track, clock = course(events)
    track.advance(0, 1000)
    clock.now += 0.1
    track.advance(1, 999)
    assert not notes(events)
    clock.now += 0.9
    track.advance(9, 1000)
    clock.now += 40
    track.advance(390, 600)
    assert [text.split(";")[0] for text in notes(events)] == [
        "comparing 1,000 fingerprints at threshold 12 takes about 1 min 40 s"
    ]
    assert sum(event.files for event in events if isinstance(event, Advanced)) == 400


def test_a_search_that_takes_longer_than_was_told_says_so() -> None:
    events: list[Event] = []
    track, clock = course(events)
    track.advance(0, 1000)
    clock.now += 1
    track.advance(50, 950)
    clock.now += 20
    track.advance(50, 905)
    assert [text.split(";")[0].split(" 12 ")[1] for text in notes(events)] == [
        "takes about 19 s",
        "still takes about 3 min 10 s",
    ]


def test_a_short_search_is_not_announced() -> None:
    events: list[Event] = []
    track, clock = course(events)
    track.advance(0, 9)
    for left in range(8, 0, -1):
        clock.now += 1
        track.advance(1, left)
    track.finish()
    assert not notes(events)
    assert sum(event.files for event in events if isinstance(event, Advanced)) == 1000


def test_work_that_turns_out_not_to_be_needed_shortens_the_forecast() -> None:
    events: list[Event] = []
    track, clock = course(events)
    track.advance(0, 10**9)
    clock.now += 1
    track.advance(50, 50)
    assert not notes(events)


def test_comparing_directly_is_forecast_by_the_codes_that_are_taken_on_the_way() -> None:
    """Among random codes near each other with one chance, the greedy rule is played out."""
    none = np.empty(0, np.uint64)
    assert Sample(none, 1.0, 0.0).direct_work(1000) == 1000**2 / 2
    assert Sample(none, 1.0, 1e-9).direct_work(1000) == pytest.approx(1000**2 / 2, rel=0.01)
    for alike in (0.001, 0.01, 0.1, 0.5):
        numbers, free, work = np.random.default_rng(1), 20_000, 0
        while free:
            free -= 1
            work += free
            free -= int(numbers.binomial(free, alike))
        assert Sample(none, 1.0, alike).direct_work(20_000) == pytest.approx(work, rel=0.1)


def test_a_crowd_among_strangers_does_not_make_them_look_alike() -> None:
    strangers = codes(20_000)
    crowd = strangers[0] ^ (np.uint64(1) << (strangers[:10_000] % np.uint64(64)))
    library = np.random.default_rng(1).permutation(np.concatenate((strangers, crowd)))
    assert sampled(library, 4).direct_work(30_000) == pytest.approx(20_000**2 / 2, rel=0.1)
    assert sampled(crowd, 4).direct_work(10_000) < 1e5


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [0, 1, 20_000])
def test_an_engine_tells_of_as_many_files_as_there_are_codes(engine: str, count: int) -> None:
    told: list[int] = []

    def listen(event: Event) -> None:
        assert isinstance(event, Advanced)
        told.append(event.files)

    search(engine, codes(count), 8, listen)
    assert sum(told) == count
    # How often, depends on which of the threads is ready when.
    assert count < 20_000 or len(told) > 1, "told in steps, not at the end alone"


def test_a_listener_that_stops_the_search_leaves_no_thread_behind() -> None:
    def stop(_event: Event) -> None:
        raise InterruptedError

    before = threading.active_count()
    with pytest.raises(InterruptedError):
        search("bands", codes(50_000), 8, stop)
    assert threading.active_count() == before


def test_bands_are_chosen_where_they_are_cheaper_and_only_there() -> None:
    assert plan.choose(codes(1000), 4) is None
    assert plan.choose(codes(50_000), 4)
    assert plan.choose(codes(50_000), 14)
    assert plan.choose(codes(50_000), 40) is None
    assert plan.choose(codes(50_000) & np.uint64(7), 4) is None


@pytest.mark.parametrize("threshold", range(64))
def test_two_codes_within_the_threshold_are_within_the_radius_in_some_band(threshold: int) -> None:
    for number in range(4, 9):
        radii = plan.radii_for(number, threshold)
        assert sum(radius + 1 for radius in radii) == threshold + 1
        assert len(radii) <= number


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
