r"""Reports as tables, a file a row: CSV for spreadsheets, TSV for scripts.

What a spreadsheet could take for a formula, of a text that others have chosen, gets an apostrophe
in front; so does a text that begins with one, so that taking one away gives the text back. CSV
begins with a byte order mark, without which spreadsheets misread names. In TSV each line is one
row: a tab, a line end or a backslash in a cell is escaped. In both an undecodable byte stands as
``\xff``.
"""

import csv
import os
import re
from collections.abc import Callable
from typing import NamedTuple, TextIO

from same_image_locator.reports.value import Appraised, File, Report

COLUMNS = (
    "group",
    "file",
    "group_tier",
    "path",
    "name",
    "suggested",
    "confidence",
    "reasons",
    "has_alone",
    "frees_bytes",
    "tier",
    "distance",
    "changes",
    "size",
    "modified",
    "width",
    "height",
    "format",
    "taken_at",
    "camera",
    "latitude",
    "longitude",
    "depth",
    "quality",
    "companions",
    "sha256",
    "reference",
)
# The full-width ones are taken for the plain ones where an East Asian language is set.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")  # noqa: RUF001 - they are meant
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": r"\0"}
_SURROGATE = re.compile("[\ud800-\udfff]")

Cell = str | int | float | None


class _Table(NamedTuple):
    """A form of one delimiter; ``cell`` makes a text fit for it."""

    head: str
    delimiter: str
    line_end: str
    cell: Callable[[str], str]

    def write(self, report: Report, out: TextIO) -> None:
        """Write the names of the columns, then a row for each file."""
        out.write(self.head.partition("group")[0])
        quotes = self.delimiter == ","
        table = csv.writer(
            out,
            delimiter=self.delimiter,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
            quotechar='"' if quotes else None,
        )
        table.writerow(COLUMNS)
        for group in report.groups:
            for file in group.files:
                table.writerow([self._fit(cell) for cell in _row(group, file)])

    def _fit(self, cell: Cell) -> Cell:
        return self.cell(defused(cell)) if isinstance(cell, str) else cell


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, by an apostrophe in front."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _decodable(text: str) -> str:
    return _SURROGATE.sub(_byte, text)


def _byte(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"  # noqa: PLR2004 - PEP 383


def _escaped(text: str) -> str:
    return _decodable("".join(_ESCAPES.get(character, character) for character in text))


CSV = _Table("\ufeff" + ",".join(COLUMNS), ",", "\r\n", _decodable)
TSV = _Table("\t".join(COLUMNS), "\t", "\n", _escaped)


def _row(group: Appraised, file: File) -> tuple[Cell, ...]:
    advice, facts = group.advice, file.facts
    goes = group.goes(file)
    word = "" if not advice.keep else "go" if goes else "keep"
    said: tuple[Cell, ...] = (None,) * 9
    if facts:
        place = (facts.latitude, facts.longitude)
        taken = (facts.taken_at, facts.camera)
        size = (facts.width, facts.height)
        said = (*size, facts.format, *taken, *place, facts.depth, facts.quality)
    return (
        group.number,
        file.number,
        group.tier,
        file.path,
        os.path.basename(file.path),
        word,
        advice.confidence,
        "; ".join(advice.reasons),
        "; ".join(file.has_alone),
        advice.frees_bytes if file is group.files[0] else None,
        file.tier,
        file.distance,
        file.changes,
        file.size,
        file.modified,
        *said,
        "; ".join(file.companions),
        file.sha256,
        "yes" if file.reference else "",
    )
