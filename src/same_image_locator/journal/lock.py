"""One run per decision folder: a second one is told who works there and changes nothing."""

import datetime as dt
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from same_image_locator.errors import LockedError, RefusedError
from same_image_locator.journal.kernel import Kernel, named

NAME = ".lock"
# Beside the lock, not in it: whoever only tries the lock empties that file.
OWNER_NAME = ".owner.json"

# Whoever asks for the owner holds the lock for a moment; a run that starts then waits for it.
_GRACE_SECONDS = 0.3


@contextmanager
def locked(folder: str, kernel: Kernel) -> Iterator[None]:
    """Hold the decision folder's lock; the system gives it back when the process dies.

    Raises:
        LockedError: another run holds it.
        RefusedError: the drive knows no locks.
        OSError: the folder cannot be written.
    """
    from filelock import FileLock, Timeout  # a scan that only reports never needs it

    path = os.path.join(folder, NAME)
    lock = FileLock(path, timeout=_GRACE_SECONDS)
    try:
        with named(path):
            lock.acquire()
    except Timeout:
        raise LockedError(folder, _owner(folder, kernel)) from None
    except NotImplementedError as error:
        raise RefusedError(
            f"the drive of {folder} knows no locks, so that two runs could meet there",
            "Choose a decision folder on another drive with --decision-folder",
        ) from error
    try:
        _sign(folder, kernel)
        yield
        with suppress(OSError):  # the whole folder went, or the drive; a dead note misleads nobody
            kernel.remove(os.path.join(folder, OWNER_NAME))
    finally:
        with suppress(OSError):  # all is done by now, and the system gives it back in any case
            lock.release()


def owner(folder: str, kernel: Kernel) -> str | None:
    """Return who works in a decision folder at this moment, None when nobody does."""
    path = os.path.join(folder, NAME)
    if kernel.status(path) is None:
        return None
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return _owner(folder, kernel)
    except OSError:
        return None  # a drive that cannot be written has no run that writes
    lock.release()
    return None


def _sign(folder: str, kernel: Kernel) -> None:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    facts = {"process": os.getpid(), "host": socket.gethostname(), "since": now}
    with suppress(OSError):  # a full disk is no reason to refuse an undo
        kernel.replace(os.path.join(folder, OWNER_NAME), json.dumps(facts).encode())


def _owner(folder: str, kernel: Kernel) -> str:
    try:
        facts = json.loads(kernel.read(os.path.join(folder, OWNER_NAME)))
        since = dt.datetime.fromisoformat(facts["since"]).astimezone()
        return f"process {facts['process']} on {facts['host']} since {since:%Y-%m-%d %H:%M}"
    except (OSError, ValueError, KeyError, TypeError):
        return "its owner is not known"
