"""The protocol with one barrier, one order or one check taken out: the campaign must notice.

Each mutant is a patch that holds for as long as its campaign; the program has no switch for any
of them. What a mutant leaves out is named by what the protocol does.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from crash.sim_disk import Edit, SimKernel
from crash.sim_worlds import ROOT
from same_image_locator import aftercare, resume, session, settle, stage
from same_image_locator.journal import HOLD_NAME, Journal, acts, copies, lasting, log
from same_image_locator.journal.acts import ActRefusedError, TargetTakenError
from same_image_locator.journal.carry import Carrier
from same_image_locator.model import Act, ActKind, Plan, Purpose
from same_image_locator.session import Session

Patch = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Mutant:
    """One thing left out; ``lives`` are those that can show it.

    ``spare`` says why nothing can be lost without it: it is kept as belt and braces, and the
    campaign must not notice. All others must be caught.
    """

    name: str
    patch: Patch
    lives: tuple[str, ...]
    spare: str = ""
    worlds: tuple[int, ...] = (8, 0, 1, 4)


def _instead(owner: object, name: str, new: object) -> Patch:
    return lambda: patch.object(owner, name, new)


def _nothing(*_: object, **__: object) -> None:
    return None


def _no_barrier(purpose: Purpose, *kinds: ActKind) -> Patch:
    """Leave out the barrier behind the phases of these kinds; no kinds: behind a taking back."""

    @contextmanager
    def patched() -> Iterator[None]:
        last: dict[Carrier, set[ActKind]] = {}
        forward, barrier = Carrier.forward, Journal._barrier

        def noting_forward(self: Carrier, phase: int) -> None:
            phases = self.plan.phases
            last[self] = {act.kind for act in phases[phase]} if phase < len(phases) else set()
            forward(self, phase)

        def noting_backward(self: Carrier) -> None:
            last[self] = set()
            backward(self)

        def holey_barrier(self: Journal, carriers: list[Carrier]) -> None:
            for carrier in carriers:
                found = last.get(carrier, set())
                if carrier.plan.purpose == purpose and (found & set(kinds) or found == set(kinds)):
                    carrier.touched.clear()
            barrier(self, carriers)

        backward = Carrier.backward
        with (
            patch.object(Carrier, "forward", noting_forward),
            patch.object(Carrier, "backward", noting_backward),
            patch.object(Journal, "_barrier", holey_barrier),
        ):
            yield

    return patched


def _backward_at_once(self: Carrier) -> None:
    _backward(self)
    self.tidy()


_backward = Carrier.backward


def _unsynced_journal(self: SimKernel, path: str) -> None:
    if not path.endswith(log.NAME):
        _sync_file(self, path)


_sync_file = SimKernel.sync_file


@contextmanager
def _unsynced_entry() -> Iterator[None]:
    init = log.Log.__init__

    def sure(self: log.Log, folder: str, kernel: Any) -> None:
        init(self, folder, kernel)
        self._lasting = True

    with patch.object(log.Log, "__init__", sure):
        yield


def _unsynced_decision_folder(folder: str, kernel: Any) -> None:
    acts.make_folder(kernel, folder)


def _synced_only_when_new(folder: str, kernel: Any) -> None:
    for parent in acts.make_folder(kernel, folder):
        kernel.sync_folder(parent)


def _unsynced_replace(self: SimKernel, path: str, data: bytes) -> None:
    with patch.object(SimKernel, "sync_file", _nothing):
        _replace(self, path, data)


_replace = SimKernel.replace


@contextmanager
def _announced_after_the_moves() -> Iterator[None]:
    append = log.Log.append
    waiting: dict[log.Log, list[log.Record]] = {}

    def late(self: log.Log, added: Iterable[log.Record], **how: bool) -> None:
        records = list(added)
        if records[0]["op"] == "plan":
            waiting[self] = records
        else:
            append(self, [*waiting.pop(self, []), *records], **how)

    with patch.object(log.Log, "append", late):
        yield


@contextmanager
def _done_before_its_barrier() -> Iterator[None]:
    append, barrier = Journal._append, Journal._barrier
    held: list[list[Carrier]] = []

    def late(self: Journal, carriers: list[Carrier]) -> None:
        held.append(carriers)

    def early(self: Journal, added: list[Any]) -> None:
        append(self, added)
        while held:
            barrier(self, held.pop())

    with patch.object(Journal, "_append", early), patch.object(Journal, "_barrier", late):
        yield


def _rejects_first(*arguments: Any) -> Plan:
    plan = _plan_settle(*arguments)
    home, proofs, rest, tidy = plan.phases
    folders = tuple(act for act in home if act.kind is ActKind.MAKE_FOLDER)
    homeward = tuple(act for act in home if act.kind is not ActKind.MAKE_FOLDER)
    return replace(plan, phases=((*folders, *rest), homeward, proofs, tidy))


_plan_settle = settle.plan_settle


def _all_in_one_phase(*arguments: Any) -> Plan:
    plan = _plan_settle(*arguments)
    return replace(plan, phases=(tuple(act for phase in plan.phases for act in phase),))


def _purge_without_witness(*arguments: Any) -> tuple[list[Plan], list[str]]:
    plans, unproven = _plan_purge(*arguments)
    return [replace(plan, phases=plan.phases[-2:]) for plan in plans], unproven


_plan_purge = aftercare.plan_purge


def _verify_without_copy(kernel: Any, path: str, act: Act, _other: str) -> None:
    _verify(kernel, path, act, "")


_verify = acts.verify


def _replacing_move(self: SimKernel, source: str, target: str) -> None:
    folder, inode = self.look(source)
    _, there = self.look(os.path.dirname(target))
    name = os.path.basename(target)
    self.happen(Edit(((folder, os.path.basename(source), None), (there, name, inode))))


def _move_over(kernel: Any, act: Act, target: str) -> bool:
    if kernel.status(act.source) is None:
        return False
    _replacing_move(kernel, act.source, target)
    return True


@contextmanager
def _renamed_before_told() -> Iterator[None]:
    def move(self: Carrier, act: Act, candidates: Iterable[str]) -> None:
        for target in candidates:
            with contextlib.suppress(TargetTakenError):
                acts.move(self._kernel, act, target)
                self._settle_on(act, target)
                self.touched |= {os.path.dirname(act.source), os.path.dirname(target)}
                return
        raise ActRefusedError("taken")

    with patch.object(Carrier, "_move", move):
        yield


def _close_journal_first(self: Journal) -> bool:
    for name in (log.NAME, log.RESERVE_NAME):
        acts.remove(self._kernel, os.path.join(self.folder, name))
    return _close(self)


_close = Journal.close


def _believing(line: bytes) -> Any:
    return json.loads(line.partition(b" ")[2])


def _recover_forward_only(self: Journal, *_: object) -> list[Any]:
    for left in self.history.open.values():
        left.aborting = None
    return _recover(self)


_recover = Journal.recover


def _recover_forgetting_names(self: Journal, *_: object) -> list[Any]:
    for left in self.history.open.values():
        left.targets.clear()
    return _recover(self)


def _recover_nothing(self: Journal, *_: object) -> list[Any]:
    return []


def _text_only_on_the_disk(stage: Plan) -> None:
    return None


def _published_unsynced(kernel: Any, act: Act, source: str) -> None:
    with patch.object(SimKernel, "sync_file", _nothing):
        _publish(kernel, act, source)


def _published_unread(kernel: Any, act: Act, source: str) -> None:
    with patch.object(SimKernel, "sha256", lambda *_: act.sha256):
        _publish(kernel, act, source)


_publish = copies._publish


def _published_half(kernel: Any, act: Act, source: str) -> None:
    kernel.copy(source, act.target)
    kernel.sync_file(act.target)


def _copied_when_held(*arguments: Any) -> list[Plan]:
    def late(plan: Plan) -> Plan:
        *ready, copying, moves = plan.phases
        return replace(plan, phases=(*ready, moves, copying))

    return [late(plan) for plan in _plan_stage(*arguments)]


def _shown_to_the_last(*arguments: Any) -> Plan:
    plan = _plan_settle(*arguments)
    left = tuple(
        tuple(act for act in phase if act.kind is not ActKind.REMOVE_COPY) for phase in plan.phases
    )
    return replace(plan, phases=left)


_plan_stage = stage.plan_stage


def _barrier_but_for_the_hold(self: Journal, carriers: list[Carrier]) -> None:
    for carrier in carriers:
        carrier.touched -= {one for one in carrier.touched if one.startswith(_HOLD)}
    _barrier(self, carriers)


_barrier = Journal._barrier
_HOLD = f"{ROOT}/{HOLD_NAME}"


def _close_despite_the_hold(self: Journal) -> bool:
    names = SimKernel.names

    def blind(disk: SimKernel, folder: str) -> list[str]:
        return [] if folder == self.folder else names(disk, folder)

    with patch.object(type(self.history), "holds", set()), patch.object(SimKernel, "names", blind):
        return _close(self)


def _unsynced_folder(path_of: str) -> Callable[[SimKernel, str], None]:
    def sync_folder(self: SimKernel, path: str) -> None:
        if path != path_of:
            _sync_folder(self, path)

    return sync_folder


_sync_folder = SimKernel.sync_folder


def _close_forgetting_the_root(self: Journal) -> bool:
    with patch.object(SimKernel, "sync_folder", _unsynced_folder(ROOT)):
        return _close(self)


def _trashed_without_proof(kernel: Any, act: Act, name: str) -> None:
    if kernel.status(act.source):
        acts._hand_over(kernel, act.source, name)
        acts.remove(kernel, act.source)


def _trashed_without_sync(kernel: Any, act: Act, name: str) -> None:
    with patch.object(SimKernel, "sync_folder", _nothing):
        _trash(kernel, act, name)


_trash = acts.trash


_FAR_STAGE, _FAR_SETTLE = ("copies: stage, undo",), ("copies: stage, settle, undo",)
_BAD_COPIES, _UNPLUGGED = ("copies: they come out wrong",), ("copies: a drive is missing",)
_TRASH, _BAD_TRASH = ("rejects to the trash",), ("the trash deletes",)
_STAGE, _SETTLE = ("stage, undo",), ("stage, settle, undo",)
_NAMES = ("names taken, settle, undo", "names taken, undo", "settle, names taken, undo")
_PURGE = ("stage, settle, purge",)
_SPOILT = ("a reject is no copy",)
_EDITED = ("a set-aside file is edited",)
_LOST_KEPT = ("a kept file is edited",)

_ALL: Sequence[Mutant] = (
    # Barriers.
    Mutant(
        "the journal is not synced", _instead(SimKernel, "sync_file", _unsynced_journal), _STAGE
    ),
    Mutant(
        "the entry of a new journal is not synced",
        _unsynced_entry,
        _STAGE,
        spare="the barrier behind a stage's folders syncs the decision folder before any move",
    ),
    Mutant(
        "the decision folder's parent is not synced",
        _instead(lasting, "make_decision_folder", _unsynced_decision_folder),
        _STAGE,
    ),
    Mutant(
        "a decision folder that is there is taken to be on the disk",
        _instead(lasting, "make_decision_folder", _synced_only_when_new),
        _STAGE,
        worlds=(0, 7, 9, 11),
    ),
    Mutant(
        "no barrier between a stage's folders and its moves",
        _no_barrier("stage", ActKind.MAKE_FOLDER),
        _STAGE,
    ),
    Mutant(
        "no barrier behind a stage's moves",
        _no_barrier("stage", ActKind.STAGE),
        (*_STAGE, *_SETTLE),
    ),
    Mutant(
        "no barrier between homecoming and proof",
        _no_barrier("settle", ActKind.BRING_HOME),
        _SETTLE,
    ),
    Mutant("no barrier behind setting aside", _no_barrier("settle", ActKind.SET_ASIDE), _SETTLE),
    Mutant("no barrier behind tidying", _no_barrier("settle", ActKind.REMOVE_FOLDER), _SETTLE),
    Mutant("no barrier behind an undo", _no_barrier("undo", ActKind.BRING_HOME), _STAGE),
    Mutant(
        "no barrier behind an undo's tidying", _no_barrier("undo", ActKind.REMOVE_FOLDER), _SETTLE
    ),
    Mutant(
        "no barrier behind a purge",
        _no_barrier("purge", ActKind.PURGE),
        _PURGE,
        spare="the folder of what is purged goes next, and that is synced",
    ),
    Mutant(
        "no barrier behind a purge's tidying", _no_barrier("purge", ActKind.REMOVE_FOLDER), _PURGE
    ),
    Mutant("no barrier behind taking back", _no_barrier("settle"), _SPOILT),
    Mutant(
        "no barrier between taking back and tidying",
        _instead(Carrier, "backward", _backward_at_once),
        ("a photo may not be moved",),
    ),
    Mutant(
        "recovery builds on a journal that was not synced",
        _instead(log.Log, "make_lasting", _nothing),
        _SETTLE,
    ),
    Mutant(
        "recovery builds on folders that were not synced",
        _instead(lasting, "sync_folders", _nothing),
        _SETTLE,
    ),
    Mutant(
        "a replaced text is not synced",
        _instead(SimKernel, "replace", _unsynced_replace),
        _STAGE,
        spare="no text is needed: the journal holds all of it; an empty one starts a review afresh",
    ),
    # Orders.
    Mutant("a plan is announced after its moves", _announced_after_the_moves, _STAGE),
    Mutant("done is told before its barrier", _done_before_its_barrier, (*_STAGE, *_SETTLE)),
    Mutant(
        "rejects leave before the kept are home",
        _instead(settle, "plan_settle", _rejects_first),
        _SPOILT,
    ),
    Mutant("a settle in one phase", _instead(settle, "plan_settle", _all_in_one_phase), _SETTLE),
    Mutant("another name is told after its move", _renamed_before_told, _NAMES),
    Mutant(
        "the journal goes first at the end",
        _instead(Journal, "close", _close_journal_first),
        _LOST_KEPT,
    ),
    # Checks.
    Mutant("kept files are not read again", _instead(acts, "verify", _nothing), _SPOILT),
    Mutant("rejects are not compared", _instead(acts, "verify", _verify_without_copy), _SPOILT),
    Mutant(
        "a changed file is taken for the same", _instead(acts, "matches", lambda *_: True), _EDITED
    ),
    Mutant("a move replaces", _instead(acts, "move", _move_over), _NAMES),
    Mutant(
        "a purge without a witness",
        _instead(aftercare, "plan_purge", _purge_without_witness),
        _LOST_KEPT,
    ),
    Mutant("a half-written line is believed", _instead(log, "_record", _believing), _STAGE),
    Mutant("a half-written line is not cut off", _instead(log.Log, "_cut", _nothing), _STAGE),
    # The copy route.
    Mutant(
        "a copy is published before it is synced",
        _instead(copies, "_publish", _published_unsynced),
        _FAR_STAGE,
    ),
    Mutant("a copy is not read back", _instead(copies, "_publish", _published_unread), _BAD_COPIES),
    Mutant(
        "a copy has its name before it is whole",
        _instead(copies, "_publish", _published_half),
        _FAR_STAGE,
    ),
    Mutant(
        "photos are held before their copies are proven",
        _instead(stage, "plan_stage", _copied_when_held),
        (*_FAR_STAGE, *_BAD_COPIES),
        spare="a copy that is refused takes the moves back; no photo is moved in vain, that is all",
    ),
    Mutant(
        "copies outlive their group",
        _instead(settle, "plan_settle", _shown_to_the_last),
        _FAR_SETTLE,
    ),
    Mutant(
        "no barrier in the hold",
        _instead(Journal, "_barrier", _barrier_but_for_the_hold),
        (*_FAR_STAGE, *_FAR_SETTLE),
    ),
    Mutant(
        "the journal goes though photos are held",
        _instead(Journal, "close", _close_despite_the_hold),
        ("copies: one set aside is edited",),
    ),
    Mutant(
        "the end of the hold is not synced before that of the journal",
        _instead(Journal, "close", _close_forgetting_the_root),
        _FAR_STAGE,
    ),
    Mutant(
        "recovery without the drive of the photos",
        _instead(session, "check_drive", _nothing),
        _UNPLUGGED,
    ),
    # The trash.
    Mutant(
        "the trash is believed without proof",
        _instead(acts, "trash", _trashed_without_proof),
        _BAD_TRASH,
    ),
    Mutant(
        "what is proven of the trash is not synced",
        _instead(acts, "trash", _trashed_without_sync),
        _TRASH,
    ),
    # Recovery.
    Mutant("recovery does not go on", _instead(Journal, "recover", _recover_nothing), _SETTLE),
    Mutant(
        "recovery goes on where a plan was being taken back",
        _instead(Journal, "recover", _recover_forward_only),
        _SPOILT,
        spare="what refused the plan refuses it again, and it is taken back then",
    ),
    Mutant(
        "recovery forgets other names",
        _instead(Journal, "recover", _recover_forgetting_names),
        _NAMES,
    ),
    Mutant(
        "a finished move is not recognised",
        _instead(acts, "_there_already", lambda *_: False),
        _STAGE,
    ),
    Mutant("taking back moves nothing", _instead(Carrier, "_take_back", _nothing), _SPOILT),
    Mutant(
        "an interrupted staging counts as whole",
        _instead(Session, "staging_was_interrupted", False),
        _STAGE,
    ),
    Mutant(
        "facts are read from the unsynced text",
        _instead(resume, "_text_in_journal", _text_only_on_the_disk),
        _SETTLE,
    ),
)

MUTANTS = tuple(one for one in _ALL if not one.spare)
SPARE = tuple(one for one in _ALL if one.spare)
