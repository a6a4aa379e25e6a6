"""Cuts the power at the n-th change of the disk: every changing call announces itself first."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PREFIX = "same_image_locator."


class PowerCut(BaseException):
    """The process ends here; nothing in the program may catch this."""


class Cutter:
    """Counts the kernel's announcements and acts at the n-th one, counted from 1."""

    def __init__(self) -> None:
        self.counting = False
        self.count = 0
        self.at = 0
        self.cut: Callable[[], None] = _raise
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _arguments: tuple[object, ...]) -> None:
        if not self.counting or not event.startswith(_PREFIX):
            return
        self.count += 1
        if self.count == self.at:
            self.counting = False
            self.cut()

    @contextmanager
    def cutting(self, at: int) -> Iterator[None]:
        """Cut before the call number ``at``; 0 only counts."""
        self.counting, self.count, self.at = True, 0, at
        try:
            yield
        finally:
            self.counting = False


def _raise() -> None:
    raise PowerCut


CUTTER = Cutter()


def cuts(action: Callable[[], object], at: int) -> bool:
    """Run ``action`` with the power cut at call ``at``; returns whether it was reached."""
    try:
        with CUTTER.cutting(at):
            action()
    except PowerCut:
        return True
    return False
