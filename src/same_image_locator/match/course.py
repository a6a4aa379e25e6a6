"""How far a search is: its share of the progress bar, and a warning when it will take long."""

import time
from collections.abc import Callable

from same_image_locator.events import Advanced, Listener, Noted
from same_image_locator.wording import duration_words

_LONG = 10.0  # seconds from which on a person is told beforehand
_LONGER = 1.5  # times what was told: then it is told again
_TRIAL = 0.5  # seconds of work that a forecast is taken from


class Course:
    """The course of one search, told to a listener as so many files of ``files``.

    The forecast is no table of constants: it is the work that is left at the pace of the work that
    was done, on this computer, with these fingerprints and whatever else goes on.
    """

    def __init__(
        self,
        listener: Listener,
        files: int,
        threshold: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._listener = listener
        self._files = files
        self._threshold = threshold
        self._clock = clock
        self._told = 0
        self._began: float | None = None
        self._done = 0.0
        self._foretold = 0.0

    def advance(self, done: float, left: float) -> None:
        """Tell that so much more work is done, and how much is left by what is known now.

        Any unit will do in which work that takes as long counts as much. The first call starts
        the clock.
        """
        now = self._clock()
        if self._began is None:
            self._began = now
        self._done += done
        if self._done <= 0:
            return
        self._foretell(now - self._began, left)
        self._tell(self._done / (self._done + left))

    def finish(self) -> None:
        """Tell that all is done."""
        self._tell(1.0)

    def _tell(self, share: float) -> None:
        files = int(self._files * share)
        if files > self._told:
            self._listener(Advanced("match", files - self._told))
            self._told = files

    def _foretell(self, seconds: float, left: float) -> None:
        if seconds < _TRIAL:
            return
        ahead = seconds / self._done * left
        if seconds + ahead < max(_LONG, _LONGER * self._foretold):
            return
        still = "still takes" if self._foretold else "takes"
        self._foretold = seconds + ahead
        self._listener(
            Noted(
                f"comparing {self._files:,} fingerprints at threshold {self._threshold} {still} "
                f"about {duration_words(ahead)}; a lower --threshold is faster, and Ctrl+C "
                "stops without a change"
            )
        )
