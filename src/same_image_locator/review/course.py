"""The course of a review: what the faces may read of it, and what the main thread reports."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from queue import Queue
from typing import Any

from same_image_locator import apart
from same_image_locator import decision_folder as store
from same_image_locator.choices import KEEP_RULES
from same_image_locator.model import Facts
from same_image_locator.plans import Decision, Entry, Staged
from same_image_locator.progress import Standing
from same_image_locator.review import preferences
from same_image_locator.review.book import Book
from same_image_locator.review.commands import Command, Effects, Outcome
from same_image_locator.review.lacks import Lack
from same_image_locator.review.overlaps import Overlap
from same_image_locator.review.parting import parting, suggested
from same_image_locator.review.past import Earlier
from same_image_locator.review.places import Places
from same_image_locator.review.preferences import Preferences
from same_image_locator.review.query import EVERYTHING, Query
from same_image_locator.review.record import Record
from same_image_locator.review.suggestion import Suggestion, missed, suggestion
from same_image_locator.review.terms import Terms
from same_image_locator.review.views import Neighbours, Phase, Rows, Totals, View, view_of

WATCHING_SECONDS, FAREWELL_SECONDS = 5.0, 3.0
_TERMS = Terms()


class Course:
    """Where a review stands; every method may be called from any thread.

    Args:
        decision_folder: where the preferences are kept.
        root: the scanned folder, for wording paths.
        groups: the staged groups; what their state files hold is taken up.
        preview: what a decision would do; called outside the lock.
        terms: what the run has settled before.
        clock: seconds that never run backwards.
    """

    def __init__(
        self,
        decision_folder: str,
        root: str,
        groups: Sequence[Staged],
        preview: Callable[[Decision], Effects],
        *,
        terms: Terms = _TERMS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.decision_folder = decision_folder
        self.root = root
        self.inbox: Queue[Command] = Queue()
        self.preview = preview
        self.terms = terms
        self.clock = clock
        self._changed = threading.Condition(threading.RLock())
        self._version = 1
        self._counted: tuple[int, Totals] | None = None
        self._freed_bytes = 0
        self._closed = False
        self._trouble = ""
        self._last_seen = float("-inf")
        self._farewell = threading.Event()
        self._search: Callable[[], Standing | None] | None = None
        self._free_nonce: str | None = None
        self._asked_back: dict[str, Earlier] = {}  # of earlier runs
        self._answered: dict[str, str] = {}  # why not, "" when they are back
        self._known = apart.known()
        self._stored, self._preferences, self._book = self._read(groups)

    # -- what the faces read ---------------------------------------------------------------

    @property
    def version(self) -> int:
        """A number that grows with every change."""
        return self._version

    def wait_until_other_than(self, version: int, seconds: float) -> None:
        """Return when the review is no longer as it was at ``version``, or after ``seconds``."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version or self._closed, seconds)

    @property
    def phase(self) -> Phase:
        """Whether groups wait, only the offer to free the space does, or the run is over."""
        with self._changed:
            if self._closed:
                return "closed"
            waits = self._book.waiting or self.searching or self.terms.read_only
            return "review" if waits else "offer"

    @property
    def searching(self) -> bool:
        """Whether further groups may come; a run that closed before the end was stopped in it."""
        return self._search is not None

    @property
    def search_standing(self) -> Standing | None:
        """How far the search is, None when it is over or between two steps."""
        search = self._search
        return search() if search and not self._closed else None

    @property
    def trouble(self) -> str:
        """Why the run had to stop, "" while it has not."""
        return self._trouble

    @property
    def preferences(self) -> Preferences:
        """The preferred folders, most recent first, and the auto-finish switch."""
        return self._preferences

    def totals(self) -> Totals:
        """Return the counters of the run."""
        with self._changed:  # pages ask every other second, and mostly nothing has changed
            if self._counted is None or self._counted[0] != self._version:
                counted = self._book.totals(self.terms, self._freed_bytes)
                self._counted = self._version, counted
            return self._counted[1]

    def rows(
        self, offset: int, limit: int, query: Query = EVERYTHING, held: int | None = None
    ) -> Rows:
        """Return a page of the waiting groups that fit ``query``, in its order.

        ``held`` has its row even if it does not fit: it is open, and must not vanish.
        """
        with self._changed:
            return self._book.page(query, self._version, offset, limit, held)

    def places(self) -> Places:
        """Return the folders to which the queue can be narrowed."""
        with self._changed:
            return self._book.places()

    def overlaps(self) -> Sequence[Overlap]:
        """Return how much of each folder lies in each other one, too."""
        with self._changed:
            return self._book.overlaps()

    def place_of(self, folder: str) -> str:
        """Return the name in the queue of a folder, with all that lies below it."""
        with self._changed:
            return self._book.place_of(folder)

    def lying(self, view: View) -> list[str]:
        """Return the folder of each file of a group, as the queue's folders are named."""
        with self._changed:
            return self._book.lying(view.staged)

    @property
    def subjects(self) -> frozenset[str]:
        """The names in the journal of all groups of this run."""
        with self._changed:
            return frozenset(one.staged.subject for one in self._book.records.values())

    @property
    def waiting(self) -> list[int]:
        """The numbers of the groups that wait."""
        with self._changed:
            return list(self._book.waiting)

    def view(self, number: int) -> View:
        """Return one group. Raises ``UnknownGroup``."""
        with self._changed:
            return view_of(self._book.record(number))

    def neighbours(self, number: int, query: Query = EVERYTHING) -> Neighbours:
        """Return a group's place among those that fit; after the last comes the first."""
        with self._changed:
            return self._book.neighbours(number, query, self._version)

    def history(self) -> list[View]:
        """Return this run's finished groups, the most recent first."""
        with self._changed:
            return self._book.history()

    def suggestion(self, view: View, facts: Sequence[Facts | None]) -> Suggestion:
        """Return what to keep of a group, and why; ``facts`` are what its pictures say."""
        attached, folders = view.staged.attached, self._preferences.folders

        def suggest(entries: Sequence[Entry], known: Sequence[Facts | None]) -> Suggestion:
            return suggestion(entries, known, folders, self.rules, attached)

        return suggested(view.parting, view.entries, facts, suggest)

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules by which files are suggested, in their order."""
        return self._preferences.rules or KEEP_RULES

    def missed(self, view: View, facts: Sequence[Facts | None]) -> tuple[Lack, ...]:
        """Return what the files that are not ticked have, and no ticked one."""
        return missed(view.entries, facts, view.keep)

    @property
    def watched(self) -> bool:
        """Whether a page has read how the run stands a moment ago."""
        return self.clock() - self._last_seen < WATCHING_SECONDS

    def seen(self, phase: Phase) -> None:
        """Note that a page has just read how the run stands."""
        with self._changed:
            self._last_seen = self.clock()
            if phase == "closed":
                self._farewell.set()

    # -- what the main thread reports ------------------------------------------------------

    def search(self, standing: Callable[[], Standing | None]) -> None:
        """Report that further groups may come; ``standing`` tells how far the search is."""
        with self._changed:
            self._search = standing
            self._bump()

    def arrived(self, groups: Sequence[Staged]) -> list[int]:
        """Report groups that are staged now, while others are decided; returns their numbers."""
        states = [store.read_review_state(staged.folder) for staged in groups]
        with self._changed:
            numbers = self._book.add(groups, states)
            self._divide(self._book, numbers)
            self._book.preselect(self._preferences)
            self._bump()
        return numbers

    def search_ended(self) -> None:
        """Report that no further group will come."""
        with self._changed:
            self._search = None
            self._bump()

    def settled(self, subject: str, outcome: Outcome) -> None:
        """Report that a group was settled."""
        with self._changed:
            one = self._book.by_subject(subject)
            one.state, one.reason, one.outcome, one.clicks = "settled", "", outcome, 0
            self._book.leave(one)
            self._bump()

    def refused(self, subject: str, reason: str) -> None:
        """Report that a group could not be settled (or undone), and why; it stays as it was."""
        with self._changed:
            if subject in self._asked_back:
                self._answered[subject] = reason
                self._bump()
                return
            one = self._book.by_subject(subject)
            one.state = "settled" if one.outcome else "attention"
            one.reason, one.clicks, one.rev = reason, 0, one.rev + 1
            self._bump()

    def undone(self, subject: str, remark: str = "") -> bool:
        """Report that all files of a settled group are back at their original paths.

        What was told apart in it is taken back, too. ``remark`` says what else is to be known.
        Returns whether this run had settled it.
        """
        with self._changed:
            if subject in self._asked_back:
                self._answered[subject] = ""
                self.terms = self.terms.without(self._asked_back[subject])
                self._bump()
                return False
            one = self._book.by_subject(subject)
            one.state, one.reason = "undone", remark
            try:
                apart.forget(one.told)
            except OSError as error:
                one.reason = f"It is still remembered as not duplicates: {error.strerror}"
            if one.told:
                one.told = ()
                self._known = apart.known()
                self._divide(self._book, self._book.waiting)
            self._bump()
            return True

    def restored(self, staged: Staged) -> None:
        """Report that a settled group is staged again, so that it waits for a decision."""
        with self._changed:
            one = self._book.by_subject(staged.subject)
            one.staged, one.state, one.outcome, one.reason = staged, "open", None, ""
            one.rev += 1
            self._book.come_back(one)
            self._bump()

    def look_again(self, groups: Sequence[Staged], read_only: str) -> None:
        """Take in the groups as another run has left them by now; for a review that only looks."""
        with self._changed:
            seen = self.terms, self._preferences, self._book.records
            self.terms = replace(self.terms, read_only=read_only)
            self._known = apart.known()
            self._stored, self._preferences, self._book = self._read(groups)
            if seen != (self.terms, self._preferences, self._book.records):
                self._bump()

    def close(self, freed_bytes: int = 0, trouble: str = "") -> None:
        """Report that the run is over; a page that watches gets a moment to read the summary.

        ``trouble`` is the sentence that says why it had to stop, when it had to.
        """
        with self._changed:
            self._freed_bytes, self._closed, self._trouble = freed_bytes, True, trouble
            watched = self.watched
            self._bump()
        if watched:
            self._farewell.wait(FAREWELL_SECONDS)

    def _bump(self) -> None:
        self._version += 1
        self._changed.notify_all()

    def _divide(self, book: Book, numbers: Sequence[int]) -> list[Record]:
        """Mark in groups what was told apart; return those that this has changed.

        What is a picture of its own is ticked, and no longer so when that is taken back.
        """
        changed = []
        for number in numbers:
            one = book.records[number]
            found = parting(one.staged, self._known)
            if found == one.parting or one.state not in {"open", "attention"}:
                continue
            one.keep = one.keep - one.parting.others | found.others
            one.own = one.own and one.ticked
            one.parting = found
            one.clicks, one.confirmation, one.rev = 0, None, one.rev + 1
            changed.append(one)
        return changed

    def _read(self, groups: Sequence[Staged]) -> tuple[Mapping[str, Any], Preferences, Book]:
        """Take up what the disk holds: the preferences as stored, as understood, and the groups."""
        stored = store.read_preferences(self.decision_folder)
        states = [store.read_review_state(staged.folder) for staged in groups]
        understood = preferences.from_json(stored, states)
        if self.terms.keep_rules:  # who names them anew means these
            understood = replace(understood, rules=self.terms.keep_rules)
        book = Book(groups, states, self.root)
        self._divide(book, book.waiting)
        book.preselect(understood)
        return stored, understood, book
