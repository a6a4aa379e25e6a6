"""What the faces may see of the review: snapshots that cannot change under the reader."""

from dataclasses import dataclass
from typing import Literal

from same_image_locator.plans import Entry, Staged
from same_image_locator.review.commands import Effects, Outcome
from same_image_locator.review.parting import UNDIVIDED, Parting
from same_image_locator.review.record import Record, State

Phase = Literal["review", "offer", "closed"]


@dataclass(frozen=True, slots=True)
class View:
    """One group as it stands; ``number`` addresses it for the whole run.

    ``armed`` says that some window has given the first confirmation in this run, and ``parting``
    how what was told apart divides the group; ``told`` are the statements that were made of it.
    """

    staged: Staged
    number: int
    keep: frozenset[str]
    own: bool
    rev: int
    clicks: int
    preferred: str
    state: State
    reason: str
    outcome: Outcome | None
    armed: bool = False
    parting: Parting = UNDIVIDED
    told: tuple[int, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The group's files in their lasting order."""
        return self.staged.entries

    @property
    def redundant_bytes(self) -> int:
        """What keeping only the largest file of each picture would set aside, in bytes.

        A file counts with the companions that are its alone; shared ones stay with what is kept.
        """
        alone = [one for one in self.staged.attached if len(one.owners) == 1]
        sizes = {
            entry.name: entry.identity.size
            + sum(one.identity.size for one in alone if one.owners[0] == entry.name)
            for entry in self.entries
        }
        largest = [
            max((sizes[name] for name in part), default=0) for part in self.parting.parts or [sizes]
        ]
        return sum(sizes.values()) - sum(largest)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The waiting groups around one: its place from 1, and who comes before and after."""

    position: int
    previous: int | None
    following: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """The counters of the run; bytes set aside include what earlier runs left there.

    ``trashed`` files are in the system's trash, ``removed`` ones are gone for good.
    """

    groups: int
    settled: int
    undone: int
    waiting: int
    attention: int
    kept: int
    set_aside: int
    set_aside_bytes: int
    trashed: int
    trashed_bytes: int
    removed: int
    removed_bytes: int
    freed_bytes: int


@dataclass(frozen=True, slots=True)
class Armed:
    """A first confirmation that was accepted: the nonce for the second, and what it will do."""

    nonce: str
    effects: Effects
    view: View


def view_of(record: Record) -> View:
    """Take the snapshot of a record; the caller holds the lock."""
    return View(
        staged=record.staged,
        number=record.number,
        keep=record.keep,
        own=record.own,
        rev=record.rev,
        clicks=record.clicks,
        preferred=record.preferred,
        state=record.state,
        reason=record.reason,
        outcome=record.outcome,
        armed=record.confirmation is not None,
        parting=record.parting,
        told=record.told,
    )
