"""Accepts previewed suggestions, and takes that back: group by group, each with its result."""

import time
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar

from same_image_locator.errors import LocatorError
from same_image_locator.review import sure
from same_image_locator.review.job import Job
from same_image_locator.review.overlaps import Copies
from same_image_locator.review.past import Earlier
from same_image_locator.review.proposals import Proposal
from same_image_locator.review.refusals import ReviewRefusal
from same_image_locator.review.state import Review
from same_image_locator.review.views import View

Item = TypeVar("Item")
Became = Literal["done", "failed", "skipped"]


class Result(NamedTuple):
    """What became of a group: "done"; "failed" with its cause; or "skipped" with the reason.

    A failed group waits as "needs attention", or stays settled when it could not be undone. A
    skipped one is as somebody else has left it.
    """

    number: int
    became: Became
    cause: str = ""


class Acting(Job, Generic[Item]):
    """Works on groups by the review's own doors; the main thread carries each of them out."""

    def __init__(self, number: int, review: Review, items: Sequence[Item]) -> None:
        super().__init__(number, len(items))
        self.results: list[Result] = []
        self._review = review
        self._items = items

    def steps(self) -> Iterator[None]:
        """Do one group after the other, until the run is over."""
        for item in self._items:
            result = self._acted(item)
            if result is None:
                return
            self.results.append(result)
            yield

    @abstractmethod
    def _acted(self, item: Item) -> Result | None:
        """Do one group; None when the run was over before it was done."""

    def numbers(self, became: Became = "done") -> list[int]:
        """Return the groups that have become this."""
        return [one.number for one in self.results if one.became == became]

    def _refusal(self, number: int, refusal: ReviewRefusal) -> Result | None:
        if self._review.phase == "closed":
            return None
        return Result(number, "skipped", str(refusal))


class Accepting(Acting[Proposal]):
    """Settles exactly what a preview has shown, one action to be undone as one.

    It is known as long as this run's history is: what was settled is in the journal group by group,
    and a later run undoes it with ``sil undo``. A program that dies in the middle leaves at most
    the group in hand with a tick, and the others as they were.
    """

    kind = "apply"

    def __init__(
        self,
        number: int,
        review: Review,
        items: Sequence[Proposal],
        copies: Copies | None = None,
    ) -> None:
        super().__init__(number, review, items)
        self.copies = copies
        self.at = time.time()

    def _acted(self, item: Proposal) -> Result | None:
        number = item.view.number
        now = self._review.view(number)
        if now.rev != item.view.rev or not sure.untouched(now):
            return Result(number, "skipped", _meanwhile(now))
        try:
            done = sure.follow(self._review, item.view, item.keep, wait=None)
        except ReviewRefusal as refusal:
            return self._refusal(number, refusal)
        except LocatorError as error:
            self._review.refused(item.view.staged.subject, error.what)
            return Result(number, "failed", error.what)
        match done.state:
            case "settled" | "undoing" | "undone":  # somebody may be very quick
                return Result(number, "done")
            case "attention":
                return Result(number, "failed", done.reason)
            case _:
                return None


class Undoing(Acting[int]):
    """Takes back what was accepted, as far as it still can be."""

    kind = "undo"

    def __init__(self, number: int, review: Review, of: Accepting) -> None:
        items = [n for n in reversed(of.numbers()) if review.view(n).state == "settled"]
        super().__init__(number, review, items)
        self.of = of

    def _acted(self, item: int) -> Result | None:
        if self._review.view(item).state != "settled":
            return Result(item, "skipped", "It was undone elsewhere in the meantime")
        try:
            done = self._review.undo(item, wait=None)
        except ReviewRefusal as refusal:
            return self._refusal(item, refusal)
        match done.state:
            case "undone":
                return Result(item, "done")
            case "undoing":
                return None
            case _:
                return Result(item, "failed", done.reason)


class UndoingEarlier(Acting[Earlier]):
    """Takes back what an earlier run has settled."""

    kind = "undo"

    def _acted(self, item: Earlier) -> Result | None:
        try:
            why = self._review.undo_earlier(item, wait=None)
        except ReviewRefusal as refusal:
            return self._refusal(item.number, refusal)
        if why is None:
            return None
        return Result(item.number, "failed" if why else "done", why)


def _meanwhile(now: View) -> str:
    if now.state in {"settled", "settling", "undoing", "undone"}:
        return "It was settled elsewhere in the meantime"
    return "It was changed elsewhere in the meantime"
