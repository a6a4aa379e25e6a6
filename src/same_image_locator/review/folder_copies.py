"""Clearing a folder of what another one has, too: which groups that settles, and what is kept."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from same_image_locator.errors import LocatorError
from same_image_locator.model import Auto
from same_image_locator.review import sure
from same_image_locator.review.candidate import candidates
from same_image_locator.review.lacks import lacking
from same_image_locator.review.overlaps import Copies
from same_image_locator.review.places import within
from same_image_locator.review.proposals import Proposal, Why, known_unasked
from same_image_locator.review.query import Query
from same_image_locator.review.said_in_files import said_by_none_kept
from same_image_locator.review.state import Review
from same_image_locator.review.views import View

REASON = "in the folder that you keep"


def in_both(copies: Copies) -> Query:
    """Return the groups that have files in both folders."""
    return Query(folders=copies)


def weigh_copies(
    review: Review, copies: Copies, auto: Auto, read: sure.Reading, view: View
) -> Proposal | Why:
    """Return what would be kept of a group, or why it is left to the person.

    All files of the one folder are kept, and those of the other are set aside; a group that lies
    in a third one, too, says nothing of these two. With ``auto`` "identical" all have to be the
    same pixels; and whatever a file would take with it that no kept one has, leaves the group to
    the person.
    """
    if unasked := known_unasked(view, auto):
        return unasked
    places = _kept(review.lying(view), copies)
    names = frozenset(view.entries[place].name for place in places)
    stays = view.staged.protected
    if not names or len(names | stays) == len(view.entries):
        return "elsewhere"
    if view.keep - stays not in (frozenset(), names - stays):
        return "folder"
    names |= stays
    places = {place for place, entry in enumerate(view.entries) if entry.name in names}
    return _missing(view, places, read) or Proposal(
        view, names, REASON, "identical" if sure.same_bytes(view) else "clear"
    )


def _kept(lying: Sequence[str], copies: Copies) -> AbstractSet[int]:
    """Return the places of the files to keep; none where not all lie in one or the other."""
    kept, cleared = (
        within(place, lying) if place else frozenset(lying) for place in (copies.keep, copies.clear)
    )
    if not all(folder in kept or folder in cleared for folder in lying):
        return frozenset()
    places = {place for place, folder in enumerate(lying) if folder in kept}
    return places if len(places) < len(lying) else frozenset()


def _missing(view: View, places: AbstractSet[int], read: sure.Reading) -> Why | None:
    try:
        alike = sure.same_bytes(view)
        facts = [None] * len(view.entries) if alike else read.facts(view)
        said = () if alike else said_by_none_kept(view, places, read.said)
    except LocatorError:
        return "unread"
    files = candidates(view.entries, facts, attached=view.staged.attached)
    return "lean" if said or lacking(files, places) else None
