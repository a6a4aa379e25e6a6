"""What a keep rule is, ours or another package's."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from same_image_locator.review.candidate import Candidate

Files = Sequence[Candidate]


class Rule(NamedTuple):
    """One rule: which files are best by it, and why one of them is better than another.

    A ``strong`` rule tells something of the picture, or what the user has said; the others only
    tell which name or place looks more like the original's.
    """

    name: str
    strong: bool
    best: Callable[[Files], list[Candidate]]
    words: Callable[[Candidate, Candidate], str]

    def prefers(self, one: Candidate, other: Candidate) -> bool:
        """Whether of these two only ``one`` is best."""
        return self.best((one, other)) == [one]
