"""The end of a run in the terminal: what was done, what went wrong, how to take it back."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from same_image_locator.model import Problem
from same_image_locator.ui_words import problem_line
from same_image_locator.wording import plural, printable, size_words

_SHOWN_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run; sizes in bytes.

    ``set_aside_bytes`` wait in the decision folder and can still be freed or brought home with
    ``undo_command``; ``freed_bytes`` are gone for good. ``trashed`` and ``removed`` are the files
    and bytes that went to the system's trash, and those that were removed in the review itself.
    """

    groups: int
    kept: int
    set_aside: int
    set_aside_bytes: int
    freed_bytes: int
    problems: tuple[Problem, ...] = ()
    decision_folder: str = ""
    undo_command: str = ""
    trashed: tuple[int, int] = (0, 0)
    removed: tuple[int, int] = (0, 0)


def print_summary(console: Console, summary: Summary) -> None:
    """Print the summary, a fact a line, with every file name made harmless."""
    for text in _lines(summary):
        console.print(text, soft_wrap=not console.is_terminal)


def _lines(summary: Summary) -> Iterator[Text]:
    yield Text("Summary", style="bold")
    yield _fact("Groups settled", f"{summary.groups:,}")
    yield _fact("Files kept", f"{summary.kept:,}")
    yield _fact("Set aside", _set_aside(summary))
    if summary.trashed[0]:
        yield _fact("To the trash", _files_and_size(summary.trashed))
    if summary.removed[0]:
        yield _fact("Removed", f"{_files_and_size(summary.removed)}, for good")
    if summary.freed_bytes:
        yield _fact("Freed", size_words(summary.freed_bytes))
    yield from _problem_lines(summary.problems)
    if summary.undo_command:
        yield _fact("To take it back", printable(summary.undo_command))


def _set_aside(summary: Summary) -> str:
    if not summary.set_aside:
        return "nothing"
    words = plural(summary.set_aside, "file")
    if summary.set_aside_bytes:
        words += f", {size_words(summary.set_aside_bytes)} can be freed"
        if summary.decision_folder:
            words += f", in {printable(summary.decision_folder)}"
    return words


def _files_and_size(files: tuple[int, int]) -> str:
    return f"{plural(files[0], 'file')}, {size_words(files[1])}"


def _problem_lines(problems: tuple[Problem, ...]) -> Iterator[Text]:
    if not problems:
        yield _fact("Problems", "none")
        return
    yield _fact("Problems", f"{len(problems):,}", style="yellow")
    for problem in problems[:_SHOWN_PROBLEMS]:
        yield Text(f"  {problem_line(problem)}", style="yellow")
    if len(problems) > _SHOWN_PROBLEMS:
        yield Text(f"  and {len(problems) - _SHOWN_PROBLEMS:,} more", style="yellow")


def _fact(name: str, words: str, style: str = "") -> Text:
    return Text.assemble((f"{name + ':':<17}", "dim"), (words, style))
