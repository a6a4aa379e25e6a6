"""How the terminal words what happens: where a step stands, a problem, the start of a step."""

import os
from collections.abc import Iterator

from same_image_locator.events import Step
from same_image_locator.model import Problem
from same_image_locator.progress import Standing
from same_image_locator.wording import duration_words, printable, size_words

_WHOLE_NUMBERS_FROM = 10  # a rate below this is told with one decimal
_NAMED = 3  # files that a step waits for


def started(step: Step, total: int | None) -> str:
    """Return for example "fingerprint: 5,000 to do"."""
    return f"{step}: started" if total is None else f"{step}: {total:,} to do"


def shown(text: str) -> str:
    """Return text that is safe to print, in as many lines as it has."""
    return "\n".join(printable(line) for line in text.split("\n"))


def problem_line(problem: Problem) -> str:
    """Return a problem as one line that is safe to print: path, step, detail."""
    return f"{printable(problem.path)}: {problem.step}: {printable(problem.detail)}"


def standing_words(standing: Standing) -> str:
    """Return for example "1,204 of 5,000 · 310/s · 42.1 MB/s · 1 min 10 s left".

    What is not known yet is left out; so is how fast a person decides.
    """
    done, total = standing.done, standing.total
    parts = [f"{done:,} of {total:,}" if total is not None else f"{done:,}"]
    if standing.step == "review":
        return parts[0]
    parts += _pace(standing)
    if standing.still:
        names = ", ".join(printable(os.path.basename(path)) for path in standing.waiting[:_NAMED])
        since = f"nothing new for {duration_words(standing.still)}"
        parts.append(f"{since}, waiting for {names}" if names else since)
    return " · ".join(parts)


def _pace(standing: Standing) -> Iterator[str]:
    if rate := standing.files_a_second:
        yield f"{rate:,.0f}/s" if rate >= _WHOLE_NUMBERS_FROM else f"{rate:.1f}/s"
    if standing.bytes_a_second:
        yield f"{size_words(standing.bytes_a_second)}/s"
    if standing.left:
        yield f"{duration_words(standing.left)} left"
