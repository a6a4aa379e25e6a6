"""Plan what may come after: undo a group, free the space of what was set aside, tell the state."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from same_image_locator.hold import end_of_copies, is_held
from same_image_locator.journal import Disk, GroupHistory, History
from same_image_locator.model import Identity
from same_image_locator.own_names import MANIFEST
from same_image_locator.plans import Act, ActKind, Plan, Receipt
from same_image_locator.settle import tidy_acts


@dataclass(frozen=True, slots=True)
class Standing:
    """How many groups are in which state, and the files and bytes that are set aside.

    A file with a second name on the disk counts no bytes, since its end would free none.
    """

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
    return Standing(
        states.count("staged"),
        states.count("settled"),
        states.count("undone"),
        states.count("purged"),
        len(aside),
        bytes_freed_by(aside, disk),
    )


def bytes_freed_by(acts: Iterable[Act], disk: Disk) -> int:
    """Return how many bytes the end of the files at the targets of these acts would free."""
    found = (disk.status(act.target) for act in acts)
    return sum(status.identity.size for status in found if status and status.links == 1)


def set_aside(group: GroupHistory, disk: Disk) -> list[Act]:
    """Return the moves whose files still lie set aside."""
    if group.state != "settled" or group.settle is None:
        return []
    return [a for a in group.settle.acts(ActKind.SET_ASIDE) if disk.status(a.target)]


def can_be_undone(group: GroupHistory, disk: Disk) -> bool:
    """Return whether files of a group are staged or set aside, or a sidecar of it can go again."""
    if group.state == "settled":
        return bool(set_aside(group, disk)) or any(_sidecars(group, disk))
    return group.state == "staged"


def plan_undo(group: GroupHistory, disk: Disk) -> Plan:
    """Return the plan that brings a group's files back to their original paths.

    A kept file that is home already stays as it is; a path that is taken meanwhile is never
    overwritten, the file comes home beside it. A file that was edited meanwhile comes home as it
    is now: to leave it behind for that would be no undo.
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
            _expected(origin, path, disk),
            origin.sha256,
            owners=tuple(places[owner] for owner in origin.owners if owner in places),
        )
        for path, origin in sorted(homeward, key=lambda pair: bool(pair[1].owners))
    )
    return Plan("undo", group.subject, ((*back, *_sidecars(group, disk)), *_tidy(group, disk)))


def _sidecars(group: GroupHistory, disk: Disk) -> Iterator[Act]:
    """Yield the ends of the sidecars that were written when the group was settled."""
    for act in group.settle.acts(ActKind.WRITE_SIDECAR) if group.settle else ():
        path = group.homes.get(act.source, act.target)
        if disk.status(path):
            yield Act(ActKind.REMOVE_SIDECAR, path, sha256=act.sha256)


def _expected(origin: Act, path: str, disk: Disk) -> Identity | None:
    found = disk.status(path)
    return found.identity if found and found.kind == "file" else origin.expect


def plan_purge(groups: Iterable[GroupHistory], disk: Disk) -> tuple[list[Plan], list[str]]:
    """Return plans that end the set-aside files, and the subjects that have no kept copy left.

    A reject goes only after a kept file of its group was read again in that moment, and compared
    with it byte for byte where the two are copies; unless the person had decided to keep none.
    """
    plans, unproven = [], []
    for group in groups:
        rejects = set_aside(group, disk)
        if not rejects or group.settle is None:
            continue
        photos, others = _kept(group, disk)
        if not photos and (group.settle.acts(ActKind.BRING_HOME) or _protected(group)):
            unproven.append(group.subject)
            continue
        ends = tuple(_end(act, photos + others) for act in rejects)
        phases = (tuple(photos[:1]), ends, *_tidy(group, disk))
        plans.append(Plan("purge", group.subject, phases))
    return plans, unproven


def ended_by(receipt: Receipt) -> list[Act]:
    """Return the acts of a purge that ended a file, or let go of it."""
    plan = receipt.plan
    acts = (*plan.acts(ActKind.PURGE), *plan.acts(ActKind.TRASH)) if receipt.done else ()
    return [act for act in acts if not {act.source, act.target} & set(receipt.leftovers)]


def sole_contents(ends: Iterable[Act], history: History, disk: Disk) -> int:
    """Count the contents of which no other copy is known than those that these acts would end."""
    paths = {act.target for act in ends}
    gone = {act.sha256 for act in ends}
    for group in history.groups.values():
        for act in (*group.stage.acts(ActKind.STAGE), *_protected(group)):
            if act.sha256 in gone and _lies_elsewhere(group, act, paths, disk):
                gone.remove(act.sha256)
    return len(gone)


def _lies_elsewhere(group: GroupHistory, stage: Act, ends: set[str], disk: Disk) -> bool:
    """Return whether a staged file lies, as it was, at a path that will not be ended."""
    rejects = group.settle.acts(ActKind.SET_ASIDE) if group.settle else ()
    aside = [act.target for act in rejects if act.source == stage.target]
    homes = [group.homes[path] for path in (stage.target, *aside) if path in group.homes]
    for path in {stage.source, stage.target, *aside, *homes} - ends - {""}:
        found, expect = disk.status(path), stage.expect
        if found and expect and _look(found.identity) == _look(expect):
            return True
    return False


def _look(identity: Identity) -> tuple[int, int]:
    return identity.size, identity.mtime_ns


def _kept(group: GroupHistory, disk: Disk) -> tuple[list[Act], list[Act]]:
    """Return proofs of the kept files that lie where they came home to: photos, and companions."""
    companions = {act.target for act in group.stage.acts(ActKind.STAGE) if act.owners}
    photos: list[Act] = []
    others: list[Act] = []
    for act in group.settle.acts(ActKind.BRING_HOME) if group.settle else ():
        home = group.homes.get(act.source, act.target)
        found = disk.status(home)
        if found and found.kind == "file":
            proof = Act(ActKind.VERIFY, home, sha256=act.sha256)
            (others if act.source in companions else photos).append(proof)
    for act in _protected(group):
        found = disk.status(act.target)
        if found and found.kind == "file":
            photos.append(Act(ActKind.VERIFY, act.target, sha256=act.sha256))
    return photos, others


def _protected(group: GroupHistory) -> tuple[Act, ...]:
    """Return the proofs of the photos that were kept where they are, in a reference folder."""
    return group.stage.acts(ActKind.VERIFY)


def _end(reject: Act, kept: list[Act]) -> Act:
    """Return the end of a reject; a kept copy of it is its witness at that moment."""
    witness = next((act.target for act in kept if act.sha256 == reject.sha256), "")
    return Act(ActKind.PURGE, reject.target, witness, reject.expect, reject.sha256)


def _tidy(group: GroupHistory, disk: Disk) -> tuple[tuple[Act, ...], ...]:
    """Return the phases that remove what is ours of a group: copies, texts and empty folders."""
    if group.state == "staged":
        copies = end_of_copies(group.stage)
        shown = {os.path.dirname(act.target) for act in copies}
        place = os.path.dirname(group.stage.acts(ActKind.STAGE)[0].target)
        return (
            *([copies] if copies else []),
            *(tidy_acts(folder, disk) for folder in sorted({place, *shown})),
        )
    rejects = group.settle.acts(ActKind.SET_ASIDE) if group.settle else ()
    folders = sorted({os.path.dirname(act.target) for act in rejects})
    told = folders if is_held(group.stage) else []
    texts = (Act(ActKind.REMOVE_TEXT, os.path.join(folder, MANIFEST)) for folder in told)
    return ((*texts, *(Act(ActKind.REMOVE_FOLDER, folder) for folder in folders)),)
