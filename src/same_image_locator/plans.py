"""The types of the steps that change the disk: what is staged, decided, planned, and done."""

import os
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from same_image_locator.model import Identity, Method, Tier, weakest


@dataclass(frozen=True, slots=True)
class Attached:
    """A staged companion; ``owners`` are the names of the group's entries that it belongs to."""

    name: str
    origin: str
    identity: Identity
    sha256: str
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A staged photo: its ``name`` in the group folder and the ``origin`` path it came from.

    ``distance``, ``changes``, ``tier`` and ``certainty`` are those of :class:`model.Member`. A
    ``protected`` one lies in a reference folder: it stays at ``origin`` and is always kept.
    """

    name: str
    origin: str
    identity: Identity
    sha256: str
    distance: int | None = None
    changes: str = ""
    tier: Tier = "similar"
    certainty: int = 0
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Staged:
    """A group in its decision folder: ``folder`` is the absolute path of its own folder there.

    ``subject`` is its name in the journal, unique for ever. ``held`` is empty where the photos
    themselves lie in ``folder``; else that holds copies, and ``held`` is the folder of the photos.
    ``compared`` photos were searched for the group, 0 where that is not known, and a looser rule
    would have added those at the paths ``near``.
    """

    subject: str
    folder: str
    number: int
    method: Method
    entries: tuple[Entry, ...]
    attached: tuple[Attached, ...] = ()
    held: str = ""
    compared: int = 0
    near: tuple[str, ...] = ()

    @property
    def tier(self) -> Tier:
        """How sure it is that all of its files show the same."""
        return weakest(entry.tier for entry in self.entries[1:])

    @property
    def moved(self) -> tuple[Entry, ...]:
        """The entries that lie in the group's folder, and go home or are set aside."""
        return tuple(entry for entry in self.entries if not entry.protected)

    @property
    def protected(self) -> frozenset[str]:
        """The names of the entries that stay where they are, whatever is decided."""
        return frozenset(entry.name for entry in self.entries if entry.protected)

    def path_of(self, entry: Entry) -> str:
        """Return where an entry's file is to be looked at."""
        return entry.origin if entry.protected else os.path.join(self.folder, entry.name)

    def attached_to(self, name: str) -> tuple[Attached, ...]:
        """Return the companions of one entry, those that it shares included."""
        return tuple(one for one in self.attached if name in one.owners)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """An XMP file to be written beside the kept entry of this name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Which entries of a group are kept, by name; an empty ``keep`` needs ``allow_none``.

    ``sidecars`` are what the person wants to be written beside kept files.
    """

    subject: str
    keep: frozenset[str]
    allow_none: bool = False
    sidecars: tuple[Sidecar, ...] = ()


class ActKind(Enum):
    """The closed list of things that may happen to a file.

    Only PURGE ends a user's file; TRASH lets go of it once the system's trash is proven to hold it.
    """

    MAKE_FOLDER = "make-folder"
    WRITE_TEXT = "write-text"
    COPY = "copy"
    STAGE = "stage"
    BRING_HOME = "bring-home"
    VERIFY = "verify"
    SET_ASIDE = "set-aside"
    TRASH = "trash"
    WRITE_SIDECAR = "write-sidecar"
    PURGE = "purge"
    REMOVE_COPY = "remove-copy"
    REMOVE_SIDECAR = "remove-sidecar"
    REMOVE_TEXT = "remove-text"
    REMOVE_FOLDER = "remove-folder"


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a plan.

    ``source`` moves to ``target`` (STAGE, BRING_HOME, SET_ASIDE), is copied there (COPY), or goes
    to the trash under that name (TRASH); the other kinds act on ``target``. VERIFY proves that
    ``target`` holds the content ``sha256``, and, when ``source`` is given, that ``source`` holds
    the same bytes in another file. PURGE ends ``target``; when ``source`` is given, only if that
    one holds the same bytes in another file. WRITE_SIDECAR writes ``text`` to ``source``, a name of
    ours, and moves that to ``target`` once it is durable; REMOVE_SIDECAR ends ``target`` only if it
    still holds the content ``sha256``. ``owners`` are the sources of the photos in the same plan
    that a companion or sidecar belongs to: it lies under the name of the first of them.
    """

    kind: ActKind
    target: str
    source: str = ""
    expect: Identity | None = None
    sha256: str = ""
    text: str = ""
    owners: tuple[str, ...] = ()


Purpose = Literal["stage", "settle", "undo", "purge"]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that will happen to one group, complete before the first act.

    ``phases`` run in order with a durability barrier after each. The journal carries out a plan
    whole or takes it back whole.

    Raises:
        ValueError: the plan would set aside every file of a group without ``allow_none``, or
            would end a user's file under another purpose than "purge", or would write a sidecar
            when it settles nothing, or end one when it undoes nothing.
    """

    purpose: Purpose
    subject: str
    phases: tuple[tuple[Act, ...], ...]
    allow_none: bool = False

    def __post_init__(self) -> None:
        """Refuse a plan that breaks a promise before it can be carried out."""
        kinds = {act.kind for phase in self.phases for act in phase}
        if {ActKind.PURGE, ActKind.TRASH} & kinds and self.purpose != "purge":
            raise ValueError("only a purge may remove a photo")
        if ActKind.WRITE_SIDECAR in kinds and self.purpose != "settle":
            raise ValueError("only a settle may write a sidecar")
        if ActKind.REMOVE_SIDECAR in kinds and self.purpose != "undo":
            raise ValueError("only an undo may remove a sidecar")
        if ActKind.SET_ASIDE in kinds and not (self._keeps() or self.allow_none):
            raise ValueError("a plan that keeps nothing must say so")

    def _keeps(self) -> bool:
        """Whether a file comes home, or is proven to lie where no act of the plan takes it from."""
        leaving = {act.source for act in self.acts(ActKind.SET_ASIDE)}
        proven = {act.target for act in self.acts(ActKind.VERIFY)}
        return bool(self.acts(ActKind.BRING_HOME) or proven - leaving)

    def acts(self, kind: ActKind) -> tuple[Act, ...]:
        """Return the plan's acts of one kind, in order."""
        return tuple(act for phase in self.phases for act in phase if act.kind is kind)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a plan: carried out, or taken back for ``reason``.

    ``homes`` maps each staged or set-aside path to the path where the file came home.
    ``leftovers`` names files that are not ours and therefore stayed. ``sidecars`` are the paths of
    those that were written, or by an undo removed again.
    """

    plan: Plan
    done: bool
    reason: str = ""
    homes: tuple[tuple[str, str], ...] = ()
    leftovers: tuple[str, ...] = ()
    sidecars: tuple[str, ...] = ()
