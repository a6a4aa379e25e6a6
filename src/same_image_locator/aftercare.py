"""Plan what may come after: undo a group, free the space of what was set aside, tell the state."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from same_image_locator.journal import Disk, GroupHistory, History
from same_image_locator.model import Act, ActKind, Plan
from same_image_locator.settle import tidy_acts


@dataclass(frozen=True, slots=True)
class Standing:
    """How many groups are in which state, and the files and bytes that are set aside."""

    staged: int
    settled: int
    undone: int
    purged: int
    aside_files: int
    aside_bytes: int


def standing(history: History, disk: Disk) -> Standing:
    """Count what the journal knows against what lies on the disk."""
    states = [group.state for group in history.groups.values()]
    aside = [act for group in history.groups.values() for act in set_aside(group, disk)]
    sizes = [act.expect.size for act in aside if act.expect]
    return Standing(
        states.count("staged"),
        states.count("settled"),
        states.count("undone"),
        states.count("purged"),
        len(aside),
        sum(sizes),
    )


def set_aside(group: GroupHistory, disk: Disk) -> list[Act]:
    """Return the moves whose files still lie set aside."""
    if group.state != "settled" or group.settle is None:
        return []
    return [a for a in group.settle.acts(ActKind.SET_ASIDE) if disk.status(a.target)]


def plan_undo(group: GroupHistory, disk: Disk) -> Plan:
    """Return the plan that brings a group's files back to their original paths.

    A kept file that is home already stays as it is; a path that is taken meanwhile is never
    overwritten, the file comes home beside it.
    """
    staged = {act.target: act for act in group.stage.acts(ActKind.STAGE)}
    if group.state == "staged":
        homeward = [(path, act) for path, act in staged.items() if disk.status(path)]
    else:
        homeward = [(act.target, staged[act.source]) for act in set_aside(group, disk)]
    places = {origin.source: path for path, origin in homeward}
    # Photos first: a companion comes home under the name that its photo got.
    back = tuple(
        Act(
            ActKind.BRING_HOME,
            origin.source,
            path,
            origin.expect,
            origin.sha256,
            owners=tuple(places[owner] for owner in origin.owners if owner in places),
        )
        for path, origin in sorted(homeward, key=lambda pair: bool(pair[1].owners))
    )
    return Plan("undo", group.subject, (back, _tidy(group, disk)))


def plan_purge(groups: Iterable[GroupHistory], disk: Disk) -> tuple[list[Plan], list[str]]:
    """Return plans that end the set-aside files, and the subjects that have no kept copy left.

    A reject goes only after a kept file of its group was read again in that moment, unless the
    person had decided to keep none.
    """
    plans, unproven = [], []
    for group in groups:
        rejects = set_aside(group, disk)
        witness = _witness(group, disk)
        if not rejects or group.settle is None:
            continue
        if witness is None and not group.settle.allow_none:
            unproven.append(group.subject)
            continue
        ends = tuple(
            Act(ActKind.PURGE, act.target, expect=act.expect, sha256=act.sha256) for act in rejects
        )
        plans.append(
            Plan("purge", group.subject, ((witness,) if witness else (), ends, _tidy(group, disk)))
        )
    return plans, unproven


def _witness(group: GroupHistory, disk: Disk) -> Act | None:
    companions = {act.target for act in group.stage.acts(ActKind.STAGE) if act.owners}
    homeward = group.settle.acts(ActKind.BRING_HOME) if group.settle else ()
    for act in (act for act in homeward if act.source not in companions):
        home = group.homes.get(act.source, act.target)
        found = disk.status(home)
        if found and found.kind == "file":
            return Act(ActKind.VERIFY, home, sha256=act.sha256)
    return None


def _tidy(group: GroupHistory, disk: Disk) -> tuple[Act, ...]:
    if group.state == "staged":
        return tidy_acts(os.path.dirname(group.stage.acts(ActKind.STAGE)[0].target), disk)
    rejects = group.settle.acts(ActKind.SET_ASIDE) if group.settle else ()
    return tuple(
        Act(ActKind.REMOVE_FOLDER, folder)
        for folder in sorted({os.path.dirname(act.target) for act in rejects})
    )
