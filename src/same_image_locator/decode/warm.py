"""The warm process: it loads once what every worker needs, and is forked for each of them.

It has a single thread and does nothing but fork; it is itself a fork of this process where that was
still young enough when it was prepared. Most of its life it only waits, so that neither it nor we
load what works with pictures before the first worker is wanted.
"""

import atexit
import contextlib
import gc
import importlib
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

from same_image_locator.decode.silence import silence
from same_image_locator.interrupts import interrupts_held
from same_image_locator.processors import keep_products_single

if TYPE_CHECKING:
    import subprocess

_WORD = 8  # bytes of a number on the way to the warm process and back
_NEEDED = ("same_image_locator.decode.serving", "same_image_locator.decode.glimpse")  # by all
_WARM = (
    "import sys; sys.path[:] = sys.argv[3:];"
    "from same_image_locator.decode.warm import fork_for;"
    "fork_for(int(sys.argv[1]), sys.argv[2])"
)


def prepare(module: str, *, at_once: bool = False) -> None:
    """Fork the warm process off this one, if no thread is there yet that could hold a lock.

    That saves most of its start. It loads what decodes only when the first worker is wanted, or
    ``at_once``, where there will be one for certain.

    Args:
        module: what the workers will need.
        at_once: whether to load it beside what this process does meanwhile.
    """
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1:
        _warm.prepare(module, at_once=at_once)


def fork(module: str, descriptors: tuple[int, int]) -> int:
    """Return the number of a new process that serves on the first of two descriptors.

    Args:
        module: what it will need; imported once, before the first fork.
        descriptors: its end of a pipe, and the page of memory that it shares.

    Raises:
        OSError: there can be no such process.
    """
    return _warm.fork(module, descriptors)


def buried(pid: int) -> int:
    """Wait for the end of a forked process; returns its exit code, as far as it is known."""
    return _warm.buried(pid)


class _Twin:
    """A fork of this process, to be asked as a ``Popen`` is."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, None while it lives."""
        return self._ended(os.WNOHANG)

    def wait(self) -> int | None:
        """Wait for its end, and return the exit code."""
        return self._ended(0)

    def _ended(self, how: int) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, how)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code


class _Warm:
    """The warm process as seen from here; it starts when it is first needed, and anew if it dies.

    Any thread may ask. It ends with us: it reads the end of its socket.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | _Twin | None = None
        self._socket: socket.socket | None = None
        self._owner = 0

    def prepare(self, module: str, *, at_once: bool) -> None:
        """Let it be a fork of this process, unless it lives already."""
        with self._lock:
            if self._process is None:
                ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with theirs, interrupts_held():
                    pid = os.fork()
                    if pid == 0:
                        ours.close()
                        _serve_as_twin(theirs, module, at_once=at_once)
                self._process, self._socket, self._owner = _Twin(pid), ours, os.getpid()

    def fork(self, module: str, descriptors: tuple[int, int]) -> int:
        """Return the number of a new process that serves on the first of two descriptors.

        Raises:
            OSError: there can be no such process.
        """
        with self._lock:
            if self._owner != os.getpid() or not self._process or self._process.poll() is not None:
                self.close()
                self._launch(module)
            pid = self._ask(b"fork", descriptors)
        if pid <= 0:
            raise OSError(-pid, os.strerror(-pid))
        return pid

    def buried(self, pid: int) -> int:
        """Wait for the end of a forked process; returns its exit code, as far as it is known."""
        with self._lock, contextlib.suppress(OSError):
            return self._ask(pid.to_bytes(_WORD, "little"))
        return -signal.SIGKILL

    def close(self) -> None:
        """Let the warm process end, and wait for it."""
        if self._process and self._socket and self._owner == os.getpid():
            self._socket.close()
            self._process.wait()
        self._process = self._socket = None

    def _launch(self, module: str) -> None:
        import subprocess  # not needed where it is a fork of ours

        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, interrupts_held():
            words = [sys.executable, "-c", _WARM, str(theirs.fileno()), module, *sys.path]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                words, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
            )
        self._socket, self._owner = ours, os.getpid()

    def _ask(self, word: bytes, descriptors: tuple[int, ...] = ()) -> int:
        with contextlib.suppress(OSError):  # such as a broken connection
            if self._socket is not None:
                socket.send_fds(self._socket, [word], descriptors)
                if answer := self._socket.recv(_WORD):
                    return int.from_bytes(answer, "little", signed=True)
        self.close()
        raise ConnectionError("the process that starts them has ended")


_warm = _Warm()
atexit.register(_warm.close)


def fork_for(descriptor: int, module: str, *, at_once: bool = False) -> None:
    """Live as the warm process: fork a worker, or wait for one's end, as the socket asks."""
    silence()
    keep_products_single()
    with socket.socket(fileno=descriptor) as asked:
        loaded = at_once and _load(module)
        while True:
            word, descriptors, _flags, _address = socket.recv_fds(asked, _WORD, 2)
            if not word:
                return
            if not loaded:
                loaded = _load(module)
            if not descriptors:
                _, status = os.waitpid(int.from_bytes(word, "little"), 0)
                _tell(asked, os.waitstatus_to_exitcode(status))
            elif (pid := _fork()) == 0:
                asked.close()
                _live(*descriptors)
                os._exit(0)  # to take the interpreter apart would cost as much as ten pictures
            else:
                for one in descriptors:
                    os.close(one)
                _tell(asked, pid)


def _serve_as_twin(asked: socket.socket, module: str, *, at_once: bool) -> NoReturn:
    """Live as the warm process in a fork of the run's own."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # to end gently is the run's own affair
        fork_for(asked.detach(), module, at_once=at_once)
    finally:
        os._exit(0)


def _load(module: str) -> bool:
    for name in (*_NEEDED, module):
        importlib.import_module(name)
    # What is there stays: a worker that looked it through for garbage would get its own copy.
    gc.freeze()
    return True


def _fork() -> int:
    """Return the child's number to the parent, 0 to the child, or a negative error number."""
    try:
        return os.fork()
    except OSError as error:
        return -(error.errno or 1)


def _tell(asked: socket.socket, number: int) -> None:
    asked.send(number.to_bytes(_WORD, "little", signed=True))


def _live(descriptor: int, memory: int) -> None:
    from same_image_locator.decode.serving import live  # it is loaded by now

    live(descriptor, memory)
