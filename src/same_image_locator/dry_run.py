"""What a run would do, for --dry-run: it moves nothing."""

import os

from same_image_locator.decision_folder import folder_name
from same_image_locator.errors import ExitCode
from same_image_locator.events import Listener, Noted
from same_image_locator.model import Settings
from same_image_locator.own_names import has_groups
from same_image_locator.pipeline import find
from same_image_locator.stage import going_along
from same_image_locator.wording import plural, printable


def rehearse(settings: Settings, listener: Listener) -> ExitCode:
    """Tell what a run would do; moves nothing."""
    folder = settings.decision_folder or ""
    if has_groups(folder):
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
