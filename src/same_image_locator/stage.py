"""Plan how groups move into their numbered decision folders; nothing moves here."""

import errno
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from same_image_locator import journal
from same_image_locator.aliases import Known, folded
from same_image_locator.decision_folder import (
    META,
    folder_name,
    manifest_text,
    meta_text,
)
from same_image_locator.events import Advanced, Listener, Troubled
from same_image_locator.hold import copy_acts
from same_image_locator.model import Companion, Group, Photo, Problem
from same_image_locator.own_names import MANIFEST
from same_image_locator.plans import Act, ActKind, Attached, Entry, Plan

if TYPE_CHECKING:
    from concurrent.futures import Executor

# By path: a file's SHA-256 digest, or why it cannot be had.
Digests = Mapping[str, str | OSError]


def plan_stage(
    groups: Sequence[Group],
    decision_folder: str,
    run: str,
    disk: journal.Disk,
    listener: Listener,
    hold: str = "",
) -> list[Plan]:
    """Return one plan a group; a photo that changed since the scan is left out and told.

    The digest of every file goes into its plan, so that what comes home can be proven. Exact
    groups know it of their photos already; all others are read once more here. With a ``hold``,
    copies go into the decision folder, and the photos themselves into the hold. What stays where it
    is is only proven to be what was seen, and needs another file beside it.
    """
    from concurrent.futures import ThreadPoolExecutor  # a scan plans nothing

    plans = []
    with ThreadPoolExecutor() as pool:
        for group in groups:
            companions = going_along(group)
            digests = _digests(group, companions, disk, pool)
            out = _left_out(group, companions, digests, listener)
            entries = _entries(group, digests, out)
            attached = _attached(companions, entries, digests)
            if len(entries) > 1 and not all(entry.protected for entry in entries):
                plan = _Staging(group, entries, attached, decision_folder, hold)
                plans.append(Plan("stage", f"{run}/{folder_name(group)}", plan.phases()))
            listener(Advanced("stage", 0, sum(sizes([group]))))
    return plans


def sizes(groups: Sequence[Group]) -> list[int]:
    """Return the bytes of each file that is to be staged."""
    files: list[Photo | Companion] = []
    for group in groups:
        photos = (member.examined.photo for member in group.members)
        files += (photo for photo in photos if photo.path not in group.staying)
        files += going_along(group)
    return [file.identity.size for file in files]


def going_along(group: Group) -> list[Companion]:
    """Return the companions all of whose photos are moved with the group; others stay."""
    members = {*group.paths} - group.staying
    found = {
        companion.path: companion
        for member in group.members
        for companion in member.examined.photo.companions
        if members.issuperset(companion.owners)
    }
    return list(found.values())


def _digests(
    group: Group, companions: Sequence[Companion], disk: journal.Disk, pool: "Executor"
) -> Digests:
    known = not group.method.perceptual
    files: list[tuple[Photo | Companion, str]] = [
        (member.examined.photo, member.examined.fingerprint.hex() if known else "")
        for member in group.members
    ]
    files += [(companion, "") for companion in companions]
    # Only what must be read is worth the way to another thread.
    found = {file.path: _digest(file, known, disk) for file, known in files if known}
    unread = [file for file, known in files if not known]
    read = pool.map(_digest, unread, itertools.repeat(""), itertools.repeat(disk))
    return found | {file.path: digest for file, digest in zip(unread, read, strict=True)}


def _digest(file: Photo | Companion, known: str, disk: journal.Disk) -> str | OSError:
    try:
        _check(file, disk)
        if known:
            return known
        digest = disk.sha256(file.path)
        _check(file, disk)  # what was read is what the scan saw, from the first byte on
    except OSError as error:
        return error
    return digest


def _check(file: Photo | Companion, disk: journal.Disk) -> None:
    found = disk.status(file.path)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), file.path)
    if found.kind != "file" or found.identity != file.identity:
        raise OSError(0, "it has changed since the scan", file.path)


def _left_out(
    group: Group, companions: Sequence[Companion], digests: Digests, listener: Listener
) -> set[str]:
    """Return the photos that cannot be staged, and tell why.

    A photo whose companion cannot go along stays with it: moving one alone would part them.
    """
    reasons: dict[str, str] = {}
    known = Known()
    for photo in (member.examined.photo for member in group.members):
        if isinstance(error := digests[photo.path], OSError):
            reasons[photo.path] = _words(error)
            continue
        first = known.met_as(photo.identity.device, photo.identity.inode, photo.path)
        if first is not None:
            reasons[photo.path] = f"the same file under two names; the other is {first}"
    for companion in companions:
        if isinstance(error := digests[companion.path], OSError):
            name = os.path.basename(companion.path)
            for owner in companion.owners:
                reasons.setdefault(owner, f"stays with its companion {name}: {_words(error)}")
    for path, reason in reasons.items():
        listener(Troubled(Problem(path, "stage", reason)))
    return set(reasons)


def _words(error: OSError) -> str:
    return error.strerror or str(error)


def _entries(group: Group, digests: Digests, out: set[str]) -> tuple[Entry, ...]:
    """Return the files to stage; if the first is left out, nobody knows how far the others are."""
    entries: list[Entry] = []
    known = group.members[0].examined.photo.path not in out
    for member in group.members:
        photo = member.examined.photo
        if photo.path not in out:
            name = journal.staged_name(len(entries) + 1, photo.path)
            digest = str(digests[photo.path])
            stays = photo.path in group.staying
            entry = Entry(name, photo.path, photo.identity, digest, protected=stays)
            if group.method.perceptual and known:
                entry = replace(
                    entry,
                    distance=member.distance,
                    changes=member.changes,
                    tier=member.tier,
                    certainty=member.certainty,
                )
            if not entries or digest == entries[0].sha256:
                entry = replace(entry, tier="identical")
            entries.append(entry)
    return tuple(entries)


def _attached(
    companions: Sequence[Companion], entries: Sequence[Entry], digests: Digests
) -> tuple[Attached, ...]:
    """Return the companions that are staged: each carries the number of its first photo."""
    numbers = {entry.origin: number for number, entry in enumerate(entries, start=1)}
    taken = {folded(entry.name) for entry in entries}
    attached = []
    for companion in companions:
        if not numbers.keys() >= set(companion.owners):
            continue
        owners = sorted(companion.owners, key=lambda owner: numbers[owner])
        name = _free_name(numbers[owners[0]], companion.path, taken)
        taken.add(folded(name))
        names = tuple(entries[numbers[owner] - 1].name for owner in owners)
        digest = str(digests[companion.path])
        attached.append(Attached(name, companion.path, companion.identity, digest, names))
    return tuple(attached)


def _free_name(number: int, path: str, taken: set[str]) -> str:
    """Return a companion's staged name: long names that were cut may have become the same."""
    name = journal.staged_name(number, path)
    stem, extension = os.path.splitext(name)
    others = (f"{stem} {again}{extension}" for again in itertools.count(2))
    return next(n for n in itertools.chain([name], others) if folded(n) not in taken)


@dataclass(frozen=True, slots=True)
class _Staging:
    """How one group gets into its folder."""

    group: Group
    entries: tuple[Entry, ...]
    attached: tuple[Attached, ...]
    decision_folder: str
    hold: str

    def phases(self) -> tuple[tuple[Act, ...], ...]:
        """Return folders and texts first, then copies if there are any, then the moves."""
        name = folder_name(self.group)
        folder, held = os.path.join(self.decision_folder, name), os.path.join(self.hold, name)
        if not self.hold:
            ready, moves = self._ready(folder), stage_acts(folder, self._moved, self.attached)
            return ready, (*self._proofs(), *moves)
        moves = stage_acts(held, self._moved, self.attached)
        ready = (*self._ready(folder), *self._ready(held))
        return ready, copy_acts(moves, folder), (*self._proofs(), *moves)

    @property
    def _moved(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.protected)

    def _proofs(self) -> Iterator[Act]:
        """Yield what is to be so before anything moves: the photos that stay are what was seen."""
        for entry in self.entries:
            if entry.protected:
                yield Act(ActKind.VERIFY, entry.origin, "", entry.identity, entry.sha256)

    def _ready(self, folder: str) -> tuple[Act, ...]:
        texts = {
            MANIFEST: manifest_text([*self._moved, *self.attached]),
            META: meta_text(self.group, self.entries, self.attached),
        }
        return (
            Act(ActKind.MAKE_FOLDER, folder),
            *(Act(ActKind.WRITE_TEXT, os.path.join(folder, n), text=t) for n, t in texts.items()),
        )


def stage_acts(
    folder: str, entries: Sequence[Entry], attached: Sequence[Attached]
) -> tuple[Act, ...]:
    """Return the moves of a group's files into its folder, the photos first."""
    origins = {entry.name: entry.origin for entry in entries}
    files: tuple[Entry | Attached, ...] = (*entries, *attached)
    return tuple(
        Act(
            ActKind.STAGE,
            os.path.join(folder, file.name),
            file.origin,
            expect=file.identity,
            sha256=file.sha256,
            owners=tuple(origins[n] for n in file.owners) if isinstance(file, Attached) else (),
        )
        for file in files
    )
