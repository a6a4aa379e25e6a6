"""Compares fingerprints directly, each with every later one: the oracle of faster engines."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from same_image_locator.events import Listener
from same_image_locator.match.course import Course
from same_image_locator.match.direct import compared, sampled
from same_image_locator.match.found import packed, unpacked
from same_image_locator.match.threads import Threads
from same_image_locator.processors import cores

_MOMENT = 1 << 19  # comparisons that take less time than it takes to wake a thread ten times
_BLOCK = 1 << 22  # comparisons between two looks at what the caller has taken
_MOST_ROWS = 256
_RENEWED = 8  # pairs found for each code that waits, in eighths, until the taken ones drop out
_AT_ONCE = 1 << 16  # pairs in one block of the answer
_FEWER = 0.75  # of the codes: then those that wait are no longer like the sample
_DENSE = 64  # one pair in so many comparisons: then the caller takes many, and is asked sooner


def neighbours(
    codes: NDArray[np.uint64], threshold: int, taken: NDArray[np.bool_], listener: Listener
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield all pairs as ``Engine`` promises; quadratic in the free codes, constant in memory."""
    course = Course(listener, len(codes), threshold)
    none = np.empty(0, np.uint64)
    with Threads() as threads:
        queue = Queue(codes, np.arange(len(codes)), taken, threads, threshold)
        yield from together(queue, none, course)
    course.finish()


def together(
    queue: "Queue", known: NDArray[np.uint64], course: Course
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the pairs within the queue together with the sorted ``known`` ones, all in order.

    What comes before the queue's next code is yielded before that is compared, so that the caller
    had his chance to take it.
    """
    start = 0
    while queue.waits():
        stop = int(np.searchsorted(known, queue.next_pair()))
        yield from _blocks(known[start:stop])
        before = queue.compared
        found = queue.compare()
        course.advance(queue.compared - before, queue.left())
        start, stop = stop, int(np.searchsorted(known, queue.next_pair()))
        yield from _blocks(np.sort(np.concatenate((known[start:stop], found))))
        start = stop
    yield from _blocks(known[start:])


class Queue:
    """Codes that are compared with each other, in order; those that were taken drop out.

    ``places`` are their positions in ``codes``, ascending.
    """

    def __init__(
        self,
        codes: NDArray[np.uint64],
        places: NDArray[np.int64],
        taken: NDArray[np.bool_],
        threads: Threads,
        threshold: int,
    ) -> None:
        self._threads = threads
        self._threshold = threshold
        self._places = places
        self._codes = codes[places]
        self._taken = taken
        self._next = 0
        self._rows = 1
        self._found = 0  # pairs since the taken ones dropped out last
        self.compared = 0  # pairs of codes so far
        self._sample = sampled(self._codes, threshold)
        self._sampled = len(places)

    def waits(self) -> bool:
        """Return whether there is a code that was not compared with all later ones."""
        return self._next < len(self._places)

    def next_pair(self) -> np.uint64:
        """Return the least packed pair that ``compare`` can still find."""
        if not self.waits():
            return np.uint64(0xFFFFFFFFFFFFFFFF)
        return np.uint64(int(self._places[self._next]) << 32)

    def left(self) -> float:
        """Return how many comparisons are left, by a sample of the codes that wait."""
        return self._sample.direct_work(len(self._places) - self._next)

    def compare(self) -> NDArray[np.uint64]:
        """Return the packed pairs of the next few codes, in any order."""
        if self._found * _RENEWED > len(self._places) - self._next:
            self._drop_taken()
        later = len(self._places) - self._next
        rows = min(self._rows, max(1, _BLOCK // max(1, later)), later)
        free = np.flatnonzero(~self._taken[self._places[self._next : self._next + rows]])
        pairs = self._side_by_side(free)
        self.compared += len(free) * later
        self._next += rows
        self._found += len(pairs)
        dense = len(pairs) * _DENSE > rows * later
        self._rows = max(1, rows // 4) if dense else min(rows * 2, _MOST_ROWS)
        return pairs

    def _side_by_side(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Compare rows with all later codes, on all cores when that is more than a moment's work.

        Each hand gets every n-th row: the later a row, the fewer come after it.
        """
        codes, places = self._codes[self._next :], self._places[self._next :]
        hands = min(len(rows), cores()) if len(rows) * len(codes) > _MOMENT else 1
        shares = [(codes, rows[hand::hands], self._threshold) for hand in range(hands)]
        if hands == 1:
            found = [compared(*shares[0])]
        else:
            found = list(self._threads.pool().map(lambda share: compared(*share), shares))
        return np.concatenate([packed(places[ones], places[others]) for ones, others in found])

    def _drop_taken(self) -> None:
        free = ~self._taken[self._places[self._next :]]
        self._places = self._places[self._next :][free]
        self._codes = self._codes[self._next :][free]
        self._next = self._found = 0
        if len(self._places) < _FEWER * self._sampled:
            self._sample = sampled(self._codes, self._threshold)
            self._sampled = len(self._places)


def _blocks(
    pairs: NDArray[np.uint64],
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    for start in range(0, len(pairs), _AT_ONCE):
        yield unpacked(pairs[start : start + _AT_ONCE])
