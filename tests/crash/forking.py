"""Keeps the program imported, and forks a fresh child for each run that is to be disturbed.

A child waits until strace holds it, so that nothing but the run itself is traced: no start of the
interpreter, no import. It answers through a socket, since a ``write`` may be made to fail.

    python -m crash.forking    (one JSON request a line on standard input, JSON answers)
"""

import ctypes
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from crash.cutting import CUTTER
from crash.drives import switch_off
from crash.stories import ELSEWHERE, STORIES
from same_image_locator.cli import main
from same_image_locator.errors import LocatorError
from same_image_locator.journal import acts

_ANY_TRACER = 0x59616D61, -1  # PR_SET_PTRACER, PR_SET_PTRACER_ANY
_PATIENCE = 60  # seconds that no child comes near to
_SHORT_WAITS = (0.001,) * 5


@dataclass(frozen=True)
class Ending:
    """How a child ended: by a signal, or with what it told."""

    signal: int
    code: int = 0
    error: str = ""  # the name of the exception's class; "" when the action returned
    text: str = ""  # what went to standard output and error, or the exception's words


class Forker:
    """The process that has all imports done, and gives birth to children."""

    def __init__(self) -> None:
        path = os.pathsep.join(entry for entry in sys.path if entry)
        known = {k: v for k, v in os.environ.items() if not k.startswith("COV")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crash.forking"],
            env={**known, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            pass  # closes its input, which ends it, and waits for that

    def born(self, request: dict[str, Any]) -> int:
        """Return the number of a child that waits to be let go."""
        return int(self._ask(request)["child"])

    def let_go(self) -> Ending:
        """Let the child run and return how it ended."""
        return Ending(**self._ask({}))

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def _serve() -> None:
    # A cache of its own: whoever closes one last removes its log, and that counts as a call.
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SIL_CACHE_DIR"] = folder
        _warm_up()
        _answer_all()


def _answer_all() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the program had made it gentle
    for line in sys.stdin:
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            ours.close()
            _be_child(json.loads(line), theirs)
        theirs.close()
        _say({"child": child})
        sys.stdin.readline()
        answer = _heard(ours)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            _say({"signal": os.WTERMSIG(status)})
        else:
            _say({"signal": 0, **json.loads(answer)})


def _heard(line: socket.socket) -> bytes:
    """Let the child at the other end go and return all that it says until it ends."""
    with line:
        line.send(b"go")
        return b"".join(iter(lambda: line.recv(1 << 16), b""))


def _be_child(request: dict[str, Any], line: socket.socket) -> None:
    ctypes.CDLL(None).prctl(*_ANY_TRACER, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.alarm(_PATIENCE)  # a child that hangs dies of it, and its death is a finding
    line.recv(2)
    answer: dict[str, Any] = {}
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            if "words" in request:
                answer["code"] = main(request["words"])
            else:
                CUTTER.cut = lambda: switch_off(request["off"])
                with CUTTER.cutting(request.get("at", 0)):
                    _play(request["story"])(Path(request["room"]))
        except (OSError, LocatorError) as error:
            answer |= {"error": type(error).__name__, "text": str(error)}
        except BaseException:  # noqa: BLE001 - whatever comes is a finding to be told
            answer |= {"error": "crash", "text": traceback.format_exc()}
    line.sendall(json.dumps({"text": said.getvalue(), **answer}).encode())
    os._exit(0)


def _play(name: str) -> Callable[[Path], None]:
    return next(story.act for story in STORIES if story.name == name)


def _warm_up() -> None:
    """Do everything once, so that a child imports nothing: a fault in an import proves nothing."""
    acts._WAITS = _SHORT_WAITS
    for story in STORIES:
        with tempfile.TemporaryDirectory() as folder:
            story.before(Path(folder))
            story.act(Path(folder))
            said = io.StringIO()
            with redirect_stdout(said), redirect_stderr(said):
                for verb in ("status", "recover", "undo", "purge"):
                    main([verb, folder, "--decision-folder", f"{folder}/decide"])
    while ELSEWHERE:
        shutil.rmtree(ELSEWHERE.pop(), ignore_errors=True)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve()
