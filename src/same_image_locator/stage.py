"""Plan how groups move into their numbered decision folders; nothing moves here."""

import errno
import itertools
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from same_image_locator import journal
from same_image_locator.aliases import Known
from same_image_locator.decision_folder import (
    MANIFEST,
    META,
    folder_name,
    manifest_text,
    meta_text,
)
from same_image_locator.events import Advanced, Listener, Troubled
from same_image_locator.model import (
    Act,
    ActKind,
    Entry,
    Group,
    Member,
    Photo,
    Plan,
    Problem,
)


def plan_stage(
    groups: Sequence[Group],
    decision_folder: str,
    run: str,
    disk: journal.Disk,
    listener: Listener,
) -> list[Plan]:
    """Return one plan a group; a photo that changed since the scan is left out and told.

    The digest of every photo goes into its plan, so that what comes home can be proven. Exact
    groups know it already; the others are read once more here.
    """
    plans = []
    with ThreadPoolExecutor() as pool:
        for group in groups:
            digests = list(
                pool.map(_digest, itertools.repeat(group), group.members, itertools.repeat(disk))
            )
            entries = _entries(group, digests, listener)
            if len(entries) > 1:
                plans.append(_plan(group, entries, decision_folder, run))
            listener(Advanced("stage", 0, sum(_size(member) for member in group.members)))
    return plans


def _size(member: Member) -> int:
    return member.examined.photo.identity.size


def _digest(group: Group, member: Member, disk: journal.Disk) -> str | OSError:
    """Return a member's SHA-256 digest, or why it cannot be had."""
    photo = member.examined.photo
    try:
        _check(photo, disk)
        if group.method.perceptual:
            digest = disk.sha256(photo.path)
            _check(photo, disk)  # what was read is what the scan saw, from the first byte on
            return digest
    except OSError as error:
        return error
    return member.examined.fingerprint.hex()


def _check(photo: Photo, disk: journal.Disk) -> None:
    found = disk.status(photo.path)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), photo.path)
    if found.kind != "file" or found.identity != photo.identity:
        raise OSError(0, "it has changed since the scan", photo.path)


def _entries(group: Group, digests: list[str | OSError], listener: Listener) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    known = Known()
    for member, digest in zip(group.members, digests, strict=True):
        photo = member.examined.photo
        if isinstance(digest, OSError):
            detail = digest.strerror or str(digest)
            listener(Troubled(Problem(photo.path, "stage", detail)))
            continue
        first = known.met_as(photo.identity.device, photo.identity.inode, photo.path)
        if first is not None:
            detail = f"the same file under two names; the other is {first}"
            listener(Troubled(Problem(photo.path, "stage", detail)))
            continue
        name = journal.staged_name(len(entries) + 1, photo.path)
        distance = member.distance if group.method.perceptual else None
        entries.append(Entry(name, photo.path, photo.identity, digest, distance))
    return tuple(entries)


def _plan(group: Group, entries: tuple[Entry, ...], decision_folder: str, run: str) -> Plan:
    name = folder_name(group)
    folder = os.path.join(decision_folder, name)
    texts = {MANIFEST: manifest_text(entries), META: meta_text(group, entries)}
    ready = (
        Act(ActKind.MAKE_FOLDER, folder),
        *(Act(ActKind.WRITE_TEXT, os.path.join(folder, n), text=t) for n, t in texts.items()),
    )
    return Plan("stage", f"{run}/{name}", (ready, stage_acts(folder, entries)))


def stage_acts(folder: str, entries: Sequence[Entry]) -> tuple[Act, ...]:
    """Return the moves of a group's files into its folder."""
    return tuple(
        Act(
            ActKind.STAGE,
            os.path.join(folder, e.name),
            e.origin,
            expect=e.identity,
            sha256=e.sha256,
        )
        for e in entries
    )
