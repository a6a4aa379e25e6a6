"""Puts on the disk what a dead run may have left in memory, before anything is built on it.

A process that is killed leaves its changes in the system's memory: the next run sees them all, yet
a power cut may still take them away. So what that run did not sync itself is synced here.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from same_image_locator.errors import RefusedError
from same_image_locator.journal import acts
from same_image_locator.journal.acts import ActRefusedError
from same_image_locator.journal.kernel import Kernel
from same_image_locator.plans import Plan


def make_decision_folder(folder: str, kernel: Kernel) -> None:
    """Make a decision folder, if it is missing, that a power cut will not take away.

    Raises:
        RefusedError: it cannot be made.
        OSError: it cannot be synced.
    """
    missing = []
    existing = folder
    while kernel.status(existing) is None:
        if existing == os.path.dirname(existing):
            raise RefusedError(f"{folder} cannot be made: its drive is gone")
        missing.append(existing)
        existing = os.path.dirname(existing)
    # A run may have died between making a folder and its sync; most often it is nobody's of ours.
    with suppress(OSError):
        kernel.sync_folder(os.path.dirname(existing))
    try:
        for path in reversed(missing):
            acts.make_folder(kernel, path)
            kernel.sync_folder(os.path.dirname(path))
    except ActRefusedError as refused:
        raise RefusedError(str(refused), "Choose another place with --decision-folder") from refused


def sync_folders(plans: Iterable[Plan], places: Iterable[str], kernel: Kernel) -> None:
    """Sync every folder that these plans may have changed, as far up as they lie in ``places``.

    Raises:
        OSError: one cannot be synced.
    """
    tops = tuple(os.path.join(place, "") for place in places if place)
    # Few folders hold all the files of a plan.
    near = {os.path.dirname(path) for plan in plans for path in _paths(plan)}
    folders = {above for folder in near for above in _up(folder, tops)}
    for folder in sorted(folders):
        found = kernel.status(folder)
        if found and found.kind == "folder":
            # A folder that may not be listed can be passed through: no run has changed it.
            with suppress(PermissionError):
                kernel.sync_folder(folder)


def _paths(plan: Plan) -> Iterator[str]:
    for phase in plan.phases:
        for act in phase:
            yield from filter(None, (act.source, act.target))


def _up(folder: str, tops: tuple[str, ...]) -> Iterator[str]:
    """Yield a folder, and those above it up to one of the tops, which end with a separator."""
    yield folder
    while os.path.join(folder, "") not in tops and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
        if not f"{folder}{os.sep}".startswith(tops):
            return
        yield folder
