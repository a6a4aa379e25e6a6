"""Small random libraries on a simulated disk, and what other programs do to them meanwhile."""

import itertools
import os
import random
from dataclasses import dataclass, field, replace

from crash.sim_disk import TRASH, UNFIT, Image, SimKernel, Sync, Write
from same_image_locator.decision_folder import OWN_TEXTS
from same_image_locator.journal import HOLD_NAME, OWN_NAMES
from same_image_locator.model import (
    Companion,
    Disposal,
    Examined,
    Group,
    Member,
    Method,
    Photo,
)
from same_image_locator.own_names import NEW_SIDECAR

ROOT = "/photos"
FAR = "/far"  # another drive, on which nothing but copies and our own texts may lie
_FOLDERS = (ROOT, f"{ROOT}/a", f"{ROOT}/a/deep", f"{ROOT}/b", f"{ROOT}/c d")
_TEXTS = (*OWN_TEXTS, *OWN_NAMES)
_COMPANIONS_EVERY = 3  # worlds
_REFERENCES_EVERY = 4
_START = 1_600_000_000_000_000_001
SIDECAR_TEXT = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>lake, boat</x:xmpmeta>\n"


@dataclass
class World:
    """A library: its groups, by the paths of their photos, and which of them are to be kept.

    Every file has a time of its own (``mtime_ns``), by which it is known wherever it goes.
    ``contents`` says what each must hold; files of other programs come in as they appear.
    ``companions`` names the photo that each of them belongs to. With a ``hold`` the decision
    folder lies on another drive; when that of the photos ``unplugs``, it is missing at the next
    start. With ``sidecars`` one is written beside each kept photo that has no companion.
    ``rejects`` is what the person has chosen for them. ``staying`` are in a reference folder: they
    are kept, and never moved.
    """

    decision_folder: str
    image: Image
    groups: list[list[str]]
    perceptual: list[bool]
    keep: set[str]
    contents: dict[int, bytes]
    origins: dict[int, str]
    taken: set[str] = field(default_factory=set)
    edited: set[int] = field(default_factory=set)
    spoilt: set[int] = field(default_factory=set)
    companions: dict[str, str] = field(default_factory=dict)
    staying: set[str] = field(default_factory=set)
    hold: str = ""
    unplugs: bool = False
    sidecars: bool = False
    rejects: Disposal = "quarantine"

    def copy(self) -> "World":
        """Return the world as it is now, for later."""
        return replace(
            self,
            contents=dict(self.contents),
            origins=dict(self.origins),
            taken=set(self.taken),
            edited=set(self.edited),
            spoilt=set(self.spoilt),
        )

    def may_go(self) -> set[int]:
        """Return the photos whose content ends when the rejects are purged: similar ones only."""
        similar = [paths for paths, p in zip(self.groups, self.perceptual, strict=True) if p]
        given_up = {path for paths in similar for path in paths} - self.keep
        given_up |= {path for path, owner in self.companions.items() if owner not in self.keep}
        return {mtime for mtime, path in self.origins.items() if path in given_up}

    def found(self, kernel: SimKernel) -> list[Group]:
        """Return the groups that a scan would find now."""
        groups: list[Group] = []
        for picture, paths in enumerate(self.groups, start=1):
            photos = [
                Photo(path, found.identity, companions=self._companions(path, kernel))
                for path in paths
                if (found := kernel.status(path)) and self._is_here(path, found.identity.mtime_ns)
            ]
            if len(photos) > 1:
                groups.append(self._group(picture, len(groups) + 1, photos, kernel))
        return groups

    def _companions(self, photo: str, kernel: SimKernel) -> tuple[Companion, ...]:
        return tuple(
            Companion(path, found.identity, (photo,))
            for path, owner in self.companions.items()
            if owner == photo and (found := kernel.status(path))
        )

    def _is_here(self, path: str, mtime_ns: int) -> bool:
        return self.origins.get(mtime_ns) == path

    def _group(self, picture: int, number: int, photos: list[Photo], kernel: SimKernel) -> Group:
        if self.perceptual[picture - 1]:
            method, prints = Method("phash", 5), [picture.to_bytes(8, "big")] * len(photos)
        else:
            method = Method("exact")
            prints = [bytes.fromhex(kernel.sha256(photo.path)) for photo in photos]
        members = (Member(Examined(p, f)) for p, f in zip(photos, prints, strict=True))
        staying = self.staying.intersection(photo.path for photo in photos)
        return Group(number, method, tuple(members), staying=frozenset(staying))


def build(seed: int, largest: int = 3) -> World:
    """Make the world of a seed: one to ``largest`` groups of 2, 3 or 5 files, and a single one;
    in some worlds each photo has a companion."""
    chance = random.Random(seed)
    disk = SimKernel(Image())
    for folder in (*_FOLDERS, "/desk", TRASH):
        disk.make_folder(folder)
    disk.make_drive(FAR, device=2)
    place = chance.choice((f"{ROOT}/_DECISION_DUPES", "/desk/new/decide", "/desk/decide"))
    world = World(place, disk.image, [], [], set(), {}, {})
    for number in range(1, chance.randint(1, largest) + 1):
        perceptual = chance.random() < 0.3
        paths = []
        for copy in range(chance.choice((2, 2, 3, 5))):
            path = f"{chance.choice(_FOLDERS)}/{number}{'abcde'[copy]}.jpg"
            content = f"world {seed} picture {number}".encode() * 3
            put(world, disk, path, content + (b"ish" * copy if perceptual else b""))
            paths.append(path)
        world.groups.append(paths)
        world.perceptual.append(perceptual)
        world.keep |= set(chance.sample(paths, chance.choice((1, 1, 2))))
    put(world, disk, f"{ROOT}/single.jpg", b"alone")
    if seed % _COMPANIONS_EVERY == 2:
        for path in list(itertools.chain.from_iterable(world.groups)):
            world.companions[f"{path}.xmp"] = path
            put(world, disk, f"{path}.xmp", b"settings of " + path.encode())
    if seed % _REFERENCES_EVERY == 1:
        # The last of each group; every other group has nothing else that is kept.
        world.staying = {paths[-1] for paths in world.groups}
        world.keep -= {path for paths in world.groups[::2] for path in paths}
        world.keep |= world.staying
    world.image = disk.image
    return world


def put(world: World, disk: SimKernel, path: str, content: bytes) -> int:
    """Write a photo as another program would, durably; returns its time, which none other has."""
    mtime = _START + len(world.origins)
    if disk.status(path) is None:
        disk.create(path, content)
    _overwrite(disk, path, content, mtime)
    world.contents[mtime] = content
    world.origins[mtime] = path
    return mtime


def _overwrite(disk: SimKernel, path: str, content: bytes, mtime_ns: int) -> None:
    folder, inode = disk.look(path)
    for operation in (Write(inode, content, mtime_ns), Sync(inode), Sync(folder)):
        disk.happen(operation)


def go_far(world: World) -> None:
    """Let the decision folder lie on the other drive."""
    world.decision_folder = FAR + world.decision_folder.removeprefix(ROOT).removeprefix("/desk")
    world.hold = f"{ROOT}/{HOLD_NAME}"


def photos(image: Image) -> dict[int, list[tuple[str, bytes]]]:
    """Return where each photo lies and what it holds, by its time; our texts are all younger."""
    found: dict[int, list[tuple[str, bytes]]] = {}
    for path, (content, mtime) in image.walk().items():
        if _START <= mtime < _START + 10**9 and not path.startswith(f"{FAR}/"):
            found.setdefault(mtime, []).append((path, content))
    return found


def sidecars(image: Image) -> dict[str, bytes]:
    """Return the sidecars of ours that lie beside photos, by path: what each holds."""
    return {
        path: content
        for path, (content, mtime) in image.walk().items()
        if path.endswith(".jpg.xmp") and f"/{NEW_SIDECAR}" not in path and mtime >= _START + 10**9
    }


def copies(image: Image) -> dict[str, tuple[bytes, int]]:
    """Return what lies on the other drive and is no text of ours, by path: content and time."""
    return {
        path: held
        for path, held in image.walk().items()
        if path.startswith(f"{FAR}/") and not os.path.basename(path).startswith(_TEXTS)
    }


def take_names(world: World, disk: SimKernel) -> None:
    """Put new photos where the first and last of each group, and one beside it, come home."""
    for paths in world.groups:
        stem, _ = os.path.splitext(paths[0])
        for path in (paths[0], f"{stem} (kept).jpg", paths[-1]):
            if disk.status(path) is None:
                put(world, disk, path, b"a newer one at " + path.encode())
                world.taken.add(path)


def mar(world: World, disk: SimKernel) -> None:
    """Give the first group's photos bytes that no copy holds, and that the trash deletes."""
    origins = {path: mtime for mtime, path in world.origins.items()}
    for path in world.groups[0]:
        mtime = origins[path]
        world.contents[mtime] += UNFIT
        _overwrite(disk, path, world.contents[mtime], mtime)


def pin(world: World, disk: SimKernel) -> None:
    """Let the last photo of the first group be one that may not be moved."""
    _, inode = disk.look(world.groups[0][-1])
    for image in (disk.base, disk.image):
        image.pinned.add(inode)


def spoil(world: World, disk: SimKernel) -> None:
    """Change bytes of one staged file of each group, its size and its time left as they were."""
    for mtime, path, content in _lasts(world, disk):
        world.spoilt.add(mtime)
        world.contents[mtime] = b"x" * len(content)
        _overwrite(disk, path, world.contents[mtime], mtime)


def edit(world: World, disk: SimKernel) -> None:
    """Let a person save new work over one file of each group where it lies now."""
    for mtime, path, _ in _lasts(world, disk):
        del world.contents[mtime]
        world.edited.add(put(world, disk, path, b"new work of the person in " + path.encode()))


def edit_kept(world: World, disk: SimKernel) -> None:
    """Let a person save new work over the kept files, so that a reject is the last of its kind."""
    for mtime, at in photos(disk.image).items():
        [(path, _)] = at
        if world.origins[mtime] in world.keep:
            del world.contents[mtime]
            put(world, disk, path, b"new work of the person in " + path.encode())


def edit_sidecars(world: World, disk: SimKernel) -> None:
    """Let a person save new work over each second sidecar that was written: it is theirs now."""
    for path in sorted(sidecars(disk.image))[::2]:
        world.edited.add(put(world, disk, path, b"new work of the person in " + path.encode()))


def _lasts(world: World, disk: SimKernel) -> list[tuple[int, str, bytes]]:
    """Return time, place and content of each group's last photo that is not kept."""
    found = photos(disk.image)
    origins = {path: mtime for mtime, path in world.origins.items()}
    lasts = []
    for paths in world.groups:
        rejects = [path for path in paths if path not in world.keep]
        if rejects:
            mtime = origins[rejects[-1]]
            lasts.append((mtime, *found[mtime][0]))
    return lasts
