"""What the terminal's panes are made of: the tail of a log, and a step's bar with its rates."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.progress import BarColumn, ProgressColumn, Task
from rich.table import Table
from rich.text import Text

from same_image_locator.wording import size_words

_SIDE_BY_SIDE_COLUMNS = 100
_WHOLE_NUMBERS_FROM = 10  # a rate below this is told with one decimal


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


class BarAndRates(ProgressColumn):
    """A step's bar, and below it how far and how fast it goes."""

    max_refresh = 0.2

    def __init__(self) -> None:
        super().__init__()
        self._bar = BarColumn(bar_width=None)

    def render(self, task: Task) -> RenderableType:
        """Return the two rows of one step."""
        rows = Table.grid(expand=True)  # not a Group: a bar does not end its own row
        rows.add_row(self._bar.render(task))
        rows.add_row(Text(rates(task), style="dim", overflow="fold"))
        return rows


def rates(task: Task) -> str:
    """Return for example "1,204 of 5,000 · 310/s · 42.1 MB/s · 0:01:12 left".

    The bytes come from the task's field "size". What is not known yet is left out.
    """
    done = int(task.completed)
    parts = [f"{done:,} of {int(task.total):,}" if task.total is not None else f"{done:,}"]
    if task.elapsed and done:
        rate = task.speed or done / task.elapsed
        parts.append(f"{rate:,.0f}/s" if rate >= _WHOLE_NUMBERS_FROM else f"{rate:.1f}/s")
        if task.fields.get("size"):
            parts.append(f"{size_words(task.fields['size'] / task.elapsed)}/s")
    if task.time_remaining is not None and not task.finished:
        minutes, seconds = divmod(int(task.time_remaining), 60)
        parts.append(f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d} left")
    return " · ".join(parts)
