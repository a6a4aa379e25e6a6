"""The choices of a review: ticks, preferences and the double confirmation, kept on the disk."""

import contextlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from same_image_locator import apart
from same_image_locator import decision_folder as store
from same_image_locator.plans import Decision, Sidecar
from same_image_locator.review import confirming, parting, preferences
from same_image_locator.review.commands import FreeSpace, Stop, Undo
from same_image_locator.review.course import Course
from same_image_locator.review.past import Earlier
from same_image_locator.review.preferences import Preferences
from same_image_locator.review.record import Record
from same_image_locator.review.refusals import NotAllowed, ReadOnly, Stale, UnknownGroup
from same_image_locator.review.views import Armed, Phase, View, view_of

ANSWER_SECONDS = 20.0


class Review(Course):
    """The state of one review, safe to use from any thread.

    The faces read snapshots and hand in choices; decisions become commands in ``inbox``, which
    the main thread carries out and reports back with ``settled``, ``refused``, ``restored``,
    ``undone`` and ``close``. Ticks are on the disk before a choice returns.
    """

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

    def prefer(self, number: int, folder: str, rev: int, *, on: bool | None = None) -> View:
        """Prefer ``folder`` from now on, or no longer; without ``on``, the other of what it is.

        Switched on, it ticks the group's files from there and unticks the rest, and pre-selects
        in all groups without a choice of their own. Switched off, it takes back what it ticked.
        """
        with self._changed:
            one = self._open(number, rev)
            names = preferences.names_from(one.staged.entries, folder)
            if not names:
                raise UnknownGroup("No file of this group came from that folder")
            if on is None:
                on = folder not in self._preferences.folders
            before = self._preferences
            self._set_preferences(before.with_folder(folder, on=on))
            try:
                if on:
                    self._tick(one, names, folder)
                elif one.preferred == folder and one.keep == names | one.fixed:
                    self._tick(one, frozenset(), "", own=False)
            except OSError:
                self._preferences = before  # what the person is told was not done is not in force
                raise
            self._book.preselect(self._preferences)
            self._bump()
            return self.view(number)

    def set_auto_finish(self, number: int, *, on: bool) -> View:
        """Switch auto-finish; a group of a perceptual mode refuses it."""
        with self._changed:
            self._may_decide()
            one = self._book.record(number)
            if on and one.staged.method.perceptual:
                raise NotAllowed("Auto-finish is only for groups of identical files", "auto-finish")
            self._set_preferences(replace(self._preferences, auto_finish=on))
            self._bump()
            return view_of(one)

    def set_rules(self, names: Sequence[str]) -> None:
        """Suggest by these rules in this order from now on, in later runs, too.

        Raises:
            NotAllowed: one is unknown or stands twice, or there is none.
        """
        with self._changed:
            self._may_decide()
            known = preferences.known_rules(names)
            if not names or len({*names}) < len(names) or len(known) < len(names):
                raise NotAllowed("These are no rules to keep by", "rules")
            self._set_preferences(replace(self._preferences, rules=tuple(names)))
            self._bump()

    # -- telling apart ---------------------------------------------------------------------

    def not_duplicates(
        self, number: int, names: AbstractSet[str], rev: int, among: AbstractSet[str] | None = None
    ) -> View:
        """Remember that files are other pictures than the others ``among`` these, or all of them.

        Where they are all of them, no two are the same picture. What is left alone is ticked, and
        stays so: it goes home when the group is settled. It does not go at once, because a plan
        settles a group whole or not at all, and that is what makes each move safe to interrupt.
        """
        with self._changed:
            one = self._open(number, rev)
            if not one.staged.method.perceptual:
                raise NotAllowed(
                    "Files with the same bytes cannot be told apart: keep all, if you want all",
                    "same-bytes",
                )
            known = {entry.name for entry in one.staged.entries}
            asked = known if among is None else among
            if not names or not names <= asked or not asked <= known or len(asked) < 2:  # noqa: PLR2004 - two make a pair
                raise UnknownGroup("There is no such file in this group")
            said = parting.statement([e for e in one.staged.entries if e.name in asked], names)
            told = self._remember(said)
            found = parting.parting(one.staged, self._now_known())
            try:
                self._tick(replace(one, parting=found, told=(*one.told, told)), one.keep, "")
            except OSError:
                with contextlib.suppress(OSError):
                    apart.forget([told])
                raise
            self._learn()
            return self.view(number)

    def together_again(self, statement: int) -> None:
        """Take back what was told apart, in this run or an earlier one."""
        with self._changed:
            self._may_decide()
            apart.forget([statement])
            self._learn()

    # -- finishing -------------------------------------------------------------------------

    def finish(
        self,
        number: int,
        rev: int,
        *,
        allow_none: bool = False,
        auto: bool = False,
        sidecars: tuple[Sidecar, ...] = (),
    ) -> Armed:
        """Give the first confirmation: nothing moves yet, and the answer tells what would.

        ``sidecars`` are offered; the second confirmation may ask for those that can be written.
        """
        with self._changed:
            one = self._open(number, rev)
            confirming.check(one, allow_none=allow_none)
            if auto:
                confirming.check_auto(one, self._preferences)
            decision = Decision(one.staged.subject, one.keep, allow_none, sidecars)
        effects = self.preview(decision)
        with self._changed:
            one = self._open(number, rev)
            able = {new.name for new in effects.sidecars if not new.why_not}
            wanted = tuple(new for new in sidecars if new.name in able)
            first = confirming.arm(decision, rev, self.clock(), auto=auto, sidecars=wanted)
            self._save(replace(one, clicks=1))
            one.confirmation, one.clicks = first, 1
            return Armed(first.nonce, effects, view_of(one))

    def take_back(self, number: int, nonce: str | None = None) -> View:
        """Take the first confirmation back; with a nonce, only if it still is the one meant.

        Another window may have given its own meanwhile, and that one stands.
        """
        with self._changed:
            one = self._open(number)
            if nonce is None or confirming.is_for(one, nonce):
                one.confirmation, one.clicks = None, 0
                self._save(one)
            return view_of(one)

    def confirm(
        self,
        number: int,
        nonce: str,
        wait: float | None = ANSWER_SECONDS,
        *,
        sidecars: bool = False,
    ) -> View:
        """Give the second confirmation, and wait for the main thread to settle the group.

        With ``sidecars`` those that the first one has offered are written, too.

        The view that comes back is "settled", "attention" with its reason, or still "settling"
        when ``wait`` seconds were not enough; without a number it is waited to the end of the run.
        """
        with self._changed:
            one = self._open(number)
            now, chosen = self.clock(), self._preferences
            command = confirming.second(one, nonce, now, chosen, sidecars=sidecars)
            one.state, one.reason, one.confirmation = "settling", "", None
            self._bump()
            self.inbox.put(command)
            self._changed.wait_for(lambda: one.state != "settling" or self._closed, wait)
            return view_of(one)

    def undo(self, number: int, wait: float | None = ANSWER_SECONDS) -> View:
        """Ask for a settled group to be taken back, and wait for it."""
        with self._changed:
            self._may_decide()
            one = self._book.record(number)
            if one.state != "settled" or self._closed:
                raise NotAllowed("Only a settled group of this run can be undone", "undo")
            confirming.check_undo(one)
            one.state, one.reason = "undoing", ""
            self._bump()
            self.inbox.put(Undo(one.staged.subject))
            self._changed.wait_for(lambda: one.state != "undoing" or self._closed, wait)
            return view_of(one)

    def undo_earlier(self, one: Earlier, wait: float | None = ANSWER_SECONDS) -> str | None:
        """Ask for a group of an earlier run to be taken back, and wait for it.

        Returns why it could not be, "" when it was, None when it is not known yet.
        """
        with self._changed:
            self._may_decide()
            if self._closed:
                raise Stale("The run is over", "not-open")
            self._asked_back[one.subject] = one
            self._answered.pop(one.subject, None)
            self.inbox.put(Undo(one.subject))
            self._changed.wait_for(lambda: one.subject in self._answered or self._closed, wait)
            return self._answered.get(one.subject)

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
                raise Stale("This answer belongs to an older question", "offer")
            self._free_nonce = None
            self.inbox.put(FreeSpace(yes=nonce is not None))
            self._changed.wait_for(lambda: self._closed, wait)
            return self.phase

    def stop(self, wait: float = ANSWER_SECONDS) -> None:
        """Ask the run to end, and wait for it; open groups wait for the next one."""
        with self._changed:
            self.inbox.put(Stop())
            self._changed.wait_for(lambda: self._closed, wait)

    # -- inside ----------------------------------------------------------------------------

    def _may_decide(self) -> None:
        if self.terms.read_only:
            raise ReadOnly(self.terms.read_only)

    def _open(self, number: int, rev: int | None = None) -> Record:
        self._may_decide()
        one = self._book.record(number)
        if self._closed or one.state not in {"open", "attention"}:
            raise Stale("This group is no longer open", "not-open")
        if rev is not None and rev != one.rev:
            raise Stale("The group was changed elsewhere in the meantime", "changed")
        return one

    def _tick(self, one: Record, keep: frozenset[str], preferred: str, *, own: bool = True) -> None:
        """Save the ticks first: what cannot be saved is not chosen.

        What is a picture of its own stays ticked: to let it go, it has to be a duplicate again.
        What lies in a reference folder does, too: it is not to be let go at all.
        """
        ticked = replace(
            one,
            keep=keep | one.fixed,
            preferred=preferred,
            own=own,
            clicks=0,
            confirmation=None,
            rev=one.rev + 1,
        )
        self._save(ticked)
        self._book.records[one.number] = ticked
        self._bump()

    def _learn(self) -> None:
        """Take up what is known by now; other groups may hold the same contents."""
        self._known = self._now_known()
        for one in self._divide(self._book, self._book.waiting):
            with contextlib.suppress(OSError):  # it is remembered already: only ticks would be lost
                self._save(one)
        self._bump()

    def _remember(self, said: Sequence[apart.Said]) -> int:
        return apart.remember(said)

    def _now_known(self) -> apart.Known:
        return apart.known()

    def _save(self, one: Record) -> None:
        state = one.to_json(auto_finish=self._preferences.auto_finish)
        store.write_review_state(one.staged.folder, state)

    def _set_preferences(self, chosen: Preferences) -> None:
        stored = preferences.to_json(chosen, self._stored)
        store.write_preferences(self.decision_folder, stored)
        self._stored, self._preferences = stored, chosen

    def _offer_stands(self) -> None:
        if self.phase != "offer":
            raise NotAllowed("Space can be freed when every group is decided", "offer")


class Rehearsal(Review):
    """A review for a dry run: the same rules and answers, and nothing of it is kept."""

    _said: tuple[tuple[int, int, str, int], ...] = ()

    def together_again(self, statement: int) -> None:
        """Take back what was told apart here."""
        with self._changed:
            self._said = tuple(said for said in self._said if said[0] != statement)
            self._learn()

    def _remember(self, said: Sequence[apart.Said]) -> int:
        number = -1 - len(self._said)  # no statement that is kept has such a number
        self._said += tuple((number, one.part, one.sha256, one.size) for one in said)
        return number

    def _now_known(self) -> apart.Known:
        return super()._now_known().also(self._said)

    def _save(self, one: Record) -> None:
        del one
