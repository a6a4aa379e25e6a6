"""Which pictures of a group may be enlargements: larger than another one, and showing no more."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from same_image_locator.decode.causes import DecodeError
from same_image_locator.model import TIERS, Facts
from same_image_locator.plans import Entry
from same_image_locator.review.best import tier_of
from same_image_locator.review.keep_rules import PIXELS_PERCENT

# Whether width x height pixels could hold all that the picture of a file shows.
Fits: TypeAlias = Callable[[Entry, int, int], bool]
_Question: TypeAlias = tuple[str, int, int]  # content, and a size that may do
_Said: TypeAlias = tuple[str | None, str | None, float | None]  # camera, date, place

_VERIFIED = TIERS.index("same picture")
_SMALLEST = 256  # pixels of the shorter side: of less there is too little to judge by
_MOST = 100_000_000  # pixels of one that is decoded in full for this


class Enlargements:
    """Remembers for a run what was found out, since a picture is decoded in full for it."""

    def __init__(self) -> None:
        self._known: dict[_Question, bool] = {}

    def told(self, entries: Sequence[Entry], facts: Sequence[Facts | None]) -> bool:
        """Return whether all is known that can be asked of a group."""
        return all(question in self._known for _, question in self._questions(entries, facts))

    def looked(
        self, entries: Sequence[Entry], facts: Sequence[Facts | None], fits: Fits
    ) -> list[Facts | None]:
        """Return the facts, and with those of a suspect the ``detail`` that it has."""
        found = list(facts)
        for place, question in self._questions(entries, facts):
            if question not in self._known:
                self._known[question] = _asked(fits, entries[place], question)
            fact = found[place]
            if fact and self._known[question]:
                found[place] = fact._replace(detail=question[1:])
        return found

    def _questions(
        self, entries: Sequence[Entry], facts: Sequence[Facts | None]
    ) -> Iterator[tuple[int, _Question]]:
        """Yield what is to be asked of the file at a place; where a size fits, also the next."""
        if TIERS.index(tier_of(entries)) > _VERIFIED:
            return
        said: dict[tuple[int, int], set[_Said]] = {}
        for one in filter(None, facts):
            said.setdefault((one.width, one.height), set()).add(_said(one))
        sizes = sorted(said, reverse=True) if len(said) > 1 else []
        for place, fact in enumerate(facts):
            for size in sizes:
                if not fact or not _larger(fact, size) or not _knows_no_more(fact, said[size]):
                    continue
                question = (entries[place].sha256, *size)
                yield place, question
                if not self._known.get(question):
                    break


def _said(fact: Facts) -> _Said:
    return fact.camera, fact.taken_at, fact.latitude


def _larger(fact: Facts, size: tuple[int, int]) -> bool:
    """Return whether a picture is larger than this size, and can be judged by it."""
    width, height = size
    pixels = fact.width * fact.height
    if not PIXELS_PERCENT * width * height <= 100 * pixels <= 100 * _MOST:
        return False
    # Of the same proportions, but for a pixel that rounding takes.
    stretched = abs(fact.width * height - fact.height * width)
    return min(fact.width, fact.height) >= _SMALLEST and stretched <= max(fact.width, fact.height)


def _knows_no_more(fact: Facts, others: Iterable[_Said]) -> bool:
    """Return whether one of others says all that a picture does: enlarging adds nothing to it."""
    mine = _said(fact)
    return any(
        all(one is None or one == its for one, its in zip(mine, other, strict=True))
        for other in others
    )


def _asked(fits: Fits, entry: Entry, question: _Question) -> bool:
    try:
        return fits(entry, *question[1:])
    except DecodeError:
        return False  # of what cannot be decoded nothing is suspected
