"""The files of a folder that are photos, each with what belongs to it."""

import os
from collections.abc import Collection, Mapping, Sequence
from operator import itemgetter

from same_image_locator.companions import may_belong, owners_by_companion
from same_image_locator.listing import Listing
from same_image_locator.model import Companion, Identity
from same_image_locator.photos import Photos
from same_image_locator.scan.names import IMG_EXTS, is_picture
from same_image_locator.scan.walk import Walk, is_elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from same_image_locator.exclusion import Exclusion

_last_four = itemgetter(slice(-4, None))  # twice as quick as a slice written out for each name


def take(
    folder: str, device: int, files: Listing, walk: Walk, exclusion: "Exclusion | None"
) -> None:
    """Take the photos among the regular files of one folder, each with its companions."""
    kinds = {ending: ending.lower() in IMG_EXTS for ending in _endings(files.names)}
    pictures: Collection[str] = files.names
    if not all(kinds.values()) or files.names[0] < "/":  # a hidden file comes before all others
        pictures = [
            name
            for name in files.names
            if kinds[_ending(name)] and (name[0] != "." or is_picture(name))
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
    if owners or chosen.links.count(1) < len(chosen.links):
        attached = _attached(base, device, files, owners, set(chosen.names), walk)
        for place, (name, links) in enumerate(zip(chosen.names, chosen.links, strict=True)):
            photos.describe(place, links, attached.get(name, ()))
    walk.photos.append((os.fsencode(base), photos))
    walk.tally.add(len(photos), sum(chosen.sizes))


def _ending(name: str) -> str:
    """Return what begins with the last dot; after a first dot it is no ending, but a name."""
    return name[name.rfind(".") :]


def _endings(names: Sequence[str]) -> set[str]:
    """Return the endings of these names: a folder knows few, and nearly all have three letters."""
    short = set(map(_last_four, names))
    all_short = all(ending.rfind(".") == 0 for ending in short)
    return short if all_short else set(map(_ending, names))


def _chosen(
    base: str,
    device: int,
    files: Listing,
    wanted: Collection[str],
    owners: Mapping[str, tuple[str, ...]],
    walk: Walk,
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
    if walk.mounts or files.devices.count(device) < len(files.devices):
        places = zip(files.names, files.devices, strict=True)
        files = files.chosen([not is_elsewhere(base + n, (device, its), walk) for n, its in places])
    return files


def _not_excluded(
    base: str, names: Collection[str], exclusion: "Exclusion", walk: Walk
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
    walk: Walk,
) -> dict[str, tuple[Companion, ...]]:
    """Return the companions of each photo, those left out that cannot move as a photo can.

    Such are files with several names, on another drive, or that belong to what is no photo here.
    """
    attached: dict[str, tuple[Companion, ...]] = {}
    for name, _, inode, size, mtime_ns, links, its_device in zip(*files[:-1], strict=True):
        its = owners.get(name, ())
        movable = links == 1 and photos.issuperset(its)
        if its and movable and not is_elsewhere(base + name, (device, its_device), walk):
            identity = Identity(its_device, inode, size, mtime_ns)
            companion = Companion(base + name, identity, tuple(base + owner for owner in its))
            for owner in its:
                attached[owner] = (*attached.get(owner, ()), companion)
    return attached
