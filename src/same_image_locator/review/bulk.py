"""Accepting the suggestions of many groups at once: a preview, the deed, and the way back."""

import sys
import threading
from collections.abc import Sequence
from functools import partial
from itertools import count
from types import TracebackType
from typing import Self, TypeVar

from same_image_locator.model import Auto
from same_image_locator.review import sure
from same_image_locator.review.accepting import Accepting, Undoing, UndoingEarlier
from same_image_locator.review.confirming import same
from same_image_locator.review.folder_copies import in_both, weigh_copies
from same_image_locator.review.job import Job
from same_image_locator.review.overlaps import Copies, Overlap
from same_image_locator.review.past import Earlier
from same_image_locator.review.proposals import Looking, Weigh, weigh
from same_image_locator.review.query import Query
from same_image_locator.review.refusals import NotAllowed, ReadOnly, Stale, UnknownGroup
from same_image_locator.review.state import Review
from same_image_locator.review.views import View

Some = TypeVar("Some", bound=Job)
Action = Accepting | Undoing | UndoingEarlier

_PREVIEWS = 4  # that are remembered: each window has one
_PATIENCE_SECONDS = 1.0  # for the group in hand when the run ends


class Bulk:
    """The bulk actions of one run; every method may be called from any thread.

    Many may look, one at a time may act. ``read`` tells what the pictures of a group say of
    themselves. To be used as a context manager, so that nothing acts once the run is over.
    """

    def __init__(self, review: Review, read: sure.Reading) -> None:
        self._review = review
        self._read = read
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._jobs: dict[int, Job] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            running = [job for job in self._jobs.values() if job.standing == "running"]
        for job in running:
            job.stop()
        for job in running:
            job.wait(_PATIENCE_SECONDS)

    def preview(self, query: Query, auto: Auto) -> Looking:
        """Begin to look at what accepting all that are so sure in this view would do.

        Raises:
            ReviewRefusal: nothing may be accepted at once now, or in this run.
        """
        return self._looking(query, partial(weigh, self._review, auto, self._read))

    def overlaps(self) -> Sequence[Overlap]:
        """Return how much of each folder lies in each other one, too."""
        return self._review.overlaps()

    def preview_copies(self, copies: Copies, auto: Auto) -> Looking:
        """Begin to look at what clearing one folder of what another has, too, would do.

        Raises:
            ReviewRefusal: nothing may be accepted at once now, or in this run.
        """
        way = partial(weigh_copies, self._review, copies, auto, self._read)
        return self._looking(in_both(copies), way, copies)

    def _looking(self, query: Query, way: Weigh, copies: Copies | None = None) -> Looking:
        with self._lock:
            self._allowed()
            views: Sequence[View] = self._review.rows(0, sys.maxsize, query).views
            looking = Looking(next(self._numbers), views, way, copies)
            older = [job for job in self._jobs.values() if isinstance(job, Looking)]
            for job in older[: max(0, len(older) - _PREVIEWS + 1)]:
                job.stop()
                del self._jobs[job.number]
            return self._started(looking)

    def apply(self, token: str) -> Accepting:
        """Begin to settle exactly what the preview of this token has shown; it is taken once.

        Raises:
            ReviewRefusal: there is no such preview, or nothing may be accepted at once now.
        """
        with self._lock:
            self._allowed()
            for job in list(self._jobs.values()):
                if isinstance(job, Looking) and job.preview and same(token, job.preview.token):
                    del self._jobs[job.number]
                    proposals, copies = job.preview.proposals, job.copies
                    action = Accepting(next(self._numbers), self._review, proposals, copies)
                    return self._started(action)
        raise Stale("This preview is no longer known: please look again", "preview")

    def undo(self, number: int) -> Undoing:
        """Begin to undo each group of an action that still can be.

        Raises:
            ReviewRefusal: there is no such action, or another one is running.
        """
        with self._lock:
            self._free()
            found = self._jobs.get(number)
            if not isinstance(found, Accepting):
                raise UnknownGroup("There is no such action")
            return self._started(Undoing(next(self._numbers), self._review, found))

    def undo_earlier(self, run: str, number: int | None = None) -> UndoingEarlier:
        """Begin to undo a group of an earlier run, or all of that run.

        Raises:
            ReviewRefusal: there is nothing to undo of it, or another action is running.
        """
        with self._lock:
            self._free()
            items = [
                one
                for one in self.earlier()
                if one.run == run and (number is None or one.number == number)
            ]
            if not items:
                raise UnknownGroup("There is nothing left to undo of that run")
            return self._started(UndoingEarlier(next(self._numbers), self._review, items))

    def earlier(self) -> list[Earlier]:
        """Return what earlier runs have settled and can be undone, the latest first."""
        return list(self._review.terms.past.earlier(self._review.subjects))

    def job(self, number: int) -> Job:
        """Return a preview or an action of this run. Raises ``UnknownGroup``."""
        with self._lock:
            if number not in self._jobs:
                raise UnknownGroup("There is no such preview or action")
            return self._jobs[number]

    @property
    def running(self) -> Action | None:
        """The action that is under way."""
        with self._lock:
            return self._acting()

    def accepted(self) -> list[Accepting]:
        """Return the actions of this run by which something was settled, the latest first."""
        with self._lock:
            jobs = [job for job in self._jobs.values() if isinstance(job, Accepting)]
        return [job for job in reversed(jobs) if job.numbers()]

    def _acting(self) -> Action | None:
        for job in self._jobs.values():
            if isinstance(job, Action) and job.standing == "running":
                return job
        return None

    def _started(self, job: Some) -> Some:
        self._jobs[job.number] = job
        job.start()
        return job

    def _allowed(self) -> None:
        terms = self._review.terms
        if terms.rejects != "quarantine":
            raise NotAllowed(
                "Many groups at once are only set aside, so that all can be undone; this run was "
                f"started with --rejects {terms.rejects}. Finish these groups one by one, or start "
                "again without it",
                "bulk-rejects",
            )
        self._free()

    def _free(self) -> None:
        if self._review.terms.read_only:
            raise ReadOnly(self._review.terms.read_only)
        if self._review.phase == "closed":
            raise Stale("The run is over", "not-open")
        if acting := self._acting():
            what = "Suggestions are being accepted" if acting.kind == "apply" else "An undo runs"
            raise Stale(f"{what} at this moment: wait for its end, or stop it", "bulk-running")
