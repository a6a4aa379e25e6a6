"""What other packages add, found by their entry points: looked up only when it is needed.

A group of entry points is ``same_image_locator.`` and a kind. The name of an entry point is the
word by which the user asks for it: small letters and digits, the first one a letter. What has the
name of a part of our own is never asked.
"""

import re
import sys

TYPE_CHECKING = False  # as typing has it: the options of the command line load this module
if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from typing import Literal

    Kind = Literal["algorithms", "decoders", "rules", "reports"]

PREFIX = "same_image_locator."
_NAME = re.compile(r"[a-z][a-z0-9]{0,30}")
_told: set[str] = set()


class PluginError(Exception):
    """A plug-in cannot be used; the text names it and says why."""


def named(kind: "Kind") -> "dict[str, EntryPoint]":
    """Return what is installed of a kind, in the order of the names; nothing of it is loaded."""
    # To look through all that is installed takes as long as many small pictures.
    from importlib.metadata import entry_points

    points = sorted(entry_points(group=PREFIX + kind), key=lambda point: point.name)
    return {point.name: point for point in points if _NAME.fullmatch(point.name)}


def load(point: "EntryPoint") -> object:
    """Import a plug-in.

    Raises:
        PluginError: it cannot be imported.
    """
    try:
        loaded: object = point.load()
    except Exception as error:
        raise PluginError(f"{words(point)} cannot be loaded: {_cause(error)}") from error
    return loaded


def words(point: "EntryPoint") -> str:
    """Return how a plug-in is named to a person: "the plug-in dhash of some-package 1.0"."""
    package = f" of {point.dist.name} {point.dist.version}" if point.dist else ""
    return f"the plug-in {point.name}{package}"


def failed(point: "EntryPoint", error: Exception) -> PluginError:
    """Return the error of a plug-in that raised one itself."""
    return PluginError(f"{words(point)} failed: {_cause(error)}")


def left_out(error: PluginError) -> None:
    """Say once, in a line, which plug-in a run goes on without."""
    text = str(error)
    if text not in _told:
        _told.add(text)
        shown = "".join(one if one.isprintable() else "?" for one in text)
        print(f"sil: {shown}; the run goes on without it", file=sys.stderr)


def _cause(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
