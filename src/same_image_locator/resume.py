"""Find the groups that are staged already, and take over those of the first version."""

import errno
import os
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field, replace

from same_image_locator.decision_folder import (
    META,
    OURS,
    Meta,
    parse_meta,
    read_manifest,
)
from same_image_locator.errors import UsageError
from same_image_locator.hold import is_held
from same_image_locator.journal import DISK, Disk, GroupHistory, History, peek
from same_image_locator.model import Identity, Problem
from same_image_locator.own_names import (
    DEFAULT_NAME,
    JOURNAL_NAME,
    MANIFEST,
    group_number,
    has_groups,
    is_group_folder,
)
from same_image_locator.plans import Act, ActKind, Attached, Entry, Plan, Staged
from same_image_locator.stage import stage_acts

RECOVERED = "Recovered"


@dataclass(slots=True)
class Found:
    """What lies staged: groups to be decided, and what could not be found where it should be."""

    groups: list[Staged] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


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
        known = DISK.status(os.path.join(place, JOURNAL_NAME))
        if known or has_groups(place):
            return os.path.realpath(place, strict=True)
    looked = decision_folder or here
    raise UsageError(f"There is no decision folder at {looked}", "Name it with --decision-folder")


def _is_about(decision_folder: str, path: str) -> bool:
    """Return whether a decision folder is that of the photos in ``path``: no other's is undone."""
    root = peek(decision_folder).root
    return path == os.curdir or root in {"", os.path.realpath(path)}


def unknown_groups(decision_folder: str, history: History, disk: Disk) -> list[str]:
    """Return the names of the group folders that the journal does not know."""
    known = {os.path.basename(_folder(g)) for g in history.groups.values() if g.state == "staged"}
    return [
        name
        for name in disk.names(decision_folder)
        if name not in known
        and is_group_folder(name)
        and _kind(os.path.join(decision_folder, name), disk) == "folder"
    ]


def staged_groups(history: History, disk: Disk, subjects: AbstractSet[str] | None = None) -> Found:
    """Return the groups that wait for a decision, by number, as they lie on the disk.

    With ``subjects``, only the groups of these names.
    """
    found = Found()
    for group in history.groups.values():
        if group.state == "staged" and (subjects is None or group.subject in subjects):
            _load(group, found, disk)
    found.groups.sort(key=lambda staged: (staged.number, staged.subject))
    return found


def plan_adoption(
    decision_folder: str, unknown: Sequence[str], run: str, root: str, disk: Disk
) -> tuple[list[Plan], list[Problem]]:
    """Return plans for the group folders of these names, which the journal does not know.

    Their files are staged already, so that carrying out these plans moves nothing and leaves a
    journal as if we had staged them. A folder without a manifest is taken over too: its files go
    to the folder "Recovered" in the root, since nobody knows where they came from. A folder whose
    texts cannot be read is left for a later start.
    """
    plans: list[Plan] = []
    problems: list[Problem] = []
    for name in unknown:
        folder = os.path.join(decision_folder, name)
        try:
            entries, attached = _adopted_files(folder, root, disk, problems)
        except OSError as error:
            # Not "without a manifest": taken over like that, its photos would never come home.
            detail = f"it cannot be read, so it is left as it is: {error.strerror}"
            problems.append(Problem(error.filename or folder, "stage", detail))
            continue
        if entries:
            acts = stage_acts(folder, entries, attached)
            plans.append(Plan("stage", f"{run}/{name}", (acts,)))
    return plans, problems


def _load(group: GroupHistory, found: Found, disk: Disk) -> None:
    held = is_held(group.stage)
    folder = _folder(group)
    # The journal's text first: the one in the folder is not synced, a power cut may leave half.
    text = _text_in_journal(group.stage)
    if text is None:
        with suppress(OSError):
            text = _text(os.path.join(folder, META), disk)
    meta = parse_meta(text)
    present = []
    for act in group.stage.acts(ActKind.STAGE):
        if disk.status(act.target):
            present.append(act)
        elif disk.status(act.source) is None:
            detail = f"missing; expected at {act.target} or at its original path"
            found.problems.append(Problem(act.source, "stage", detail))
    entries = tuple(_entry(act, meta) for act in present if not act.owners)
    names = {entry.origin: entry.name for entry in entries}
    attached = tuple(_attached(act, names) for act in present if act.owners)
    if entries:
        entries = _with_protected(entries, group.stage, meta, found, disk)
        number = group_number(os.path.basename(folder))
        place = _place(group) if held else ""
        found.groups.append(
            Staged(
                group.subject,
                folder,
                number,
                meta.method,
                entries,
                attached,
                place,
                meta.compared,
                meta.near,
            )
        )
        return
    for one in attached:
        detail = "its photos are no longer in the group; `sil undo` brings it home"
        found.problems.append(Problem(os.path.join(folder, one.name), "stage", detail))


def _entry(act: Act, meta: Meta) -> Entry:
    name = os.path.basename(act.target)
    return Entry(name, act.source, _identity(act), act.sha256, *meta.apart(name))


def _with_protected(
    entries: tuple[Entry, ...], stage: Plan, meta: Meta, found: Found, disk: Disk
) -> tuple[Entry, ...]:
    """Return a group's entries with those that stay where they are, in the order of the scan."""
    there = []
    for act in stage.acts(ActKind.VERIFY):
        if disk.status(act.target) is None:
            detail = "missing; it lay in a reference folder and was not moved"
            found.problems.append(Problem(act.target, "stage", detail))
        elif name := meta.protected.get(act.target):
            entry = Entry(name, act.target, _identity(act), act.sha256, *meta.apart(name))
            there.append(replace(entry, protected=True))
    if not there:
        return entries
    return tuple(sorted((*entries, *there), key=_position))


def _position(entry: Entry) -> int:
    return int(entry.name.partition("_")[0])


def _attached(act: Act, names: Mapping[str, str]) -> Attached:
    """Return a staged companion; of its photos, those that are still there."""
    owners = tuple(names[owner] for owner in act.owners if owner in names)
    return Attached(os.path.basename(act.target), act.source, _identity(act), act.sha256, owners)


def _identity(act: Act) -> Identity:
    return act.expect or Identity(0, 0, 0, 0)


def _folder(group: GroupHistory) -> str:
    """Return the group's folder in the decision folder."""
    copies = group.stage.acts(ActKind.COPY)
    return os.path.dirname(copies[0].target) if copies else _place(group)


def _place(group: GroupHistory) -> str:
    """Return where the group's photos themselves are."""
    return os.path.dirname(group.stage.acts(ActKind.STAGE)[0].target)


def _text_in_journal(stage: Plan) -> str | None:
    texts = stage.acts(ActKind.WRITE_TEXT)
    return next((act.text for act in texts if act.target.endswith(META)), None)


def _adopted_files(
    folder: str, root: str, disk: Disk, problems: list[Problem]
) -> tuple[list[Entry], list[Attached]]:
    """Return the photos and the companions in a group folder that no journal knows."""
    meta = parse_meta(_text(os.path.join(folder, META), disk))
    entries = []
    for name, origin in _rows(folder, meta, root, disk, problems):
        path = os.path.join(folder, name)
        try:
            entries.append(_adopted(path, name, _real(origin), meta, disk))
        except OSError as error:
            if disk.status(origin) is None:
                detail = f"{MANIFEST} lists it, but: {error.strerror}"
                problems.append(Problem(path, "stage", detail))
    photos = [entry for entry in entries if entry.name not in meta.owners]
    names = {entry.name for entry in photos}
    attached = [
        Attached(e.name, e.origin, e.identity, e.sha256, owners)
        for e in entries
        if e.name in meta.owners
        for owners in [tuple(owner for owner in meta.owners[e.name] if owner in names)]
    ]
    return photos, attached


def _rows(
    folder: str, meta: Meta, root: str, disk: Disk, problems: list[Problem]
) -> list[tuple[str, str]]:
    """Return name and origin of each file that a manifest lists, and of those that it does not."""
    text = _text(os.path.join(folder, MANIFEST), disk)
    rows = read_manifest(text or "", escaped=meta.escaped)
    listed = {name for name, _ in rows}
    for name in disk.names(folder):
        plain = _kind(os.path.join(folder, name), disk) == "file"
        if plain and name not in listed and not name.startswith(OURS):
            origin = os.path.join(root, RECOVERED, name)
            rows.append((name, origin))
            detail = f"its original path is not recorded; if kept, it goes to {origin}"
            problems.append(Problem(os.path.join(folder, name), "stage", detail))
    return rows


def _adopted(path: str, name: str, origin: str, meta: Meta, disk: Disk) -> Entry:
    found = disk.status(path)
    if found is None or found.kind != "file":
        raise FileNotFoundError(errno.ENOENT, "it is no longer there", path)
    return Entry(name, origin, found.identity, disk.sha256(path), *meta.apart(name))


def _text(path: str, disk: Disk) -> str | None:
    try:
        return disk.read(path).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def _kind(path: str, disk: Disk) -> str:
    found = disk.status(path)
    return found.kind if found else "nothing"


def _real(origin: str) -> str:
    """Resolve links in the folder of an original path, as our own scan does from the start."""
    folder, name = os.path.split(os.path.abspath(origin))
    return os.path.join(os.path.realpath(folder), name)
