"""Finds the same image wherever it lies twice, and settles it without ever losing a photo.

What is named here is the public library; the rest may change with any version. Each name is loaded
when it is first used, so that the import itself costs nothing.
"""

__version__ = "0.1.0"

_PUBLIC = {
    "Algorithm": "fingerprint.algorithm",
    "Candidate": "review.candidate",
    "Decoder": "decode.decoders",
    "Found": "pipeline",
    "Group": "model",
    "Kind": "decode.sniff",
    "LocatorError": "errors",
    "Opened": "decode.source",
    "Performed": "library",
    "Planned": "library",
    "Rule": "review.rule",
    "Source": "decode.source",
    "Suggestion": "review.suggestion",
    "distance": "library",
    "find": "library",
    "fingerprint_of": "library",
    "perform": "library",
    "plan": "library",
    "suggest": "library",
}

TYPE_CHECKING = False  # as typing has it, which takes longer to load than all that --help needs
if TYPE_CHECKING:
    from same_image_locator.decode.decoders import Decoder
    from same_image_locator.decode.sniff import Kind
    from same_image_locator.decode.source import Opened, Source
    from same_image_locator.errors import LocatorError
    from same_image_locator.fingerprint.algorithm import Algorithm
    from same_image_locator.library import (
        Performed,
        Planned,
        distance,
        find,
        fingerprint_of,
        perform,
        plan,
        suggest,
    )
    from same_image_locator.model import Group
    from same_image_locator.pipeline import Found
    from same_image_locator.review.candidate import Candidate
    from same_image_locator.review.rule import Rule
    from same_image_locator.review.suggestion import Suggestion

__all__ = [
    "Algorithm",
    "Candidate",
    "Decoder",
    "Found",
    "Group",
    "Kind",
    "LocatorError",
    "Opened",
    "Performed",
    "Planned",
    "Rule",
    "Source",
    "Suggestion",
    "__version__",
    "distance",
    "find",
    "fingerprint_of",
    "perform",
    "plan",
    "suggest",
]


def __getattr__(name: str) -> object:
    """Load what is public when it is first asked for."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
