"""Writes what a picture says of itself as text, and reads it: for the cache and for workers.

Most runs do neither in this process, so that what reads JSON is loaded only when it is needed.
"""

from typing import Any

from same_image_locator.model import Facts


def as_text(facts: Facts) -> str:
    """Return facts as a JSON object."""
    import json

    return json.dumps(facts._asdict(), separators=(",", ":"))


def from_text(text: str) -> Facts | None:
    """Return the facts, None when another version of the program has written them."""
    import json

    try:
        values: dict[str, Any] = json.loads(text)
        return Facts(**{name: _value(value) for name, value in values.items()})
    except (TypeError, ValueError, AttributeError):
        return None


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
