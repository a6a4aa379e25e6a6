"""Which of the waiting groups fit a query, in their order: worked out once for each change."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from same_image_locator.model import TIERS
from same_image_locator.plans import Staged
from same_image_locator.review.columns import Columns
from same_image_locator.review.overlaps import Overlap, overlaps
from same_image_locator.review.places import Places, offered, within
from same_image_locator.review.query import Query, Sort, searchable
from same_image_locator.review.record import Record

REMEMBERED = 8  # ways to look; each window has one
_VERIFIED = TIERS.index("same picture")


class Catalogue:
    """Answers queries about the waiting groups; the caller holds the review's lock."""

    def __init__(self, records: Mapping[int, Record], root: str) -> None:
        self._records = records
        self._columns = Columns(records, root)
        self._orders: dict[Sort, Sequence[int]] = {}
        self._fitting: dict[Query, tuple[int, Sequence[int]]] = {}
        self._places: Places | None = None
        self._overlaps: Sequence[Overlap] | None = None

    def learn(self, numbers: Sequence[int]) -> None:
        """Read now what will be asked of groups that come: nobody waits for them yet."""
        self._columns.fill(numbers)
        self.renew()

    def renew(self, restaged: int | None = None) -> None:
        """Note that other groups wait now; ``restaged`` is one that was staged anew."""
        self._orders.clear()
        self._fitting.clear()
        self._places = self._overlaps = None
        if restaged is not None:
            self._columns.forget(restaged)

    def fitting(self, query: Query, waiting: Sequence[int], version: int) -> Sequence[int]:
        """Return the groups that fit, in order; ``version`` changes with every choice."""
        if query.takes_all:
            return self._ordered(query.sort, waiting)
        known = self._fitting.get(query)
        if known is None or known[0] != version:
            self._fitting.pop(query, None)
            while len(self._fitting) >= REMEMBERED:
                del self._fitting[next(iter(self._fitting))]
            known = version, self._filtered(query, self._ordered(query.sort, waiting))
            self._fitting[query] = known
        return known[1]

    def place(self, number: int, sort: Sort, ordered: Sequence[int]) -> int:
        """Return where a group stands, or would stand, among others in this order."""
        value = self._value(sort, [number])
        return bisect_left(ordered, (value(number), number), key=lambda one: (value(one), one))

    def places(self, waiting: Sequence[int]) -> Places:
        """Return the folders to which the queue can be narrowed."""
        if self._places is None:
            folders = self._columns.folders.of(waiting)
            self._places = offered(folders[number] for number in waiting)
        return self._places

    def overlaps(self, waiting: Sequence[int]) -> Sequence[Overlap]:
        """Return how much of each folder lies in each other one, too."""
        if self._overlaps is None:
            tiers = self._columns.tier.of(waiting)
            verified = (n for n in waiting if TIERS.index(tiers[n]) <= _VERIFIED)
            staged = (self._records[number].staged for number in verified)
            self._overlaps = overlaps(
                [
                    (folder, entry.identity.size)
                    for folder, entry in zip(self.lying(one), one.entries, strict=True)
                ]
                for one in staged
            )
        return self._overlaps

    def place_of(self, folder: str) -> str:
        """Return the name of a folder, as ``within`` understands it."""
        return self._columns.place_of(folder)

    def lying(self, staged: Staged) -> list[str]:
        """Return the folder of each file of a group, as ``within`` understands it."""
        return self._columns.lying(staged)

    def _ordered(self, sort: Sort, waiting: Sequence[int]) -> Sequence[int]:
        if sort == "number":
            return waiting
        if sort not in self._orders:  # sorting is stable: what is alike stays in order of numbers
            self._orders[sort] = sorted(waiting, key=self._value(sort, waiting))
        return self._orders[sort]

    def _value(self, sort: Sort, numbers: Sequence[int]) -> Callable[[int], Any]:
        """Return what groups are sorted by, the smallest first."""
        columns = self._columns
        match sort:
            case "number":
                return lambda number: number
            case "bytes" | "files":
                column = columns.bytes if sort == "bytes" else columns.files
                most = column.of(numbers)
                return lambda number: -most[number]
            case "sure":
                tiers = columns.tier.of(numbers)
                return lambda number: TIERS.index(tiers[number])
            case "oldest":
                return columns.date.of(numbers).__getitem__
            case "newest":
                dates = columns.date.of(numbers)
                return lambda number: -dates[number]
            case "path":
                paths = columns.text.of(numbers)
                return lambda number: paths[number].partition("\n")[0]

    def _filtered(self, query: Query, numbers: Sequence[int]) -> Sequence[int]:
        """Narrow from what is told fastest to what is told slowest."""
        columns, left = self._columns, numbers
        if query.stand:
            left = self._standing(query, left)
        if query.tier:
            tiers = columns.tier.of(left)
            left = [number for number in left if tiers[number] == query.tier]
        if query.folders:
            folders = columns.folders.of(left)
            every = {folder for number in left for folder in folders[number]}
            for place in query.folders:
                wanted = within(place, every)
                left = [number for number in left if not wanted.isdisjoint(folders[number])]
        if needle := searchable(query.words.strip()):
            texts = columns.text.of(left)
            left = [number for number in left if needle in texts[number]]
        return left

    def _standing(self, query: Query, numbers: Sequence[int]) -> Sequence[int]:
        records = self._records
        if query.stand == "attention":
            return [n for n in numbers if records[n].state == "attention"]
        if query.stand == "chosen":
            return [n for n in numbers if records[n].ticked]
        left = [n for n in numbers if not records[n].ticked and records[n].state != "attention"]
        if query.stand == "suggested":
            tiers = self._columns.tier.of(left)
            left = [n for n in left if tiers[n] == "identical" and not records[n].own]
        return left
