"""The copy route: a decision folder on another drive shows copies, the photos are held at home.

The photos themselves never leave their drive. They move, by the same atomic renames as always,
into the hold: a folder ``.sil-hold`` in the root, built like a decision folder, with a manifest
beside the photos. The decision folder gets proven copies to look at, which end with the group.
"""

import os
from collections.abc import Iterable, Sequence

from same_image_locator import journal
from same_image_locator.errors import RefusedError
from same_image_locator.plans import Act, ActKind, Plan
from same_image_locator.wording import size_words

# Room that must stay free on the drive of the copies, in bytes and as a part of their size.
_SPARE_BYTES = 64 << 20
_SPARE_PART = 0.05


def is_held(plan: Plan) -> bool:
    """Return whether the photos of a staged group are held, and their copies reviewed."""
    return bool(plan.acts(ActKind.COPY))


def check_room(sizes: Iterable[int], decision_folder: str, disk: journal.Disk) -> None:
    """Make sure that all copies have room before the first byte of one is written.

    Raises:
        RefusedError: they have not; nothing was changed.
    """
    needed = sum(sizes)
    wanted = int(needed * (1 + _SPARE_PART)) + _SPARE_BYTES
    free = disk.free_bytes(decision_folder)
    if free < wanted:
        raise RefusedError(
            f"{decision_folder} has room for {size_words(free)}, and {size_words(wanted)} are "
            f"needed to copy {size_words(needed)} safely",
            "Choose a decision folder on another drive, or on the drive of the photos",
        )


def copy_acts(staging: Sequence[Act], folder: str) -> tuple[Act, ...]:
    """Return the copies into the group's folder that go with moves into the hold."""
    return tuple(
        Act(
            ActKind.COPY,
            os.path.join(folder, os.path.basename(act.target)),
            act.source,
            act.expect,
            act.sha256,
        )
        for act in staging
    )


def end_of_copies(stage: Plan) -> tuple[Act, ...]:
    """Return the acts that remove a group's copies, changed ones excepted."""
    return tuple(
        Act(ActKind.REMOVE_COPY, act.target, sha256=act.sha256) for act in stage.acts(ActKind.COPY)
    )


def check_drive(history: journal.History, disk: journal.Disk) -> None:
    """Make sure that the drive of the photos is there while its journal is on another one.

    A path that is missing because its drive is must never count as a photo that was deleted.

    Raises:
        RefusedError: photos are held on a drive that is not connected.
    """
    waiting = [g.stage for g in history.groups.values() if g.state in {"staged", "settled"}]
    for plan in [*waiting, *(left.plan for left in history.open.values())]:
        if is_held(plan) and not _any_there(plan, disk):
            raise RefusedError(
                f"none of the photos of {plan.subject.split('/')[-1]} is to be found in "
                f"{history.root}",
                "Connect the drive of the photos and start again; nothing was changed",
            )


def _any_there(plan: Plan, disk: journal.Disk) -> bool:
    acts = plan.acts(ActKind.STAGE)
    hold = os.path.dirname(os.path.dirname(acts[0].target))
    return any(disk.status(path) for act in acts for path in (act.target, act.source, hold))
