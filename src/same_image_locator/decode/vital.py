"""Tells a worker that is slow from one that hangs, by what the system counts of its work."""

import contextlib

# A look every few seconds costs nothing. A drive that wakes up takes half a minute; whoever has
# neither computed nor read a byte for a whole one waits for something that will not come.
SECONDS_BETWEEN_LOOKS = 5.0
STILL_LOOKS = 12
# Where the system does not count, only an answer is a sign of life, and a large picture from a
# slow drive may take long.
UNCOUNTED_LOOKS = 36


class Pulse:
    """One worker's signs of life; ``still`` counts the looks since the last one."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._last: tuple[str, ...] = ()
        self.still = 0

    def beat(self) -> None:
        """Note that the worker has answered, or has got its work just now."""
        self.still = 0

    def hangs(self) -> bool:
        """Look at the worker once more, and tell whether it has been still for too long."""
        now = _signs(self._pid)
        self.still = self.still + 1 if now == self._last else 0
        self._last = now
        return self.still >= (STILL_LOOKS if now else UNCOUNTED_LOOKS)


def _signs(pid: int) -> tuple[str, ...]:
    """Return what grows while a process computes or reads; nothing where this is not told."""
    with (
        contextlib.suppress(OSError),
        open(f"/proc/{pid}/stat") as stat,
        open(f"/proc/{pid}/io") as io,
    ):
        # After the name, which may hold blanks: the 12th and 13th fields are processor time.
        return (*stat.read().rpartition(")")[2].split()[11:13], io.read())
    return ()
