"""Where a run works, and what it would find there: the steps that change nothing, in order."""

import os
from typing import NamedTuple

from same_image_locator.aliases import drive, mount_points
from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.events import Listener
from same_image_locator.model import Group, Problem, Settings
from same_image_locator.own_names import DEFAULT_NAME
from same_image_locator.roots import lies_in, located_scope, real_root
from same_image_locator.scan import scan


class Found(NamedTuple):
    """What a scan found."""

    groups: list[Group]
    problems: list[Problem]


def located(settings: Settings) -> Settings:
    """Return the settings with all folders as real absolute paths.

    The decision folder lies in the current directory when that is on the root's device, else in
    the root, so that every move is one atomic rename; and never in a reference folder.

    Raises:
        UsageError, RefusedError: the paths cannot be worked with.
    """
    root = real_root(settings.root)
    mounts = mount_points()
    device = drive(root, mounts)
    scope = located_scope(settings.scope, root, mounts)
    chosen = settings.decision_folder
    if chosen is None:
        here = os.path.realpath(os.getcwd())
        near = drive(here, mounts) == device and not lies_in(here, scope.references)
        chosen = os.path.join(here if near else root, DEFAULT_NAME)
    folder = os.path.realpath(chosen)
    for top in (root, *scope.roots, *scope.references):
        if lies_in(top, [folder]):
            raise RefusedError(f"{top} lies in the decision folder {folder}", "Choose another")
    if lies_in(folder, scope.references):
        raise RefusedError(f"{folder} lies in a reference folder", "Choose another")
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise UsageError(f"{folder} is not a folder", "Choose another with --decision-folder")
    if drive(_existing(folder), mounts) != device and not settings.allow_copy:
        raise RefusedError(
            f"{folder} lies on another drive than {root}",
            "Choose a decision folder on the drive of the photos, so that moves stay atomic, or "
            "allow copies with --allow-copy",
        )
    return settings._replace(root=root, decision_folder=folder, scope=scope)


def find(settings: Settings, listener: Listener, *, digests: bool = True) -> Found:
    """Scan, fingerprint, match and group; changes nothing.

    Without ``digests`` identical files may come without theirs.
    """
    photos, problems = scan(
        settings.root,
        settings.decision_folder or "",
        include_all=settings.include_all,
        listener=listener,
        scope=settings.scope,
    )
    if settings.method.perceptual:
        from same_image_locator.alike import alike

        # A dry run tells no tiers, but for what they suggest.
        verify = settings.verify and (settings.suggests or not settings.dry_run)
        groups, unreadable = alike(photos, settings.method, listener, verify=verify)
    else:
        from same_image_locator.fingerprint import identical
        from same_image_locator.group import identical_groups

        unreadable = []
        contents = list(identical(photos, listener, unreadable, digests=digests))
        groups = identical_groups(contents, listener)
    if settings.scope.fixed:
        from same_image_locator.group import to_decide

        groups = to_decide(groups, settings.protects)
    return Found(groups, problems + unreadable)


def _existing(path: str) -> str:
    """Return the nearest folder that exists on the way up from ``path``."""
    while not os.path.lexists(path) and path != os.path.dirname(path):
        path = os.path.dirname(path)
    return path
