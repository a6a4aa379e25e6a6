"""What a file that is not kept has, and no kept one of its group: always said."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from same_image_locator.plans import Entry
from same_image_locator.review.candidate import Candidate, kind_of, same_pixels
from same_image_locator.review.keep_rules import (
    PIXELS_PERCENT,
    QUALITY_STEP,
    enlarged_words,
    listed,
    pixel_words,
)

_LOSSY = {"JPEG", "WebP", "HEIF", "HEIC", "AVIF", "JPEG XL", "JPEG 2000", "GIF"}
_HARMLESS = (
    "scaled to",
    "saved as",
    "recompressed",
)  # what pixels, quality and format tell already


class Lack(NamedTuple):
    """What the file at ``place`` has and no kept one, a few words each."""

    place: int
    what: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return "a capture date and GPS"."""
        return listed(self.what)


def lacking(files: Sequence[Candidate], keep: AbstractSet[int]) -> tuple[Lack, ...]:
    """Return what would leave with each file that is not in ``keep``, those places being kept."""
    kept = [file for file in files if file.place in keep]
    if not kept:
        return ()
    first = files[0].entry
    found = (
        Lack(file.place, tuple(_missed(file, kept, first)))
        for file in files
        if file.place not in keep
    )
    return tuple(lack for lack in found if lack.what)


def _missed(file: Candidate, kept: Sequence[Candidate], first: Entry) -> Iterator[str]:
    known = {one.sha256 for other in kept for one in other.along}
    yield from dict.fromkeys(kind_of(one) for one in file.along if one.sha256 not in known)
    if any(file.entry.sha256 == other.entry.sha256 for other in kept):
        return
    if file.facts is None:
        if any(other.facts for other in kept):
            yield "what could not be read of it"
        return
    has = {word for other in kept for word in other.data}
    yield from (word for word in ("capture date", "camera", "GPS") if word in set(file.data) - has)
    if not any(same_pixels(file, other, first) for other in kept):
        yield from _of_the_picture(file, kept)


def _of_the_picture(file: Candidate, kept: Sequence[Candidate]) -> Iterator[str]:
    facts = file.facts
    seen = [other.facts for other in kept if other.facts]
    if facts is None:
        return
    if 100 * (file.pixels or 0) >= PIXELS_PERCENT * max((o.pixels or 0 for o in kept), default=0):
        doubt = enlarged_words(file)
        yield f"more pixels ({pixel_words(file)}{doubt and f'; {doubt}'})"
    if all(one.format == "JPEG" for one in seen):
        best = max((one.quality or 0 for one in seen), default=0)
        if facts.quality and facts.quality >= best + QUALITY_STEP:
            yield f"a higher quality ({facts.quality})"
    if facts.depth and facts.depth > max((one.depth or 0 for one in seen), default=0):
        yield f"{facts.depth} bits per channel"
    if facts.more_frames and not any(one.more_frames for one in seen):
        yield "further frames"
    if facts.format not in _LOSSY and facts.format not in {one.format for one in seen}:
        yield f"the format {facts.format}"
    yield from _view(file, kept)


def _view(file: Candidate, kept: Sequence[Candidate]) -> Iterator[str]:
    """What was done to a picture may be what somebody wanted of it."""
    mine, theirs = _edits(file), [_edits(other) for other in kept]
    if mine in theirs:
        return
    if mine:
        yield f"a view of its own ({', '.join(mine)})"
    else:
        yield f"the view as it was (kept is what is {', '.join(theirs[0])})"


def _edits(file: Candidate) -> tuple[str, ...]:
    clauses = file.entry.changes.split(", ") if file.entry.changes else []
    return tuple(one for one in clauses if not one.startswith(_HARMLESS))
