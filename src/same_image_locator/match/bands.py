"""Finds all pairs without comparing all: only codes that agree in some of their bands meet.

The search goes over tables, one for each choice of bands (``cost`` tells why that misses no
pair), and is exact. What it does not list are the pairs within a crowd: a picture that thousands
look like has more pairs than memory, and a greedy grouping needs few of them. So

- every pair is listed of which not both codes are in the crowd, since a code joins it only where
  a table would have compared it with others that are all in the crowd, or join it with it;
- the codes of the crowd are compared directly with each other, as ``brute`` does: the more alike
  they are, the fewer of them open a group and the sooner all others are taken.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, ThreadPoolExecutor, wait
from itertools import combinations, islice

import numpy as np
from numpy.typing import NDArray

from same_image_locator.events import Listener
from same_image_locator.match import tables
from same_image_locator.match.brute import Queue, compared, together
from same_image_locator.match.cost import DIRECT, SORT, Choice, choose
from same_image_locator.match.course import Course
from same_image_locator.match.deal import dealt
from same_image_locator.match.found import Found, packed, unpacked
from same_image_locator.match.tables import MANY, Table
from same_image_locator.processors import cores

_ALL_CODES = 1 << 23  # sorted at once by all threads: some 100 MB
_LISTED = 0.9  # the tables' share of the course; the rest is the crowd's
_SHORTEST, _LONGEST = 256, 0xFFFF  # bounds of what counts as a short run
_LONGER = 4  # times the mean: then a run is no chance
_FEW = 1 << 22  # comparisons that a long run may cost at once: some milliseconds
_PROBES = 8  # codes of a long run that are asked whether it is a crowd
_DEEPEST = 2  # times that a long run is cut again


def neighbours(
    codes: NDArray[np.uint64], threshold: int, taken: NDArray[np.bool_], listener: Listener
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield all pairs as ``Engine`` promises."""
    course = Course(listener, len(codes), threshold)
    choice = choose(codes, threshold)
    share, known, crowd = 0.0, np.empty(0, np.uint64), np.arange(len(codes))
    with ThreadPoolExecutor(cores(), "match") as pool:
        if choice is not None:
            join = Join(codes, threshold, choice)
            try:
                _all_tables(pool, join, course)
            finally:
                join.given_up.set()  # however this ends: nobody waits for what is still at work
            share, known, crowd = _LISTED, join.found.sorted(), np.flatnonzero(join.found.crowd)
        yield from together(Queue(codes, crowd, taken, pool), threshold, known, course, share)
    course.reach(1.0)


class Join:
    """The search for the pairs of some codes, table by table; tables are independent."""

    def __init__(
        self, codes: NDArray[np.uint64], threshold: int, choice: Choice, depth: int = 0
    ) -> None:
        self.found = Found(len(codes))
        self.given_up = threading.Event()
        self._codes = dealt(codes, choice.bands)
        self._threshold = threshold
        self._bands = choice.bands
        self._depth = depth
        self._longest = int(min(max(_SHORTEST, _LONGER * choice.run), _LONGEST))
        self.choices = list(combinations(range(len(choice.bands.widths)), choice.agreeing))

    def search(self, chosen: tuple[int, ...]) -> None:
        """Add the pairs of one table to ``found``."""
        table, crowd = Table(self._bands, chosen), self.found.crowd
        keys, mask = table.sorted_keys(self._codes)
        for part, long in tables.runs(keys, mask, self._longest, crowd):
            self.found.add(tables.neighbours(part, self._codes, self._threshold, table, crowd))
            for members in long:
                self._long_run(members, table)

    def all_but_crowd(self, tables_left: int) -> bool:
        """Return whether what is left is cheaper compared directly; then all join the crowd."""
        outside = len(self._codes) - int(self.found.crowd.sum())
        if outside * DIRECT > tables_left * SORT:
            return False
        self.found.crowd[:] = True
        return True

    def _long_run(self, members: NDArray[np.int64], table: Table) -> None:
        """Compare the codes of a long run, or cut it by more bands, or let it join the crowd."""
        crowded = self.found.crowd[members]
        outside = len(members) - int(crowded.sum())
        if not outside:
            return
        members = np.concatenate((members[~crowded], members[crowded]))
        near = self._codes[members]
        if 2 * outside > len(members) and self._is_crowd(near, outside):
            self.found.crowd[members] = True
        elif outside * len(members) <= _FEW:
            ones, others = compared(near, np.arange(outside), self._threshold)
            number = np.bincount(ones, minlength=len(members))
            number += np.bincount(others, minlength=len(members))
            self.found.crowd[members[number > MANY]] = True
            self._add(members[ones], members[others], table)
        else:
            self._cut(np.sort(members), table)

    def _is_crowd(self, near: NDArray[np.uint64], outside: int) -> bool:
        """Return whether the first codes are near most others: they stand for those outside."""
        rows = np.arange(min(_PROBES, outside))
        pairs = len(compared(near, rows, self._threshold)[0])
        return pairs > MANY * len(rows) and 2 * pairs > len(rows) * len(near)

    def _cut(self, members: NDArray[np.int64], table: Table) -> None:
        """Search a long run by bands that tell its own codes apart."""
        codes = self._codes[members]
        choice = choose(codes, self._threshold) if self._depth < _DEEPEST else None
        if choice is None:
            self.found.crowd[members] = True
            return
        inner = Join(codes, self._threshold, choice, self._depth + 1)
        inner.found.crowd[:] = self.found.crowd[members]
        inner.given_up = self.given_up
        for number, chosen in enumerate(inner.choices):
            if self.given_up.is_set() or inner.all_but_crowd(len(inner.choices) - number):
                break
            inner.search(chosen)
        self.found.crowd[members[inner.found.crowd]] = True
        ones, others = unpacked(inner.found.sorted())
        self._add(members[ones], members[others], table)

    def _add(self, ones: NDArray[np.int64], others: NDArray[np.int64], table: Table) -> None:
        mine = table.owns(self._codes[ones] ^ self._codes[others])
        mine &= ~(self.found.crowd[ones] & self.found.crowd[others])
        self.found.add(packed(ones[mine], others[mine]))


def _all_tables(pool: Executor, join: Join, course: Course) -> None:
    """Search all tables, on all cores that memory allows, until what is left is for the crowd.

    NumPy works outside the interpreter's lock, so that threads do.
    """
    threads = min(cores(), max(2, _ALL_CODES // len(join.found.crowd)))
    choices = iter(join.choices)
    waiting = {pool.submit(join.search, chosen) for chosen in islice(choices, threads)}
    done = 0
    while waiting:
        finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in finished:
            future.result()
        done += len(finished)
        if join.all_but_crowd(len(join.choices) - done):
            choices = iter(())
        course.reach(_LISTED * done / len(join.choices), typical=done > 2 * threads)
        following = islice(choices, len(finished))
        waiting |= {pool.submit(join.search, chosen) for chosen in following}
