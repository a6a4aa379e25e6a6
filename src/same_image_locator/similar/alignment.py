"""How one picture lies on another, for whoever draws one over the other."""

from typing import NamedTuple

from same_image_locator.model import Tier

WHOLE = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)  # edge on edge


class Alignment(NamedTuple):
    """How a second picture lies on a first one, and what was done to the first to get it.

    Attributes:
        matrix: takes fractions of the second upright picture to fractions of the first: the two
            rows of an affine transform, each x, y and shift. Empty when nothing tells it.
        reason: why there is no matrix.
        changes: in words.
        tier: how sure it is that both show the same.
    """

    matrix: tuple[float, ...] = ()
    reason: str = ""
    changes: str = ""
    tier: Tier = "similar"
