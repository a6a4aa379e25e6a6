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


_SHORTEST_HEAD = 8

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
    """Load the form of this name.

    Raises:
        KeyError: there is none.
        UsageError: it is that of another package, and cannot be used.
    """
    if name not in forms():
        return _installed(name)
    module, _, attribute = forms()[name].partition(":")
    found: Form = getattr(import_module(module), attribute)
    return found


def _installed(name: str) -> "Form":
    from typing import cast

    from same_image_locator import plugins
    from same_image_locator.errors import UsageError

    point = plugins.named("reports")[name]
    try:
        loaded = plugins.load(point)
    except plugins.PluginError as error:
        raise UsageError(str(error), "Choose another --report") from error
    head = getattr(loaded, "head", None)
    # Whatever begins with the head may be replaced by a report: that must never be any file.
    if not (isinstance(head, str) and len(head) >= _SHORTEST_HEAD and hasattr(loaded, "write")):
        told = f"{plugins.words(point)} is no form: it needs write and a head of {_SHORTEST_HEAD}"
        raise UsageError(f"{told} characters or more", "Choose another --report")
    return cast("Form", loaded)
