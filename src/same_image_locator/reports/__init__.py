"""The forms in which groups are reported: each is a module of its own, loaded when it is asked for.

A form is an object with ``head``, with which each of its reports begins, and ``write(report,
out)``, which writes a report to an open text file, piece by piece.
"""

from importlib import import_module

TYPE_CHECKING = False  # as typing has it: the options of the command line load this module
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol, TextIO

    from same_image_locator.reports.value import Report

    class Form(Protocol):
        """A form of reports."""

        @property
        def head(self) -> str:
            """How each of its reports begins, by which a file is known for one."""

        def write(self, report: Report, out: TextIO) -> None:
            """Write a report, group by group."""


_FORMS = (
    ("json", "same_image_locator.reports.json_form:FORM"),
    ("csv", "same_image_locator.reports.table_forms:CSV"),
    ("html", "same_image_locator.reports.html_form:FORM"),
    ("tsv", "same_image_locator.reports.table_forms:TSV"),
)


def forms() -> "Mapping[str, str]":
    """Return where each form is found, "module:object" by its name; nothing is loaded."""
    return dict(_FORMS)


def form(name: str) -> "Form":
    """Load the form of this name. Raises ``KeyError`` where there is none."""
    module, _, attribute = forms()[name].partition(":")
    found: Form = getattr(import_module(module), attribute)
    return found
