"""Lets threads take turns in Python, and hash or wait for a drive beside each other."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from same_image_locator.fingerprint.pace import Pace


class Turns:
    """One thread at a time has the turn; it lets go of it while it hashes or waits for a drive.

    Threads that each do a little Python between short system calls hinder one another: Python's
    own lock changes hands at every call. Here it changes hands only where that is worth it. Where
    the system cannot tell beforehand whether a read will wait, all threads go at once.
    ``waits`` is called before each wait for a drive.
    """

    def __init__(self, pace: Pace, waits: Callable[[], None]) -> None:
        self._waits = waits
        self._turn = threading.Lock() if pace.tells else threading.Semaphore(pace.readers)
        self._drive = threading.Semaphore(pace.readers)

    def __enter__(self) -> None:
        self._turn.acquire()

    def __exit__(self, *_: object) -> None:
        self._turn.release()

    @contextmanager
    def hashing(self) -> Iterator[None]:
        """Let another thread have the turn meanwhile."""
        self._turn.release()
        try:
            yield
        finally:
            self._turn.acquire()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let another thread have the turn meanwhile, and be one of the drive's readers."""
        self._waits()
        with self.hashing(), self._drive:
            yield
