"""What was told apart in a group under review: what may be said, and what follows from it."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from same_image_locator.apart import Known, Said
from same_image_locator.model import Facts
from same_image_locator.plans import Entry, Staged
from same_image_locator.review.refusals import NotAllowed
from same_image_locator.review.suggestion import Suggestion
from same_image_locator.wording import printable

APART = "you said that some of these are not duplicates"

Suggest = Callable[[Sequence[Entry], Sequence[Facts | None]], Suggestion]


class Parting(NamedTuple):
    """How what was told apart divides a group.

    Attributes:
        parts: the names of the files that may still be one picture, the first file's part first;
            empty while nothing divides the group.
        disputed: whether in some part two files are apart that are not so from its first one.
    """

    parts: tuple[frozenset[str], ...] = ()
    disputed: bool = False

    @property
    def others(self) -> frozenset[str]:
        """The files that are a picture of their own: they go home, whatever is decided."""
        return frozenset().union(*(part for part in self.parts if len(part) == 1))


UNDIVIDED = Parting()


def parting(staged: Staged, known: Known) -> Parting:
    """Return how a group is divided, as the next scan would divide it."""
    contents = [entry.sha256 for entry in staged.entries]
    if not known or not staged.method.perceptual or not known.disputed(contents):
        return UNDIVIDED
    parts = known.divided(contents)
    disputed = any(known.disputed([contents[place] for place in part]) for part in parts)
    if len(parts) == 1:
        return Parting((), disputed)
    names = (frozenset(staged.entries[place].name for place in part) for part in parts)
    return Parting(tuple(names), disputed)


def statement(entries: Sequence[Entry], names: AbstractSet[str]) -> list[Said]:
    """Return what is said when the files of these names are told apart from the others.

    Each of them is another picture than each of the others; of those on one side nothing is said.
    Where there are no others, no two of all are the same.

    Raises:
        NotAllowed: files with the same bytes would be told apart.
    """
    whole = len(names) == len(entries)
    said = [
        Said(
            one.origin,
            one.sha256,
            one.identity.size,
            place if whole else int(one.name not in names),
        )
        for place, one in enumerate(entries)
    ]
    said.sort(key=lambda one: one.part)  # those that are told apart come first
    first: dict[str, Said] = {}
    for one in said:
        twin = first.setdefault(one.sha256, one)
        if twin.part != one.part:
            both = f"{printable(twin.path)} and {printable(one.path)}"
            raise NotAllowed(
                f"Files with the same bytes cannot be told apart: {both}",
                "same-bytes",
            )
    return said


def suggested(
    found: Parting, entries: Sequence[Entry], facts: Sequence[Facts | None], suggest: Suggest
) -> Suggestion:
    """Return what to keep of a group in which something was told apart; it is never sure.

    Only the first file's part was compared with it, and only if it is the one that is left to be
    decided, anything can be said.
    """
    if not found.parts and not found.disputed:
        return suggest(entries, facts)
    left = [part for part in found.parts if len(part) > 1]
    if found.disputed or left != [found.parts[0]]:
        return Suggestion(None, "your call", (APART,))
    places = [place for place, entry in enumerate(entries) if entry.name in left[0]]
    made = suggest([entries[place] for place in places], [facts[place] for place in places])
    if made.keeper is None:
        return made
    lacks = tuple(lack._replace(place=places[lack.place]) for lack in made.lacks)
    return Suggestion(places[made.keeper], "lean", made.reasons, lacks)
