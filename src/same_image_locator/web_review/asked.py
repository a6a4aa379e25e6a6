"""What the page asks for in the body of a request."""

from typing import Any

from flask import request

from same_image_locator.review import ReviewRefusal, UnknownGroup, View


class BadRequest(ReviewRefusal):
    """The request is not one that the page makes."""


def asked(**kinds: type) -> dict[str, Any]:
    """Return the request's JSON object, whose named fields must be of these very types."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # thousands of brackets are not what the page sends
        body = None
    if not isinstance(body, dict):
        raise BadRequest("A JSON object is needed")
    for name, kind in kinds.items():
        if type(body.get(name)) is not kind:
            raise BadRequest(f"The field {name!r} is missing or of the wrong kind")
    return body


def names(view: View, files: list[Any]) -> list[str]:
    """Return the names of a group's files by their places."""
    if not all(type(file) is int and 0 <= file < len(view.entries) for file in files):
        raise UnknownGroup("There is no such file in this group")
    return [view.entries[file].name for file in files]
