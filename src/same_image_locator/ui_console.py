"""The terminal: the run in one pane, the web server's log in the other, or plain lines."""

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.layout import Layout
from rich.live import Live
from rich.progress import Progress as Bars
from rich.progress import TaskID, TextColumn
from rich.style import Style
from rich.text import Text

from same_image_locator.events import (
    Event,
    Listener,
    Requested,
    Step,
    StepFinished,
    StepStarted,
    ignore,
)
from same_image_locator.ui_lines import Lines, Sort
from same_image_locator.ui_panes import BarAndWords, Pane, split_screen
from same_image_locator.ui_summary import Summary, print_summary
from same_image_locator.wording import printable

_ADDRESS = re.compile(r"https?://\S+")
_FEWEST_ROWS = 12
_KEPT_LINES = 500
_FRAMES_PER_SECOND = 8


class UISplit(Lines):
    """The split screen of a run: a context manager, and a listener of its events.

    Without a terminal, on a dumb one or with fewer than 12 rows it prints plain lines. Events may
    come from any thread; ``progress`` knows where each step stands. When it closes, the run's own
    lines stay on the screen as ordinary text. All goes to standard error, so that standard output
    stays free for reports.
    """

    def __init__(
        self,
        console: Console | None = None,
        *,
        title: str = "Same Image Locator",
        clock: Callable[[], float] = time.monotonic,
        log: Listener = ignore,
    ) -> None:
        super().__init__(clock, log=log)
        self.console = console or Console(stderr=True, highlight=False)
        self._title = title
        self._run: deque[Text] = deque(maxlen=_KEPT_LINES)
        self._web: deque[Text] = deque(maxlen=_KEPT_LINES)
        self._problems: deque[Text] = deque(maxlen=_KEPT_LINES)
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarAndWords(self._words),
            console=self.console,
            auto_refresh=False,
            get_time=clock,
            expand=True,
        )
        self._tasks: dict[Step, TaskID] = {}
        self._plain = True
        self._live: Live | None = None

    def __enter__(self) -> Self:
        self._plain = not _can_split(self.console)
        if not self._plain:
            self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._plain:
            return
        self._close()
        with self._lock:
            self._plain = True
            # A run that ended well names its problems in the summary; any other names them here.
            lines = [line for line in self._run if kind is not None or line not in self._problems]
            for line in lines:
                self.console.print(line)

    def summary(self, summary: Summary) -> None:
        """Print the end of the run on the same console."""
        print_summary(self.console, summary)

    @contextmanager
    def suspended(self) -> Iterator[Console]:
        """Give the ordinary screen back, for a question; events are still taken in meanwhile."""
        self._close()
        try:
            yield self.console
        finally:
            if not self._plain:
                self._open()

    def _open(self) -> None:
        # The alternate screen is what survives a change of the window's size without debris.
        # Standard output is left alone: a report printed there must not turn up in a pane.
        self._live = Live(
            console=self.console,
            screen=True,
            get_renderable=self._panes,
            refresh_per_second=_FRAMES_PER_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start(refresh=True)

    def _close(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            live.stop()

    def _panes(self) -> Layout:
        with self._lock:
            for step, task in self._tasks.items():
                if (standing := self.progress.standing(step)) is not None:
                    self._bars.update(task, completed=standing.done, total=standing.total)
            bars = self._bars.get_renderable() if self._tasks else None
            run = Pane(self._title, "green", tuple(self._run), bars)
            web = Pane("Web server", "blue", tuple(self._web))
        return split_screen(run, web, self.console.width)

    def _take(self, event: Event) -> None:
        match event:
            case StepStarted(step, total):
                self._drop_bar(step)
                self._tasks[step] = self._bars.add_task(step, total=total, step=step)
            case StepFinished(step, _):
                self._drop_bar(step)
            case Requested(line):
                self._web.append(Text(printable(line), style="dim"))
            case _:
                pass
        super()._take(event)

    def _tell_progress(self, step: Step) -> None:
        if self._plain:  # else the bar does
            super()._tell_progress(step)

    def _say(self, sort: Sort, head: str, words: str) -> None:
        line = _line(sort, head, words)
        self._run.append(line)
        if sort == "problem":
            self._problems.append(line)
        self._print(line)

    def _print(self, line: Text | str) -> None:
        if self._plain:
            # A line in a log stays one line, however narrow the screen that is imagined for it.
            text = Text(line) if isinstance(line, str) else line
            self.console.print(text, soft_wrap=not self.console.is_terminal)

    def _drop_bar(self, step: Step) -> None:
        if step in self._tasks:
            self._bars.remove_task(self._tasks.pop(step))


def _can_split(console: Console) -> bool:
    return console.is_terminal and not console.is_dumb_terminal and console.height >= _FEWEST_ROWS


def _line(sort: Sort, head: str, words: str) -> Text:
    if sort == "done":
        return Text.assemble((head, "bold green"), words)
    return _linked(words) if sort == "note" else Text(head + words, style="yellow")


def _linked(text: str) -> Text:
    """Return the text with its web addresses as links: in a narrow pane they are cut in two."""
    line = Text(text)
    for address in _ADDRESS.finditer(text):
        line.stylize(Style(link=address[0]), *address.span())
    return line
