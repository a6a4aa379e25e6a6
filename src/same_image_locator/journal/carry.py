"""One plan being carried out: forward phase by phase, or backward when an act is refused."""

import itertools
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property

from same_image_locator.journal import acts, copies, names, sidecars
from same_image_locator.journal.acts import ActRefusedError, TargetTakenError
from same_image_locator.journal.kernel import Kernel
from same_image_locator.journal.sidecars import NotOursError
from same_image_locator.plans import Act, ActKind, Plan, Receipt

_MOVES = (ActKind.STAGE, ActKind.BRING_HOME, ActKind.SET_ASIDE)
_MAY_STAY = (
    ActKind.REMOVE_TEXT,
    ActKind.REMOVE_FOLDER,
    ActKind.REMOVE_COPY,
    ActKind.REMOVE_SIDECAR,
    ActKind.PURGE,
    ActKind.TRASH,
)

Retarget = Callable[[str, str], None]


class Carrier:
    """Carries one plan; knows where each file really went, from before a crash too.

    ``retarget(source, target)`` makes durable, before the move, that a file goes to another name
    than planned because that one is taken. ``targets`` holds those names, by source. ``trouble``
    is the error of a drive that is full, gone or read-only, once one has shown itself.
    """

    def __init__(self, plan: Plan, kernel: Kernel, retarget: Retarget) -> None:
        self.plan = plan
        self.failed = False
        self.trouble: OSError | None = None
        self.touched: set[str] = set()
        self.targets: dict[str, str] = {}
        self._troubles: list[str] = []
        self._leftovers: list[str] = []
        self._sidecars: list[str] = []
        self._kernel = kernel
        self._retarget = retarget
        self._moves = tuple(a for phase in plan.phases for a in phase if a.kind in _MOVES)
        self._home_word = "kept" if plan.purpose == "settle" else "restored"

    @cached_property
    def _homeward(self) -> dict[str, Act]:
        return _homeward(self._moves)

    @cached_property
    def _followers(self) -> dict[str, list[Act]]:
        """The companions that come home under the name of a photo, by where that photo is."""
        followers: dict[str, list[Act]] = defaultdict(list)
        for act in self._homeward.values():
            for owner in act.owners[:1]:
                followers[owner].append(act)
        return followers

    def forward(self, phase: int) -> None:
        """Carry out one phase; a refused act makes the plan ``failed``."""
        if self.failed or phase >= len(self.plan.phases):
            return
        for act in self.plan.phases[phase]:
            try:
                self._do(act)
            except (ActRefusedError, OSError) as refused:
                self._note(act, refused)
                if not self._may_stay(act):
                    self.failed = True
                    return
                if not isinstance(refused, NotOursError):  # that is no longer ours to remove
                    self._leftovers.append(_about(act))

    def backward(self) -> None:
        """Take back every move that was made; what cannot go back stays and is named."""
        # Photos before their companions, which follow them to whatever name is free.
        for act in sorted(self._moves, key=lambda act: bool(act.owners)):
            try:
                self._take_back(act)
            except (ActRefusedError, OSError) as stuck:
                self._note(act, stuck)
                self._leftovers.append(self._target(act))
        for act in self.plan.acts(ActKind.WRITE_SIDECAR):
            try:
                self._unwrite(act)
            except (ActRefusedError, OSError) as stuck:
                # What took its place before it was written was never ours, and that is said.
                if self._target(act) in self._sidecars or not isinstance(stuck, NotOursError):
                    self._note(act, stuck)
        self._sidecars.clear()

    def tidy(self) -> None:
        """Remove what is ours of a plan that was taken back, once its moves back will last."""
        if self._leftovers:
            return  # our texts tell where the files that are stuck belong
        for act in self.plan.acts(ActKind.COPY):
            self._tidy(act, copies.remove_copy)
        for act in self.plan.acts(ActKind.WRITE_TEXT):
            self._tidy(act, lambda kernel, text: acts.remove(kernel, text.target))
        for act in reversed(self.plan.acts(ActKind.MAKE_FOLDER)):
            self._tidy(act, lambda kernel, made: acts.remove_folder(kernel, made.target))

    def receipt(self, reason: str = "") -> Receipt:
        """Return what became of the plan; ``reason`` is why a dead run began to take it back."""
        homes = tuple((a.source, self._target(a)) for a in self.plan.acts(ActKind.BRING_HOME))
        reasons = "; ".join(filter(None, [reason, *self._troubles]))
        written, left = tuple(self._sidecars), tuple(self._leftovers)
        return Receipt(self.plan, not self.failed, reasons, homes, left, written)

    def _note(self, act: Act, refused: ActRefusedError | OSError) -> None:
        """Remember why an act was refused, in words and as the drive's trouble, if it is that."""
        if isinstance(refused, OSError):
            refused = ActRefusedError(
                f"{_about(act)} cannot be reached: {acts.reason(refused)}", refused
            )
        self._troubles.append(str(refused))
        self.trouble = self.trouble or refused.trouble

    def _may_stay(self, act: Act) -> bool:
        """Return whether a refusal of this act endangers nothing, so that the plan goes on.

        An undo brings home what it can; a purge and the trash leave what cannot be proven; our
        own texts, folders and copies may stay behind. A stage or a settle with one refused move
        is taken back as a whole.
        """
        if act.kind in _MAY_STAY:
            return True
        return self.plan.purpose == "undo" and act.kind is ActKind.BRING_HOME

    def _do(self, act: Act) -> None:  # noqa: C901 - a case a kind, so that a missing one is seen
        match act.kind:
            case ActKind.MAKE_FOLDER:
                self.touched.update(acts.make_folder(self._kernel, act.target))
            case ActKind.WRITE_TEXT:
                acts.write_text(self._kernel, act)
                self.touched.add(os.path.dirname(act.target))
            case ActKind.COPY:
                copies.copy(self._kernel, act, self._now(act.source))
                self.touched.add(os.path.dirname(act.target))
            case ActKind.STAGE | ActKind.SET_ASIDE:
                self._move(act, [act.target])
            case ActKind.BRING_HOME:
                self._bring_home(act)
            case ActKind.VERIFY:
                self._verify(act)
            case ActKind.TRASH:
                self._trash(act)
            case ActKind.PURGE:
                self._purge(act)
            case ActKind.WRITE_SIDECAR:
                self._write_sidecar(act)
            case (  # pragma: no branch - mypy proves that none is missing
                ActKind.REMOVE_COPY
                | ActKind.REMOVE_SIDECAR
                | ActKind.REMOVE_TEXT
                | ActKind.REMOVE_FOLDER
            ):
                self._remove(act)
                self.touched.add(os.path.dirname(act.target))

    def _remove(self, act: Act) -> None:
        """Remove what is ours; what is not stays."""
        if act.kind is ActKind.REMOVE_FOLDER:
            self._leftovers += acts.remove_folder(self._kernel, act.target)
        elif act.kind is ActKind.REMOVE_COPY:
            copies.remove_copy(self._kernel, act)
        elif act.kind is ActKind.REMOVE_TEXT:
            acts.remove(self._kernel, act.target)
        elif sidecars.remove(self._kernel, act.target, act.sha256):
            self._sidecars.append(act.target)

    def _bring_home(self, act: Act) -> None:
        self.touched.update(acts.make_folder(self._kernel, os.path.dirname(act.target)))
        owner = next((self._homeward[o] for o in act.owners if o in self._homeward), None)
        first = act.target
        if owner is not None:
            first = names.companion_home(act.target, owner.target, self._target(owner))
        # A name that an interrupted run had settled on comes first, then the usual order.
        known = [self.targets[act.source]] if act.source in self.targets else []
        candidates = itertools.chain(known, names.home_names(first, self._home_word))
        self._move(act, (name for name in candidates if self._free_for_all(act, name)))

    def _free_for_all(self, photo: Act, home: str) -> bool:
        """Return whether the photo's companions can come home beside it under its new name."""
        followers = self._followers.get(photo.source, ())
        if not followers or self._kernel.status(photo.source) is None:
            return True  # alone, or at home already
        # A companion that was never moved lies at home itself: it takes no place from its photo.
        moving = (act for act in followers if self._kernel.status(act.source))
        there = (names.companion_home(act.target, photo.target, home) for act in moving)
        return not any(self._kernel.status(path) for path in there)

    def _move(self, act: Act, candidates: Iterable[str]) -> None:
        for target in candidates:
            self._settle_on(act, target)
            try:
                acts.move(self._kernel, act, target)
            except TargetTakenError:
                continue
            self.touched |= {os.path.dirname(act.source), os.path.dirname(target)}
            return
        raise ActRefusedError(f"{self._target(act)} is taken by another file")

    def _settle_on(self, act: Act, target: str) -> None:
        if target != self._target(act):
            self._retarget(act.source, target)
            self.targets[act.source] = target

    def _take_back(self, act: Act) -> None:
        there = self._target(act)
        here, moved = self._kernel.status(act.source), self._kernel.status(there)
        if moved is None:
            return
        if here and here.identity == moved.identity and not acts.two_names(moved, here):
            return
        if not acts.matches(self._kernel, there, moved, act.expect, act.sha256):
            if here is None:
                raise ActRefusedError(f"{there} has changed since it was moved")
            return
        if act.kind is ActKind.STAGE:
            self._bring_home(self._homeward[there])
        else:
            self._move(Act(act.kind, act.source, there, act.expect, act.sha256), [act.source])

    def _verify(self, act: Act) -> None:
        copy = self._now(act.source) if act.source else ""
        home = next((self._target(a) for a in self._moves if a.target == act.target), act.target)
        acts.verify(self._kernel, home, act, copy)

    def _now(self, path: str) -> str:
        """Return where a file of this plan lies by now, when it is no longer at ``path``."""
        if self._kernel.status(path):
            return path
        return next((self._target(act) for act in self._moves if act.source == path), path)

    def _write_sidecar(self, act: Act) -> None:
        """Write a sidecar under the name that its photo came home to."""
        photo = self._homeward[act.owners[0]]
        target = names.companion_home(act.target, photo.target, self._target(photo))
        self._settle_on(act, target)
        self.touched |= {os.path.dirname(act.source), os.path.dirname(target)}
        sidecars.write(self._kernel, act, target)
        self._sidecars.append(target)

    def _unwrite(self, act: Act) -> None:
        """Take back what was written of a sidecar, under its first name and its own."""
        target = self._target(act)
        self.touched |= {os.path.dirname(act.source), os.path.dirname(target)}
        acts.remove(self._kernel, act.source)
        sidecars.remove(self._kernel, target, act.sha256)

    def _trash(self, act: Act) -> None:
        self.touched.update(acts.make_folder(self._kernel, os.path.dirname(act.target)))
        known = [self.targets[act.source]] if act.source in self.targets else []
        others = names.home_names(act.target, self._home_word)
        for name in itertools.chain(known, others):  # pragma: no branch - the names never end
            self._settle_on(act, name)
            # Refused or not: a second name that was given and taken away again must stay away.
            self.touched |= {os.path.dirname(act.source), os.path.dirname(name)}
            try:
                acts.trash(self._kernel, act, name)
            except TargetTakenError:
                continue
            return

    def _purge(self, act: Act) -> None:
        found = self._kernel.status(act.target)
        if found is None:
            return
        if not acts.matches(self._kernel, act.target, found, act.expect, act.sha256):
            raise ActRefusedError(f"{act.target} has changed since it was set aside")
        if act.source:
            acts.verify(self._kernel, act.source, replace(act, sha256=""), act.target)
        acts.remove(self._kernel, act.target)
        self.touched.add(os.path.dirname(act.target))

    def _tidy(self, act: Act, remove: Callable[[Kernel, Act], object]) -> None:
        try:
            remove(self._kernel, act)
        except ActRefusedError as refused:
            self._troubles.append(str(refused))
        self.touched.add(os.path.dirname(act.target))

    def _target(self, act: Act) -> str:
        return self.targets.get(act.source, act.target)


def _homeward(moves: Iterable[Act]) -> dict[str, Act]:
    """Return the moves that bring files home, or would when a staging is taken back, by source."""
    found = {act.source: act for act in moves if act.kind is ActKind.BRING_HOME}
    staged = {act.source: act.target for act in moves if act.kind is ActKind.STAGE}
    for act in moves:
        if act.kind is ActKind.STAGE:
            owners = tuple(staged[owner] for owner in act.owners if owner in staged)
            found[act.target] = replace(act, source=act.target, target=act.source, owners=owners)
    return found


def _about(act: Act) -> str:
    """Return the path of the file that an act is about; the source of a purge is its witness."""
    return act.target if act.kind is ActKind.PURGE else act.source or act.target
