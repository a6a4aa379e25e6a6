"""One run over one decision folder: recover, take over, stage, settle, undo, free the space."""

import os
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from same_image_locator import aftercare, resume, settle, stage
from same_image_locator.disposal import plan_disposal
from same_image_locator.errors import RefusedError
from same_image_locator.events import (
    Advanced,
    Listener,
    Noted,
    StepFinished,
    StepStarted,
    Troubled,
)
from same_image_locator.hold import check_drive, check_room
from same_image_locator.journal import GroupHistory, Journal
from same_image_locator.model import Disposal, Group, Problem
from same_image_locator.own_names import group_number
from same_image_locator.past import JournalPast
from same_image_locator.plans import ActKind, Decision, Receipt, Staged
from same_image_locator.review import Effects, Outcome
from same_image_locator.wording import plural


class Session:
    """The steps that change files, each through the journal; every one leaves a resumable state.

    ``problems`` gathers what the summary must name. With a ``hold``, a folder on the drive of the
    photos, newly staged photos wait there, and the decision folder gets copies of them.
    ``rejects`` is what becomes of the files that a decision does not keep.
    """

    def __init__(
        self,
        journal: Journal,
        root: str,
        listener: Listener,
        *,
        hold: str = "",
        rejects: Disposal = "quarantine",
    ) -> None:
        self.problems: list[Problem] = []
        self.freed_bytes = 0
        self._journal = journal
        self._root = root
        self._hold = hold
        self._rejects = rejects
        self._listener = listener
        self._run = ""
        self._groups: dict[str, Staged] = {}

    @property
    def root(self) -> str:
        """The folder that the photos in the decision folder come from."""
        return self._journal.history.root or self._root

    @property
    def staging_was_interrupted(self) -> bool:
        """Whether a run died before it had staged all the groups that it had found."""
        return not self._journal.history.complete

    @property
    def standing(self) -> aftercare.Standing:
        """What the decision folder holds at this moment."""
        return aftercare.standing(self._journal.history, self._journal.disk)

    @property
    def past(self) -> JournalPast:
        """What was settled, by this run or an earlier one, and where its files lie."""
        return JournalPast(self._journal.history, self._journal.disk)

    def recover(self) -> list[Receipt]:
        """Complete what a run that died left half done, or take it back."""
        check_drive(self._journal.history, self._journal.disk)
        receipts = self._journal.recover()
        for receipt in receipts:
            self._told(receipt)
            done = "completed" if receipt.done else "taken back"
            name = receipt.plan.subject.split("/")[-1]
            self._listener(Noted(f"{receipt.plan.purpose} of {name} was interrupted: {done}"))
        return receipts

    def resume(self) -> list[Staged]:
        """Return the groups that are staged already, those of the first version included."""
        folder, disk = self._journal.folder, self._journal.disk
        if unknown := resume.unknown_groups(folder, self._journal.history, disk):
            interrupted = self.staging_was_interrupted
            run = self._journal.begin(self._root)
            plans, problems = resume.plan_adoption(folder, unknown, run, self._root, disk)
            self._trouble(problems)
            for receipt in self._journal.perform(plans):
                self._told(receipt)
            if not interrupted:
                self._journal.complete()
        return self._staged()

    def stage(self, groups: Sequence[Group]) -> list[Staged]:
        """Move all groups of a run into their decision folders and return all that wait there.

        They are numbered on from those that wait already.
        """
        self._listener(StepStarted("stage", len(groups)))
        self.check_room(groups)
        self.stage_some(groups)
        self.end_staging()
        staged = self._staged()
        files = sum(len(group.entries) for group in staged)
        summary = f"{plural(files, 'file')} in {plural(len(staged), 'group')} wait for review"
        self._listener(StepFinished("stage", summary))
        return staged

    def check_room(self, groups: Sequence[Group]) -> None:
        """Refuse to stage copies for which the drive has no room.

        Raises:
            RefusedError: it has none.
        """
        if self._hold:
            check_room(stage.sizes(groups), self._journal.folder, self._journal.disk)

    def stage_some(self, groups: Sequence[Group]) -> list[Staged]:
        """Move some of a run's groups into their decision folders and return these.

        They are numbered on from all that the journal knows, so that no number is used twice. The
        run counts as interrupted until ``end_staging``.
        """
        last = self._last_number()
        groups = [group._replace(number=last + at) for at, group in enumerate(groups, 1)]
        folder, disk = self._journal.folder, self._journal.disk
        run = self._begun()
        plans = stage.plan_stage(groups, folder, run, disk, self._heard, self._hold)
        for receipt in self._journal.perform(plans, lambda _: self._listener(Advanced("stage"))):
            self._told(receipt)
        return self._staged({plan.subject for plan in plans})

    def end_staging(self) -> None:
        """Note that this run has staged all that it found."""
        self._begun()
        self._journal.complete()

    def _begun(self) -> str:
        """Return the name of this run, which the journal knows from now on."""
        if not self._run:
            self._run = self._journal.begin(self._root)
        return self._run

    def _last_number(self) -> int:
        """Return the highest number of a group that a person may have seen."""
        groups = self._journal.history.groups.values()
        seen = (group.subject for group in groups if group.state != "cancelled")
        return max((group_number(os.path.basename(subject)) for subject in seen), default=0)

    def preview(self, decision: Decision) -> Effects:
        """Return what a decision would do."""
        return settle.preview(self._groups[decision.subject], decision, self._journal.disk)

    def settle(self, decision: Decision) -> Outcome:
        """Carry out a decision.

        Raises:
            RefusedError: it cannot be done; the group is staged as before.
        """
        group = self._groups[decision.subject]
        plan = settle.plan_settle(group, decision, self._journal.folder, self._journal.disk)
        [receipt] = self._journal.perform([plan])
        if not receipt.done:
            raise RefusedError(receipt.reason)
        self._told(receipt)
        homes = tuple((os.path.basename(source), home) for source, home in receipt.homes)
        kept = sum(entry.name in decision.keep for entry in group.entries)
        aside = [act.expect.size for act in plan.acts(ActKind.SET_ASIDE) if act.expect]
        problems = list(receipt.leftovers)
        return Outcome(
            kept,
            len(group.entries) - kept,
            sum(aside),
            homes,
            disposal=self._dispose(decision.subject, problems),
            problems=tuple(problems),
            sidecars=receipt.sidecars,
        )

    def _dispose(self, subject: str, problems: list[str]) -> Disposal:
        """Do with a settled group's rejects what was chosen; returns what became of them."""
        group = self._journal.history.groups[subject]
        plan = plan_disposal(group, self._rejects, self._journal.disk)
        if plan is None:
            return "quarantine"
        [receipt] = self._journal.perform([plan])
        self._told(receipt)
        if receipt.reason:
            problems.append(receipt.reason)
        if self._rejects == "delete":
            ended = aftercare.ended_by(receipt)
            self.freed_bytes += sum(act.expect.size for act in ended if act.expect)
        return self._rejects if receipt.done and not receipt.leftovers else "quarantine"

    def undo(self, groups: Sequence[GroupHistory]) -> list[Receipt]:
        """Bring the files of these groups back to their original paths."""
        disk = self._journal.disk
        receipts = self._journal.perform([aftercare.plan_undo(group, disk) for group in groups])
        for receipt in receipts:
            self._told(receipt)
        return receipts

    def put_back(self, subject: str) -> None:
        """Bring the files of a group that is not to be decided back to their original paths."""
        self.undo([self._journal.history.groups[subject]])

    def undo_subject(self, subject: str) -> Outcome:
        """Bring the set-aside files of one settled group back.

        Raises:
            RefusedError: some file could not go home; it stays set aside.
        """
        [receipt] = self.undo([self._journal.history.groups[subject]])
        if receipt.leftovers:
            raise RefusedError(receipt.reason)
        homes = tuple((os.path.basename(source), home) for source, home in receipt.homes)
        photos = [act for act in receipt.plan.acts(ActKind.BRING_HOME) if not act.owners]
        problems = (receipt.reason,) if receipt.reason else ()
        return Outcome(len(photos), 0, 0, homes, problems, sidecars=receipt.sidecars)

    def undoable(self) -> list[GroupHistory]:
        """Return the groups of which something can be taken back, as the journal knows them."""
        groups, disk = self._journal.history.groups.values(), self._journal.disk
        return [group for group in groups if aftercare.can_be_undone(group, disk)]

    def purgeable(self) -> list[GroupHistory]:
        """Return the settled groups of which files lie set aside."""
        groups = self._journal.history.groups.values()
        return [group for group in groups if aftercare.set_aside(group, self._journal.disk)]

    def free_space(self) -> int:
        """End all set-aside files whose kept copy is proven in this moment; returns the bytes."""
        before = self.freed_bytes
        self.purge(self.purgeable())
        return self.freed_bytes - before

    def purge(self, groups: Sequence[GroupHistory]) -> list[Receipt]:
        """End the set-aside files of these groups whose kept copy is proven in this moment."""
        before = self.standing.aside_bytes
        plans, unproven = aftercare.plan_purge(groups, self._journal.disk)
        detail = "its kept copy is no longer where it was put, so nothing of it was removed"
        self._trouble([Problem(subject, "settle", detail) for subject in unproven])
        receipts = self._journal.perform(plans)
        for receipt in receipts:
            self._told(receipt)
        self.freed_bytes += before - self.standing.aside_bytes
        return receipts

    def close(self) -> bool:
        """Remove the decision folder if nothing of the user's is left in it."""
        return self._journal.close()

    def _staged(self, subjects: AbstractSet[str] | None = None) -> list[Staged]:
        """Return the groups of these names that wait, or all."""
        found = resume.staged_groups(self._journal.history, self._journal.disk, subjects)
        self._trouble(found.problems)
        self._groups.update((group.subject, group) for group in found.groups)
        return found.groups

    def _told(self, receipt: Receipt) -> None:
        """Turn what a plan could not do into problems that a person sees."""
        step = "stage" if receipt.plan.purpose == "stage" else "settle"
        if receipt.reason:
            name = receipt.plan.subject.split("/")[-1]
            reason = f"{receipt.reason}{self._as_two_names(receipt)}"
            self._trouble([Problem(os.path.join(self._journal.folder, name), step, reason)])
        elif receipt.leftovers:
            detail = "not ours, so it stays and keeps its folder"
            self._trouble([Problem(path, step, detail) for path in receipt.leftovers])

    def _trouble(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self.problems.append(problem)
            self._listener(Troubled(problem))

    def _heard(self, event: object) -> None:
        if isinstance(event, Troubled):
            self._trouble([event.problem])

    def _as_two_names(self, receipt: Receipt) -> str:
        """Say so where a stage was taken back because one file had two names in it.

        No scan can see every alias; but the second move of an alias finds nothing left to move,
        and once the first is taken back, its name is there again.
        """
        if receipt.done or receipt.plan.purpose != "stage":
            return ""
        for act in receipt.plan.acts(ActKind.STAGE):
            gone = receipt.reason.startswith(f"{act.source} is no longer there")
            if gone and self._journal.disk.status(act.source):
                return ": the same file under two names"
        return ""
