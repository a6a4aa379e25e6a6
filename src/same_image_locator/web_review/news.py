"""Windows that wait for news of the run, each in a question that is answered when there are some.

A stream of server-sent events would tell as soon, but hold a thread of the server and one of the
six connections of a browser for as long as a window is open. Here both are given back every few
seconds, and only so many windows wait at once: to all others the present state is news.
"""

import threading

from same_image_locator.review import Review

# A thread and a connection each: most of both are left to choices and pictures.
MOST_WAITING = 4
# Less than it takes until a page counts as closed; how far a search is has no version of its own.
WAIT_SECONDS, BUSY_SECONDS = 4.0, 1.0


class News:
    """Lets few windows wait for a change of the review."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._places = threading.BoundedSemaphore(MOST_WAITING)

    def wait(self, known: int, *, busy: bool) -> bool:
        """Return once the review is no longer as at the version ``known``, or after seconds.

        False means that no place was free: whoever asked should do so again only after a while.
        """
        if not self._places.acquire(blocking=False):
            return False
        try:
            self._review.wait_until_other_than(known, BUSY_SECONDS if busy else WAIT_SECONDS)
        finally:
            self._places.release()
        return True
