"""Walk the tree and find the photos: regular files, each once, links and own folders left out."""

import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from operator import itemgetter
from typing import NamedTuple

from same_image_locator.aliases import Known, mount_points, one_per_file
from same_image_locator.companions import may_belong, owners_by_companion
from same_image_locator.events import Advanced, Listener, Noted, StepFinished, StepStarted, Troubled
from same_image_locator.listing import Listing, Listings
from same_image_locator.model import Companion, Identity, Problem, Scope
from same_image_locator.own_names import (
    DEFAULT_NAME,
    HOLD_NAME,
    IGNORE_FILE,
    JOURNAL_NAME,
    MANIFEST,
    is_group_folder,
)
from same_image_locator.passed_over import KINDS, Kind, kind
from same_image_locator.photos import Photos
from same_image_locator.wording import plural, size_words

# What is taken for a picture by its name: what programs write, then what cameras call raw.
_NAMES = """
jpg jpeg jpe jfif png apng gif webp bmp dib tif tiff heic heif hif heics avif avifs jxl jp2 j2k j2c
jpf jpx mpo ico tga pnm ppm pgm pbm pam qoi psd psb dds
dng cr2 cr3 crw nef nrw arw sr2 srf raf rw2 rwl orf pef srw x3f kdc dcr 3fr fff iiq mrw erf mef
"""
IMG_EXTS = frozenset(f".{name}" for name in _NAMES.split())

TYPE_CHECKING = False
if TYPE_CHECKING:
    from same_image_locator.exclusion import Exclusion


class _Mounted(NamedTuple):
    """A drive below the folders that is to be looked at when all of their own is known."""

    path: str
    device: int
    inode: int
    exclusion: "Exclusion | None"


class _Walk:
    """What one walk has to know and has found so far."""

    def __init__(
        self,
        device: int,
        own_folder: str,
        *,
        include_all: bool,
        listener: Listener,
        scope: Scope = Scope(),  # noqa: B008 - it cannot be changed
    ) -> None:
        self.device = device
        self.own_folder = own_folder
        self.include_all = include_all
        self.listener = listener
        self.min_size = scope.min_size
        self.small = 0  # files that would have been candidates, were they larger
        self.excluded: list[str] = []  # files and folders that a pattern leaves out
        self.exclusions: dict[str, Exclusion] = {}  # by folder that is to be listed
        self.passed: dict[Kind, list[str]] = {one: [] for one in KINDS}
        self.photos: list[tuple[bytes, Photos]] = []  # by folder
        self.companions = 0  # files that would have been candidates, were they no companions
        self.problems: list[Problem] = []
        self.mounts: frozenset[str] = frozenset()  # those below the folders
        self.followed = frozenset(scope.mounts)
        self.later: list[_Mounted] = []
        self.foreign: dict[str, int] = {}  # by folder that is to be listed on another drive: which
        self.tops: frozenset[str] = frozenset()  # each is a beginning of its own
        self.folders = Known()

    def lies_on(self, folder: str, device: int) -> None:
        """Remember of a folder that is to be listed on which drive its files are expected."""
        if device != self.device:
            self.foreign[folder] = device

    def trouble(self, path: str, detail: str) -> None:
        """Remember and tell one file's or folder's problem."""
        self.problems.append(Problem(path, "scan", detail))
        self.listener(Troubled(self.problems[-1]))


def scan(
    root: str,
    own_folder: str,
    *,
    include_all: bool,
    listener: Listener,
    entered: Callable[[str], None] = lambda _: None,
    scope: Scope = Scope(),  # noqa: B008 - it cannot be changed
) -> tuple[Photos, list[Problem]]:
    """Return the photos under ``root`` by path, one for each file however many names it has.

    Those of the scope's further folders are among them. ``own_folder`` is the decision folder; any
    other decision folder is known by its journal. Links are never followed. What is mounted below
    a folder, and is none of the scope's ``mounts``, is left out, since files can move safely only
    within one drive. No folder is entered twice, whatever names it has; ``entered`` hears of each.

    Raises:
        UsageError: the scope has a pattern that is none.
    """
    listener(StepStarted("scan"))
    status = os.stat(root)
    walk = _Walk(status.st_dev, own_folder, include_all=include_all, listener=listener, scope=scope)
    tops = _tops(root, scope, walk)
    with Listings(tops) as listings:
        while True:
            for folder, listing in listings:
                entered(folder)
                listings.add(_visit(folder, listing, walk))
            if not walk.later:
                break
            listings.add(_mounted(walk))
    found = Photos(walk.device)
    for _, part in sorted(walk.photos, key=itemgetter(0)):  # listings come in any order
        found.add(part)
    walk.photos.clear()
    photos, others = one_per_file(found)
    for path, first in others:
        listener(Noted(f"left out, another name of {first}: {path}"))
    _tell_what_is_left_out(walk)
    size = size_words(sum(photos.sizes))
    listener(StepFinished("scan", f"{plural(len(photos), 'photo')} found, {size}"))
    return photos, walk.problems


def _tops(root: str, scope: Scope, walk: _Walk) -> list[str]:
    """Return the folders to begin with, the last one first, none twice."""
    tops = []
    for top in dict.fromkeys((root, *scope.roots, *scope.references)):
        device, inode = _device_and_inode(top)
        if walk.folders.met_as(device, inode, top) is None:
            tops.append(top)
            walk.lies_on(top, device)
    walk.tops = frozenset(tops)
    below = tuple(os.path.join(top, "") for top in tops)
    walk.mounts = frozenset(point for point in mount_points() if point.startswith(below))
    if scope.exclude:
        from same_image_locator.exclusion import Exclusion

        walk.exclusions.update((top, Exclusion.said(scope.exclude, top)) for top in tops)
    return tops[::-1]


def _device_and_inode(folder: str) -> tuple[int, int]:
    status = os.stat(folder)
    return status.st_dev, status.st_ino


def _tell_what_is_left_out(walk: _Walk) -> None:
    """Say in one line each how much of it was not looked at, and where for instance."""
    if walk.companions:
        words = f"{plural(walk.companions, 'file')} that belong to photos, which they go with"
        walk.listener(Noted(f"left out: {words}"))
    if walk.small:
        words = f"{plural(walk.small, 'file')} smaller than {size_words(walk.min_size)}"
        walk.listener(Noted(f"left out: {words}"))
    for noun, paths in (
        ("excluded by a pattern", walk.excluded),
        ("hidden", walk.passed["hidden"]),
        ("of the system", walk.passed["system"]),
        ("a photo library of another program", walk.passed["library"]),
    ):
        if paths:
            paths.sort()
            more = f", and {len(paths) - 1:,} more" if len(paths) > 1 else ""
            walk.listener(Noted(f"left out, {noun}: {paths[0]}{more}"))


def _visit(folder: str, listing: Listing, walk: _Walk) -> list[str]:
    """Take a folder's photos; return its subfolders, the last one first."""
    for trouble in listing.troubles:
        walk.trouble(*trouble)
    if _is_being_decided(folder, listing.names, walk):
        return []
    device = walk.foreign.pop(folder, walk.device)
    exclusion = walk.exclusions.pop(folder, None)
    if IGNORE_FILE in listing.names:
        try:
            exclusion = _with_own_patterns(folder, exclusion)
        except (OSError, ValueError) as error:
            # What is not to be looked at is unknown here: then nothing is.
            words = error.strerror if isinstance(error, OSError) else str(error)
            path = os.path.join(folder, IGNORE_FILE)
            walk.trouble(path, f"cannot be followed, so its folder is left out: {words}")
            return []
    regular = list(map(stat.S_ISREG, listing.modes))
    subfolders = []
    if not all(regular):
        others = listing.chosen([not one for one in regular])
        listing = listing.chosen(regular)
        subfolders = list(_subfolders(folder, device, others, walk, exclusion))
    if listing.names:
        _take(folder, device, listing, walk, exclusion)
    return subfolders[::-1]


def _with_own_patterns(folder: str, exclusion: "Exclusion | None") -> "Exclusion":
    from same_image_locator.exclusion import Exclusion

    return (exclusion or Exclusion.said((), folder)).within(folder)


def _subfolders(
    folder: str, device: int, entries: Listing, walk: _Walk, exclusion: "Exclusion | None"
) -> Iterator[str]:
    """Yield the subfolders to be entered among what are no regular files."""
    for name, mode, inode, *_, its_device in zip(*entries[:-1], strict=True):
        path = os.path.join(folder, name)
        if stat.S_ISDIR(mode):
            if not _may_enter(path, walk, exclusion):
                continue
            if path in walk.followed:
                walk.later.append(_Mounted(path, its_device, inode, exclusion))
            elif not _elsewhere(path, (device, its_device), walk):
                yield from _entered(path, its_device, inode, walk, exclusion)
        elif walk.include_all or _is_picture(name):
            words = "a link" if stat.S_ISLNK(mode) else "not a regular file"
            walk.listener(Noted(f"left out, {words}: {path}"))


def _is_being_decided(folder: str, names: Collection[str], walk: _Walk) -> bool:
    """Return whether a folder is a decision folder, or a group of one."""
    if MANIFEST in names and is_group_folder(os.path.basename(folder)):
        walk.listener(Noted(f"left out, a staged group: {folder}"))
        return True
    return JOURNAL_NAME in names


def _may_enter(path: str, walk: _Walk, exclusion: "Exclusion | None") -> bool:
    name = os.path.basename(path)
    # The first version's decision folders have no journal, so that only their name tells.
    if path == walk.own_folder or path in walk.tops or name in {DEFAULT_NAME, HOLD_NAME}:
        return False
    if why := kind(name):
        walk.passed[why].append(path)
        return False
    if exclusion and exclusion.excludes(path, is_folder=True):
        walk.excluded.append(os.path.join(path, ""))
        return False
    return True


def _entered(
    path: str, device: int, inode: int, walk: _Walk, exclusion: "Exclusion | None"
) -> Iterator[str]:
    """Yield a folder, ready to be listed, unless it was met under another name."""
    first = walk.folders.met_as(device, inode, path)
    if first is not None:
        walk.listener(Noted(f"left out, another name of {first}: {path}"))
        return
    if exclusion:
        walk.exclusions[path] = exclusion
    walk.lies_on(path, device)
    yield path


def _mounted(walk: _Walk) -> list[str]:
    """Return the drives whose turn has come.

    A folder that can be reached over its own drive, too, was met there, where its files can move.
    """
    waiting, walk.later = sorted(walk.later, key=itemgetter(0), reverse=True), []
    found = (_entered(one.path, one.device, one.inode, walk, one.exclusion) for one in waiting)
    return [path for those in found for path in those]


def _elsewhere(path: str, devices: tuple[int, int], walk: _Walk) -> bool:
    """Return whether a file cannot be renamed across here; a single file may be mounted too.

    ``devices`` are that of the folder it lies in, and its own.
    """
    if devices[0] == devices[1] and path not in walk.mounts:
        return False
    hint = "scan it by itself, or name it with --reference"
    walk.listener(Noted(f"left out, another drive: {path} ({hint})"))
    return True


def _is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in IMG_EXTS


def _take(
    folder: str, device: int, files: Listing, walk: _Walk, exclusion: "Exclusion | None"
) -> None:
    """Take the photos among the regular files of one folder, each with its companions."""
    # A folder knows few endings. What follows a dot at the start is no ending, but a name.
    endings = [name[name.rfind(".") :] for name in files.names]
    kinds = {ending: ending.lower() in IMG_EXTS for ending in set(endings)}
    pictures: Collection[str] = files.names
    if not all(kinds.values()) or files.names[0] < "/":  # a hidden file comes before all others
        pictures = [
            name
            for name, ending in zip(files.names, endings, strict=True)
            if kinds[ending] and (name[0] != "." or _is_picture(name))
        ]
    owners = owners_by_companion(files.names, pictures) if may_belong(kinds) else {}
    base = os.path.join(folder, "")
    wanted: Collection[str] = files.names if walk.include_all else pictures
    if exclusion:
        wanted = _not_excluded(base, wanted, exclusion, walk)
    chosen = _chosen(base, device, files, wanted, owners, walk)
    if not chosen.names:
        return
    photos = Photos(device)
    paths = [base + name for name in chosen.names]
    photos.extend(paths, chosen.inodes, chosen.sizes, chosen.mtimes)
    if owners or set(chosen.links) != {1}:
        attached = _attached(base, device, files, owners, set(chosen.names), walk)
        for place, (name, links) in enumerate(zip(chosen.names, chosen.links, strict=True)):
            photos.describe(place, links, attached.get(name, ()))
    walk.photos.append((os.fsencode(base), photos))
    walk.listener(Advanced("scan", len(photos), sum(chosen.sizes)))


def _chosen(
    base: str,
    device: int,
    files: Listing,
    wanted: Collection[str],
    owners: Mapping[str, tuple[str, ...]],
    walk: _Walk,
) -> Listing:
    """Return the files of these names that can be moved and belong to no other file."""
    if walk.include_all:
        walk.companions += len(owners)
    if owners or len(wanted) < len(files.names):
        kept = set(wanted).difference(owners)
        files = files.chosen([name in kept for name in files.names])
    if walk.min_size:
        large = [size >= walk.min_size for size in files.sizes]
        walk.small += large.count(False)
        files = files.chosen(large)
    if walk.mounts or set(files.devices) != {device}:
        places = zip(files.names, files.devices, strict=True)
        files = files.chosen([not _elsewhere(base + n, (device, its), walk) for n, its in places])
    return files


def _not_excluded(
    base: str, names: Collection[str], exclusion: "Exclusion", walk: _Walk
) -> list[str]:
    kept = []
    for name in names:
        if exclusion.excludes(base + name):
            walk.excluded.append(base + name)
        else:
            kept.append(name)
    return kept


def _attached(
    base: str,
    device: int,
    files: Listing,
    owners: Mapping[str, tuple[str, ...]],
    photos: set[str],
    walk: _Walk,
) -> dict[str, tuple[Companion, ...]]:
    """Return the companions of each photo, those left out that cannot move as a photo can.

    Such are files with several names, on another drive, or that belong to what is no photo here.
    """
    attached: dict[str, tuple[Companion, ...]] = {}
    for name, _, inode, size, mtime_ns, links, its_device in zip(*files[:-1], strict=True):
        its = owners.get(name, ())
        movable = links == 1 and photos.issuperset(its)
        if its and movable and not _elsewhere(base + name, (device, its_device), walk):
            identity = Identity(its_device, inode, size, mtime_ns)
            companion = Companion(base + name, identity, tuple(base + owner for owner in its))
            for owner in its:
                attached[owner] = (*attached.get(owner, ()), companion)
    return attached
