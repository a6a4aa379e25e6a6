"""The central types: each step turns one of them into the next, and nothing else crosses a step.

Paths are ``str`` exactly as the operating system gave them (undecodable bytes surrogate-escaped),
because a photo whose name we cannot print must still come home under that name. What a run has one
of for each photo is a named tuple: a library may hold a million.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Literal, NamedTuple, get_args

from same_image_locator import choices

Mode = Literal["exact", "ahash", "phash", "similar"]
MODES: tuple[Mode, ...] = get_args(Mode)
HASH_BITS = choices.HASH_BITS

# Raised whenever the decoders would give other pixels, facts or causes for the same file: what the
# cache keeps of them is then made anew.
DECODER_VERSION = 4

# What becomes of the files that are not kept: set aside until a purge, handed to the system's
# trash, or ended at once.
Disposal = Literal["quarantine", "trash", "delete"]
DISPOSALS: tuple[Disposal, ...] = get_args(Disposal)

# Hexadecimal digits of the fingerprint in a group folder's name, as the first version wrote them.
SHA_DIGITS, PERCEPTUAL_DIGITS = 10, 12


@dataclass(frozen=True, slots=True)
class Method:
    """How groups are made, as ``_group_meta.json`` records it; ``threshold`` is 0 for exact."""

    mode: Mode
    threshold: int = 0

    @property
    def perceptual(self) -> bool:
        """Whether members may differ in their bytes."""
        return self.mode != "exact"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asked for; ``decision_folder`` is None until the run chooses the default."""

    root: str
    method: Method
    decision_folder: str | None = None
    include_all: bool = False
    dry_run: bool = False
    host: str = "127.0.0.1"
    port: int = 5173
    open_browser: bool = True
    rejects: Disposal = "quarantine"
    allow_copy: bool = False


class Identity(NamedTuple):
    """What tells whether a path still holds the same unchanged file (``mtime_ns`` nanoseconds)."""

    device: int
    inode: int
    size: int
    mtime_ns: int


class Companion(NamedTuple):
    """A file that belongs to photos of its folder: settings, a note, the film of a Live Photo.

    ``owners`` are the paths of all the photos that it belongs to; more than one share it.
    """

    path: str
    identity: Identity
    owners: tuple[str, ...]


class Photo(NamedTuple):
    """A regular file that the scan found; ``links`` is its number of names on the disk."""

    path: str
    identity: Identity
    links: int = 1
    companions: tuple[Companion, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the picture says of itself; what it does not say is None.

    ``width`` and ``height`` count upright pixels, ``orientation`` is EXIF's as it is stored,
    ``taken_at`` is ISO 8601. ``latitude`` and ``longitude`` are degrees, south and west negative.
    With ``more_frames`` the file holds pictures after the first, which is the one that we look at.
    ``depth`` counts bits per channel. ``quality`` is a JPEG's from 1 to 100, and an estimate
    unless ``quality_exact``.
    """

    width: int
    height: int
    format: str
    taken_at: str | None = None
    orientation: int = 1
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    more_frames: bool = False
    depth: int | None = None
    quality: int | None = None
    quality_exact: bool = False


class Examined(NamedTuple):
    """A photo and its fingerprint: a SHA-256 digest (32 bytes) or a perceptual hash (8 bytes)."""

    photo: Photo
    fingerprint: bytes


class Member(NamedTuple):
    """A photo in a group and its distance to the group's first member (0 when exact).

    The distance is Hamming's in bits; in mode similar it is that of the signatures in percent, and
    ``changes`` says what was done to the picture, as far as its geometry tells.
    """

    examined: Examined
    distance: int = 0
    changes: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more photos that are to be decided together; the first member is the reference."""

    number: int
    method: Method
    members: tuple[Member, ...]

    @property
    def fingerprint(self) -> bytes:
        """The first member's fingerprint, which names the group."""
        return self.members[0].examined.fingerprint


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
    """A staged photo: its ``name`` in the group folder and the ``origin`` path it came from."""

    name: str
    origin: str
    identity: Identity
    sha256: str
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """A group in its decision folder: ``folder`` is the absolute path of its own folder there.

    ``subject`` is its name in the journal, unique for ever. ``held`` is empty where the photos
    themselves lie in ``folder``; else that holds copies, and ``held`` is the folder of the photos.
    """

    subject: str
    folder: str
    number: int
    method: Method
    entries: tuple[Entry, ...]
    attached: tuple[Attached, ...] = ()
    held: str = ""

    def attached_to(self, name: str) -> tuple[Attached, ...]:
        """Return the companions of one entry, those that it shares included."""
        return tuple(one for one in self.attached if name in one.owners)


@dataclass(frozen=True, slots=True)
class Decision:
    """Which entries of a group are kept, by name; an empty ``keep`` needs ``allow_none``."""

    subject: str
    keep: frozenset[str]
    allow_none: bool = False


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
    PURGE = "purge"
    REMOVE_COPY = "remove-copy"
    REMOVE_TEXT = "remove-text"
    REMOVE_FOLDER = "remove-folder"


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a plan.

    ``source`` moves to ``target`` (STAGE, BRING_HOME, SET_ASIDE), is copied there (COPY), or goes
    to the trash under that name (TRASH); the other kinds act on ``target``. VERIFY proves that
    ``target`` holds the content ``sha256``, and, when ``source`` is given, that ``source`` holds
    the same bytes in another file. PURGE ends ``target``; when ``source`` is given, only if that
    one holds the same bytes in another file. ``owners`` are the sources of the photos in the same
    plan that a companion belongs to: it comes home under the name of the first of them.
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
            would end a user's file under another purpose than "purge".
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
        if ActKind.SET_ASIDE in kinds and ActKind.BRING_HOME not in kinds and not self.allow_none:
            raise ValueError("a plan that keeps nothing must say so")

    def acts(self, kind: ActKind) -> tuple[Act, ...]:
        """Return the plan's acts of one kind, in order."""
        return tuple(act for phase in self.phases for act in phase if act.kind is kind)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a plan: carried out, or taken back for ``reason``.

    ``homes`` maps each staged or set-aside path to the path where the file came home.
    ``leftovers`` names files that are not ours and therefore stayed.
    """

    plan: Plan
    done: bool
    reason: str = ""
    homes: tuple[tuple[str, str], ...] = ()
    leftovers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One file's trouble is a value: the run goes on and names it at the end."""

    path: str
    step: str
    detail: str
