"""What a file that is not kept says of the picture and no kept one does: offered for a sidecar.

Only what was verified to be the same picture counts, and only what files do not disagree in.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from same_image_locator import xmp
from same_image_locator.model import TIERS, Metadata, Tier
from same_image_locator.plans import Entry, Sidecar
from same_image_locator.review.said_beside import sidecars_of
from same_image_locator.review.views import View

Read = Callable[[View, Entry], Metadata | None]

_SAME: frozenset[Tier] = frozenset({"identical", "same pixels", "same picture"})
_SECONDS = 19  # characters of a date and time; fractions and zones are not always written
_DEGREES = 1e-4  # some ten metres: what fractions of degrees lose on their way
_LONGEST = 4_000  # characters; what is longer is no caption, and no list of keywords


class Offer(NamedTuple):
    """What could be written beside kept files: ``said`` comes from the file at place ``source``.

    ``sidecars`` are the files that would be written, each for a kept one.
    """

    source: int
    said: Metadata
    sidecars: tuple[Sidecar, ...]


def offered(view: View, read: Read) -> Offer | None:
    """Return what the best of the files that would go has and all kept ones lack, None if nothing.

    ``read`` tells what was said in a file and beside it, and None where that is not known: of a
    kept file that may be anything, so that nothing is offered then.
    """
    kept = [entry for entry in view.entries if entry.name in view.keep]
    contents = {entry.sha256 for entry in kept}
    going = [entry for entry in _trusted(view) if entry.name not in view.keep]
    # The same bytes say the same, but for what lies beside them.
    sources = [one for one in going if one.sha256 not in contents or sidecars_of(view, one)]
    targets = [entry for entry in _trusted(view) if entry.name in view.keep]
    if not sources or not targets:
        return None
    missing = _missing(read(view, entry) for entry in kept)
    told = [(entry, read(view, entry)) for entry in sources] if missing else []
    said = {entry.name: _worth(found) for entry, found in told if found}
    agreed = [field for field in missing if _agree(field, said.values())]
    best = min(
        (entry for entry in sources if entry.name in said),
        key=lambda entry: (-len(_given(said[entry.name], agreed)), *_closeness(entry)),
        default=None,
    )
    given = _given(said[best.name], agreed) if best else {}
    if best is None or not given:
        return None
    found = Metadata(**given)
    files = tuple(Sidecar(one.name, xmp.sidecar(found, str(uuid.uuid4()))) for one in targets)
    return Offer(view.entries.index(best), found, files)


def _trusted(view: View) -> list[Entry]:
    """Return the files that are known to show the first one's picture, as far as nobody objects."""
    parting = view.parting
    names = parting.parts[0] if parting.parts else {entry.name for entry in view.entries}
    if parting.disputed:
        return []
    return [entry for entry in view.entries if entry.tier in _SAME and entry.name in names]


def _missing(kept: Iterable[Metadata | None]) -> list[str]:
    """Return the fields that no kept file has; none where one could not be read."""
    missing = list(Metadata._fields)
    for said in kept:
        if said is None:
            return []
        missing = [field for field in missing if getattr(said, field) is None]
    return missing


def _worth(said: Metadata) -> Metadata:
    """Leave out what is not worth a sidecar: a date without its time, a rejection, a book."""
    rating, caption, keywords = said.rating, said.caption, said.keywords
    return Metadata(
        said.taken_at if said.taken_at and len(said.taken_at) >= _SECONDS else None,
        said.place,
        rating if rating and rating > 0 else None,
        keywords if keywords and sum(map(len, keywords)) <= _LONGEST else None,
        caption if caption and len(caption) <= _LONGEST else None,
    )


def _given(said: Metadata, fields: Sequence[str]) -> dict[str, Any]:
    values = ((field, getattr(said, field)) for field in fields)
    return {field: value for field, value in values if value is not None}


def _agree(field: str, said: Iterable[Metadata]) -> bool:
    """Return whether all files that have a field say the same; keywords may add to each other."""
    values: list[Any] = [value for one in said if (value := getattr(one, field)) is not None]
    if not values or field == "keywords":
        return True
    if field == "place":
        latitudes, longitudes = zip(*values, strict=True)
        return max(map(_spread, (latitudes, longitudes))) <= _DEGREES
    return len({value[:_SECONDS] if field == "taken_at" else value for value in values}) == 1


def _spread(degrees: Sequence[float]) -> float:
    return max(degrees) - min(degrees)


def _closeness(entry: Entry) -> tuple[int, int]:
    return TIERS.index(entry.tier), entry.distance or 0
