"""Compares fingerprints directly, each with every later one: the oracle of faster engines."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from same_image_locator.events import Listener
from same_image_locator.match.course import Course
from same_image_locator.match.found import packed, unpacked
from same_image_locator.processors import cores

_CHUNK = 1 << 16  # codes compared at once: with what is made of them they stay in the second cache
_MOMENT = 1 << 19  # comparisons that take less time than it takes to wake a thread ten times
_BLOCK = 1 << 22  # comparisons between two looks at what the caller has taken
_MOST_ROWS = 256
_RENEWED = 8  # pairs found for each code that waits, in eighths, until the taken ones drop out
_AT_ONCE = 1 << 16  # pairs in one block of the answer
_DENSE = 64  # one pair in so many comparisons: then the caller takes many, and is asked sooner


def neighbours(
    codes: NDArray[np.uint64], threshold: int, taken: NDArray[np.bool_], listener: Listener
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield all pairs as ``Engine`` promises; quadratic in the free codes, constant in memory."""
    course = Course(listener, len(codes), threshold)
    none = np.empty(0, np.uint64)
    with ThreadPoolExecutor(cores(), "match") as pool:
        queue = Queue(codes, np.arange(len(codes)), taken, pool)
        yield from together(queue, threshold, none, course)
    course.reach(1.0)


def together(
    queue: "Queue", threshold: int, known: NDArray[np.uint64], course: Course, share: float = 0.0
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the pairs within the queue together with the sorted ``known`` ones, all in order.

    What comes before the queue's next code is yielded before that is compared, so that the caller
    had his chance to take it. ``share`` of the course is done already.
    """
    start = 0
    while queue.waits():
        stop = int(np.searchsorted(known, queue.next_pair()))
        yield from _blocks(known[start:stop])
        found = queue.compare(threshold)
        course.reach(share + (1.0 - share) * queue.done())
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
        pool: Executor,
    ) -> None:
        self._pool = pool
        self._places = places
        self._codes = codes[places]
        self._taken = taken
        self._next = 0
        self._rows = 1
        self._found = 0  # pairs since the taken ones dropped out last
        self._all = max(1, len(places))

    def waits(self) -> bool:
        """Return whether there is a code that was not compared with all later ones."""
        return self._next < len(self._places)

    def next_pair(self) -> np.uint64:
        """Return the least packed pair that ``compare`` can still find."""
        if not self.waits():
            return np.uint64(0xFFFFFFFFFFFFFFFF)
        return np.uint64(int(self._places[self._next]) << 32)

    def done(self) -> float:
        """Return which share of the comparisons is behind, 0 to 1."""
        return 1.0 - ((len(self._places) - self._next) / self._all) ** 2

    def compare(self, threshold: int) -> NDArray[np.uint64]:
        """Return the packed pairs of the next few codes, in any order."""
        if self._found * _RENEWED > len(self._places) - self._next:
            self._drop_taken()
        later = len(self._places) - self._next
        rows = min(self._rows, max(1, _BLOCK // max(1, later)), later)
        free = np.flatnonzero(~self._taken[self._places[self._next : self._next + rows]])
        pairs = self._side_by_side(free, threshold)
        self._next += rows
        self._found += len(pairs)
        dense = len(pairs) * _DENSE > rows * later
        self._rows = max(1, rows // 4) if dense else min(rows * 2, _MOST_ROWS)
        return pairs

    def _side_by_side(self, rows: NDArray[np.int64], threshold: int) -> NDArray[np.uint64]:
        """Compare rows with all later codes, on all cores when that is more than a moment's work.

        Each hand gets every n-th row: the later a row, the fewer come after it.
        """
        codes, places = self._codes[self._next :], self._places[self._next :]
        hands = min(len(rows), cores()) if len(rows) * len(codes) > _MOMENT else 1
        shares = [(codes, rows[hand::hands], threshold) for hand in range(hands)]
        if hands == 1:
            found = [compared(*shares[0])]
        else:
            found = list(self._pool.map(lambda share: compared(*share), shares))
        return np.concatenate([packed(places[ones], places[others]) for ones, others in found])

    def _drop_taken(self) -> None:
        free = ~self._taken[self._places[self._next :]]
        self._places = self._places[self._next :][free]
        self._codes = self._codes[self._next :][free]
        self._next = self._found = 0


def compared(
    codes: NDArray[np.uint64], rows: NDArray[np.int64], threshold: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs ``(row, later)`` at most ``threshold`` bits apart, as positions.

    ``rows`` are ascending positions; each is compared with every later code.
    """
    size = min(_CHUNK, len(codes))
    apart, bits = np.empty(size, np.uint64), np.empty(size, np.uint8)
    near = np.empty(size, np.bool_)
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start in range(0, len(codes), _CHUNK):
        for row in rows.tolist():
            first = max(start, row + 1)
            count = min(start + _CHUNK, len(codes)) - first
            if count <= 0:
                break
            np.bitwise_xor(codes[first : first + count], codes[row], out=apart[:count])
            np.bitwise_count(apart[:count], out=bits[:count])
            np.less_equal(bits[:count], threshold, out=near[:count])
            if np.count_nonzero(near[:count]):
                found = np.flatnonzero(near[:count]) + first
                ones.append(np.full(len(found), row))
                others.append(found)
    return np.concatenate(ones), np.concatenate(others)


def _blocks(
    pairs: NDArray[np.uint64],
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    for start in range(0, len(pairs), _AT_ONCE):
        yield unpacked(pairs[start : start + _AT_ONCE])
