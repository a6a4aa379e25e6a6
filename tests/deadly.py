"""Functions that workers run in tests; some of them do not come back."""

import os
import signal


def double(item: int) -> int:
    return 2 * item


def die_of(item: object) -> object:
    """End this process, or raise, or loop, as ``item`` says; other items come back."""
    if item == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if item == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "raise":
        raise ValueError("no such thing")
    while item == "loop":
        pass
    return item


def impatient(item: object) -> object:
    """Loop as ``die_of`` does, under a limit that a test has the time to wait for."""
    signal.setitimer(signal.ITIMER_PROF, 0.1)
    return die_of(item)


def hoard(size: int) -> int:
    return len(bytearray(size))
