"""Walk the tree and find the photos: regular files, each once, links and own folders left out."""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from operator import attrgetter

from same_image_locator import journal
from same_image_locator.aliases import Known, mount_points, one_per_file
from same_image_locator.companions import owners_by_companion
from same_image_locator.decision_folder import DEFAULT_NAME, MANIFEST, is_group_folder
from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.events import Advanced, Listener, Noted, StepFinished, StepStarted, Troubled
from same_image_locator.model import Companion, Identity, Photo, Problem
from same_image_locator.wording import plural, size_words

# What is taken for a picture by its name: what programs write, then what cameras call raw.
_NAMES = """
jpg jpeg jpe jfif png apng gif webp bmp dib tif tiff heic heif hif heics avif avifs jxl jp2 j2k j2c
jpf jpx mpo ico tga pnm ppm pgm pbm pam qoi psd psb dds
dng cr2 cr3 crw nef nrw arw sr2 srf raf rw2 rwl orf pef srw x3f kdc dcr 3fr fff iiq mrw erf mef
"""
IMG_EXTS = frozenset(f".{name}" for name in _NAMES.split())

_File = tuple[os.DirEntry[str], os.stat_result]
_NAME = attrgetter("name")


@dataclass(slots=True)
class _Walk:
    """What one walk has to know and has found so far."""

    device: int
    own_folder: str
    include_all: bool
    listener: Listener
    photos: list[Photo] = field(default_factory=list)
    companions: int = 0  # files that would have been candidates, were they no companions
    problems: list[Problem] = field(default_factory=list)
    mounts: frozenset[str] = frozenset()  # those below the root
    folders: Known = field(default_factory=Known)

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
) -> tuple[list[Photo], list[Problem]]:
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
        folders.extend(_visit(folders.pop(), walk))
    photos, others = one_per_file(walk.photos)
    for path, first in others:
        listener(Noted(f"left out, another name of {first}: {path}"))
    if walk.companions:
        words = f"{plural(walk.companions, 'file')} that belong to photos, which they go with"
        listener(Noted(f"left out: {words}"))
    size = size_words(sum(photo.identity.size for photo in photos))
    listener(StepFinished("scan", f"{plural(len(photos), 'photo')} found, {size}"))
    return photos, walk.problems


def _visit(folder: str, walk: _Walk) -> Iterator[str]:
    """Take a folder's photos; yield its subfolders."""
    files: list[_File] = []
    for entry in _listed(folder, walk):
        try:
            status = _stat(entry)
        except OSError as error:
            walk.trouble(entry.path, error.strerror or str(error))
            continue
        kind = stat.S_IFMT(status.st_mode)
        if kind == stat.S_IFREG:
            files.append((entry, status))
        elif kind == stat.S_IFDIR:
            if _may_enter(entry, status, walk):
                yield entry.path
        elif walk.include_all or _is_picture(entry.name):
            words = "a link" if kind == stat.S_IFLNK else "not a regular file"
            walk.listener(Noted(f"left out, {words}: {entry.path}"))
    photos = _photos(files, walk)
    walk.photos += photos
    size = sum(photo.identity.size for photo in photos)
    if photos:
        walk.listener(Advanced("scan", len(photos), size))


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


def _may_enter(entry: os.DirEntry[str], status: os.stat_result, walk: _Walk) -> bool:
    # The first version's decision folders have no journal, so that only their name tells.
    if entry.path == walk.own_folder or entry.name in {DEFAULT_NAME, journal.HOLD_NAME}:
        return False
    if _elsewhere(entry.path, status, walk):
        return False
    first = walk.folders.met_as(status.st_dev, status.st_ino, entry.path)
    if first is not None:
        walk.listener(Noted(f"left out, another name of {first}: {entry.path}"))
    return first is None


def _elsewhere(path: str, status: os.stat_result, walk: _Walk) -> bool:
    """Return whether a file cannot be renamed across here; a single file may be mounted too."""
    if status.st_dev == walk.device and path not in walk.mounts:
        return False
    walk.listener(Noted(f"left out, another drive: {path} (scan it by itself)"))
    return True


def _is_picture(name: str) -> bool:
    if name.startswith("."):  # what follows may be the whole name, and no extension
        return os.path.splitext(name)[1].lower() in IMG_EXTS
    return _is_extension(name[name.rfind(".") :])


@lru_cache(maxsize=1000)  # a library knows few extensions
def _is_extension(text: str) -> bool:
    return text.lower() in IMG_EXTS


def _photos(files: list[_File], walk: _Walk) -> list[Photo]:
    """Return the photos among the regular files of one folder, each with its companions."""
    names = [entry.name for entry, _ in files]
    pictures = list(filter(_is_picture, names))
    owners = owners_by_companion(names, pictures)
    if walk.include_all:
        walk.companions += len(owners)
    wanted = set(names if walk.include_all else pictures).difference(owners)
    if len(wanted) < len(files):
        chosen = [file for file in files if file[0].name in wanted]
    else:
        chosen = files
    if walk.mounts or any(status.st_dev != walk.device for _, status in chosen):
        chosen = [file for file in chosen if not _elsewhere(file[0].path, file[1], walk)]
    attached = {}
    if owners:
        attached = _attached(files, owners, {entry.name for entry, _ in chosen}, walk)
    return [
        Photo(entry.path, _identity(status), status.st_nlink, attached.get(entry.name, ()))
        for entry, status in chosen
    ]


def _attached(
    files: list[_File], owners: Mapping[str, tuple[str, ...]], photos: set[str], walk: _Walk
) -> dict[str, tuple[Companion, ...]]:
    """Return the companions of each photo, those left out that cannot move as a photo can.

    Such are files with several names, on another drive, or that belong to what is no photo here.
    """
    attached: dict[str, tuple[Companion, ...]] = {}
    for entry, status in files:
        its = owners.get(entry.name, ())
        movable = status.st_nlink == 1 and photos.issuperset(its)
        if its and movable and not _elsewhere(entry.path, status, walk):
            folder = os.path.dirname(entry.path)
            paths = tuple(os.path.join(folder, name) for name in its)
            companion = Companion(entry.path, _identity(status), paths)
            for name in its:
                attached[name] = (*attached.get(name, ()), companion)
    return attached


def _identity(status: os.stat_result) -> Identity:
    return Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
