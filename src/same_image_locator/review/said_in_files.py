"""What only a file that would go says of its picture: read where nobody is asked about it."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from same_image_locator.model import Metadata
from same_image_locator.review.lacks import Lack
from same_image_locator.review.transfer import Read
from same_image_locator.review.views import View

_UNREAD = "what could not be read of it"


def said_by_none_kept(view: View, keep: AbstractSet[int], read: Read) -> tuple[Lack, ...]:
    """Return what the files that are not kept say, and no kept one: each place with its words.

    Another rating or caption than the kept ones' is missed as well, and so is each keyword.
    """
    kept = [view.entries[place] for place in sorted(keep)]
    contents = {entry.sha256 for entry in kept}
    going = [
        (place, read(view, entry))
        for place, entry in enumerate(view.entries)
        if place not in keep and entry.sha256 not in contents
    ]
    if all(said == Metadata() for _, said in going):
        return ()
    known = [said for entry in kept if (said := read(view, entry))]
    found = (Lack(place, tuple(_missed(said, known))) for place, said in going)
    return tuple(lack for lack in found if lack.what)


def merged(first: Sequence[Lack], second: Sequence[Lack]) -> tuple[Lack, ...]:
    """Return both, in one for each place."""
    words: dict[int, tuple[str, ...]] = {}
    for lack in (*first, *second):
        words[lack.place] = words.get(lack.place, ()) + lack.what
    return tuple(Lack(place, tuple(dict.fromkeys(what))) for place, what in sorted(words.items()))


def _missed(said: Metadata | None, kept: Sequence[Metadata]) -> Iterator[str]:
    if said is None:
        yield _UNREAD
        return
    if said.taken_at and not any(one.taken_at for one in kept):
        yield "capture date"
    if said.place and not any(one.place for one in kept):
        yield "GPS"
    if said.rating and said.rating > 0 and said.rating not in {one.rating for one in kept}:
        yield "a rating"
    if set(said.keywords or ()) - {word for one in kept for word in one.keywords or ()}:
        yield "keywords"
    if said.caption and said.caption not in {one.caption for one in kept}:
        yield "a caption"
