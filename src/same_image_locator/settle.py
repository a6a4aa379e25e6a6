"""Plan how a decided group ends: kept files home first, proven there, then the rest set aside."""

import os

from same_image_locator import journal
from same_image_locator.decision_folder import OWN_TEXTS
from same_image_locator.errors import RefusedError
from same_image_locator.model import Act, ActKind, Decision, Entry, Plan, Staged
from same_image_locator.review.commands import Effects


def plan_settle(
    group: Staged, decision: Decision, decision_folder: str, disk: journal.Disk
) -> Plan:
    """Return the plan of a decision.

    Raises:
        RefusedError: the decision keeps nothing, in exact mode or without saying so.
    """
    kept = [e for e in group.entries if e.name in decision.keep]
    rest = [e for e in group.entries if e.name not in decision.keep]
    if not kept and not (decision.allow_none and group.method.perceptual):
        raise RefusedError("nothing is selected to be kept", "Select at least one file")
    folder = group.folder
    aside = os.path.join(decision_folder, journal.ASIDE_NAME, *group.subject.split("/"))
    phases = (
        (
            *([Act(ActKind.MAKE_FOLDER, aside)] if rest else []),
            *(_move(ActKind.BRING_HOME, folder, e, e.origin) for e in kept),
        ),
        tuple(_proofs(group, folder, kept, rest)),
        tuple(_move(ActKind.SET_ASIDE, folder, e, os.path.join(aside, e.name)) for e in rest),
        tidy_acts(folder, disk),
    )
    return Plan("settle", group.subject, phases, decision.allow_none)


def preview(group: Staged, decision: Decision, disk: journal.Disk) -> Effects:
    """Return what a decision would do, the names that kept files would get included."""
    homes = []
    for entry in group.entries:
        if entry.name in decision.keep:
            names = journal.home_names(entry.origin, "kept")
            homes.append((entry.name, next(name for name in names if disk.status(name) is None)))
    rest = [e for e in group.entries if e.name not in decision.keep]
    return Effects(tuple(homes), tuple(e.name for e in rest), sum(e.identity.size for e in rest))


def tidy_acts(folder: str, disk: journal.Disk) -> tuple[Act, ...]:
    """Return the acts that remove a group's folder and our own texts in it, nothing else."""
    # A review state that was being written when a run died has our name and an addition.
    ours = sorted({*OWN_TEXTS, *(n for n in disk.names(folder) if n.startswith(OWN_TEXTS))})
    return (
        *(Act(ActKind.REMOVE_TEXT, os.path.join(folder, name)) for name in ours),
        Act(ActKind.REMOVE_FOLDER, folder),
    )


def _move(kind: ActKind, folder: str, entry: Entry, target: str) -> Act:
    source = os.path.join(folder, entry.name)
    return Act(kind, target, source, expect=entry.identity, sha256=entry.sha256)


def _proofs(group: Staged, folder: str, kept: list[Entry], rest: list[Entry]) -> list[Act]:
    """Every kept file is read again at home; a reject of an exact group is compared with one."""
    proofs = [Act(ActKind.VERIFY, entry.origin, sha256=entry.sha256) for entry in kept]
    if kept and not group.method.perceptual:
        witness = kept[0].origin
        proofs += [Act(ActKind.VERIFY, witness, os.path.join(folder, e.name)) for e in rest]
    return proofs if rest else []
