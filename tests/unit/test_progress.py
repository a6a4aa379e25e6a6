"""The time left that a person is told, in simulated runs whose true end is known."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest

from same_image_locator.events import (
    Advanced,
    Awaited,
    Grown,
    Noted,
    Spared,
    StepFinished,
    StepStarted,
)
from same_image_locator.progress import Progress, Standing
from same_image_locator.ui_words import standing_words


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class File:
    """A file of a simulated run; a known one costs no time."""

    size: int
    known: bool = False


Cost = Callable[[File], float]


def cost_of(a_file: float, bytes_a_second: float) -> Cost:
    return lambda file: 0.0 if file.known else a_file + file.size / bytes_a_second


def played(files: list[File], cost: Cost) -> Iterator[tuple[float, float, Standing]]:
    """Yield again and again the share of the way, the true seconds left, and what is shown."""
    clock = Clock()
    progress = Progress(clock)
    whole = sum(map(cost, files))
    progress(StepStarted("fingerprint", len(files), sum(file.size for file in files)))
    began, told = clock.now, clock.now
    for file in files:
        clock.now += cost(file)
        kind = Spared if file.known else Advanced
        progress(kind("fingerprint", 1, file.size))
        if clock.now - told >= 0.25:
            told = clock.now
            standing = progress.standing("fingerprint")
            assert standing is not None
            yield (clock.now - began) / whole, began + whole - clock.now, standing


def mixed(count: int, seed: int = 1) -> list[File]:
    """Return files whose sizes differ by a factor of a thousand, as phones and cameras make."""
    chance = random.Random(seed)
    sizes = (chance.lognormvariate(13, 1.7) for _ in range(count))
    return [File(int(min(max(size, 20_000), 40_000_000))) for size in sizes]


def folders_in_turn() -> list[File]:
    """Return a folder of small pictures, one of large ones, and so on."""
    small, large = [File(30_000)] * 700, [File(12_000_000)] * 40
    return [*small, *large] * 20


def known_first() -> list[File]:
    """Return a library of which a run has seen two thirds, that lie in front."""
    return [File(file.size, known=True) for file in mixed(20_000, 2)] + mixed(10_000, 3)


@pytest.mark.parametrize(
    ("files", "cost"),
    [
        (mixed(20_000), cost_of(0.003, 120e6)),
        (mixed(20_000), cost_of(0.0001, 60e6)),
        (mixed(20_000), cost_of(0.012, 900e6)),
        (mixed(4_000), cost_of(0.015, 130e6)),
        (mixed(600), cost_of(0.02, 2e6)),
        (folders_in_turn(), cost_of(0.004, 100e6)),
        (known_first(), cost_of(0.003, 120e6)),
    ],
    ids=[
        "mixed",
        "bytes dominate",
        "files dominate",
        "turning drive",
        "slow share",
        "folders",
        "known first",
    ],
)
def test_after_a_quarter_of_the_way_the_time_left_is_right_within_a_tenth(
    files: list[File], cost: Cost
) -> None:
    shown = [(left, standing.left) for way, left, standing in played(files, cost) if way > 0.25]
    assert len(shown) > 100
    for true, told in shown:
        assert told is not None
        assert abs(told - true) <= max(2.0, true / 10), (true, told)


@pytest.mark.parametrize(
    ("files", "cost"),
    [(mixed(20_000, 7), cost_of(0.003, 120e6)), (mixed(4_000, 3), cost_of(0.015, 130e6))],
    ids=["quick", "turning drive"],
)
def test_the_time_left_counts_down_and_does_not_jump(files: list[File], cost: Cost) -> None:
    ends = [
        standing.left - left
        for _, left, standing in played(files, cost)
        if standing.left is not None
    ]
    assert len(ends) > 100
    jumps = [abs(after - before) for before, after in pairwise(ends)]
    assert max(jumps) < 1, "a quarter of a second later, the end is told to be elsewhere"


def test_what_is_known_already_makes_nothing_seem_fast() -> None:
    clock = Clock()
    progress = Progress(clock)
    progress(StepStarted("fingerprint", 100_000, 10**11))
    for _ in range(50):
        clock.now += 0.01
        progress(Spared("fingerprint", 1_000, 10**9))
    for _ in range(100):
        clock.now += 0.1
        progress(Advanced("fingerprint", 1, 10**6))
    standing = progress.standing("fingerprint")
    assert standing is not None
    assert (standing.done, standing.spared) == (50_100, 50_000)
    assert standing.files_a_second == pytest.approx(10, rel=0.05)
    assert standing.bytes_a_second == pytest.approx(10**7, rel=0.05)


def test_the_rates_are_those_of_the_last_seconds() -> None:
    clock = Clock()
    progress = Progress(clock)
    progress(StepStarted("fingerprint", 10_000))
    for seconds, files in ((60, 100), (12, 5)):
        for _ in range(seconds):
            clock.now += 1
            progress(Advanced("fingerprint", files))
    standing = progress.standing("fingerprint")
    assert standing is not None
    assert standing.files_a_second == pytest.approx(5, rel=0.2)


def test_a_standstill_is_told_with_what_is_waited_for_and_ends_with_the_next_file() -> None:
    clock = Clock()
    progress = Progress(clock)

    def words() -> str:
        standing = progress.standing("fingerprint")
        assert standing is not None
        return standing_words(standing)

    progress(StepStarted("fingerprint", 100))
    for _ in range(10):
        clock.now += 1
        progress(Advanced("fingerprint", 1, 1_000_000))
    progress(Awaited("fingerprint", ("/photos/2019/huge\n.tif", "/photos/b.tif")))
    clock.now += 1
    assert "waiting" not in words()
    before = progress.standing("fingerprint")
    clock.now += 19
    assert r"nothing new for 20 s, waiting for huge\n.tif, b.tif" in words()
    after = progress.standing("fingerprint")
    assert before is not None
    assert after is not None
    assert before.left is not None
    assert after.left is not None
    assert after.left > before.left, "what has become slow takes longer"
    progress(Advanced("fingerprint", 1, 1_000_000))
    assert "nothing new" not in words()


def test_a_step_may_grow_and_nothing_is_told_of_one_that_is_over() -> None:
    clock = Clock()
    progress = Progress(clock)
    progress(StepStarted("review", 2))
    progress(Grown("review", 3))
    progress(Advanced("review"))
    progress(Advanced("stage"))
    progress(Noted("something else"))
    clock.now += 600
    standing = progress.standing("review")
    assert standing is not None
    assert standing_words(standing) == "1 of 5", "how long a person thinks is nobody's business"
    progress(StepFinished("review", "done"))
    assert progress.standing("review") is None
    assert progress.standing("stage") is None


def test_the_search_is_told_by_the_step_it_has_come_to() -> None:
    progress = Progress()
    assert progress.search() is None
    progress(StepStarted("scan"))
    progress(Advanced("scan", 12))
    progress(StepStarted("review", 4))
    told = progress.search()
    assert told is not None
    assert (told.step, told.done, told.total) == ("scan", 12, None)
    progress(StepFinished("scan", "done"))
    progress(StepStarted("fingerprint", 12))
    told = progress.search()
    assert told is not None
    assert told.step == "fingerprint"


def test_files_that_nothing_is_known_of_give_no_time_left() -> None:
    clock = Clock()
    progress = Progress(clock)
    progress(StepStarted("fingerprint", 10, 10))
    standing = progress.standing("fingerprint")
    assert standing is not None
    assert standing.files_a_second == 0.0
    clock.now += 10
    standing = progress.standing("fingerprint")
    assert standing is not None
    assert standing.left is None


def test_a_look_at_the_edges_of_many_files_tells_nothing_about_the_rest() -> None:
    clock = Clock()
    progress = Progress(clock)
    files, size = 400, 5_000_000
    progress(StepStarted("fingerprint", 1_000, 1_000 * size))
    for _ in range(1_000):
        clock.now += 0.015
        progress(Advanced("fingerprint", 0, 8_192))
    standing = progress.standing("fingerprint")
    assert standing is not None
    assert standing.left is None, "nobody knows yet how many must be read to the end"
    progress(Spared("fingerprint", 1_000 - files, (1_000 - files) * size))
    for _ in range(files // 4):
        clock.now += 0.05
        progress(Advanced("fingerprint", 1, size))
    standing = progress.standing("fingerprint")
    assert standing is not None
    assert standing.left == pytest.approx(0.05 * files * 3 / 4, rel=0.1)


def test_what_takes_no_longer_for_more_bytes_or_for_more_files_is_believed() -> None:
    for steps in ([(1, 10**6), (1, 10**7), (1, 10**5)], [(1, 10**7), (9, 10**7), (30, 10**7)]):
        clock = Clock()
        progress = Progress(clock)
        progress(StepStarted("fingerprint", 40 * 100, 10**9 * 100))
        for step in range(60):
            clock.now += 1
            progress(Advanced("fingerprint", *steps[step % 3]))
        standing = progress.standing("fingerprint")
        assert standing is not None
        assert standing.left is not None
        assert standing.left > 0
