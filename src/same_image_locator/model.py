"""The types of the search: each step turns one into the next; ``plans`` has those that follow.

Paths are ``str`` exactly as the operating system gave them (undecodable bytes surrogate-escaped),
because a photo whose name we cannot print must still come home under that name. All are named
tuples: a library may hold a million photos, and dataclasses would take a third of a run's start.
"""

import os
from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

from same_image_locator import choices

Mode = Literal["exact", "ahash", "phash", "similar"]
MODES: tuple[Mode, ...] = get_args(Mode)
HASH_BITS = choices.HASH_BITS

# How sure it is that a file shows the picture of its group's first file, the surest first: the same
# bytes; the same pixels, whatever else the files say; verified by a second look; verified, but
# another shot; not verified. Only the first two may be acted on without a person; the third where
# a person has ordered it beforehand, and only what can be undone.
Tier = Literal["identical", "same pixels", "same picture", "series", "similar"]
TIERS: tuple[Tier, ...] = get_args(Tier)

# Raised whenever the decoders would give other pixels, facts or causes for the same file: what the
# cache keeps of them is then made anew.
DECODER_VERSION = 4

# What becomes of the files that are not kept: set aside until a purge, handed to the system's
# trash, or ended at once.
Disposal = Literal["quarantine", "trash", "delete"]
DISPOSALS: tuple[Disposal, ...] = get_args(Disposal)

# How sure mode similar must be that two pictures are the same; each takes all that the next takes.
Strictness = Literal["loose", "default", "strict"]
STRICTNESSES: tuple[Strictness, ...] = get_args(Strictness)

# Hexadecimal digits of the fingerprint in a group folder's name, as the first version wrote them.
SHA_DIGITS, PERCEPTUAL_DIGITS = 10, 12


# How sure a suggestion must be for a run to follow it without asking.
Auto = Literal["identical", "clear"]
AUTO: tuple[Auto, ...] = get_args(Auto)


class Method(NamedTuple):
    """How groups are made, as ``_group_meta.json`` records it.

    ``mode`` is one of ``MODES``, or the name of a hash that another package has installed.
    ``threshold`` is that of the hashes, else 0; ``strictness`` is that of mode similar.
    """

    mode: str
    threshold: int = 0
    strictness: Strictness = "default"

    @property
    def perceptual(self) -> bool:
        """Whether members may differ in their bytes."""
        return self.mode != "exact"

    @property
    def hashed(self) -> bool:
        """Whether pictures are compared by 64 bits each, and a threshold."""
        return self.mode not in {"exact", "similar"}

    @property
    def looser(self) -> int:
        """The threshold by which it is told who else would come: two bits are one step."""
        return self.threshold + 2


class Reach(NamedTuple):
    """Who but this computer may ask for the page, by which names, and with which certificate."""

    allow_remote: bool = False
    allowed_hosts: tuple[str, ...] = ()
    tls_cert: str = ""
    tls_key: str = ""


class Scope(NamedTuple):
    """Which files are looked at, beside those in ``Settings.root``, and which of them are not.

    ``roots`` are further folders. What lies in ``references`` is compared, and never staged, set
    aside or moved; so is what lies in ``mounts``, the other drives below the folders, which are
    known once a run is located that is to ``follow_mounts``. ``exclude`` are patterns as in a
    .gitignore, as seen from each of the folders. ``min_size`` counts bytes.
    """

    roots: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    min_size: int = 0
    follow_mounts: bool = False
    mounts: tuple[str, ...] = ()

    @property
    def fixed(self) -> tuple[str, ...]:
        """The folders whose files stay where they are."""
        return (*self.references, *self.mounts)


class Settings(NamedTuple):
    """What the user asked for; ``decision_folder`` is None until the run chooses the default.

    With ``verify`` the groups of ahash and phash get the second look that mode similar takes.
    ``keep_rules`` are the names of those by which files are suggested, none for the usual ones.
    With ``auto`` a suggestion as sure as that is followed without asking. Without ``page`` nobody
    is asked at all, and what would have to be asked waits for the next run.
    """

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
    verify: bool = False
    keep_rules: tuple[str, ...] = ()
    auto: Auto | None = None
    page: bool = True
    reach: Reach = Reach()
    scope: Scope = Scope()

    @property
    def suggests(self) -> bool:
        """Whether suggestions are wanted in the terminal, too."""
        return self.auto is not None or bool(self.keep_rules)

    def protects(self, path: str) -> bool:
        """Return whether a file stays where it is: of the folders around it the innermost says."""
        if not self.scope.fixed:
            return False
        around = (*self.scope.roots, self.root), self.scope.fixed
        root, reference = (
            max((len(f) for f in those if _lies_in(path, f)), default=0) for those in around
        )
        return reference > root


def _lies_in(path: str, folder: str) -> bool:
    return path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


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


class Facts(NamedTuple):
    """What the picture says of itself; what it does not say is None.

    ``width`` and ``height`` count upright pixels, ``orientation`` is EXIF's as it is stored,
    ``taken_at`` is ISO 8601. ``latitude`` and ``longitude`` are degrees, south and west negative.
    With ``more_frames`` the file holds pictures after the first, which is the one that we look at.
    ``depth`` counts bits per channel. ``quality`` is a JPEG's from 1 to 100, and an estimate
    unless ``quality_exact``. ``serial`` is the number of the camera's body. ``detail`` is the width
    and height of a smaller picture of its group that could hold all that it shows: it may be an
    enlargement.
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
    serial: str | None = None
    detail: tuple[int, int] | None = None

    @property
    def telling(self) -> int:
        """How many pixels show something: those that enlarging may have added do not."""
        width, height = self.detail or (self.width, self.height)
        return width * height


class Metadata(NamedTuple):
    """What a person, or a camera, has said in a file of its picture; what is not said is None.

    ``taken_at`` is ISO 8601, a date alone or with its time. ``place`` is latitude and longitude in
    degrees, south and west negative. ``rating`` counts stars, -1 is a rejection. Texts hold
    nothing that XML cannot.
    """

    taken_at: str | None = None
    place: tuple[float, float] | None = None
    rating: int | None = None
    keywords: tuple[str, ...] | None = None
    caption: str | None = None


class Examined(NamedTuple):
    """A photo and its fingerprint: a SHA-256 digest (32 bytes) or a perceptual hash (8 bytes).

    The digest is empty where files were only listed, and nobody had asked for it.
    """

    photo: Photo
    fingerprint: bytes


class Member(NamedTuple):
    """A photo in a group and its distance to the group's first member (0 when exact).

    The distance is Hamming's in bits; in mode similar it is that of the signatures in percent, and
    ``changes`` says what was done to the picture, as far as its geometry tells. ``tier`` says how
    sure it is that both show the same. ``certainty`` counts the strictnesses whose rule a second
    look found met, from the loosest on; 0 where there was no such look. ``near`` are the paths of
    what a looser rule would add to the group of this first member.
    """

    examined: Examined
    distance: int = 0
    changes: str = ""
    tier: Tier = "similar"
    certainty: int = 0
    near: tuple[str, ...] = ()

    def doubted(self) -> "Member":
        """Return a member that other pictures are much like, too: only its bytes prove anything."""
        if self.tier != "same picture":
            return self
        words = ", ".join(filter(None, (self.changes, "other pictures look much like it")))
        return self._replace(tier="similar", changes=words)


class Group(NamedTuple):
    """Two or more photos that are to be decided together; the first member is the reference.

    ``compared`` photos were searched for it. ``staying`` are the paths of those that lie in a
    reference folder: they are compared, and never moved.
    """

    number: int
    method: Method
    members: tuple[Member, ...]
    compared: int = 0
    staying: frozenset[str] = frozenset()

    @property
    def paths(self) -> tuple[str, ...]:
        """Where its files lie."""
        return tuple(member.examined.photo.path for member in self.members)

    @property
    def fingerprint(self) -> bytes:
        """The first member's fingerprint, which names the group."""
        return self.members[0].examined.fingerprint

    @property
    def near(self) -> tuple[str, ...]:
        """The paths of the pictures that a looser rule would add."""
        return self.members[0].near

    @property
    def tier(self) -> Tier:
        """How sure the least sure member is."""
        return weakest(member.tier for member in self.members[1:])


def weakest(tiers: Iterable[Tier]) -> Tier:
    """Return the least sure of these tiers, "identical" if there are none."""
    return max(tiers, key=TIERS.index, default=TIERS[0])


class Problem(NamedTuple):
    """One file's trouble is a value: the run goes on and names it at the end."""

    path: str
    step: str
    detail: str
