"""A drive that falls asleep once the first group of identical files is read, until it is woken.

    python -m slow_drive WORDS...

runs the real program on such a drive, and wakes it at SIGUSR1.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from same_image_locator import fingerprint
from same_image_locator.model import Examined


@contextmanager
def asleep_after_one_group() -> Iterator[Callable[[], None]]:
    """Hold back all groups but the first until what is given is called, or to the end."""
    awake = threading.Event()
    real = fingerprint.identical

    def slow(*arguments: Any) -> Iterator[list[Examined]]:
        for place, twins in enumerate(real(*arguments)):
            if place:
                awake.wait()
            yield twins

    with mock.patch.object(fingerprint, "identical", slow):
        try:
            yield awake.set
        finally:
            awake.set()


if __name__ == "__main__":
    from same_image_locator.cli import main

    with asleep_after_one_group() as wake:
        signal.signal(signal.SIGUSR1, lambda _number, _frame: wake())
        raise SystemExit(main(sys.argv[1:]))
