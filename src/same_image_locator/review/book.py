"""The groups of a review by their numbers: which wait, which are finished, what they add up to."""

import contextlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from same_image_locator.model import Disposal
from same_image_locator.plans import Staged
from same_image_locator.review import record
from same_image_locator.review.commands import Outcome
from same_image_locator.review.preferences import Preferences
from same_image_locator.review.record import Record
from same_image_locator.review.refusals import UnknownGroup
from same_image_locator.review.terms import Terms
from same_image_locator.review.views import Neighbours, Totals, View, view_of


class Book:
    """Every group of the review; only ``Review`` changes it, under its lock."""

    def __init__(self, groups: Sequence[Staged], states: Sequence[Mapping[str, Any]]) -> None:
        self.records: dict[int, Record] = {}
        self.waiting: list[int] = []
        self.finished: list[int] = []
        self.add(groups, states)

    def add(self, groups: Sequence[Staged], states: Sequence[Mapping[str, Any]]) -> list[int]:
        """Put groups into the queue, each with what its state file holds; returns their numbers."""
        numbers = []
        for staged, state in zip(groups, states, strict=True):
            number = self._free_number(staged.number)
            self.records[number] = record.from_json(staged, number, state)
            numbers.append(number)
        self.waiting = sorted([*self.waiting, *numbers])
        return numbers

    def _free_number(self, wanted: int) -> int:
        """Two interrupted runs of the first version may have used one number twice."""
        return wanted if wanted not in self.records else max(self.records) + 1

    def record(self, number: int) -> Record:
        """Return one group. Raises ``UnknownGroup``."""
        if number not in self.records:
            raise UnknownGroup(f"There is no group {number}")
        return self.records[number]

    def by_subject(self, subject: str) -> Record:
        """Return the group of this name in the journal."""
        return next(one for one in self.records.values() if one.staged.subject == subject)

    def preselect(self, chosen: Preferences) -> None:
        """Pre-select in every open group that has no choice of its own."""
        for number in self.waiting:
            one = self.records[number]
            if not one.own and one.state == "open":
                one.preselected(chosen)

    def leave(self, one: Record) -> None:
        """Take a finished group out of the queue."""
        with contextlib.suppress(ValueError):
            self.waiting.remove(one.number)
        self.finished.append(one.number)

    def come_back(self, one: Record) -> None:
        """Put a group that is staged again back into the queue."""
        self.finished.remove(one.number)
        self.waiting = sorted({*self.waiting, one.number})

    def page(self, offset: int, limit: int) -> list[View]:
        """Return some of the waiting groups, in order of their numbers."""
        return [view_of(self.records[n]) for n in self.waiting[offset : offset + limit]]

    def history(self) -> list[View]:
        """Return the finished groups, the most recent first."""
        return [view_of(self.records[number]) for number in reversed(self.finished)]

    def neighbours(self, number: int) -> Neighbours:
        """Return a group's place among the waiting ones; after the last comes the first."""
        waiting = self.waiting
        before, after = bisect_left(waiting, number), bisect_right(waiting, number)
        others = before + len(waiting) - after
        following = waiting[after % len(waiting)] if others else None
        return Neighbours(before + 1, waiting[before - 1] if others else None, following)

    def totals(self, terms: Terms, freed_bytes: int) -> Totals:
        """Return the counters; ``freed_bytes`` is what the answer to the offer has freed."""
        records = self.records.values()
        outcomes = [one.outcome for one in records if one.outcome and one.state != "undone"]
        count, size = terms.aside_before
        aside, trashed, removed = (
            _gone(outcomes, way) for way in ("quarantine", "trash", "delete")
        )
        return Totals(
            groups=len(records),
            settled=len(outcomes),
            undone=sum(one.state == "undone" for one in records),
            waiting=len(self.waiting),
            attention=sum(one.state == "attention" for one in records),
            kept=sum(outcome.kept for outcome in outcomes),
            set_aside=count + aside[0],
            set_aside_bytes=size + aside[1],
            trashed=trashed[0],
            trashed_bytes=trashed[1],
            removed=removed[0],
            removed_bytes=removed[1],
            freed_bytes=freed_bytes,
        )


def _gone(outcomes: Sequence[Outcome], way: Disposal) -> tuple[int, int]:
    """Return how many files and bytes went this way."""
    mine = [outcome for outcome in outcomes if outcome.disposal == way]
    return sum(one.set_aside for one in mine), sum(one.set_aside_bytes for one in mine)
