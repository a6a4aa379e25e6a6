"""Writes a report of what a scan has found: to standard output, or to a file that may hold it."""

import contextlib
import datetime as dt
import io
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from same_image_locator import __version__, journal, reports
from same_image_locator.appraisal import appraised_groups
from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.errors import UsageError
from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted
from same_image_locator.model import Settings
from same_image_locator.picture_reader import PictureReader
from same_image_locator.pipeline import Found
from same_image_locator.reports.value import Appraised, File, Report
from same_image_locator.wording import plural, printable

_ENCODING, _ERRORS = "utf-8", "strict"


def check(form: str, output: str | None) -> None:
    """Refuse to replace what is no report of ours, before hours are spent on a new one.

    Raises:
        UsageError: something else lies there, or the form is another package's and unusable.
    """
    reports.form(form)
    if output is not None and os.path.lexists(output) and not _is_report(output, form):
        raise UsageError(f"{output} exists and is no report", "It was left as it is; name another")


def write(settings: Settings, found: Found, form: str, output: str, listener: Listener) -> None:
    """Write a report in this form; to standard output where ``output`` is empty.

    Raises:
        UsageError: the file cannot be written.
    """
    count = len(found.groups)
    with contextlib.ExitStack() as stack:
        reader = PictureReader(stack.enter_context(Cache()), stack.enter_context(Previews()))
        told = _told(appraised_groups(found.groups, settings, reader), listener)
        report = Report(
            settings.root,
            settings.method,
            dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            __version__,
            count,
            sum(len(group.members) for group in found.groups),
            told,
            found.problems,
            lambda file: _thumbnail(file, reader),
        )
        listener(StepStarted("report", count))
        with _opened(output) as out:
            reports.form(form).write(report, out)
        where = f" in {printable(output)}" if output else ""
        listener(StepFinished("report", f"{plural(count, 'group')} told{where}"))


def _told(groups: Iterator[Appraised], listener: Listener) -> Iterator[Appraised]:
    for group in groups:
        yield group
        listener(Advanced("report"))


def _thumbnail(file: File, reader: PictureReader) -> bytes | None:
    return reader.thumbnail(file.place, file.identity, file.sha256)


@contextlib.contextmanager
def _opened(output: str) -> Iterator[TextIO]:
    if not output:
        out = io.TextIOWrapper(sys.stdout.buffer, _ENCODING, newline="", write_through=False)
        try:
            yield out
            out.flush()
        finally:
            out.detach()
        return
    try:
        with journal.written_whole(os.path.abspath(output)) as file:
            text = io.TextIOWrapper(file, _ENCODING, newline="")
            yield text
            text.flush()
            text.detach()
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from error


def _is_report(path: str, form: str) -> bool:
    """Return whether a file may be replaced: an empty one, a report in a form of ours or this."""
    if not os.path.isfile(path):
        return False
    heads = [
        reports.form(name).head.encode(_ENCODING)
        for name in {*reports.forms(), *filter(None, [form])}
    ]
    with open(path, "rb") as file:
        begin = file.read(max(map(len, heads)))
    return not begin or any(begin.startswith(head) for head in heads)
