"""A report in Markdown: a heading for each group, and a box to tick for each file."""

import os
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from same_image_locator.reports.value import Report

_HEAD = "# Same images"


class _Markdown:
    """A form of reports; what begins with ``head`` is an older one, which may be replaced."""

    head = _HEAD

    def write(self, report: "Report", out: TextIO) -> None:
        """Write the report, group by group: it may be of any length."""
        out.write(f"{_HEAD} in `{report.root}`\n")
        for group in report.groups:
            out.write(f"\n## Group {group.number}, {group.tier}\n\n")
            for file in group.files:
                mark = "x" if file.number in group.advice.keep else " "
                out.write(f"- [{mark}] `{os.path.relpath(file.path, report.root)}`\n")


FORM = _Markdown()
