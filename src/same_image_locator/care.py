"""What the verbs do that come after a run: undo, recover, verify, purge and status."""

import datetime as dt
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from same_image_locator import apart, journal
from same_image_locator import care_report as report
from same_image_locator.aftercare import (
    bytes_freed_by,
    ended_by,
    set_aside,
    sole_contents,
    standing,
)
from same_image_locator.errors import ExitCode, UsageError
from same_image_locator.events import Noted, ignore
from same_image_locator.journal import GroupHistory, History, Journal
from same_image_locator.own_names import group_number
from same_image_locator.plans import Receipt
from same_image_locator.resume import existing_folder, unknown_groups
from same_image_locator.session import Session
from same_image_locator.ui_console import UISplit
from same_image_locator.ui_words import problem_line
from same_image_locator.verify import prove, traces
from same_image_locator.wording import plural, printable, size_words

_NOTHING = "nothing is set aside"
_SHOWN = 20  # files that a question names one by one


@dataclass(frozen=True, slots=True)
class Asked:
    """What each of these verbs can be asked: where, how to tell it, and whether to do it."""

    path: str
    decision_folder: str | None = None
    as_json: bool = False
    dry_run: bool = False

    def folder(self) -> str:
        """Return the decision folder that is meant.

        Raises:
            UsageError: there is none.
        """
        return existing_folder(self.path, self.decision_folder)


def undo(asked: Asked, number: int | None = None, run: str | None = None) -> ExitCode:
    """Bring staged and set-aside files back to their original paths."""
    with _work(asked) as work:
        receipts = work.session.undo(_chosen(work.session.undoable(), number, run))
        still = _still_apart(work.journal.history, receipts, whole=number is None)
        facts = {"groups": report.of_receipts(receipts), "not_duplicates": still}
        lines = report.home_lines(receipts, dry_run=asked.dry_run)
        work.tell(facts, (*lines, *report.apart_lines(still)))
        return work.code()


def recover(asked: Asked) -> ExitCode:
    """Complete what an interrupted run left half done; it happens at every start anyway."""
    with _work(asked) as work:
        facts = {"groups": report.of_receipts(work.recovered), "taken_over": work.taken_over}
        lines = report.recovery_lines(work.recovered, work.taken_over, dry_run=asked.dry_run)
        work.tell(facts, lines)
        return work.code()


def purge(asked: Asked, older_than: dt.timedelta | None, *, sure: bool) -> ExitCode:
    """Free the space of what was set aside, each file only while its kept copy is proven."""
    with _work(asked) as work:
        groups = [group for group in work.session.purgeable() if _is_older(group, older_than)]
        if groups and not (sure or asked.dry_run) and not _typed_purge(_what_goes(work, groups)):
            print("nothing was removed", file=sys.stderr)
            return ExitCode.DUPLICATES_REMAIN
        receipts = work.session.purge(groups)
        ended = [act for receipt in receipts for act in ended_by(receipt)]
        freed = work.session.freed_bytes
        removed = report.of_removals(ended, groups)
        lines = report.removal_lines(removed, freed, dry_run=asked.dry_run)
        if not groups:
            lines = iter(["nothing was set aside that long ago" if older_than else _NOTHING])
        work.tell({"removed": removed, "freed_bytes": freed}, lines)
        return work.code()


def verify(asked: Asked) -> ExitCode:
    """Read everything the journal knows again, wherever it lies; changes nothing."""
    folder = asked.folder()
    with UISplit() as ui:
        proof = prove(lambda: journal.chronicle(folder), journal.DISK, ui)
        unknown = unknown_groups(folder, journal.peek(folder), journal.DISK)
        if unknown:
            groups = plural(len(unknown), "group folder")
            ui(Noted(f"{groups} not in the journal yet: sil recover takes them over"))
    facts = report.of_proof(proof) | {"unknown_groups": unknown}
    _tell(asked, folder, facts, report.proof_lines(proof))
    if proof.lost:
        return ExitCode.PROBLEMS
    return ExitCode.NEEDS_RECOVERY if unknown else ExitCode.DONE


def status(asked: Asked) -> ExitCode:
    """Tell what is staged, set aside and removed, run by run; changes nothing."""
    try:
        folder = asked.folder()
    except UsageError as none:
        _tell(asked, None, {}, [none.what])
        return ExitCode.DONE
    history = journal.peek(folder)
    chronicle = journal.chronicle(folder)
    state = report.State(
        history,
        chronicle,
        standing(history, journal.DISK),
        tuple(trace for trace in traces(chronicle) if trace.end),
        tuple(unknown_groups(folder, history, journal.DISK)),
        journal.owner(folder),
    )
    lines = [f"decision folder: {printable(folder)}", *report.state_lines(state)]
    _tell(asked, folder, report.of_state(state), lines)
    if (history.open and not state.owner) or state.unknown:
        return ExitCode.NEEDS_RECOVERY
    return ExitCode.DUPLICATES_REMAIN if state.standing.staged else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class _Work:
    """An opened decision folder, recovered, with the first version's groups taken over."""

    asked: Asked
    journal: Journal
    session: Session
    recovered: list[Receipt]
    taken_over: list[str]

    def tell(self, facts: report.Facts, lines: Iterable[str]) -> None:
        """Tell what was done, and on standard error what went wrong."""
        problems = report.of_problems(self.session.problems)
        facts = {"dry_run": self.asked.dry_run, **facts, "problems": problems}
        _tell(self.asked, self.journal.folder, facts, lines)
        for problem in self.session.problems:
            print(problem_line(problem), file=sys.stderr)

    def code(self) -> ExitCode:
        """Return how the verb has ended."""
        if self.session.problems:
            return ExitCode.PROBLEMS
        return ExitCode.DUPLICATES_REMAIN if self.session.standing.staged else ExitCode.DONE


@contextmanager
def _work(asked: Asked) -> Iterator[_Work]:
    folder = asked.folder()
    hands = nullcontext(journal.rehearsed(folder)) if asked.dry_run else journal.opened(folder)
    with hands as opened:
        session = Session(opened, opened.history.root or os.path.realpath(asked.path), ignore)
        recovered = session.recover()
        unknown = unknown_groups(folder, opened.history, opened.disk)
        session.resume()
        yield _Work(asked, opened, session, recovered, unknown)
        session.close()


def _tell(asked: Asked, folder: str | None, facts: report.Facts, lines: Iterable[str]) -> None:
    if asked.as_json:
        print(report.as_json({"decision_folder": folder, **facts}))
    else:
        for line in lines:
            print(line)


def _chosen(groups: list[GroupHistory], number: int | None, run: str | None) -> list[GroupHistory]:
    """Return the groups of one number or of one run, or all.

    Raises:
        UsageError: there is no such group.
    """
    if number is not None:
        groups = [g for g in groups if group_number(report.name_of(g.subject)) == number]
        if not groups:
            raise UsageError(f"There is no group {number} to undo", "sil status tells more")
    if run is not None:
        groups = [g for g in groups if g.subject.split("/")[0] == run]
        if not groups:
            raise UsageError(f"There is nothing to undo of a run {run}", "sil status tells more")
    return groups


def _still_apart(history: History, receipts: Sequence[Receipt], *, whole: bool) -> list[int]:
    """Return the numbers of what was said not to be duplicates of the files that went home.

    Of a ``whole`` run that is also of groups of which nothing had to go home.
    """
    subjects = {receipt.plan.subject for receipt in receipts}
    runs = {subject.split("/")[0] for subject in subjects if whole}
    groups = [
        {act.sha256 for phase in group.stage.phases for act in phase}
        for group in history.groups.values()
        if group.subject in subjects or group.subject.split("/")[0] in runs
    ]
    said = {one.number: {file.sha256 for file in one.files} for one in apart.statements()}
    return sorted(n for n, files in said.items() if any(group >= files for group in groups))


def _is_older(group: GroupHistory, age: dt.timedelta | None) -> bool:
    settled = dt.datetime.fromisoformat(group.at)
    return age is None or settled <= dt.datetime.now(dt.UTC) - age


def _what_goes(work: _Work, groups: Sequence[GroupHistory]) -> str:
    acts = [act for group in groups for act in set_aside(group, work.journal.disk)]
    files = plural(len(acts), "file")
    size = size_words(bytes_freed_by(acts, work.journal.disk))
    sole = sole_contents(acts, work.journal.history, work.journal.disk)
    others = f"; {sole:,} of them hold what no other file here holds" if sole else ""
    for file in report.of_removals(acts[:_SHOWN], groups):
        print(f"    {printable(file['path'])}", file=sys.stderr)
    if len(acts) > _SHOWN:
        print(f"    and {len(acts) - _SHOWN:,} more", file=sys.stderr)
    return f"remove {files}, {size}, for good{others}"


def _typed_purge(what: str) -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(f"To {what}, without a terminal, needs --yes", "Nothing was removed")
    print(f"This will {what}. Type purge to go on: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == "purge"
