"""The folders that a scan begins with: real, readable, and nobody else's to decide on."""

import os
from collections.abc import Iterable

from same_image_locator.aliases import drive
from same_image_locator.errors import RefusedError, UsageError
from same_image_locator.model import Scope, Settings
from same_image_locator.own_names import DEFAULT_NAME, JOURNAL_NAME, MANIFEST, is_group_folder
from same_image_locator.passed_over import library_around


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
    if name == DEFAULT_NAME or os.path.lexists(os.path.join(folder, JOURNAL_NAME)):
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


def located_scope(scope: Scope, root: str, mounts: frozenset[str]) -> Scope:
    """Return a scope with real paths, of which none stands twice, and the mounts to be followed.

    Raises:
        UsageError: a folder to be cleaned is none, is on another drive than ``root``, stands twice,
            or is to be left as it is, too; or a pattern is none.
        RefusedError: one lies in a decision folder.
    """
    roots = tuple(map(real_root, scope.roots))
    for place, path in enumerate(roots):
        if path in (root, *roots[:place]):
            raise UsageError(f"{path} is named twice", "Name each folder once")
    references = tuple(dict.fromkeys(map(real_root, scope.references)))
    for path in roots:
        if drive(path, mounts) != drive(root, mounts):
            raise UsageError(
                f"{path} lies on another drive than {root}",
                "Files move safely only within one drive: scan each by itself, or compare with it "
                "by --reference",
            )
    for path in references:
        if path in (root, *roots):
            raise UsageError(f"{path} cannot be scanned and be a reference, too", "Choose one")
    if scope.exclude:
        from same_image_locator.exclusion import Exclusion

        Exclusion.said(scope.exclude, root)
    below = (root, *roots, *references)
    followed = (mount for mount in mounts if lies_in(mount, below) and mount not in below)
    found = tuple(sorted(followed)) if scope.follow_mounts else ()
    return scope._replace(roots=roots, references=references, mounts=found)


def check_own(settings: Settings) -> None:
    """Make sure that files may be moved out of the folders that are to be cleaned.

    Raises:
        RefusedError: one belongs to a photo program, whose library that would damage.
    """
    for root in (settings.root, *settings.scope.roots):
        if library := library_around(root):
            raise RefusedError(
                f"{library} belongs to another program, and is damaged when files leave it",
                "Export its photos, look at it with `sil scan`, or name it with --reference",
            )


def lies_in(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of these folders or lies in one."""
    return any(path == one or path.startswith(os.path.join(one, "")) for one in folders)
