"""What the review asks of the run: the commands in its inbox, and what the run answers."""

from dataclasses import dataclass

from same_image_locator.model import Disposal
from same_image_locator.plans import Decision


@dataclass(frozen=True, slots=True)
class NewSidecar:
    """The sidecar of the kept file of this name: where it would lie, or why it is not written."""

    name: str
    path: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """What a decision would do, before it is done.

    ``homes`` pairs each name that goes home, companions included, with the path where it will
    lie; ``aside`` names the rest, of ``aside_bytes`` bytes together. ``parting`` names the
    companions in it whose content no kept companion of the group has. ``sidecars`` are those that
    the decision asks for.
    """

    homes: tuple[tuple[str, str], ...]
    aside: tuple[str, ...]
    aside_bytes: int
    parting: tuple[str, ...] = ()
    sidecars: tuple[NewSidecar, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decided group; ``homes`` pairs names with the paths they came home to.

    ``disposal`` is what really happened to the files that were not kept. ``sidecars`` are the paths
    of those that were written.
    """

    kept: int
    set_aside: int
    set_aside_bytes: int
    homes: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    disposal: Disposal = "quarantine"
    sidecars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settle:
    """Settle a group as decided."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class Undo:
    """Take a settled group back: its set-aside files return to where they came from."""

    subject: str


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """The answer to the offer at the end: remove what was set aside, or leave it there."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """End the review now; open groups wait in their folders for the next run."""


Command = Settle | Undo | FreeSpace | Stop
