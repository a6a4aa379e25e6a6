"""The terms of a review: what holds from its first moment to its last."""

from dataclasses import dataclass, field, replace
from typing import Self

from same_image_locator.model import Disposal
from same_image_locator.review.past import Earlier, NoPast, Past


@dataclass(frozen=True, slots=True)
class Terms:
    """What the run has settled before its review begins.

    ``aside_before`` are the files and bytes that earlier runs left set aside. ``rejects`` is what
    the user wants for the files that are not kept. ``read_only`` says why groups may be looked at
    only, "" when they may be decided. ``keep_rules`` are the names of the rules by which files are
    suggested, in their order; none are the usual ones. ``past`` tells of finished groups,
    those of earlier runs included.
    """

    aside_before: tuple[int, int] = (0, 0)
    rejects: Disposal = "quarantine"
    read_only: str = ""
    keep_rules: tuple[str, ...] = ()
    past: Past = field(default_factory=NoPast, compare=False)

    def without(self, earlier: Earlier) -> Self:
        """Return them as they are once a group of an earlier run is taken back."""
        files, size = self.aside_before
        left = max(0, files - earlier.files), max(0, size - earlier.bytes)
        return replace(self, aside_before=left)
