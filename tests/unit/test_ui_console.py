"""The split screen and its plain twin, on real consoles and a real pseudo-terminal."""

import fcntl
import io
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
from pathlib import Path

import pytest
from rich.console import Console

from same_image_locator.events import (
    Advanced,
    Event,
    Noted,
    Requested,
    StepFinished,
    StepStarted,
    Troubled,
)
from same_image_locator.model import Problem
from same_image_locator.ui_console import UISplit
from same_image_locator.ui_summary import Summary

PROBLEM = Problem("/photos/[red]x[/red]\n.jpg", "fingerprint", "the file is empty")


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def plain_console() -> Console:
    return Console(file=io.StringIO(), width=80, height=24, force_terminal=False)


def screen_console(width: int = 120, height: int = 30) -> Console:
    environment = {"TERM": "xterm-256color"}
    return Console(
        file=io.StringIO(), width=width, height=height, force_terminal=True, _environ=environment
    )


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def frame(ui: UISplit, width: int = 120, height: int = 30) -> list[str]:
    """Return the rows of one picture of the split screen."""
    paper = Console(file=io.StringIO(), width=width, height=height, force_terminal=False)
    ui.console = paper
    paper.print(ui._panes(), height=height)
    return written(paper).splitlines()


def test_without_a_terminal_each_thing_that_happens_is_one_plain_line() -> None:
    console = plain_console()
    with UISplit(console) as ui:
        for event in (
            StepStarted("scan"),
            StepFinished("scan", "Found 3 photos"),
            StepStarted("fingerprint", 3),
            Troubled(PROBLEM),
            Requested("GET /api/groups 200"),
            Noted("The page is at http://127.0.0.1:5173/"),
        ):
            ui(event)
    assert written(console).splitlines() == [
        "scan: started",
        "scan: Found 3 photos",
        "fingerprint: 3 to do",
        r"problem: /photos/[red]x[/red]\n.jpg: fingerprint: the file is empty",
        "The page is at http://127.0.0.1:5173/",
    ]


def test_a_long_step_tells_its_progress_every_two_seconds_and_no_more_often() -> None:
    console, clock = plain_console(), Clock()
    with UISplit(console, clock=clock) as ui:
        ui(StepStarted("fingerprint", 1000))
        for _ in range(100):
            clock.now += 0.1
            ui(Advanced("fingerprint", files=5, size=1_000_000))
    lines = written(console).splitlines()[1:]
    assert 4 <= len(lines) <= 5
    assert lines[-1].startswith("fingerprint: ")
    assert "of 1,000 · 50/s · 10.0 MB/s · 12 s left" in lines[-1]


def test_a_long_line_in_a_log_file_is_not_broken() -> None:
    console = plain_console()
    with UISplit(console) as ui:
        ui(Noted("x" * 300))
    assert written(console) == "x" * 300 + "\n"


@pytest.mark.parametrize(
    "console",
    [
        screen_console(height=11),
        Console(
            file=io.StringIO(), width=80, height=24, force_terminal=True, _environ={"TERM": "dumb"}
        ),
    ],
    ids=["eleven rows", "dumb terminal"],
)
def test_a_terminal_that_cannot_be_split_gets_plain_lines(console: Console) -> None:
    with UISplit(console) as ui:
        ui(Noted("hello"))
        assert "hello" in written(console)
    assert "\x1b[?1049h" not in written(console)


def fill(ui: UISplit) -> None:
    for event in (
        StepStarted("scan"),
        StepFinished("scan", "Found 1,204 photos"),
        Troubled(PROBLEM),
        StepStarted("fingerprint", 1204),
        Advanced("fingerprint", files=301, size=4_000_000),
        Requested("GET /api/groups 200"),
    ):
        ui(event)


def test_a_wide_screen_shows_the_run_left_and_the_web_log_right() -> None:
    clock = Clock()
    ui = UISplit(screen_console(), clock=clock)
    fill(ui)
    clock.now += 10
    rows = frame(ui)
    assert len(rows) == 30
    assert "Same Image Locator" in rows[0]
    assert "Web server" in rows[0]
    assert "scan: Found 1,204 photos" in rows[1]
    assert "GET /api/groups 200" in rows[1]
    text = "\n".join(rows)
    assert "301 of 1,204 · 30/s · 400.0 kB/s" in text
    assert r"[red]x[/red]\n.jpg" in text


def test_a_narrow_screen_shows_one_pane_above_the_other() -> None:
    ui = UISplit(screen_console())
    fill(ui)
    rows = frame(ui, width=60)
    assert "Web server" not in rows[0]
    assert any("Web server" in row for row in rows[10:])
    assert all(len(row) <= 60 for row in rows)


def test_an_address_that_a_pane_cuts_in_two_is_still_one_link() -> None:
    console = screen_console(width=100)
    address = "http://127.0.0.1:5173/#t=" + "k" * 43
    with UISplit(console) as ui:
        ui(Noted(f"review page: {address}"))
        assert ui._live is not None
        ui._live.refresh()
    assert written(console).count(f";{address}\x1b\\") >= 2


def test_the_newest_lines_and_the_bar_stay_in_sight() -> None:
    ui = UISplit(screen_console())
    ui(StepStarted("stage", 10))
    for number in range(300):
        ui(Noted(f"note {number} " + "long " * 30))
        ui(Requested(f"GET /{number}"))
    text = "\n".join(frame(ui, height=20))
    assert "note 299" in text
    assert "GET /299" in text
    assert "0 of 10" in text
    assert "note 100" not in text


def test_the_run_stays_on_the_screen_when_the_split_ends() -> None:
    console = screen_console()
    with UISplit(console) as ui:
        fill(ui)
    left = written(console).rpartition("\x1b[?1049l")[2]
    assert "Found 1,204 photos" in left
    assert "fingerprint: the file is empty" not in left, "the summary names the problems"


def test_problems_stay_on_the_screen_when_the_run_breaks() -> None:
    console = screen_console()

    def break_off() -> None:
        with UISplit(console) as ui:
            fill(ui)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert "the file is empty" in written(console).rpartition("\x1b[?1049l")[2]


def test_a_question_gets_the_ordinary_screen_and_the_split_comes_back() -> None:
    console = screen_console()
    with UISplit(console) as ui:
        with ui.suspended() as ordinary:
            ordinary.print("Free the space now?")
            ui(Noted("meanwhile"))
        ui(Noted("afterwards"))
    parts = written(console).split("\x1b[?1049l")
    assert len(parts) == 3
    question = parts[1].partition("\x1b[?1049h")[0]
    assert "Free the space now?" in question
    assert "meanwhile" not in question
    assert "meanwhile" in parts[2]
    assert "afterwards" in parts[2]


def test_events_may_come_from_many_threads() -> None:
    console = screen_console()

    def send(event: Event) -> None:
        for _ in range(200):
            ui(event)

    with UISplit(console) as ui:
        ui(StepStarted("fingerprint", 800))
        events: list[Event] = [*[Advanced("fingerprint", 1, 10)] * 4, *[Requested("GET /")] * 2]
        threads = [threading.Thread(target=send, args=(event,)) for event in events]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert "800 of 800" in "\n".join(frame(ui))


def test_ctrl_c_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, threading\n"
        "from same_image_locator.events import Noted\n"
        "from same_image_locator.ui_console import UISplit\n"
        "try:\n"
        "    with UISplit() as ui:\n"
        "        ui(Noted('working'))\n"
        "        threading.Event().wait()\n"
        "except KeyboardInterrupt:\n"
        "    print('report on standard output')\n"
    )
    output, status = run_on_a_terminal(program, interrupt_after=b"working")
    screen, _, after = output.partition(b"\x1b[?1049l")
    assert status == 0
    assert screen.count(b"\x1b[?1049h") == 1
    assert b"\x1b[?25h" in output, "the cursor is visible again"
    assert b"working" in after
    assert b"report on standard output" in after


def run_on_a_terminal(program: Path, interrupt_after: bytes) -> tuple[bytes, int]:
    """Run a program on a terminal of 100 x 30, press Ctrl+C once it wrote the given words."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    source = str(Path(__file__).parents[2] / "src")
    environment = os.environ | {"TERM": "xterm-256color", "PYTHONPATH": source}
    process = subprocess.Popen(
        [sys.executable, str(program)], stdin=its, stdout=its, stderr=its, env=environment
    )
    os.close(its)
    output, interrupted = b"", False
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux tells the end of a terminal in this way
            break
        if not part:
            break
        output += part
        if interrupt_after in output and not interrupted:
            interrupted = True
            process.send_signal(signal.SIGINT)
    os.close(ours)
    return output, process.wait(timeout=60)


def test_the_summary_tells_what_was_done_and_how_to_take_it_back() -> None:
    console = plain_console()
    UISplit(console).summary(
        Summary(
            groups=2,
            kept=3,
            set_aside=4,
            set_aside_bytes=3_200_000_000,
            freed_bytes=0,
            problems=(PROBLEM,),
            decision_folder="/photos/_DECISION_DUPES",
            undo_command="sil undo /photos",
        )
    )
    assert written(console).splitlines() == [
        "Summary",
        "Groups settled:  2",
        "Files kept:      3",
        "Set aside:       4 files, 3.2 GB can be freed, in /photos/_DECISION_DUPES",
        "Problems:        1",
        r"  /photos/[red]x[/red]\n.jpg: fingerprint: the file is empty",
        "To take it back: sil undo /photos",
    ]


def test_the_summary_names_fifty_problems_and_counts_the_rest() -> None:
    console = plain_console()
    problems = tuple(Problem(f"/{number}.jpg", "scan", "gone") for number in range(1053))
    UISplit(console).summary(Summary(0, 0, 0, 0, 0, problems))
    lines = written(console).splitlines()
    assert lines[-1] == "  and 1,003 more"
    assert sum(": scan: gone" in line for line in lines) == 50


def test_a_summary_after_freeing_tells_the_bytes_freed() -> None:
    console = plain_console()
    UISplit(console).summary(Summary(1, 1, 0, 0, 2_500_000))
    assert "Freed:           2.5 MB" in written(console)
    assert "Set aside:       nothing" in written(console)
    assert "take it back" not in written(console)


def test_the_summary_tells_what_went_to_the_trash_and_what_is_gone() -> None:
    output = io.StringIO()
    summary = Summary(2, 2, 0, 0, 0, trashed=(1, 2_000), removed=(3, 4_000))
    UISplit(Console(file=output, width=100)).summary(summary)
    lines = [" ".join(line.split()) for line in output.getvalue().splitlines()]
    assert "To the trash: 1 file, 2.0 kB" in lines
    assert "Removed: 3 files, 4.0 kB, for good" in lines
