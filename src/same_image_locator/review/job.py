"""Work on many groups in a thread of its own: how far it is, and the word to stop."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Literal

from same_image_locator.wording import disk_trouble

Kind = Literal["preview", "apply", "undo"]
Standing = Literal["running", "done", "stopped"]
_END = object()


class Job(ABC):
    """Goes through groups one after the other; ``steps`` does one group each time it is asked.

    ``trouble`` is the sentence that says why the disk did not let it go on, "" otherwise.
    """

    kind: Kind

    def __init__(self, number: int, total: int) -> None:
        self.number = number
        self.total = total
        self.done = 0
        self.trouble = ""
        self._stop = threading.Event()
        self._over = threading.Event()

    @abstractmethod
    def steps(self) -> Iterator[None]:
        """Do one group after the other; what follows the last one is done, too."""

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._go, name=f"bulk {self.kind}", daemon=True).start()

    def _go(self) -> None:
        try:
            steps = self.steps()
            while not self._stop.is_set() and next(steps, _END) is not _END:
                self.done += 1
        except OSError as error:
            self.trouble = disk_trouble(error)
        finally:
            self._over.set()

    @property
    def standing(self) -> Standing:
        """Whether it still runs, has done all, or has left the rest as it was."""
        if not self._over.is_set():
            return "running"
        return "done" if self.done == self.total else "stopped"

    def stop(self) -> None:
        """Ask it to end after the present group."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Wait for its end, but no longer than this."""
        self._over.wait(seconds)
