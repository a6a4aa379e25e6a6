"""What a power cut leaves of a disk's last changes: three models, from kind to forgetful.

``kill``   only the process dies: every change so far is there.
``ext4``   a journalling file system in its usual mode: changes of folders reach the disk in their
           global order, and a sync of anything brings all of them so far; the content of a file
           that was not synced itself may be missing, or end half-way. Each drive has its own
           order: a sync of one says nothing about another.
``weak``   what POSIX grants and little more: every folder and every file keeps a prefix of its own
           changes, and only its own sync makes them last. A rename is atomic: once one of its
           two folders keeps it, the other does too. The entry of a new file is a change of the
           folder that it lies in. A tail that was not synced may be missing, end half-way, or
           read as zeros.

All of them believe that what was synced stays. None models a disk that lies about that, nor FAT,
where half a rename may last: there nobody's rename is safe.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from crash.sim_disk import Edit, Image, Operation, SimKernel, Sync, Write

Model = Literal["kill", "ext4", "weak"]
MODELS: tuple[Model, ...] = ("kill", "ext4", "weak")

_STRIDE = 16


class Remains(NamedTuple):
    """What is left of a log: a bit for each operation kept.

    Zeros fill what files lost of the first ``zeros`` operations.
    """

    kept: int
    zeros: int = 0


class Past:
    """A disk's log from a base image on; builds the image that a cut leaves behind."""

    def __init__(self, kernel: SimKernel) -> None:
        self.base = kernel.base
        self.log = list(kernel.log)
        self._checkpoints = [self.base]

    def image(self, remains: Remains) -> Image:
        """Return the image in which only what remains has happened."""
        missing = ~remains.kept & ((1 << len(self.log)) - 1)
        first = (missing & -missing).bit_length() - 1 if missing else len(self.log)
        start = first // _STRIDE
        image = self._checkpoint(start).copy()
        for index in range(start * _STRIDE, remains.kept.bit_length()):
            if remains.kept >> index & 1:
                image.apply(self.log[index])
        if remains.zeros:
            self._fill(image, remains)
        return image

    def _checkpoint(self, number: int) -> Image:
        while len(self._checkpoints) <= number:
            image = self._checkpoints[-1].copy()
            start = (len(self._checkpoints) - 1) * _STRIDE
            for operation in self.log[start : start + _STRIDE]:
                image.apply(operation)
            self._checkpoints.append(image)
        return self._checkpoints[number]

    def _fill(self, image: Image, remains: Remains) -> None:
        for index, operation in enumerate(self.log[: remains.zeros]):
            if isinstance(operation, Write) and not remains.kept >> index & 1:
                content, mtime = image.files[operation.inode]
                image.files[operation.inode] = (content.ljust(len(operation.content), b"\0"), mtime)


def remains(
    model: Model, past: Past, at: int, cap: int, chance: random.Random
) -> Iterator[Remains]:
    """Yield what a cut before operation ``at`` may leave, ``cap`` times drawn by chance."""
    if model == "kill":
        yield Remains((1 << at) - 1)
    elif model == "ext4":
        yield from _ordered(past, at, cap, chance)
    else:
        yield from _independent(past.log, at, cap, chance)


def _ordered(past: Past, at: int, cap: int, chance: random.Random) -> Iterator[Remains]:
    safe, last, writes = _contents(past.log, at)
    drives = [past.base.devices[_inode(operation)] for operation in past.log[:at]]
    for cut in _cuts_of_drives(past.log, drives, cap, chance):
        kept = (i for i, drive in enumerate(drives) if i < cut[drive])
        edits = sum(1 << i for i in kept if not isinstance(past.log[i], Write))
        for content in (writes, safe, writes & ~last | safe):
            yield Remains(edits | content)


def _cuts_of_drives(
    log: Sequence[Operation], drives: Sequence[int], cap: int, chance: random.Random
) -> Iterator[Mapping[int, int]]:
    """Yield up to where each drive keeps its changes: everything there is for one of them alone."""
    ends: dict[int, list[int]] = {}
    for index, drive in enumerate(drives):
        if isinstance(log[index], Sync):
            ends[drive] = [index]
        else:
            ends.setdefault(drive, [0]).append(index + 1)
    none, every = ({drive: found[end] for drive, found in ends.items()} for end in (0, -1))
    yield none
    for drive, found in ends.items():
        for end in found:
            yield {**every, drive: end}
            yield {**none, drive: end}
    for _ in range(cap if len(ends) > 1 else 0):
        yield {drive: chance.choice(found) for drive, found in ends.items()}


def _contents(log: Sequence[Operation], at: int) -> tuple[int, int, int]:
    """Return the synced writes, the last write of each file, and all writes, as bits."""
    safe, all_of_them = 0, 0
    written: dict[int, int] = {}
    last: dict[int, int] = {}
    for index in range(at):
        operation = log[index]
        if isinstance(operation, Write):
            written[operation.inode] = written.get(operation.inode, 0) | 1 << index
            last[operation.inode] = index
            all_of_them |= 1 << index
        elif isinstance(operation, Sync):
            safe |= written.get(operation.inode, 0)
    return safe, sum(1 << index for index in last.values()), all_of_them


def _independent(
    log: Sequence[Operation], at: int, cap: int, chance: random.Random
) -> Iterator[Remains]:
    changes, floors = _changes(log, at)
    loose = [inode for inode in changes if floors[inode] < changes[inode][-1] + 1]
    cuts = {i: [floors[i], *(n + 1 for n in changes[i] if n >= floors[i])] for i in loose}
    none, every = dict(floors), dict.fromkeys(floors, at)
    # One that lags behind all others, one that runs ahead of them, none and all of them; ...
    choices = [none, every]
    choices += [{**every, inode: floors[inode]} for inode in loose]
    choices += [{**none, inode: at} for inode in loose]
    # ... and then by chance.
    for _ in range(cap if len(loose) > 1 else 0):
        choices.append({**floors, **{i: chance.choice(cuts[i]) for i in loose}})
    for choice in choices:
        kept = _kept(log, at, choice)
        yield Remains(kept)
        if chance.random() < 0.2:  # zeros are one more accident, not the rule
            yield Remains(kept, zeros=at)


def _changes(log: Sequence[Operation], at: int) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Return each folder's and file's changes, and up to where they are sure to last.

    What a folder keeps of a rename its other folder keeps too, with all that came before it there.
    """
    changes: dict[int, list[int]] = {}
    floors: dict[int, int] = {}
    for index in range(at):
        operation = log[index]
        for inode in _touched(operation):
            changes.setdefault(inode, []).append(index)
            floors.setdefault(inode, 0)
        if isinstance(operation, Sync):
            _settle(log, changes, floors, operation.inode, index)
    return changes, floors


def _settle(
    log: Sequence[Operation],
    changes: dict[int, list[int]],
    floors: dict[int, int],
    inode: int,
    upto: int,
) -> None:
    if inode not in changes:
        return
    before, floors[inode] = floors[inode], upto
    for index in changes[inode]:
        if before <= index < upto:
            for other in _touched(log[index]):
                if floors[other] <= index:
                    _settle(log, changes, floors, other, index + 1)


def _kept(log: Sequence[Operation], at: int, cuts: dict[int, int]) -> int:
    """Return the operations that lie before the cut of all that they touch."""
    cuts = dict(cuts)
    kept, settled = 0, False
    while not settled:
        settled = True
        kept = 0
        for index in range(at):
            touched = _touched(log[index])
            if all(index < cuts[inode] for inode in touched):
                kept |= 1 << index
                continue
            for inode in touched:
                if index < cuts[inode]:
                    cuts[inode], settled = index, False
    return kept


def _inode(operation: Operation) -> int:
    return operation.entries[0][0] if isinstance(operation, Edit) else operation.inode


def _touched(operation: Operation) -> tuple[int, ...]:
    if isinstance(operation, Edit):
        first, *others = operation.entries
        if others and others[0][0] != first[0]:
            return first[0], others[0][0]
        return (first[0],)
    return (operation.inode,) if isinstance(operation, Write) else ()
