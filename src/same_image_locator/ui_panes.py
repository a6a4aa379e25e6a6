"""What the terminal's panes are made of: the tail of a log, and a step's bar with its rates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.progress import BarColumn, ProgressColumn, Task
from rich.table import Table
from rich.text import Text

from same_image_locator.events import Step

_SIDE_BY_SIDE_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Pane:
    """One pane: the last lines that fit, newest at the bottom, and ``below`` always in sight."""

    title: str
    colour: str
    lines: Sequence[Text]
    below: RenderableType | None = None

    def __rich__(self) -> RenderableType:
        return Panel(
            _Tail(self.lines, self.below),
            title=Text(self.title),
            title_align="left",
            border_style=self.colour,
        )


def split_screen(run: Pane, web: Pane, columns: int) -> Layout:
    """Return both panes: side by side from 100 columns on, else one above the other."""
    screen = Layout()
    panes = Layout(run, ratio=3), Layout(web, ratio=2)
    if columns >= _SIDE_BY_SIDE_COLUMNS:
        screen.split_row(*panes)
    else:
        screen.split_column(*panes)
    return screen


@dataclass(frozen=True, slots=True)
class _Tail:
    lines: Sequence[Text]
    below: RenderableType | None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = options.height or console.height
        foot = 0
        if self.below is not None:
            foot = len(console.render_lines(self.below, options.update(height=None), pad=False))
        room = max(0, height - foot)
        rows: list[Text] = []
        for line in reversed(self.lines):
            if len(rows) >= room:
                break
            rows[:0] = line.wrap(console, options.max_width)
        yield from rows[max(0, len(rows) - room) :]
        if self.below is not None:
            yield self.below


class BarAndWords(ProgressColumn):
    """A step's bar, and below it what ``words`` says of the step in the task's field "step"."""

    max_refresh = 0.2

    def __init__(self, words: Callable[[Step], str]) -> None:
        super().__init__()
        self._bar = BarColumn(bar_width=None)
        self._words = words

    def render(self, task: Task) -> RenderableType:
        """Return the rows of one step."""
        rows = Table.grid(expand=True)  # not a Group: a bar does not end its own row
        rows.add_row(self._bar.render(task))
        rows.add_row(Text(self._words(task.fields["step"]), style="dim", overflow="fold"))
        return rows
