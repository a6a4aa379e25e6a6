"""The only code that changes files: it writes down what it will do, does it, and can take it back.

The protocol: a batch of plans becomes durable in the journal, then each phase of them is carried
out with the touched folders synced behind it, then the receipts become durable. A run that dies
in between is completed, or taken back where it cannot be, by ``recover`` at the next start.
"""

import datetime as dt
import errno
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from same_image_locator import __version__
from same_image_locator.errors import RefusedError
from same_image_locator.journal import acts, lasting, lock, log, records
from same_image_locator.journal.acts import ActRefusedError
from same_image_locator.journal.carry import Carrier
from same_image_locator.journal.chronicle import Chapter, Chronicle, read_chronicle
from same_image_locator.journal.history import GroupHistory, History, announced, fold, read_history
from same_image_locator.journal.kernel import (
    Disk,
    Kernel,
    RealKernel,
    added_to,
    written_whole,
)
from same_image_locator.journal.names import companion_home, home_names, sidecar_of, staged_name
from same_image_locator.journal.rehearsal import Rehearsal
from same_image_locator.own_names import HOLD_NAME, JOURNAL_NAME
from same_image_locator.plans import ActKind, Plan, Receipt

__all__ = [
    "ASIDE_NAME",
    "DISK",
    "HOLD_NAME",
    "JOURNAL_NAME",
    "OWN_NAMES",
    "Chapter",
    "Chronicle",
    "Disk",
    "GroupHistory",
    "History",
    "Journal",
    "added_to",
    "chronicle",
    "companion_home",
    "home_names",
    "opened",
    "owner",
    "peek",
    "rehearsed",
    "save_text",
    "sidecar_of",
    "staged_name",
    "write_new",
    "written_whole",
]

ASIDE_NAME = ".set-aside"
# Our own files at the top of a decision folder; it may go when nothing else is left in it.
OWN_NAMES = (
    JOURNAL_NAME,
    log.RESERVE_NAME,
    ".preferences.json",
    ".preferences.json.new",
    lock.OWNER_NAME,
    f"{lock.OWNER_NAME}.new",
    lock.NAME,
)

# The real file system, for whoever only looks.
DISK: Disk = RealKernel()

# One barrier serves this many groups, or acts where groups are large: staging with a barrier a
# group costs thirteen times staging without any, in batches of 64 about twice, of 256 about 1.5.
_STAGED_TOGETHER = (256, 4096)
# What must work on a full disk is announced in pieces that the journal's reserve can hold.
_OTHERS_TOGETHER = (64, 128)

# The drive is gone, fails, or has become read-only: to go on would only spread the damage.
_GONE = frozenset(
    getattr(errno, name)
    for name in ("EIO", "EROFS", "ENODEV", "ENXIO", "ESTALE", "ENOTCONN", "EHOSTDOWN")
    if hasattr(errno, name)
)


def _nothing(_receipt: Receipt) -> None:
    """Watch no receipts."""


class Journal:
    """The hands of one run on one decision folder, which the caller has locked."""

    def __init__(self, folder: str, kernel: Kernel) -> None:
        self.folder = folder
        self._kernel = kernel
        self._code = records.PathCode(folder)
        self._log = log.Log(folder, kernel)
        # What the journal knows at this moment, kept up to date record by record.
        self.history = read_history(self._log.load(), self._code)

    @property
    def disk(self) -> Disk:
        """The file system that this journal works on, for planners to look at."""
        return self._kernel

    def begin(self, root: str) -> str:
        """Name a new run over ``root``; its name is part of every subject it stages."""
        run = f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        self._append(
            [{"op": "begin", "run": run, "root": root, "version": __version__, "at": _now()}]
        )
        with suppress(OSError):
            self._log.hold_reserve([])
        return run

    def complete(self) -> None:
        """Note that the run has staged all that it found; without it the next run scans again."""
        self._append([{"op": "complete", "at": _now()}])

    def perform(
        self, plans: Sequence[Plan], watch: Callable[[Receipt], None] = _nothing
    ) -> list[Receipt]:
        """Carry out plans in batches; ``watch`` sees each receipt once it is durable.

        A plan with a refused act is taken back and its receipt says why; the others go on.

        Raises:
            OSError: the journal cannot be written, or the drive is gone or read-only: all stays
                as it is, and ``recover`` goes on later. Or the drive has no room to stage more:
                what did not fit is taken back, what did is staged.
        """
        receipts: list[Receipt] = []
        staging = any(plan.purpose == "stage" and plan.acts(ActKind.MAKE_FOLDER) for plan in plans)
        for together in _batches(plans, *(_STAGED_TOGETHER if staging else _OTHERS_TOGETHER)):
            numbered = list(enumerate(together, self.history.plans + 1))
            lines = [records.plan_record(n, plan, self._code, _now()) for n, plan in numbered]
            if staging:
                # Nothing is staged that a disk full to the last block could not give back.
                self._log.hold_reserve(lines)
            self._log.append(lines, to_the_last=not staging)
            for number, plan in numbered:
                announced(self.history, number, plan)
            batch = [(number, self._carrier(number, plan)) for number, plan in numbered]
            for receipt in self._carry(batch, stop_when_gone=True):
                receipts.append(receipt)
                watch(receipt)
            _stop_when_full([carrier for _, carrier in batch])
        return receipts

    def recover(self, watch: Callable[[Receipt], None] = _nothing) -> list[Receipt]:
        """Complete, or take back, every plan that a dead run left open."""
        receipts: list[Receipt] = []
        left_open = list(self.history.open.values())
        if left_open:
            self._log.make_lasting()
            places = (self.folder, self.history.root)
            lasting.sync_folders((left.plan for left in left_open), places, self._kernel)
        for left in left_open:
            carrier = self._carrier(left.number, left.plan)
            carrier.targets.update(left.targets)
            if left.aborting is None:
                found = self._carry([(left.number, carrier)])
            else:
                found = [self._take_back(left.number, carrier, left.aborting)]
            for receipt in found:
                receipts.append(receipt)
                watch(receipt)
        return receipts

    def close(self) -> bool:
        """Remove the decision folder when nothing of the user's is left in it, and it can go."""
        try:
            return self._close()
        except (ActRefusedError, OSError):
            return False

    def _close(self) -> bool:
        if self._kernel.status(self._log.path):
            # A dead run may have written that all has ended, and not lived to sync it: without that
            # line and the hold, photos that were purged would pass for those of an unplugged drive.
            self._log.make_lasting()
        self._tidy_aside(self.folder)
        for hold in sorted(self.history.holds):
            self._tidy_aside(hold)
            if acts.remove_folder(self._kernel, hold):
                return False  # photos wait there, and only the journal knows them
            # On another drive than the journal: nobody would ever look for it again.
            self._kernel.sync_folder(os.path.dirname(hold))
        if set(self._kernel.names(self.folder)) - set(OWN_NAMES):
            return False
        left = (path for group in self.history.groups.values() for path in group.left)
        if any(self._kernel.status(path) for path in left):
            return False  # such as a sidecar of ours that could not be removed beside a photo
        # The journal goes last: a folder without it would look like the first version's.
        for name in reversed(OWN_NAMES):
            acts.remove(self._kernel, os.path.join(self.folder, name))
        return not acts.remove_folder(self._kernel, self.folder)

    def _tidy_aside(self, folder: str) -> None:
        """Remove the folders of set-aside files in which none is left."""
        aside = os.path.join(folder, ASIDE_NAME)
        for run in self._kernel.names(aside):
            acts.remove_folder(self._kernel, os.path.join(aside, run))
        acts.remove_folder(self._kernel, aside)

    def _carrier(self, number: int, plan: Plan) -> Carrier:
        def retarget(source: str, target: str) -> None:
            at = {"from": self._code.write(source), "to": self._code.write(target)}
            self._append([{"op": "retarget", "id": number, **at}])

        return Carrier(plan, self._kernel, retarget)

    def _carry(
        self, batch: list[tuple[int, Carrier]], *, stop_when_gone: bool = False
    ) -> list[Receipt]:
        for phase in range(max(len(carrier.plan.phases) for _, carrier in batch)):
            for _, carrier in batch:
                carrier.forward(phase)
                if stop_when_gone and carrier.trouble and carrier.trouble.errno in _GONE:
                    raise carrier.trouble
            self._barrier([carrier for _, carrier in batch])
        receipts = {number: carrier.receipt() for number, carrier in batch if not carrier.failed}
        if receipts:
            self._append([_done(number, receipt) for number, receipt in receipts.items()])
        for number, carrier in batch:
            if carrier.failed:
                reason = carrier.receipt().reason
                self._append([{"op": "abort", "id": number, "reason": reason}])
                receipts[number] = self._take_back(number, carrier, "")
        return [receipts[number] for number, _ in batch]

    def _take_back(self, number: int, carrier: Carrier, reason: str) -> Receipt:
        carrier.failed = True
        carrier.backward()
        # Else the end of a folder might outlast a power cut, and the moves out of it might not.
        self._barrier([carrier])
        carrier.tidy()
        self._barrier([carrier])
        self._append([{"op": "aborted", "id": number, "at": _now()}])
        return carrier.receipt(reason)

    def _append(self, added: list[log.Record]) -> None:
        self._log.append(added)
        for record in added:
            fold(self.history, record, self._code)

    def _barrier(self, carriers: list[Carrier]) -> None:
        """Return once every folder that these plans have touched is on the disk."""
        touched = set().union(*(carrier.touched for carrier in carriers))
        for folder in sorted(touched):
            found = self._kernel.status(folder)
            # It may have been removed, or moved away with a link left in its place.
            if found is not None and found.kind == "folder":
                self._kernel.sync_folder(folder)
        for carrier in carriers:
            carrier.touched.clear()


@contextmanager
def opened(folder: str) -> Iterator[Journal]:
    """Lock a decision folder, made if it is missing, and open its journal.

    Raises:
        LockedError: another run is working in it.
        RefusedError: it cannot be made.
        JournalDamagedError: the journal cannot be followed.
    """
    kernel = RealKernel()
    lasting.make_decision_folder(folder, kernel)
    with lock.locked(folder, kernel):
        yield Journal(folder, kernel)


def peek(folder: str) -> History:
    """Read what a decision folder's journal knows, without a lock and without changing anything."""
    return read_history(log.Log(folder, RealKernel()).load(), records.PathCode(folder))


def rehearsed(folder: str) -> Journal:
    """Return a journal that works as the real one does, and changes nothing on the disk.

    It takes no lock, so that it also tells what would be done while another run works.
    """
    return Journal(folder, Rehearsal(RealKernel()))


def chronicle(folder: str) -> Chronicle:
    """Read all that a decision folder's journal was ever told; takes no lock, changes nothing."""
    return read_chronicle(log.Log(folder, RealKernel()).load(), records.PathCode(folder))


def owner(folder: str) -> str | None:
    """Return which run works in a decision folder at this moment, None when none does."""
    return lock.owner(folder, RealKernel())


def save_text(path: str, text: str) -> None:
    """Write one of our own small state files whole, or not at all.

    Raises:
        OSError: it cannot be written.
    """
    RealKernel().replace(path, text.encode("utf-8"))


def write_new(path: str, data: bytes) -> None:
    """Write a file that did not exist, with its missing folders.

    Raises:
        OSError: it cannot be written, or the name is taken.
        RefusedError: its folder cannot be made.
    """
    kernel = RealKernel()
    try:
        acts.make_folder(kernel, os.path.dirname(path))
    except ActRefusedError as refused:
        raise RefusedError(str(refused), "Choose another place") from refused
    kernel.create(path, data)


def _batches(plans: Sequence[Plan], groups: int, acts_at_most: int) -> Iterator[list[Plan]]:
    batch: list[Plan] = []
    held = 0
    for plan in plans:
        size = sum(map(len, plan.phases))
        if batch and (len(batch) == groups or held + size > acts_at_most):
            yield batch
            batch, held = [], 0
        batch.append(plan)
        held += size
    if batch:
        yield batch


def _stop_when_full(carriers: list[Carrier]) -> None:
    """Raise when the drive has no room for more groups: each of them would only say so again."""
    for carrier in carriers:
        trouble = carrier.trouble
        if trouble and trouble.errno in log.FULL and carrier.plan.purpose == "stage":
            raise trouble


def _done(number: int, receipt: Receipt) -> log.Record:
    return {"op": "done", "id": number, "at": _now(), "leftovers": list(receipt.leftovers)}


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
