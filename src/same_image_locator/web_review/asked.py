"""What a request of the page asks for, checked: its JSON, and how its window looks at the queue."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from flask import request
from werkzeug.routing import IntegerConverter

from same_image_locator.model import TIERS
from same_image_locator.review import SORTS, STANDS, Query, ReviewRefusal, UnknownGroup, View

MOST_FOLDERS = 2
MOST_FILES = 5000  # that one request names
_NOTHING: Mapping[str, type] = MappingProxyType({})
Word = TypeVar("Word", bound=str)


class Number(IntegerConverter):
    """A number in an address: as this program writes them, and none that chokes what it is for."""

    regex = "[0-9]{1,9}"


class BadRequest(ReviewRefusal):
    """The request is not one that the page makes."""


def body(may: Mapping[str, type] = _NOTHING, **kinds: type) -> dict[str, Any]:
    """Return the request's JSON object: these very fields, each of its very type.

    Those that it ``may`` have can be missing, or null.

    Raises:
        BadRequest: it is another.
    """
    try:
        found = request.get_json(silent=True)
    except RecursionError:  # thousands of brackets are not what the page sends
        found = None
    if not isinstance(found, dict):
        raise BadRequest("A JSON object is needed")
    for name, kind in kinds.items():
        if type(found.get(name)) is not kind:
            raise BadRequest(f"The field {name!r} is missing or of the wrong kind")
    for name, value in found.items():
        if name not in kinds and name not in may:
            raise BadRequest("There is a field that this request does not have")
        if name in may and value is not None and type(value) is not may[name]:
            raise BadRequest(f"The field {name!r} is of the wrong kind")
    return found


def names(view: View, files: Sequence[Any]) -> list[str]:
    """Return the names of a group's files by their places.

    Raises:
        BadRequest: they are too many.
        UnknownGroup: one of them is no place in the group.
    """
    if len(files) > MOST_FILES:
        raise BadRequest(f"At most {MOST_FILES:,} files can be named at once")
    if not all(type(file) is int and 0 <= file < len(view.entries) for file in files):
        raise UnknownGroup("There is no such file in this group")
    return [view.entries[file].name for file in files]


def chosen(view: View, given: Mapping[str, Any], field: str) -> list[str]:
    """Return the names of the files whose places a request gives in ``field``, or of "all".

    Raises:
        BadRequest: it gives both or neither, or names too many.
        UnknownGroup: one of them is no place in the group.
    """
    files, everything = given.get(field), given.get("all") is True
    if everything is (files is not None):
        raise BadRequest(f"Either {field!r} or 'all' is needed")
    return [entry.name for entry in view.entries] if everything else names(view, files or [])


def query() -> Query:
    """Return how the asking window looks at the queue: each window may look in its own way.

    Raises:
        BadRequest: it names an order, a state or a tier that does not exist.
    """
    return Query(
        tier=_one_of("tier", ("", *TIERS)),
        stand=_one_of("state", STANDS),
        words=request.args.get("q", ""),
        folders=tuple(request.args.getlist("in")[:MOST_FOLDERS]),
        sort=_one_of("sort", SORTS, "number"),
    )


def _one_of(name: str, words: Sequence[Word], usual: str = "") -> Word:
    asked = request.args.get(name, usual)
    for word in words:
        if word == asked:
            return word
    raise BadRequest(f"There is no such {name}")
