"""The verdict on two pictures: by which rules they are one and the same, and what was done to it.

It loads nothing that looks at pixels: who only hands pairs out or reads what was found needs none.
"""

from typing import NamedTuple

from same_image_locator.model import Strictness, Tier
from same_image_locator.similar.changes import Changes


class Shares(NamedTuple):
    """How much of the details is shared: 65, 50 and 35 of 100 small tiles reach these."""

    most: float
    half: float
    third: float

    def reached(self, seen: "Shares") -> bool:
        """Return whether what is seen is at least as much."""
        return all(share >= least for share, least in zip(seen, self, strict=True))


class Proof(NamedTuple):
    """What the evidence must reach at least, and all of it.

    With ``unless_unlike`` that proves nothing of two that differ as two pictures do; ``if_written``
    asks that one is the other with something laid over it.
    """

    fine: Shares = Shares(0.0, 0.0, 0.0)
    coarse: Shares = Shares(0.0, 0.0, 0.0)
    unless_unlike: bool = False
    if_written: bool = False


# So much of the details must be left between what was laid over them in one ink.
MARKED = Shares(0.0, 0.5, 0.8)

# Each strictness with what proves that two pictures are the same: any of these does.
# Chosen on one half of a benchmark's originals. Of the pairs of strangers and look-alikes that were
# looked at in libraries of 5,000 files, only shots of one and the same object passed: others reach
# 0.86 and 0.93 of the fine details, and 0.80 and 0.94 of the coarse ones.
RULES: dict[Strictness, tuple[Proof, ...]] = {
    "loose": (
        Proof(fine=Shares(0.00, 0.82, 0.92)),
        Proof(coarse=Shares(0.82, 0.94, 0.00)),
        Proof(fine=Shares(0.00, 0.60, 0.97)),
        Proof(fine=MARKED, if_written=True),
    ),
    "default": (
        Proof(fine=Shares(0.00, 0.88, 0.94), unless_unlike=True),
        Proof(coarse=Shares(0.86, 0.95, 0.00), unless_unlike=True),  # an encoding left no more
        Proof(fine=Shares(0.00, 0.70, 0.98)),  # all is there, but half is written on
        Proof(fine=MARKED, if_written=True),
    ),
    "strict": (Proof(fine=Shares(0.00, 0.94, 0.97)),),
}

# A verdict's certainty is the number of rules that it meets; each takes all that the next takes.
NEEDED: dict[Strictness, int] = {name: number for number, name in enumerate(RULES, start=1)}
CERTAIN = len(RULES)
DOUBTFUL = NEEDED["loose"]

# Shots of a burst and pages of one form share so much; strangers hardly ever do.
_ALIKE = 0.6


class Verdict(NamedTuple):
    """Whether two pictures are the same one, and what was done to the first to get the second.

    Attributes:
        same: whether the rule of the chosen strictness is met.
        changes: what was done, as far as the geometry shows it.
        certainty: how many rules are met, from 0 to ``CERTAIN``: those of loose, default, strict.
        tier: how sure it is; less than the default rule verifies nothing.
        shared: of the details, the share that half of the small tiles reach.
    """

    same: bool
    changes: Changes = Changes()
    certainty: int = 0
    tier: Tier = "similar"
    shared: float = 0.0

    @property
    def alike(self) -> bool:
        """Whether these are two pictures that look much like each other, and are not the same."""
        return self.tier == "series" or (not self.certainty and self.shared >= _ALIKE)

    def by(self, strictness: Strictness) -> "Verdict":
        """Return the verdict that another strictness comes to."""
        return self._replace(same=self.certainty >= NEEDED[strictness])
