"""The groups of a review by their numbers: which wait, which are finished, what they add up to."""

import contextlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from same_image_locator.model import Disposal
from same_image_locator.plans import Staged
from same_image_locator.review import record
from same_image_locator.review.catalogue import Catalogue
from same_image_locator.review.commands import Outcome
from same_image_locator.review.overlaps import Overlap
from same_image_locator.review.places import Places
from same_image_locator.review.preferences import Preferences
from same_image_locator.review.query import Query
from same_image_locator.review.record import Record
from same_image_locator.review.refusals import UnknownGroup
from same_image_locator.review.terms import Terms
from same_image_locator.review.views import Neighbours, Rows, Totals, View, view_of
from same_image_locator.review.weights import aside_bytes


class Book:
    """Every group of the review; only ``Review`` changes it, under its lock."""

    def __init__(
        self, groups: Sequence[Staged], states: Sequence[Mapping[str, Any]], root: str
    ) -> None:
        self.records: dict[int, Record] = {}
        self.waiting: list[int] = []
        self.finished: list[int] = []
        self._catalogue = Catalogue(self.records, root)
        self._aside: dict[int, tuple[int, int]] = {}  # by number: at which revision, how many bytes
        self.add(groups, states)

    def add(self, groups: Sequence[Staged], states: Sequence[Mapping[str, Any]]) -> list[int]:
        """Put groups into the queue, each with what its state file holds; returns their numbers."""
        numbers = []
        for staged, state in zip(groups, states, strict=True):
            number = self._free_number(staged.number)
            self.records[number] = record.from_json(staged, number, state)
            numbers.append(number)
        self.waiting = sorted([*self.waiting, *numbers])
        self._catalogue.learn(numbers)
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
        self._catalogue.renew()
        self.finished.append(one.number)

    def come_back(self, one: Record) -> None:
        """Put a group that is staged again back into the queue."""
        self.finished.remove(one.number)
        self.waiting = sorted({*self.waiting, one.number})
        self._catalogue.renew(one.number)

    def page(
        self, query: Query, version: int, offset: int, limit: int, held: int | None = None
    ) -> Rows:
        """Return some of the groups that fit; ``held`` is among them even if it does not fit."""
        fitting = self._catalogue.fitting(query, self.waiting, version)
        rows = fitting
        if held is not None and self._waits(held):
            place = self._catalogue.place(held, query.sort, fitting)
            if held not in fitting[place : place + 1]:
                rows = [*fitting[:place], held, *fitting[place:]]
        views = [view_of(self.records[number]) for number in rows[offset : offset + limit]]
        return Rows(len(rows), views, len(fitting))

    def history(self) -> list[View]:
        """Return the finished groups, the most recent first."""
        return [view_of(self.records[number]) for number in reversed(self.finished)]

    def neighbours(self, number: int, query: Query, version: int) -> Neighbours:
        """Return a group's place among those that fit; after the last comes the first."""
        fitting = self._catalogue.fitting(query, self.waiting, version)
        place = self._catalogue.place(number, query.sort, fitting)
        after = place + (number in fitting[place : place + 1])
        others = place + len(fitting) - after
        following = fitting[after % len(fitting)] if others else None
        previous = fitting[place - 1] if others else None
        return Neighbours(place + 1, previous, following, fits=after > place)

    def places(self) -> Places:
        """Return the folders to which the queue can be narrowed."""
        return self._catalogue.places(self.waiting)

    def overlaps(self) -> Sequence[Overlap]:
        """Return how much of each folder lies in each other one, too."""
        return self._catalogue.overlaps(self.waiting)

    def place_of(self, folder: str) -> str:
        """Return the name in the queue of a folder, with all that lies below it."""
        return self._catalogue.place_of(folder)

    def lying(self, staged: Staged) -> list[str]:
        """Return the folder of each file of a group, as the queue's folders are named."""
        return self._catalogue.lying(staged)

    def _waits(self, number: int) -> bool:
        place = bisect_left(self.waiting, number)
        return number in self.waiting[place : place + 1]

    def _aside_bytes(self, one: Record) -> int:
        """What a choice would set aside, worked out once for each revision."""
        known = self._aside.get(one.number)
        if known is None or known[0] != one.rev:
            known = self._aside[one.number] = one.rev, aside_bytes(one.staged, one.keep)
        return known[1]

    def totals(self, terms: Terms, freed_bytes: int) -> Totals:
        """Return the counters; ``freed_bytes`` is what the answer to the offer has freed."""
        records = self.records.values()
        outcomes = [one.outcome for one in records if one.outcome and one.state != "undone"]
        chosen = [one for n in self.waiting if (one := self.records[n]).ticked]
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
            chosen=len(chosen),
            chosen_bytes=sum(map(self._aside_bytes, chosen)),
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
