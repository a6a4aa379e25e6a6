"""What accepting all sure suggestions would do, worked out before anybody says yes to it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from same_image_locator.errors import LocatorError
from same_image_locator.model import TIERS, Auto
from same_image_locator.review import sure
from same_image_locator.review.best import tier_of
from same_image_locator.review.confirming import new_nonce
from same_image_locator.review.job import Job
from same_image_locator.review.overlaps import Copies
from same_image_locator.review.state import Review
from same_image_locator.review.suggestion import Confidence
from same_image_locator.review.views import View
from same_image_locator.review.weights import aside_bytes

# Why a group is left to the person. "differ": only identical ones were asked for, and it is none;
# "elsewhere": some of its files lie in a third folder.
Why = Literal[
    "differ",
    "lean",
    "your call",
    "folder",
    "touched",
    "apart",
    "attention",
    "confirmed",
    "unread",
    "elsewhere",
]
WHYS: tuple[Why, ...] = get_args(Why)
SAMPLED = 24
_VERIFIED = TIERS.index("same picture")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A group as it was looked at, and the names of the files that would be kept of it."""

    view: View
    keep: frozenset[str]
    reason: str
    confidence: Confidence

    @property
    def files(self) -> int:
        """How many files would be set aside."""
        return len(self.view.entries) - len(self.keep)

    @property
    def bytes(self) -> int:
        """How many bytes that are, companions counted."""
        return aside_bytes(self.view.staged, self.keep)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be done with the groups in view, all of it and nothing else.

    ``token`` stands for just these groups, in these revisions, with these files kept.
    """

    token: str
    groups: int
    proposals: tuple[Proposal, ...]
    left: Mapping[Why, int]
    files: int
    bytes: int

    def sample(self) -> Sequence[Proposal]:
        """Return some of the groups, evenly over all of them."""
        count = len(self.proposals)
        if count <= SAMPLED:
            return self.proposals
        return [self.proposals[place * (count - 1) // (SAMPLED - 1)] for place in range(SAMPLED)]


Weigh = Callable[[View], Proposal | Why]


def weigh(review: Review, auto: Auto, read: sure.Reading, view: View) -> Proposal | Why:
    """Return what would be done with a group, or why it is left to the person.

    Pictures are read only where what they say can matter.
    """
    if unasked := known_unasked(view, auto):
        return unasked
    try:
        found = sure.look(review, view, read)
    except LocatorError:
        return "unread"
    if name := sure.keeper(view, found, auto):
        return Proposal(view, sure.kept_with(view, name), found.reasons[0], found.confidence)
    if sure.reaches(found, auto):
        return "folder"
    match found.confidence:
        case "lean" | "your call":
            return found.confidence
        case _:
            return "differ"


def known_unasked(view: View, auto: Auto) -> Why | None:
    """Return why a group is left to the person, as far as no picture has to be looked at."""
    if view.state == "attention":
        return "attention"
    if not sure.untouched(view):
        return "touched" if view.own or view.state != "open" else "confirmed"
    if view.parting.parts or view.parting.disputed:
        return "apart"
    tier = TIERS.index(tier_of(view.entries))
    if tier > _VERIFIED:
        return "your call"
    return "differ" if auto == "identical" and tier == _VERIFIED else None


class Looking(Job):
    """Looks at the groups in view; ``preview`` is there once all were looked at."""

    kind = "preview"

    def __init__(
        self, number: int, views: Sequence[View], weigh: Weigh, copies: Copies | None = None
    ) -> None:
        super().__init__(number, len(views))
        self.copies = copies
        self.preview: Preview | None = None
        self._views = views
        self._weigh = weigh
        self._found: list[Proposal] = []
        self._left: Counter[Why] = Counter()

    def steps(self) -> Iterator[None]:
        """Look at one group after the other, then sum up."""
        for view in self._views:
            weighed = self._weigh(view)
            if isinstance(weighed, Proposal):
                self._found.append(weighed)
            else:
                self._left[weighed] += 1
            yield
        self.preview = Preview(
            new_nonce(),
            self.total,
            tuple(self._found),
            {why: self._left[why] for why in WHYS if self._left[why]},
            sum(one.files for one in self._found),
            sum(one.bytes for one in self._found),
        )
