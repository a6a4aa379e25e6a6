"""How far a search is: its share of the progress bar, and a warning when it will take long."""

import time
from collections.abc import Callable

from same_image_locator.events import Advanced, Listener, Noted
from same_image_locator.wording import duration_words

_LONG = 30.0  # seconds from which on a person is told beforehand
_TRIAL = 0.5  # seconds of work that a forecast is taken from


class Course:
    """The course of one search, told to a listener as so many files of ``files``.

    The forecast is no table of constants: the first half second of the work itself is measured,
    on this machine and these fingerprints, with all threads.
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
        self._started = clock()
        self._told = 0
        self._trial: tuple[float, float] | None = None
        self._judged = False

    def reach(self, share: float, *, typical: bool = True) -> None:
        """Tell that ``share`` of the work, 0 to 1, is done; ``typical`` allows a forecast from it.

        Shares count work that costs alike: what is left takes as long as what was done.
        """
        if typical and not self._judged:
            self._judge(self._clock(), share)
        files = int(self._files * share)
        if files > self._told:
            self._listener(Advanced("match", files - self._told))
            self._told = files

    def _judge(self, now: float, share: float) -> None:
        """Warn when the pace since the first typical share makes the whole long."""
        began, before = self._trial = self._trial or (now, share)
        if now - began < _TRIAL or share <= before:
            return
        self._judged = True
        left = (now - began) / (share - before) * (1.0 - share)
        if now - self._started + left >= _LONG:
            self._listener(
                Noted(
                    f"comparing {self._files:,} fingerprints at threshold {self._threshold} takes "
                    f"about {duration_words(left)}; a lower --threshold is faster, and Ctrl+C "
                    "stops without a change"
                )
            )
