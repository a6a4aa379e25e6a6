"""Runs the real program in a process of its own and, as a page would, talks to its server."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

_URL = re.compile(r"(http://[^/\s]+)/#t=(\S+)")
_PATIENCE = 60  # seconds that nothing here comes near to


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which this very code runs, measured when coverage is on."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**os.environ, "PYTHONPATH": path, **more}


def command(*words: str | Path, module: str = "same_image_locator") -> list[str]:
    """Return how the program is called, or a module of the tests that calls it."""
    return [sys.executable, "-m", module, *map(str, words)]


def sil(
    *words: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        command(*words),
        cwd=cwd,
        env=environment(**(env or {})),
        input=stdin,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=_PATIENCE,
        check=False,
    )


RUNNING: "list[Program]" = []


class Program:
    """The program with its page served, until it ends or is killed."""

    def __init__(
        self, *words: str | Path, cwd: Path | None = None, module: str = "same_image_locator"
    ) -> None:
        self.process = subprocess.Popen(
            command(*words, "--port", "0", "--no-open", module=module),
            cwd=cwd,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="surrogateescape",
        )
        RUNNING.append(self)
        self.lines: list[str] = []
        self.base, self.token = self._wait_for_page()

    def _wait_for_page(self) -> tuple[str, str]:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if found := _URL.search(line):
                return found[1], found[2]
        raise AssertionError("the page never came:\n" + "".join(self.lines))

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Send a request to the API; returns the status and the answer."""
        request = urllib.request.Request(
            self.base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "X-SIL-Token": self.token,
                "Origin": self.base,
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def get(self, path: str) -> Any:
        """Return what the API tells."""
        status, answer = self.ask("GET", path)
        assert status == 200, answer
        return answer

    def all_found(self) -> None:
        """Wait until the search for groups has ended."""
        until(lambda: self.get("/api/session")["search"] is None)

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.process.kill()
        self._collect()

    def interrupt(self) -> int:
        """Press Ctrl+C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end; returns the exit code."""
        self._collect()
        return self.process.returncode

    @property
    def text(self) -> str:
        """All that the terminal has shown, once the program has ended."""
        return "".join(self.lines)

    def _collect(self) -> None:
        output, errors = self.process.communicate(timeout=_PATIENCE)
        self.lines += [errors, output]


def until(condition: Any, patience: float = _PATIENCE) -> Any:
    """Return the first true answer of ``condition``, which has no event to wait for."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if answer := condition():
            return answer
    raise AssertionError("it never came")
