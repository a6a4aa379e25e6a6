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


def die(_item: object) -> object:
    """End this process, whatever is asked."""
    return die_of("crash")


def impatient(item: object) -> object:
    """Loop as ``die_of`` does, under a limit that a test has the time to wait for."""
    signal.setitimer(signal.ITIMER_PROF, 0.1)
    return die_of(item)


def hoard(size: int) -> int:
    return len(bytearray(size))


def use_again(blocks: int) -> int:
    """Fill blocks of 1 MiB and free them, again and again; return how many pages had to be got."""
    import resource

    counts = []
    for _ in range(3):
        [bytearray(b"1" * (1 << 20)) for _ in range(blocks)]
        counts.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
    return counts[-1] - counts[-2]


def threads_of_a_product(size: int) -> int:
    """Multiply two matrices as a signature does; return how many threads there are then."""
    import numpy as np

    square = np.ones((size, size), np.float32)
    square @= square
    return len(os.listdir("/proc/self/task"))


def process(item: object) -> int:
    """Tell which process works on the item, once it has died of those that are deadly."""
    die_of(item)
    return os.getpid()


def wait_for_nothing(item: object) -> object:
    """Wait as a decoder does that waits for a lock that nobody will release."""
    while item == "wait":
        signal.pause()
    return item


def read_whole(path: str) -> int:
    """Read a file to its end; a pipe gives nothing until somebody writes."""
    with open(path, "rb") as file:
        return len(file.read())


def print_and_return(item: object) -> object:
    """Print as some decoders do, past Python."""
    os.write(1, b"warning: a decoder speaks\n")
    os.write(2, b"warning: a decoder speaks\n")
    return item
