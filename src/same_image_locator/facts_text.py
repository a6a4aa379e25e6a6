"""Writes what a picture says of itself as text, and reads it: for the cache and for workers."""

import json
from dataclasses import fields
from typing import Any

from same_image_locator.model import Facts

_NAMES = tuple(field.name for field in fields(Facts))
_encoder = json.JSONEncoder(separators=(",", ":"))


def as_text(facts: Facts) -> str:
    """Return facts as a JSON object."""
    # Facts hold plain values: the deep copies of ``asdict`` would cost ten times as much.
    return _encoder.encode({name: getattr(facts, name) for name in _NAMES})


def from_text(text: str) -> Facts | None:
    """Return the facts, None when another version of the program has written them."""
    try:
        values: dict[str, Any] = json.loads(text)
        return Facts(**{name: _value(value) for name, value in values.items()})
    except (TypeError, ValueError, AttributeError):
        return None


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
