"""Each patch takes one barrier, order or check out of the protocol for as long as it holds."""

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from crash.sim_disk import Edit, SimKernel
from crash.sim_worlds import ROOT
from same_image_locator import aftercare, settle, stage
from same_image_locator.journal import HOLD_NAME, Journal, acts, copies, log, sidecars
from same_image_locator.journal.acts import ActRefusedError, TargetTakenError
from same_image_locator.journal.carry import Carrier
from same_image_locator.plans import Act, ActKind, Plan, Purpose

Patch = Callable[[], AbstractContextManager[object]]


def instead(owner: object, name: str, new: object) -> Patch:
    return lambda: patch.object(owner, name, new)


def nothing(*_: object, **__: object) -> None:
    return None


def no_barrier(purpose: Purpose, *kinds: ActKind) -> Patch:
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


def backward_at_once(self: Carrier) -> None:
    _backward(self)
    self.tidy()


_backward = Carrier.backward


def unsynced_journal(self: SimKernel, path: str) -> None:
    if not path.endswith(log.NAME):
        _sync_file(self, path)


_sync_file = SimKernel.sync_file


@contextmanager
def unsynced_entry() -> Iterator[None]:
    init = log.Log.__init__

    def sure(self: log.Log, folder: str, kernel: Any) -> None:
        init(self, folder, kernel)
        self._lasting = True

    with patch.object(log.Log, "__init__", sure):
        yield


def unsynced_decision_folder(folder: str, kernel: Any) -> None:
    acts.make_folder(kernel, folder)


def synced_only_when_new(folder: str, kernel: Any) -> None:
    for parent in acts.make_folder(kernel, folder):
        kernel.sync_folder(parent)


def unsynced_replace(self: SimKernel, path: str, data: bytes) -> None:
    with patch.object(SimKernel, "sync_file", nothing):
        _replace(self, path, data)


_replace = SimKernel.replace


@contextmanager
def announced_after_the_moves() -> Iterator[None]:
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
def done_before_its_barrier() -> Iterator[None]:
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


def rejects_first(*arguments: Any) -> Plan:
    plan = _plan_settle(*arguments)
    home, proofs, rest, tidy = plan.phases
    folders = tuple(act for act in home if act.kind is ActKind.MAKE_FOLDER)
    homeward = tuple(act for act in home if act.kind is not ActKind.MAKE_FOLDER)
    return replace(plan, phases=((*folders, *rest), homeward, proofs, tidy))


_plan_settle = settle.plan_settle


def all_in_one_phase(*arguments: Any) -> Plan:
    plan = _plan_settle(*arguments)
    return replace(plan, phases=(tuple(act for phase in plan.phases for act in phase),))


def purge_without_witness(*arguments: Any) -> tuple[list[Plan], list[str]]:
    plans, unproven = _plan_purge(*arguments)
    return [replace(plan, phases=plan.phases[-2:]) for plan in plans], unproven


_plan_purge = aftercare.plan_purge


def verify_without_copy(kernel: Any, path: str, act: Act, _other: str) -> None:
    _verify(kernel, path, act, "")


_verify = acts.verify


def _replacing_move(self: SimKernel, source: str, target: str) -> None:
    folder, inode = self.look(source)
    _, there = self.look(os.path.dirname(target))
    name = os.path.basename(target)
    self.happen(Edit(((folder, os.path.basename(source), None), (there, name, inode))))


def move_over(kernel: Any, act: Act, target: str) -> bool:
    if kernel.status(act.source) is None:
        return False
    _replacing_move(kernel, act.source, target)
    return True


@contextmanager
def renamed_before_told() -> Iterator[None]:
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


def close_journal_first(self: Journal) -> bool:
    for name in (log.NAME, log.RESERVE_NAME):
        acts.remove(self._kernel, os.path.join(self.folder, name))
    return _close(self)


_close = Journal.close


def believing(line: bytes) -> Any:
    return json.loads(line.partition(b" ")[2])


def recover_forward_only(self: Journal, *_: object) -> list[Any]:
    for left in self.history.open.values():
        left.aborting = None
    return _recover(self)


_recover = Journal.recover


def recover_forgetting_names(self: Journal, *_: object) -> list[Any]:
    for left in self.history.open.values():
        left.targets.clear()
    return _recover(self)


def recover_nothing(self: Journal, *_: object) -> list[Any]:
    return []


def text_only_on_the_disk(stage: Plan) -> None:
    return None


def published_unsynced(kernel: Any, act: Act, source: str) -> None:
    with patch.object(SimKernel, "sync_file", nothing):
        _publish(kernel, act, source)


def published_unread(kernel: Any, act: Act, source: str) -> None:
    with patch.object(SimKernel, "sha256", lambda *_: act.sha256):
        _publish(kernel, act, source)


_publish = copies._publish


def published_half(kernel: Any, act: Act, source: str) -> None:
    kernel.copy(source, act.target)
    kernel.sync_file(act.target)


def copied_when_held(*arguments: Any) -> list[Plan]:
    def late(plan: Plan) -> Plan:
        *ready, copying, moves = plan.phases
        return replace(plan, phases=(*ready, moves, copying))

    return [late(plan) for plan in _plan_stage(*arguments)]


def shown_to_the_last(*arguments: Any) -> Plan:
    plan = _plan_settle(*arguments)
    left = tuple(
        tuple(act for act in phase if act.kind is not ActKind.REMOVE_COPY) for phase in plan.phases
    )
    return replace(plan, phases=left)


_plan_stage = stage.plan_stage


def barrier_but_for_the_hold(self: Journal, carriers: list[Carrier]) -> None:
    for carrier in carriers:
        carrier.touched -= {one for one in carrier.touched if one.startswith(_HOLD)}
    _barrier(self, carriers)


_barrier = Journal._barrier
_HOLD = f"{ROOT}/{HOLD_NAME}"


def close_despite_the_hold(self: Journal) -> bool:
    names = SimKernel.names

    def blind(disk: SimKernel, folder: str) -> list[str]:
        return [] if folder == self.folder else names(disk, folder)

    for group in self.history.groups.values():
        group.left = ()  # what an undo had to leave keeps the journal, too
    with patch.object(type(self.history), "holds", set()), patch.object(SimKernel, "names", blind):
        return _close(self)


def _unsynced_folder(path_of: str) -> Callable[[SimKernel, str], None]:
    def sync_folder(self: SimKernel, path: str) -> None:
        if path != path_of:
            _sync_folder(self, path)

    return sync_folder


_sync_folder = SimKernel.sync_folder


def close_unsynced(self: Journal) -> bool:
    with patch.object(log.Log, "make_lasting", nothing):
        return _close(self)


def close_forgetting_the_root(self: Journal) -> bool:
    with patch.object(SimKernel, "sync_folder", _unsynced_folder(ROOT)):
        return _close(self)


def trashed_without_proof(kernel: Any, act: Act, name: str) -> None:
    if kernel.status(act.source):
        acts._hand_over(kernel, act.source, name)
        acts.remove(kernel, act.source)


def trashed_without_sync(kernel: Any, act: Act, name: str) -> None:
    with patch.object(SimKernel, "sync_folder", nothing):
        _trash(kernel, act, name)


_trash = acts.trash


def sidecar_unsynced(kernel: Any, act: Act, target: str) -> None:
    with patch.object(SimKernel, "sync_file", nothing):
        _write_sidecar(kernel, act, target)


_write_sidecar = sidecars.write


def sidecar_half(kernel: Any, act: Act, target: str) -> None:
    if kernel.status(target) is None:
        kernel.create(target, act.text.encode())
        kernel.sync_file(target)


def sidecar_removed_unread(kernel: Any, path: str, _sha256: str) -> bool:
    return acts.remove(kernel, path)
