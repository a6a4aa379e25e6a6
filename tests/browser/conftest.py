"""The real program in its own process, and a real Chromium that opens its page."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

import chromium
import reviewing

# Milliseconds that a busy computer may take until the page shows what it was told.
_PATIENCE = 20_000
SOURCE = Path(__file__).parents[2] / "src"


@dataclass
class Program:
    """A run of the program over a library, as a person starts it."""

    root: Path
    folder: Path
    arguments: tuple[str, ...] = ()
    module: str = "same_image_locator"
    url: str = ""
    lines: list[str] = field(default_factory=list)
    process: "subprocess.Popen[str] | None" = None
    listener: threading.Thread | None = None

    def start(self, *arguments: str) -> str:
        """Start the program and return the address that it prints."""
        command = [sys.executable, "-m", self.module, str(self.root), "--no-open"]
        command += ["--decision-folder", str(self.folder)]
        given = arguments or self.arguments
        command += [*given] if "--port" in given else ["--port", "0", *given]
        tests = str(Path(__file__).parents[1])
        path = os.pathsep.join([str(SOURCE), tests, os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            command,
            cwd=self.root.parent,
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        found = threading.Event()
        self.listener = threading.Thread(target=self._listen, args=(self.process, found))
        self.listener.start()
        assert found.wait(60), self.lines
        assert self.url, self.lines
        return self.url

    def _listen(self, process: "subprocess.Popen[str]", found: threading.Event) -> None:
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                self.lines.append(line)
                if address := re.search(r"http://\S+", line):
                    self.url = address[0]
                    found.set()
        found.set()

    @property
    def port(self) -> str:
        return str(urlsplit(self.url).port)

    def wait(self) -> int:
        """Wait for the program to end by itself and return its exit code."""
        assert self.process is not None
        assert self.listener is not None
        code = self.process.wait(60)
        self.listener.join(60)
        return code

    def kill(self) -> None:
        """End it as a power cut would: with no chance to tidy up."""
        assert self.process is not None
        self.process.kill()
        self.wait()

    def at_home(self) -> set[str]:
        """Return the photos that lie in the library."""
        return set(reviewing.tree(self.root))


@pytest.fixture
def start_program(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Return ``start_program(photos, *arguments)``; whatever still runs is ended afterwards."""
    started: list[Program] = []

    def start(
        photos: dict[str, int] | None = None,
        *arguments: str,
        module: str = "same_image_locator",
    ) -> Program:
        root = tmp_path / "photos"
        if not root.exists():
            reviewing.library(root, reviewing.THREE_GROUPS if photos is None else photos)
        program = Program(root, tmp_path / "decisions", arguments, module)
        started.append(program)
        program.start()
        return program

    yield start
    for program in started:
        if program.process is not None and program.process.poll() is None:
            program.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's own Chromium; a missing one is an error where a browser is required."""
    found = chromium.found()
    if found is None:
        if REQUIRED:
            pytest.fail(
                "no Chromium found: install the package 'chromium-headless-shell' or 'chromium'"
            )
        pytest.skip("no Chromium found: the page is NOT tested in a browser")
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=chromium.QUIET)
        yield started
        started.close()


# Read at import: each test takes all SIL_ variables out of its surroundings.
REQUIRED = bool(os.environ.get("CI") or os.environ.get("SIL_REQUIRE_BROWSER"))


@dataclass
class Watch:
    """What went wrong in the pages of one test."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def heard(self, message: ConsoleMessage) -> None:
        # A refused or lost request is told on the page; Chromium logs it besides.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self.heard)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or ""))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile; an error, a policy violation or a foreign host fails the test."""
    watch = Watch()
    fresh = browser.new_context(viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(20_000)
    watch.over(fresh)
    yield fresh
    fresh.close()
    assert watch.errors == []
    assert watch.hosts <= {"127.0.0.1"}


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
