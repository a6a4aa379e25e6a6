"""What earlier runs have settled, and where each file of a finished group lies by now."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, NamedTuple, Protocol

Place = Literal["home", "aside", "gone", "missing"]


class Whereabout(NamedTuple):
    """A file of a finished group.

    Attributes:
        origin: the path where it lay when it was found.
        now: where it lies, or lay last.
        place: at "home", set "aside", "gone" by this program (to the trash or for good), or
            "missing": somebody else has moved or removed it since.
        companion: whether it belongs to a photo, and is none itself.
    """

    origin: str
    now: str
    place: Place
    companion: bool


class Earlier(NamedTuple):
    """A group that an earlier run has settled, of which files still lie set aside.

    ``run`` and ``number`` name it; ``at`` is when it was settled (ISO 8601, UTC).
    """

    subject: str
    run: str
    number: int
    at: str
    files: int
    bytes: int


class Past(Protocol):
    """What the journal knows of finished groups; asked from any thread."""

    def files(self, subject: str) -> Sequence[Whereabout]:
        """Return where each file of a finished group lies."""

    def earlier(self, besides: AbstractSet[str]) -> Sequence[Earlier]:
        """Return what can still be undone ``besides`` these subjects, the latest first."""


class NoPast:
    """The past of a review that nothing was settled before."""

    def files(self, subject: str) -> Sequence[Whereabout]:
        """Return where each file of a finished group lies: of none that is known."""
        del subject
        return ()

    def earlier(self, besides: AbstractSet[str]) -> Sequence[Earlier]:
        """Return what can still be undone."""
        del besides
        return ()
