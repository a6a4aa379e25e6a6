"""The run in a real terminal: two panes while it works, and a question at the end."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

import pictures
from cli.test_main_job import finish
from program import RUNNING, Program, environment

_ROWS, _COLUMNS = 40, 180
_PATIENCE = 60


class InTerminal(Program):
    """The program on a terminal of its own, of which the test is the screen and the keyboard."""

    def __init__(self, photos: Path) -> None:
        self.screen, terminal = pty.openpty()
        size = struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)
        self.shown = ""
        self.lines = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "same_image_locator", photos, "--port", "0", "--no-open"],
            cwd=photos.parent,
            env=environment(TERM="xterm-256color"),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            text=True,
            # Ctrl+C then reaches the program as from a keyboard of its own.
            preexec_fn=lambda: os.login_tty(terminal),  # noqa: PLW1509 - no threads run beside it
        )
        os.close(terminal)
        RUNNING.append(self)
        found = self.until_shown(r"(http://127\.0\.0\.1:\d+)/#t=([\w-]+)")
        self.base, self.token = found[1], found[2]

    def until_shown(self, pattern: str) -> re.Match[str]:
        """Return the match of a pattern as soon as the screen has shown it."""
        while (found := re.search(pattern, self.shown)) is None:
            ready, _, _ = select.select([self.screen], [], [], _PATIENCE)
            assert ready, f"{pattern} was never shown:\n{self.shown[-3000:]}"
            self.shown += os.read(self.screen, 65536).decode("utf-8", "replace")
        return found

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.screen, text.encode())

    def ending(self) -> str:
        """Return all that the terminal showed once the program has ended."""
        try:
            while more := os.read(self.screen, 65536):
                self.shown += more.decode("utf-8", "replace")
        except OSError:  # the terminal is gone with its last program
            pass
        os.close(self.screen)
        return self.shown


@pytest.fixture
def terminal(tmp_path: Path) -> InTerminal:
    """A run that waits for the decision on one pair."""
    pictures.photo(tmp_path / "photos/a.jpg", 1)
    pictures.photo(tmp_path / "photos/b.jpg", 1)
    return InTerminal(tmp_path / "photos")


def test_both_panes_are_in_view_and_the_web_log_fills_its_own(terminal: InTerminal) -> None:
    terminal.until_shown("Web server")
    terminal.get("/api/session")
    terminal.until_shown(r"GET /api/session 200")
    assert "Same Image Locator" in terminal.shown
    terminal.type("\x03")
    assert "No photo is lost" in terminal.ending()
    assert terminal.process.wait() == 130


def test_yes_in_the_terminal_frees_the_space_and_ends_the_run(
    terminal: InTerminal, tmp_path: Path
) -> None:
    finish(terminal, 1, [0])
    terminal.until_shown(r"Free [\d.]+ kB now, by removing the 1 file set aside\? \(y/N\)")
    terminal.type("y\n")
    assert "Freed:" in terminal.ending()
    assert terminal.process.wait() == 0
    assert os.listdir(tmp_path) == ["photos"]


def test_return_in_the_terminal_keeps_what_is_set_aside_and_tells_how_to_undo(
    terminal: InTerminal, tmp_path: Path
) -> None:
    finish(terminal, 1, [0])
    terminal.until_shown(r"\(y/N\)")
    terminal.type("\n")
    assert "sil undo --decision-folder" in terminal.ending()
    assert terminal.process.wait() == 0
    assert len(list(tmp_path.glob("_DECISION_DUPES/.set-aside/*/*/*"))) == 1


def test_an_answer_on_the_page_ends_the_question_in_the_terminal(
    terminal: InTerminal, tmp_path: Path
) -> None:
    finish(terminal, 1, [0])
    terminal.until_shown(r"\(y/N\)")
    terminal.ask("POST", "/api/free-space", {"yes": False})
    terminal.ending()
    assert terminal.process.wait() == 0


def test_ctrl_c_at_the_question_keeps_what_is_set_aside(
    terminal: InTerminal, tmp_path: Path
) -> None:
    finish(terminal, 1, [0])
    terminal.until_shown(r"\(y/N\)")
    terminal.type("\x03")
    terminal.ending()
    assert terminal.process.wait() == 130
    assert len(list(tmp_path.glob("_DECISION_DUPES/.set-aside/*/*/*"))) == 1
