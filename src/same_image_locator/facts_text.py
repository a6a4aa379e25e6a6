"""Writes what a picture says of itself as text, and reads it: for the cache and for workers."""

import json
from typing import Any

from same_image_locator.model import Facts

_encoder = json.JSONEncoder(separators=(",", ":"))


def as_text(facts: Facts) -> str:
    """Return facts as a JSON object."""
    return _encoder.encode(facts._asdict())


def from_text(text: str) -> Facts | None:
    """Return the facts, None when another version of the program has written them."""
    try:
        values: dict[str, Any] = json.loads(text)
        return Facts(**{name: _value(value) for name, value in values.items()})
    except (TypeError, ValueError, AttributeError):
        return None


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
