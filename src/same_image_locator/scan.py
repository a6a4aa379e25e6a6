"""Walk the tree and find the photos: regular files, each once, links and own folders left out."""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter

from same_image_locator import journal
from same_image_locator.aliases import Known, mount_points, one_per_file
from same_image_locator.companions import may_belong, owners_by_companion
from same_image_locator.decision_folder import DEFAULT_NAME, MANIFEST, is_group_folder
from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.events import Advanced, Listener, Noted, StepFinished, StepStarted, Troubled
from same_image_locator.model import Companion, Identity, Problem
from same_image_locator.photos import Photos
from same_image_locator.wording import plural, size_words

# What is taken for a picture by its name: what programs write, then what cameras call raw.
_NAMES = """
jpg jpeg jpe jfif png apng gif webp bmp dib tif tiff heic heif hif heics avif avifs jxl jp2 j2k j2c
jpf jpx mpo ico tga pnm ppm pgm pbm pam qoi psd psb dds
dng cr2 cr3 crw nef nrw arw sr2 srf raf rw2 rwl orf pef srw x3f kdc dcr 3fr fff iiq mrw erf mef
"""
IMG_EXTS = frozenset(f".{name}" for name in _NAMES.split())

_NAME = attrgetter("name")
# What is asked of a file, in one call, as a tuple in this order.
_told = attrgetter("st_mode", "st_ino", "st_size", "st_mtime_ns", "st_nlink", "st_dev")
_Status = tuple[int, int, int, int, int, int]
_File = tuple[os.DirEntry[str], _Status]


@dataclass(slots=True)
class _Walk:
    """What one walk has to know and has found so far."""

    device: int
    own_folder: str
    include_all: bool
    listener: Listener
    photos: Photos = field(init=False)
    companions: int = 0  # files that would have been candidates, were they no companions
    problems: list[Problem] = field(default_factory=list)
    mounts: frozenset[str] = frozenset()  # those below the root
    folders: Known = field(default_factory=Known)

    def __post_init__(self) -> None:
        self.photos = Photos(self.device)

    def trouble(self, path: str, detail: str) -> None:
        """Remember and tell one file's or folder's problem."""
        self.problems.append(Problem(path, "scan", detail))
        self.listener(Troubled(self.problems[-1]))


def real_root(root: str) -> str:
    """Return the folder to scan without links in its path.

    Raises:
        UsageError: it is no folder that can be read.
        RefusedError: it lies in a decision folder, whose files are being decided.
    """
    path = os.path.realpath(root)
    if not os.path.isdir(path):
        reason = "is not a folder" if os.path.exists(path) else "does not exist"
        raise UsageError(f"{root} {reason}", "Name the folder that holds the photos")
    if not os.access(path, os.R_OK | os.X_OK):
        raise UsageError(f"{root} cannot be read", "Check its permissions")
    folder = path
    while not _is_decision_folder(folder):
        if folder == os.path.dirname(folder):
            return path
        folder = os.path.dirname(folder)
    raise RefusedError(f"{root} lies in the decision folder {folder}", "Scan the photos")


def _is_decision_folder(folder: str) -> bool:
    """Return whether a folder is one of ours: the first version's, or a group of it, included."""
    name = os.path.basename(folder)
    if name == DEFAULT_NAME or os.path.lexists(os.path.join(folder, journal.JOURNAL_NAME)):
        return True
    if is_group_folder(name):
        return os.path.lexists(os.path.join(folder, MANIFEST))
    try:
        groups = [name for name in os.listdir(folder) if not name.startswith(".")]
    except OSError:
        return False  # it may be entered and yet not listed
    return all(map(is_group_folder, groups)) and any(
        os.path.lexists(os.path.join(folder, group, MANIFEST)) for group in groups
    )


def scan(
    root: str, own_folder: str, *, include_all: bool, listener: Listener
) -> tuple[Photos, list[Problem]]:
    """Return the photos under ``root`` by path, one for each file however many names it has.

    ``own_folder`` is the decision folder; any other decision folder is known by its journal.
    Links are never followed. Folders on another drive are left out, since files can move
    safely only within one. No folder is entered twice, whatever names it has.
    """
    listener(StepStarted("scan"))
    status = os.stat(root)
    below = os.path.join(root, "")
    mounts = frozenset(point for point in mount_points() if point.startswith(below))
    walk = _Walk(status.st_dev, own_folder, include_all, listener, mounts=mounts)
    walk.folders.met_as(status.st_dev, status.st_ino, root)
    folders = [root]
    while folders:
        # In order, so that hardly anything is left to be sorted.
        folders.extend(reversed(list(_visit(folders.pop(), walk))))
    photos, others = one_per_file(walk.photos)
    for path, first in others:
        listener(Noted(f"left out, another name of {first}: {path}"))
    if walk.companions:
        words = f"{plural(walk.companions, 'file')} that belong to photos, which they go with"
        listener(Noted(f"left out: {words}"))
    size = size_words(sum(photos.sizes))
    listener(StepFinished("scan", f"{plural(len(photos), 'photo')} found, {size}"))
    return photos, walk.problems


def _visit(folder: str, walk: _Walk) -> Iterator[str]:
    """Take a folder's photos; yield its subfolders."""
    found = _asked(_listed(folder, walk), walk)
    files = [file for file in found if stat.S_ISREG(file[1][0])]
    if len(files) < len(found):
        for file in found:
            entry, (mode, *_) = file
            if stat.S_ISDIR(mode):
                if _may_enter(file, walk):
                    yield entry.path
            elif not stat.S_ISREG(mode) and (walk.include_all or _is_picture(entry.name)):
                words = "a link" if stat.S_ISLNK(mode) else "not a regular file"
                walk.listener(Noted(f"left out, {words}: {entry.path}"))
    if files:
        _take(files, walk)


def _listed(folder: str, walk: _Walk) -> list[os.DirEntry[str]]:
    """Return what a folder holds, sorted as bytes sort; nothing where that is being decided."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        walk.trouble(folder, error.strerror or str(error))
        return []
    names = {entry.name for entry in found}
    if _is_being_decided(folder, names, walk):
        return []
    # A name that is plain ASCII need not be turned into bytes for that.
    found.sort(key=_NAME if all(map(str.isascii, names)) else lambda entry: os.fsencode(entry.name))
    return found


def _asked(entries: list[os.DirEntry[str]], walk: _Walk) -> list[_File]:
    """Return the entries with what the system tells of them; what it does not tell is trouble."""
    try:
        return list(zip(entries, map(_told, map(_stat, entries)), strict=True))
    except OSError:
        files = []
        for entry in entries:
            try:
                files.append((entry, _told(_stat(entry))))
            except OSError as error:
                walk.trouble(entry.path, error.strerror or str(error))
        return files


if sys.platform == "win32":  # pragma: no cover - there an entry knows no device and no inode

    def _stat(entry: os.DirEntry[str]) -> os.stat_result:
        return os.lstat(entry.path)

else:
    _stat = partial(os.DirEntry.stat, follow_symlinks=False)


def _is_being_decided(folder: str, names: set[str], walk: _Walk) -> bool:
    if MANIFEST in names and is_group_folder(os.path.basename(folder)):
        walk.listener(Noted(f"left out, a staged group: {folder}"))
        return True
    return journal.JOURNAL_NAME in names


def _may_enter(folder: _File, walk: _Walk) -> bool:
    entry, (_, inode, *_, device) = folder
    # The first version's decision folders have no journal, so that only their name tells.
    if entry.path == walk.own_folder or entry.name in {DEFAULT_NAME, journal.HOLD_NAME}:
        return False
    if _elsewhere(entry.path, device, walk):
        return False
    first = walk.folders.met_as(device, inode, entry.path)
    if first is not None:
        walk.listener(Noted(f"left out, another name of {first}: {entry.path}"))
    return first is None


def _elsewhere(path: str, device: int, walk: _Walk) -> bool:
    """Return whether a file cannot be renamed across here; a single file may be mounted too."""
    if device == walk.device and path not in walk.mounts:
        return False
    walk.listener(Noted(f"left out, another drive: {path} (scan it by itself)"))
    return True


def _is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in IMG_EXTS


def _take(files: list[_File], walk: _Walk) -> None:
    """Take the photos among the regular files of one folder, each with its companions."""
    names = [entry.name for entry, _ in files]
    # A folder knows few endings. What follows a dot at the start is no ending, but a name.
    endings = [name[name.rfind(".") :] for name in names]
    kinds = {ending: ending.lower() in IMG_EXTS for ending in set(endings)}
    pictures = names
    if not all(kinds.values()) or names[0] < "/":  # a hidden file comes before all others
        pictures = [
            name
            for name, ending in zip(names, endings, strict=True)
            if kinds[ending] and (name[0] != "." or _is_picture(name))
        ]
    owners = owners_by_companion(names, pictures) if may_belong(kinds) else {}
    chosen = _chosen(files, names if walk.include_all else pictures, owners, walk)
    if not chosen:
        return
    first = len(walk.photos)
    _, inodes, sizes, mtimes, links, _ = zip(*[status for _, status in chosen], strict=True)
    walk.photos.extend([entry.path for entry, _ in chosen], inodes, sizes, mtimes)
    if owners or set(links) != {1}:
        attached = _attached(files, owners, {entry.name for entry, _ in chosen}, walk)
        for place, ((entry, _), number) in enumerate(zip(chosen, links, strict=True), first):
            walk.photos.describe(place, number, attached.get(entry.name, ()))
    walk.listener(Advanced("scan", len(chosen), sum(sizes)))


def _chosen(
    files: list[_File], wanted: list[str], owners: Mapping[str, tuple[str, ...]], walk: _Walk
) -> list[_File]:
    """Return the files of these names that can be moved and belong to no other file."""
    if walk.include_all:
        walk.companions += len(owners)
    chosen = files
    if owners or len(wanted) < len(files):
        names = set(wanted).difference(owners)
        chosen = [file for file in files if file[0].name in names]
    if walk.mounts or {status[-1] for _, status in chosen} != {walk.device}:
        chosen = [file for file in chosen if not _elsewhere(file[0].path, file[1][-1], walk)]
    return chosen


def _attached(
    files: list[_File], owners: Mapping[str, tuple[str, ...]], photos: set[str], walk: _Walk
) -> dict[str, tuple[Companion, ...]]:
    """Return the companions of each photo, those left out that cannot move as a photo can.

    Such are files with several names, on another drive, or that belong to what is no photo here.
    """
    attached: dict[str, tuple[Companion, ...]] = {}
    for entry, (_, inode, size, mtime_ns, links, device) in files:
        its = owners.get(entry.name, ())
        movable = links == 1 and photos.issuperset(its)
        if its and movable and not _elsewhere(entry.path, device, walk):
            folder = os.path.dirname(entry.path)
            paths = tuple(os.path.join(folder, name) for name in its)
            identity = Identity(device, inode, size, mtime_ns)
            companion = Companion(entry.path, identity, paths)
            for name in its:
                attached[name] = (*attached.get(name, ()), companion)
    return attached
