"""Where a run works, and what it would find there: the steps that change nothing, in order."""

import os
from dataclasses import dataclass, field, replace

from same_image_locator import journal, resume
from same_image_locator.aliases import drive, mount_points
from same_image_locator.decision_folder import DEFAULT_NAME, folder_name
from same_image_locator.errors import ExitCode, RefusedError, UsageError
from same_image_locator.events import Listener, Noted
from same_image_locator.model import Group, Problem, Settings
from same_image_locator.scan import real_root, scan
from same_image_locator.stage import going_along
from same_image_locator.wording import plural, printable


@dataclass(slots=True)
class Found:
    """What a scan found."""

    groups: list[Group] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def located(settings: Settings) -> Settings:
    """Return the settings with the root and the decision folder as real absolute paths.

    The decision folder lies in the current directory when that is on the root's device, else in
    the root, so that every move is one atomic rename.

    Raises:
        UsageError, RefusedError: the paths cannot be worked with.
    """
    root = real_root(settings.root)
    mounts = mount_points()
    device = drive(root, mounts)
    chosen = settings.decision_folder
    if chosen is None:
        here = os.getcwd()
        chosen = os.path.join(here if drive(here, mounts) == device else root, DEFAULT_NAME)
    folder = os.path.realpath(chosen)
    if root == folder or root.startswith(os.path.join(folder, "")):
        raise RefusedError(f"{root} lies in the decision folder {folder}", "Choose another")
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise UsageError(f"{folder} is not a folder", "Choose another with --decision-folder")
    if drive(_existing(folder), mounts) != device and not settings.allow_copy:
        raise RefusedError(
            f"{folder} lies on another drive than {root}",
            "Choose a decision folder on the drive of the photos, so that moves stay atomic, or "
            "allow copies with --allow-copy",
        )
    return replace(settings, root=root, decision_folder=folder)


def existing_folder(path: str, decision_folder: str | None) -> str:
    """Return the decision folder that a verb is about: named, or found from the scanned root.

    Raises:
        UsageError: there is none.
        OSError: a drive cannot be asked, which is not the same.
    """
    here = os.path.join(os.getcwd(), DEFAULT_NAME)
    places = [decision_folder] if decision_folder else [path, os.path.join(path, DEFAULT_NAME)]
    if decision_folder is None and _is_about(here, path):
        places.append(here)
    for place in places:
        known = journal.DISK.status(os.path.join(place, journal.JOURNAL_NAME))
        if known or resume.has_groups(place):
            return os.path.realpath(place)
    looked = decision_folder or here
    raise UsageError(f"There is no decision folder at {looked}", "Name it with --decision-folder")


def _is_about(decision_folder: str, path: str) -> bool:
    """Return whether a decision folder is that of the photos in ``path``: no other's is undone."""
    root = journal.peek(decision_folder).root
    return path == os.curdir or root in {"", os.path.realpath(path)}


def find(settings: Settings, listener: Listener) -> Found:
    """Scan, fingerprint, match and group; changes nothing."""
    from same_image_locator.fingerprint import examine, forget_lonely_thumbnails
    from same_image_locator.group import make_groups

    photos, problems = scan(
        settings.root,
        settings.decision_folder or "",
        include_all=settings.include_all,
        listener=listener,
    )
    examined, unreadable = examine(photos, settings.method, listener)
    groups = make_groups(examined, settings.method, listener)
    if settings.method.perceptual:
        forget_lonely_thumbnails(photos, groups)
    return Found(groups, problems + unreadable)


def rehearse(settings: Settings, listener: Listener) -> ExitCode:
    """Tell what a run would do (--dry-run); moves nothing."""
    folder = settings.decision_folder or ""
    if resume.has_groups(folder):
        listener(Noted(f"would go on with the groups staged in {printable(folder)}"))
        return ExitCode.DUPLICATES_REMAIN
    found = find(settings, listener)
    for group in found.groups:
        target = os.path.join(folder, folder_name(group))
        listener(Noted(f"would stage {plural(len(group.members), 'file')} in {printable(target)}"))
        companions = going_along(group)
        for path in (member.examined.photo.path for member in group.members):
            listener(Noted(f"    {printable(path)}"))
            for companion in companions:
                if companion.owners[0] == path:
                    name = os.path.basename(companion.path)
                    listener(Noted(f"      with its companion {printable(name)}"))
    if found.groups:
        return ExitCode.DUPLICATES_REMAIN
    return ExitCode.PROBLEMS if found.problems else ExitCode.DONE


def _existing(path: str) -> str:
    """Return the nearest folder that exists on the way up from ``path``."""
    while not os.path.lexists(path) and path != os.path.dirname(path):
        path = os.path.dirname(path)
    return path
