"""The truth of the review: which groups wait, what is ticked, and what was decided."""

import contextlib
import threading
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from queue import Queue

from same_image_locator import decision_folder as store
from same_image_locator.model import Decision, Staged
from same_image_locator.review import confirming, preferences, record
from same_image_locator.review.commands import Command, Effects, FreeSpace, Outcome, Stop, Undo
from same_image_locator.review.preferences import Preferences
from same_image_locator.review.record import Record
from same_image_locator.review.refusals import NotAllowed, Stale, UnknownGroup
from same_image_locator.review.views import Armed, Neighbours, Phase, Totals, View, view_of

ANSWER_SECONDS = 20.0
WATCHING_SECONDS, FAREWELL_SECONDS = 5.0, 3.0


class Review:
    """The state of one review, safe to use from any thread.

    The faces read snapshots and hand in choices; decisions become commands in ``inbox``, which
    the main thread carries out and reports back with ``settled``, ``refused``, ``restored``,
    ``undone`` and ``close``. Ticks are on the disk before a choice returns.

    Args:
        decision_folder: where the preferences are kept.
        root: the scanned folder, for wording paths.
        groups: the staged groups; what their state files hold is taken up.
        preview: what a decision would do; called outside the lock.
        aside_before: the files and bytes that earlier runs left set aside.
        clock: seconds that never run backwards.
    """

    def __init__(
        self,
        decision_folder: str,
        root: str,
        groups: Sequence[Staged],
        preview: Callable[[Decision], Effects],
        *,
        aside_before: tuple[int, int] = (0, 0),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.decision_folder = decision_folder
        self.root = root
        self.inbox: Queue[Command] = Queue()
        self.preview = preview
        self.clock = clock
        self._changed = threading.Condition(threading.RLock())
        self._aside_before = aside_before
        self._version = 1
        self._freed_bytes = 0
        self._closed = False
        self._last_seen = float("-inf")
        self._farewell = threading.Event()
        self._settled_order: list[int] = []
        self._free_nonce: str | None = None
        self._stored = store.read_preferences(decision_folder)
        states = [store.read_review_state(staged.folder) for staged in groups]
        self._preferences = preferences.from_json(self._stored, states)
        self._records: dict[int, Record] = {}
        for staged, state in zip(groups, states, strict=True):
            number = self._free_number(staged.number)
            self._records[number] = record.from_json(staged, number, state)
        self._waiting = sorted(self._records)
        with self._changed:
            self._preselect()

    def _free_number(self, wanted: int) -> int:
        """Two interrupted runs of the first version may have used one number twice."""
        return wanted if wanted not in self._records else max(self._records) + 1

    # -- what the faces read ---------------------------------------------------------------

    @property
    def version(self) -> int:
        """A number that grows with every change."""
        return self._version

    @property
    def phase(self) -> Phase:
        """Whether groups wait, only the offer to free the space does, or the run is over."""
        with self._changed:
            if self._closed:
                return "closed"
            return "review" if self._waiting else "offer"

    @property
    def preferences(self) -> Preferences:
        """The preferred folders, most recent first, and the auto-finish switch."""
        return self._preferences

    def totals(self) -> Totals:
        """Return the counters of the run."""
        with self._changed:
            records = list(self._records.values())
            outcomes = [one.outcome for one in records if one.outcome and one.state != "undone"]
            count, size = self._aside_before
            return Totals(
                groups=len(records),
                settled=len(outcomes),
                undone=sum(one.state == "undone" for one in records),
                waiting=len(self._waiting),
                attention=sum(one.state == "attention" for one in records),
                kept=sum(outcome.kept for outcome in outcomes),
                set_aside=count + sum(outcome.set_aside for outcome in outcomes),
                set_aside_bytes=size + sum(outcome.set_aside_bytes for outcome in outcomes),
                freed_bytes=self._freed_bytes,
            )

    def rows(self, offset: int, limit: int) -> tuple[int, list[View]]:
        """Return how many groups wait, and a page of them in order of their numbers."""
        with self._changed:
            page = self._waiting[offset : offset + limit]
            return len(self._waiting), [view_of(self._records[number]) for number in page]

    def view(self, number: int) -> View:
        """Return one group. Raises ``UnknownGroup``."""
        with self._changed:
            return view_of(self._record(number))

    def neighbours(self, number: int) -> Neighbours:
        """Return a group's place among the waiting ones; after the last comes the first."""
        with self._changed:
            waiting = self._waiting
            before, after = bisect_left(waiting, number), bisect_right(waiting, number)
            others = before + len(waiting) - after
            following = waiting[after % len(waiting)] if others else None
            return Neighbours(before + 1, waiting[before - 1] if others else None, following)

    def history(self) -> list[View]:
        """Return this run's finished groups, the most recent first."""
        with self._changed:
            return [view_of(self._records[number]) for number in reversed(self._settled_order)]

    def seen(self, phase: Phase) -> None:
        """Note that a page has just read how the run stands."""
        with self._changed:
            self._last_seen = self.clock()
            if phase == "closed":
                self._farewell.set()

    # -- what the faces choose -------------------------------------------------------------

    def choose(self, number: int, keep: frozenset[str], rev: int) -> View:
        """Tick exactly the files ``keep``; any first confirmation is taken back."""
        with self._changed:
            one = self._open(number, rev)
            if not keep <= {entry.name for entry in one.staged.entries}:
                raise UnknownGroup("There is no such file in this group")
            self._tick(one, keep, one.preferred)
            return self.view(number)

    def choose_one(self, number: int, name: str, rev: int, *, keep: bool) -> View:
        """Tick or untick one file."""
        with self._changed:
            ticked = self._open(number, rev).keep
            return self.choose(number, ticked | {name} if keep else ticked - {name}, rev)

    def prefer(self, number: int, folder: str, rev: int) -> View:
        """Prefer ``folder`` from now on, or no longer when it was preferred already.

        Switched on, it ticks the group's files from there and unticks the rest, and pre-selects
        in all groups without a choice of their own. Switched off, it takes back what it ticked.
        """
        with self._changed:
            one = self._open(number, rev)
            names = preferences.names_from(one.staged.entries, folder)
            if not names:
                raise UnknownGroup("No file of this group came from that folder")
            self._set_preferences(self._preferences.toggled(folder))
            if folder in self._preferences.folders:
                self._tick(one, names, folder)
            elif one.preferred == folder and one.keep == names:
                self._tick(one, frozenset(), "", own=False)
            self._preselect()
            return self.view(number)

    def set_auto_finish(self, number: int, *, on: bool) -> View:
        """Switch auto-finish; a group of a perceptual mode refuses it."""
        with self._changed:
            one = self._record(number)
            if on and one.staged.method.perceptual:
                raise NotAllowed("auto-finish", "Auto-finish is only for groups of identical files")
            chosen = Preferences(self._preferences.folders, auto_finish=on)
            self._set_preferences(chosen)
            self._bump()
            return view_of(one)

    # -- finishing -------------------------------------------------------------------------

    def finish(
        self, number: int, rev: int, *, allow_none: bool = False, auto: bool = False
    ) -> Armed:
        """Give the first confirmation: nothing moves yet, and the answer tells what would."""
        with self._changed:
            one = self._open(number, rev)
            confirming.check(one, allow_none=allow_none)
            if auto:
                confirming.check_auto(one, self._preferences)
            decision = Decision(one.staged.subject, one.keep, allow_none)
        effects = self.preview(decision)
        with self._changed:
            one = self._open(number, rev)
            one.confirmation = confirming.arm(decision, rev, self.clock(), auto=auto)
            one.clicks = 1
            self._save(one)
            return Armed(one.confirmation.nonce, effects, view_of(one))

    def take_back(self, number: int) -> View:
        """Take the first confirmation back."""
        with self._changed:
            one = self._open(number)
            one.confirmation, one.clicks = None, 0
            self._save(one)
            return view_of(one)

    def confirm(self, number: int, nonce: str, wait: float = ANSWER_SECONDS) -> View:
        """Give the second confirmation, and wait for the main thread to settle the group.

        The view that comes back is "settled", "attention" with its reason, or still "settling"
        when ``wait`` seconds were not enough.
        """
        with self._changed:
            one = self._open(number)
            command = confirming.second(one, nonce, self.clock(), self._preferences)
            one.state, one.reason, one.confirmation = "settling", "", None
            self._bump()
            self.inbox.put(command)
            self._changed.wait_for(lambda: one.state != "settling" or self._closed, wait)
            return view_of(one)

    def undo(self, number: int, wait: float = ANSWER_SECONDS) -> View:
        """Ask for a settled group to be taken back, and wait for it."""
        with self._changed:
            one = self._record(number)
            if one.state != "settled" or self._closed:
                raise NotAllowed("undo", "Only a settled group of this run can be undone")
            one.state, one.reason = "undoing", ""
            self._bump()
            self.inbox.put(Undo(one.staged.subject))
            self._changed.wait_for(lambda: one.state != "undoing" or self._closed, wait)
            return view_of(one)

    def offer_to_free(self) -> str:
        """Give the first yes to freeing the space; the nonce is for the second."""
        with self._changed:
            self._offer_stands()
            self._free_nonce = confirming.new_nonce()
            return self._free_nonce

    def free_space(self, nonce: str | None, wait: float = ANSWER_SECONDS) -> Phase:
        """Answer the offer: yes with the nonce of the first yes, no with None."""
        with self._changed:
            self._offer_stands()
            if nonce is not None and not confirming.same(nonce, self._free_nonce):
                raise Stale("This answer belongs to an older question")
            self._free_nonce = None
            self.inbox.put(FreeSpace(yes=nonce is not None))
            self._changed.wait_for(lambda: self._closed, wait)
            return self.phase

    def stop(self, wait: float = ANSWER_SECONDS) -> None:
        """Ask the run to end, and wait for it; open groups wait for the next one."""
        with self._changed:
            self.inbox.put(Stop())
            self._changed.wait_for(lambda: self._closed, wait)

    # -- what the main thread reports ------------------------------------------------------

    def settled(self, subject: str, outcome: Outcome) -> None:
        """Report that a group was settled."""
        with self._changed:
            one = self._by_subject(subject)
            one.state, one.reason, one.outcome, one.clicks = "settled", "", outcome, 0
            self._leave_queue(one)
            self._settled_order.append(one.number)
            self._bump()

    def refused(self, subject: str, reason: str) -> None:
        """Report that a group could not be settled (or undone), and why; it stays as it was."""
        with self._changed:
            one = self._by_subject(subject)
            one.state = "settled" if one.outcome else "attention"
            one.reason, one.clicks, one.rev = reason, 0, one.rev + 1
            self._bump()

    def undone(self, subject: str) -> None:
        """Report that all files of a settled group are back at their original paths."""
        with self._changed:
            self._by_subject(subject).state = "undone"
            self._bump()

    def restored(self, staged: Staged) -> None:
        """Report that a settled group is staged again, so that it waits for a decision."""
        with self._changed:
            one = self._by_subject(staged.subject)
            one.staged, one.state, one.outcome, one.reason = staged, "open", None, ""
            one.rev += 1
            self._settled_order.remove(one.number)
            self._waiting = sorted({*self._waiting, one.number})
            self._bump()

    def close(self, freed_bytes: int = 0) -> None:
        """Report that the run is over; a page that watches gets a moment to read the summary."""
        with self._changed:
            self._freed_bytes, self._closed = freed_bytes, True
            watched = self.clock() - self._last_seen < WATCHING_SECONDS
            self._bump()
        if watched:
            self._farewell.wait(FAREWELL_SECONDS)

    # -- inside ----------------------------------------------------------------------------

    def _record(self, number: int) -> Record:
        if number not in self._records:
            raise UnknownGroup(f"There is no group {number}")
        return self._records[number]

    def _by_subject(self, subject: str) -> Record:
        return next(one for one in self._records.values() if one.staged.subject == subject)

    def _open(self, number: int, rev: int | None = None) -> Record:
        one = self._record(number)
        if self._closed or one.state not in {"open", "attention"}:
            raise Stale("This group is no longer open")
        if rev is not None and rev != one.rev:
            raise Stale("The group was changed elsewhere in the meantime")
        return one

    def _tick(self, one: Record, keep: frozenset[str], preferred: str, *, own: bool = True) -> None:
        """Save the ticks first: what cannot be saved is not chosen."""
        ticked = replace(
            one,
            keep=keep,
            preferred=preferred,
            own=own,
            clicks=0,
            confirmation=None,
            rev=one.rev + 1,
        )
        self._save(ticked)
        self._records[one.number] = ticked
        self._bump()

    def _save(self, one: Record) -> None:
        state = one.to_json(auto_finish=self._preferences.auto_finish)
        store.write_review_state(one.staged.folder, state)

    def _set_preferences(self, chosen: Preferences) -> None:
        self._stored = preferences.to_json(chosen, self._stored)
        store.write_preferences(self.decision_folder, self._stored)
        self._preferences = chosen

    def _preselect(self) -> None:
        """Pre-select in every open group that has no choice of its own."""
        for number in self._waiting:
            one = self._records[number]
            if not one.own and one.state == "open":
                one.preselected(self._preferences)
        self._bump()

    def _leave_queue(self, one: Record) -> None:
        with contextlib.suppress(ValueError):
            self._waiting.remove(one.number)

    def _offer_stands(self) -> None:
        if self.phase != "offer":
            raise NotAllowed("offer", "Space can be freed when every group is decided")

    def _bump(self) -> None:
        self._version += 1
        self._changed.notify_all()
