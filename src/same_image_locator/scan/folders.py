"""The folders of a walk: which are entered, and which are left out with a line that says so."""

import os
import stat
from collections.abc import Collection, Iterator
from operator import itemgetter

from same_image_locator.events import Noted
from same_image_locator.listing import Listing
from same_image_locator.own_names import (
    DEFAULT_NAME,
    HOLD_NAME,
    IGNORE_FILE,
    JOURNAL_NAME,
    MANIFEST,
    is_group_folder,
)
from same_image_locator.passed_over import kind
from same_image_locator.scan.files import take
from same_image_locator.scan.names import is_picture
from same_image_locator.scan.walk import Mounted, Walk, is_elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from same_image_locator.exclusion import Exclusion


def visit(folder: str, listing: Listing, walk: Walk) -> list[str]:
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
    subfolders = []
    if not all(map(stat.S_ISREG, set(listing.modes))):
        regular = list(map(stat.S_ISREG, listing.modes))
        others = listing.chosen([not one for one in regular])
        listing = listing.chosen(regular)
        subfolders = list(_subfolders(folder, device, others, walk, exclusion))
    if listing.names:
        take(folder, device, listing, walk, exclusion)
    return subfolders[::-1]


def _with_own_patterns(folder: str, exclusion: "Exclusion | None") -> "Exclusion":
    from same_image_locator.exclusion import Exclusion

    return (exclusion or Exclusion.said((), folder)).within(folder)


def _subfolders(
    folder: str, device: int, entries: Listing, walk: Walk, exclusion: "Exclusion | None"
) -> Iterator[str]:
    """Yield the subfolders to be entered among what are no regular files."""
    for name, mode, inode, *_, its_device in zip(*entries[:-1], strict=True):
        path = os.path.join(folder, name)
        if stat.S_ISDIR(mode):
            if not _may_enter(path, walk, exclusion):
                continue
            if path in walk.followed:
                walk.later.append(Mounted(path, its_device, inode, exclusion))
            elif not is_elsewhere(path, (device, its_device), walk):
                yield from _entered(path, its_device, inode, walk, exclusion)
        elif walk.include_all or is_picture(name):
            words = "a link" if stat.S_ISLNK(mode) else "not a regular file"
            walk.listener(Noted(f"left out, {words}: {path}"))


def _is_being_decided(folder: str, names: Collection[str], walk: Walk) -> bool:
    """Return whether a folder is a decision folder, or a group of one."""
    if MANIFEST in names and is_group_folder(os.path.basename(folder)):
        walk.listener(Noted(f"left out, a staged group: {folder}"))
        return True
    return JOURNAL_NAME in names


def _may_enter(path: str, walk: Walk, exclusion: "Exclusion | None") -> bool:
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
    path: str, device: int, inode: int, walk: Walk, exclusion: "Exclusion | None"
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


def mounted(walk: Walk) -> list[str]:
    """Return the drives whose turn has come.

    A folder that can be reached over its own drive, too, was met there, where its files can move.
    """
    waiting, walk.later = sorted(walk.later, key=itemgetter(0), reverse=True), []
    found = (_entered(one.path, one.device, one.inode, walk, one.exclusion) for one in waiting)
    return [path for those in found for path in those]
