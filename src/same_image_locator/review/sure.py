"""Which suggestion is so sure that it may be followed unasked, and how that is done."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from same_image_locator.model import AUTO, Auto, Facts
from same_image_locator.review.said_in_files import merged, said_by_none_kept
from same_image_locator.review.state import ANSWER_SECONDS, Review
from same_image_locator.review.suggestion import Suggestion
from same_image_locator.review.transfer import Read
from same_image_locator.review.views import View


class Reading(NamedTuple):
    """How pictures are read: ``facts`` of all of a group, and what was ``said`` in one file."""

    facts: Callable[[View], Sequence[Facts | None]]
    said: Read


def untouched(view: View) -> bool:
    """Whether nobody has ticked, unticked or confirmed anything in a group that is open."""
    return view.state == "open" and not view.own and not view.clicks


def same_bytes(view: View) -> bool:
    """Whether no picture can tell what another does not: all have the same bytes."""
    return len({entry.sha256 for entry in view.entries}) == 1


def look(review: Review, view: View, read: Reading) -> Suggestion:
    """Return what is suggested for a group; pictures are read only where they can differ.

    What is sure by the pictures is not, where a file that would go says what no kept one does.
    """
    if same_bytes(view):
        return review.suggestion(view, [None] * len(view.entries))
    found = review.suggestion(view, read.facts(view))
    if found.keeper is None or not reaches(found, AUTO[-1]):
        return found
    names = kept_with(view, view.entries[found.keeper].name)
    keep = {place for place, entry in enumerate(view.entries) if entry.name in names}
    said = said_by_none_kept(view, keep, read.said)
    return found._replace(confidence="lean", lacks=merged(found.lacks, said)) if said else found


def reaches(found: Suggestion, auto: Auto | None) -> bool:
    """Whether a suggestion is so sure that it may be followed."""
    return auto is not None and found.confidence in AUTO[: AUTO.index(auto) + 1]


def keeper(view: View, found: Suggestion, auto: Auto | None) -> str:
    """Return the name of the file to keep without asking, "" when a person has to decide.

    That is so, too, where a preferred folder selects other files.
    """
    if found.keeper is None or not reaches(found, auto):
        return ""
    name = view.entries[found.keeper].name
    return name if view.keep - view.staged.protected <= {name} else ""


def kept_with(view: View, name: str) -> frozenset[str]:
    """Return what is kept of a group with this file: what stays where it is, too."""
    return view.staged.protected | {name}


def follow(
    review: Review, view: View, keep: frozenset[str], wait: float | None = ANSWER_SECONDS
) -> View:
    """Keep just these files, by the two confirmations that a person gives.

    Raises:
        ReviewRefusal: somebody was faster.
        LocatorError: what the decision would do cannot be told; the files are ticked.
        OSError: the tick cannot be saved.
    """
    chosen = review.choose(view.number, keep, view.rev)
    first = review.finish(view.number, chosen.rev)
    return review.confirm(view.number, first.nonce, wait=wait)
