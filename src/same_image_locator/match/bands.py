"""Finds all pairs without comparing all: only codes that are near in some of their bands meet.

The search goes over the bands (``plan`` tells why that misses no pair), and is exact. What it does
not list are the pairs within a crowd: a picture that thousands look like has more pairs than
memory, and a greedy grouping needs few of them. So

- every pair is listed of which not both codes are in the crowd;
- the codes of the crowd are compared directly with each other, as ``brute`` does: the more alike
  they are, the fewer of them open a group and the sooner all others are taken.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from same_image_locator.events import Listener
from same_image_locator.match.brute import Queue, together
from same_image_locator.match.buckets import Buckets
from same_image_locator.match.course import Course
from same_image_locator.match.deal import dealt
from same_image_locator.match.direct import sampled
from same_image_locator.match.found import Found
from same_image_locator.match.plan import Plan, choose
from same_image_locator.match.threads import Threads
from same_image_locator.processors import cores


def neighbours(
    codes: NDArray[np.uint64], threshold: int, taken: NDArray[np.bool_], listener: Listener
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield all pairs as ``Engine`` promises."""
    course = Course(listener, len(codes), threshold)
    plan = choose(codes, threshold)
    known, crowd = np.empty(0, np.uint64), np.arange(len(codes))
    with Threads() as threads:
        if plan is not None:
            found = _searched(threads, codes, threshold, plan, course)
            known, crowd = found.sorted(), np.flatnonzero(found.crowd)
        yield from together(Queue(codes, crowd, taken, threads, threshold), known, course)
    course.finish()


def _searched(
    threads: Threads, codes: NDArray[np.uint64], threshold: int, plan: Plan, course: Course
) -> Found:
    """Return the pairs of all bands, found on all cores; NumPy works outside Python's lock.

    The tasks come in random order: whatever was done is a sample of what is left, so that the
    time it took foretells the rest.
    """
    from concurrent.futures import FIRST_COMPLETED, wait

    found = Found(len(codes))
    bands = _sorted_by_bands(codes, threshold, plan, found)
    left = sum(each.work() for each in bands)
    crowd = codes[found.crowd]
    afterwards = sampled(crowd, threshold).direct_work(len(crowd))
    tasks = [(each, *stretch) for each in bands for stretch in each.tasks()]
    course.advance(0.0, left + afterwards)
    pool = threads.pool()
    order = iter(np.random.default_rng(0).permutation(len(tasks)).tolist())
    waiting = {
        pool.submit(each.compare, start, stop)
        for each, start, stop in (tasks[index] for index in islice(order, 2 * cores()))
    }
    while waiting:
        finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        done = sum(future.result() for future in finished)
        left -= done
        course.advance(done, max(0.0, left) + afterwards)
        if _crowd_takes_all(found, left):
            break
        for index in islice(order, len(finished)):
            each, start, stop = tasks[index]
            waiting.add(pool.submit(each.compare, start, stop))
    wait(waiting)
    return found


def _sorted_by_bands(
    codes: NDArray[np.uint64], threshold: int, plan: Plan, found: Found
) -> list[Buckets]:
    """Return the buckets of all bands, sorted again when a crowd is seen in them."""
    moved = dealt(codes, plan.bands)
    numbers = range(len(plan.radii))
    bands = [Buckets(moved, plan, number, threshold, found) for number in numbers]
    for each in bands:
        each.scout()
    if found.crowd.any():
        bands = [Buckets(moved, plan, number, threshold, found) for number in numbers]
    return bands


def _crowd_takes_all(found: Found, left: float) -> bool:
    """Return whether what is left is cheaper compared directly; then all join the crowd."""
    outside = len(found.crowd) - np.count_nonzero(found.crowd)
    if outside * len(found.crowd) > left:
        return False
    found.crowd[:] = True
    return True
