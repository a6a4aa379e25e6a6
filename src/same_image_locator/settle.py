"""Plan how a decided group ends: kept files home first, proven there, then the rest set aside."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from same_image_locator import journal
from same_image_locator.decision_folder import OURS, OWN_TEXTS, manifest_text
from same_image_locator.errors import RefusedError
from same_image_locator.own_names import MANIFEST, NEW_SIDECAR
from same_image_locator.plans import (
    Act,
    ActKind,
    Attached,
    Decision,
    Entry,
    Plan,
    Sidecar,
    Staged,
)
from same_image_locator.review.commands import Effects, NewSidecar

_LONGEST_NAME = 255  # bytes, on nearly every file system


def plan_settle(
    group: Staged, decision: Decision, decision_folder: str, disk: journal.Disk
) -> Plan:
    """Return the plan of a decision.

    Raises:
        RefusedError: the decision keeps nothing, in exact mode or without saying so.
    """
    fate = _fate(group, decision)
    if not (fate.kept or fate.stays) and not (decision.allow_none and group.method.perceptual):
        raise RefusedError("nothing is selected to be kept", "Select at least one file")
    place = group.held or group.folder
    base = os.path.dirname(group.held) if group.held else decision_folder
    aside = os.path.join(base, journal.ASIDE_NAME, *group.subject.split("/"))
    phases = (
        (
            *(_ready(aside, fate, told=bool(group.held)) if fate.away else []),
            *(_move(ActKind.BRING_HOME, group, f, f.origin, decision.keep) for f in fate.home),
        ),
        tuple(_proofs(place, fate, exact=not group.method.perceptual)),
        *_written(place, fate, decision),
        tuple(_move(ActKind.SET_ASIDE, group, f, os.path.join(aside, f.name)) for f in fate.away),
        (*_end_of_copies(group), *tidy_acts(group.folder, disk)),
        *([tidy_acts(group.held, disk)] if group.held else []),
    )
    return Plan("settle", group.subject, phases, decision.allow_none)


def preview(group: Staged, decision: Decision, disk: journal.Disk) -> Effects:
    """Return what a decision would do, the names that kept files would get included."""
    fate = _fate(group, decision)
    homes: dict[str, str] = {}
    for entry in fate.kept:
        theirs = [one for one in fate.homeward if _leader(one, decision.keep) == entry.name]
        homes |= _free_homes(entry, theirs, disk)
    alone = [one for one in fate.homeward if one.name not in homes]
    homes |= {one.name: _free_homes(one, [], disk)[one.name] for one in alone}
    known = {one.sha256 for one in fate.homeward}
    told = {one.name for one in decision.sidecars}
    beside = (_beside(e, homes[e.name], group, disk) for e in fate.kept if e.name in told)
    return Effects(
        tuple((file.name, homes[file.name]) for file in fate.home),
        tuple(file.name for file in fate.away),
        sum(file.identity.size for file in fate.away),
        tuple(one.name for one in fate.parted if one.sha256 not in known),
        tuple(beside),
    )


@dataclass(frozen=True, slots=True)
class _Fate:
    """What a decision means for each file: photos kept and not, companions homeward and parted.

    Those that ``stay`` are kept without ever having been moved.
    """

    kept: tuple[Entry, ...]
    stays: tuple[Entry, ...]
    rest: tuple[Entry, ...]
    homeward: tuple[Attached, ...]
    parted: tuple[Attached, ...]

    @property
    def home(self) -> tuple[Entry | Attached, ...]:
        """What goes home, the photos first."""
        return (*self.kept, *self.homeward)

    @property
    def away(self) -> tuple[Entry | Attached, ...]:
        """What is set aside, the photos first."""
        return (*self.rest, *self.parted)


def _fate(group: Staged, decision: Decision) -> _Fate:
    """Divide a group; a companion goes aside only when all its photos do."""
    keep, attached = decision.keep, group.attached
    # One whose photos have all disappeared from the group goes home.
    homeward = [one for one in attached if not one.owners or keep.intersection(one.owners)]
    return _Fate(
        tuple(e for e in group.moved if e.name in keep),
        tuple(e for e in group.entries if e.protected),
        tuple(e for e in group.moved if e.name not in keep),
        tuple(homeward),
        tuple(one for one in attached if one not in homeward),
    )


def _leader(companion: Attached, keep: frozenset[str]) -> str:
    """Return the kept photo whose name a companion follows."""
    return next((owner for owner in companion.owners if owner in keep), "")


def _free_homes(
    photo: Entry | Attached, companions: Sequence[Attached], disk: journal.Disk
) -> dict[str, str]:
    """Return the first names that are free for a photo and all its companions together."""
    bundles = (
        {photo.name: home}
        | {one.name: journal.companion_home(one.origin, photo.origin, home) for one in companions}
        for home in journal.home_names(photo.origin, "kept")
    )
    return next(homes for homes in bundles if not any(map(disk.status, homes.values())))


def _beside(entry: Entry, home: str, group: Staged, disk: journal.Disk) -> NewSidecar:
    """Return where a photo's new sidecar would lie, and why not, if another one tells of it."""
    own = journal.sidecar_of(entry.origin)
    path = journal.companion_home(own, entry.origin, home)
    folder, name = os.path.split(path)
    if len(os.fsencode(name)) > _LONGEST_NAME:
        return NewSidecar(entry.name, path, "its name would be too long")
    along = (os.path.basename(one.origin) for one in group.attached_to(entry.name))
    telling = {name.casefold(), f"{os.path.splitext(os.path.basename(home))[0]}.xmp".casefold()}
    there = [
        *(one for one in along if one.casefold().endswith(".xmp")),
        *(one for one in disk.names(folder) if one.casefold() in telling),
    ]
    why_not = f"{there[0]} is there already, and stays as it is" if there else ""
    return NewSidecar(entry.name, path, why_not)


def _written(place: str, fate: _Fate, decision: Decision) -> list[tuple[Act, ...]]:
    """Sidecars come before anything leaves: what cannot be written leaves the group as it is."""
    kept = {entry.name: entry for entry in fate.kept}
    acts = [_sidecar(place, kept[s.name], s) for s in decision.sidecars if s.name in kept]
    return [tuple(acts)] if acts and fate.rest else []


def _sidecar(place: str, entry: Entry, sidecar: Sidecar) -> Act:
    return Act(
        ActKind.WRITE_SIDECAR,
        journal.sidecar_of(entry.origin),
        os.path.join(place, f"{NEW_SIDECAR}{entry.name}.xmp"),
        sha256=hashlib.sha256(sidecar.text.encode("utf-8")).hexdigest(),
        text=sidecar.text,
        owners=(os.path.join(place, entry.name),),
    )


def _ready(aside: str, fate: _Fate, *, told: bool) -> list[Act]:
    """Make the folder for what is not kept; far from the journal it tells what belongs where."""
    acts = [Act(ActKind.MAKE_FOLDER, aside)]
    if told:
        text = manifest_text(fate.away)
        acts.append(Act(ActKind.WRITE_TEXT, os.path.join(aside, MANIFEST), text=text))
    return acts


def _files(group: Staged) -> tuple[Entry | Attached, ...]:
    return (*group.moved, *group.attached)


def _end_of_copies(group: Staged) -> list[Act]:
    """A copy on another drive ends with its group, unless somebody has changed it there."""
    if not group.held:
        return []
    return [
        Act(ActKind.REMOVE_COPY, os.path.join(group.folder, file.name), sha256=file.sha256)
        for file in _files(group)
    ]


def tidy_acts(folder: str, disk: journal.Disk) -> tuple[Act, ...]:
    """Return the acts that remove a group's folder and our own texts in it, nothing else."""
    # A review state that was being written when a run died has our name and an addition.
    ours = sorted({*OWN_TEXTS, *(n for n in disk.names(folder) if n.startswith(OURS))})
    return (
        *(Act(ActKind.REMOVE_TEXT, os.path.join(folder, name)) for name in ours),
        Act(ActKind.REMOVE_FOLDER, folder),
    )


def _move(
    kind: ActKind,
    group: Staged,
    file: Entry | Attached,
    target: str,
    keep: frozenset[str] = frozenset(),
) -> Act:
    owners: list[str] = []
    if isinstance(file, Attached):
        owners = sorted(file.owners, key=lambda owner: owner not in keep)
    source, *photos = (os.path.join(group.held or group.folder, n) for n in (file.name, *owners))
    return Act(kind, target, source, file.identity, file.sha256, owners=tuple(photos))


def _proofs(folder: str, fate: _Fate, *, exact: bool) -> list[Act]:
    """Every kept file is read again at home; a reject of an exact group is compared with one."""
    if not fate.rest:
        return []
    proven = (*fate.home, *fate.stays)
    proofs = [Act(ActKind.VERIFY, file.origin, sha256=file.sha256) for file in proven]
    if exact:
        witness = (*fate.kept, *fate.stays)[0].origin
        proofs += [Act(ActKind.VERIFY, witness, os.path.join(folder, e.name)) for e in fate.rest]
    return proofs
