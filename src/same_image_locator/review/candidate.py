"""A file of a group as the keep rules see it: what the disk and the picture say of it."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from same_image_locator.model import Facts
from same_image_locator.plans import Attached, Entry
from same_image_locator.review.preferences import folder_of


class Candidate(NamedTuple):
    """A file that may be kept.

    Attributes:
        place: its place in the group, from 0.
        entry: what the disk says of it.
        facts: what its picture says of itself, None when that is not known.
        along: the companions that belong to it.
        preferred: the place of its folder among the preferred ones, None when it is none of them.
    """

    place: int
    entry: Entry
    facts: Facts | None
    along: tuple[Attached, ...] = ()
    preferred: int | None = None

    @property
    def pixels(self) -> int | None:
        """How many pixels it has."""
        return self.facts.width * self.facts.height if self.facts else None

    @property
    def telling(self) -> int | None:
        """How many of them show something."""
        return self.facts.telling if self.facts else None

    @property
    def data(self) -> tuple[str, ...]:
        """What is known of the shot beside its pixels, a word each."""
        facts = self.facts
        said = (
            ("capture date", facts and facts.taken_at),
            ("camera", facts and facts.camera),
            ("GPS", facts and facts.latitude is not None and facts.longitude is not None),
        )
        files = dict.fromkeys(kind_of(one) for one in self.along)
        return (*(word for word, there in said if there), *files)


def candidates(
    entries: Sequence[Entry],
    facts: Sequence[Facts | None],
    preferred: Sequence[str] = (),
    attached: Sequence[Attached] = (),
) -> list[Candidate]:
    """Return the files of a group with all that the rules ask of them."""
    ranks = {folder: rank for rank, folder in reversed(list(enumerate(preferred)))}
    return [
        Candidate(
            place,
            entry,
            fact,
            tuple(one for one in attached if entry.name in one.owners),
            ranks.get(folder_of(entry)),
        )
        for place, (entry, fact) in enumerate(zip(entries, facts, strict=True))
    ]


def kind_of(companion: Attached) -> str:
    """Return what a companion is in a word: "XMP file"."""
    kind = os.path.splitext(companion.origin)[1].lstrip(".").upper()
    return f"{kind} file" if kind else "companion"


def same_pixels(one: Candidate, other: Candidate, first: Entry) -> bool:
    """Whether two files are known to show the very same pixels; ``first`` is their reference."""
    if one.entry.sha256 == other.entry.sha256:
        return True
    return _as_first(one.entry, first) and _as_first(other.entry, first)


def _as_first(entry: Entry, first: Entry) -> bool:
    alike = entry.tier in {"identical", "same pixels"} or entry.sha256 == first.sha256
    return entry is first or alike
