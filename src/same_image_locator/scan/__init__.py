"""Walk the tree and find the photos: regular files, each once, links and own folders left out."""

import os
from collections.abc import Callable
from operator import itemgetter

from same_image_locator.aliases import mount_points, one_per_file
from same_image_locator.events import Listener, Noted, StepFinished, StepStarted
from same_image_locator.listing import Listings
from same_image_locator.model import Problem, Scope
from same_image_locator.photos import Photos
from same_image_locator.scan.folders import mounted, visit
from same_image_locator.scan.names import IMG_EXTS
from same_image_locator.scan.walk import Walk
from same_image_locator.wording import plural, size_words

__all__ = ["IMG_EXTS", "scan"]


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
    walk = Walk(status.st_dev, own_folder, include_all=include_all, listener=listener, scope=scope)
    tops = _tops(root, scope, walk)
    with Listings(tops) as listings:
        while True:
            for folder, listing in listings:
                entered(folder)
                listings.add(visit(folder, listing, walk))
            if not walk.later:
                break
            listings.add(mounted(walk))
    walk.tally.tell()
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


def _tops(root: str, scope: Scope, walk: Walk) -> list[str]:
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


def _tell_what_is_left_out(walk: Walk) -> None:
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
