"""What a run would do, for --dry-run: it moves nothing."""

import os
from collections.abc import Sequence

from same_image_locator.decision_folder import folder_name
from same_image_locator.errors import ExitCode
from same_image_locator.events import Listener, Noted
from same_image_locator.model import Group, Settings
from same_image_locator.own_names import has_groups
from same_image_locator.pipeline import find
from same_image_locator.plans import Staged
from same_image_locator.stage import going_along
from same_image_locator.wording import plural, printable


def rehearse(settings: Settings, listener: Listener, waiting: Sequence[Staged] = ()) -> ExitCode:
    """Tell what a run would do; moves nothing.

    ``waiting`` are the groups that are staged already, as far as suggestions are wanted for them.
    """
    folder = settings.decision_folder or ""
    if has_groups(folder):
        listener(Noted(f"would go on with the groups staged in {printable(folder)}"))
        if waiting:
            from same_image_locator.unstaged import rehearse_review

            rehearse_review(settings, listener, waiting)
        return ExitCode.DUPLICATES_REMAIN
    found = find(settings, listener)
    for group in found.groups:
        _tell(group, folder, listener)
    if not found.groups:
        return ExitCode.PROBLEMS if found.problems else ExitCode.DONE
    if settings.suggests:
        from same_image_locator.unstaged import as_if_staged, rehearse_review

        groups = [as_if_staged(group) for group in found.groups]
        rehearse_review(settings, listener, groups)
    return ExitCode.DUPLICATES_REMAIN


def _tell(group: Group, folder: str, listener: Listener) -> None:
    """Name the files of a group, what goes with them, and what stays where it is."""
    target = os.path.join(folder, folder_name(group))
    count = len(group.members) - len(group.staying)
    listener(Noted(f"would stage {plural(count, 'file')} in {printable(target)}"))
    companions = going_along(group)
    for path in group.paths:
        stays = " (in a reference folder, stays)" if path in group.staying else ""
        listener(Noted(f"    {printable(path)}{stays}"))
        for companion in companions:
            if companion.owners[0] == path:
                name = os.path.basename(companion.path)
                listener(Noted(f"      with its companion {printable(name)}"))
