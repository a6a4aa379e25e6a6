"""Chooses which candidates to look at first: a picture with many of them may be their keeper."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from same_image_locator.similar.candidates import Candidate

_LEADS = 3


class Hubs:
    """Candidates that wait for a second look; of sixty copies of a picture sixty looks will do.

    A picture that was found to be the same as a hub needs no look beside all other copies of it:
    only beside later hubs, of which one may be nearer. Among equals the largest file comes first,
    by its ``sizes``: it is likely the best of the copies, by which the others are best measured.
    """

    def __init__(self, near: Iterable[Candidate], sizes: Sequence[int]) -> None:
        self._sizes = sizes
        self._open: dict[int, dict[int, Candidate]] = defaultdict(dict)
        for candidate in near:
            self._open[candidate.one][candidate.other] = candidate
            self._open[candidate.other][candidate.one] = candidate
        self._free = set(self._open)

    def next(self) -> list[Candidate]:
        """Take out all candidates of the next hubs, none of which is a candidate of another."""
        degrees = {one: self._degree(one) for one in self._free if self._open[one]}
        hubs: set[int] = set()
        for one in sorted(degrees, key=lambda one: (-degrees[one], -self._sizes[one], one)):
            if hubs.isdisjoint(self._open[one]):
                hubs.add(one)
        taken = {}
        for hub in sorted(hubs):
            all_ = sorted(self._open.pop(hub).items(), key=lambda item: item[1].distance)
            for other, _ in all_:
                self._open[other].pop(hub, None)
            # What is free no more has a keeper, which the nearest of them will lead to.
            for other, candidate in all_ if degrees[hub] else all_[:_LEADS]:
                taken[min(hub, other), max(hub, other)] = candidate
        self._free = degrees.keys() - hubs
        return list(taken.values())

    def left(self) -> int:
        """Return how many candidates wait beside a picture that has no keeper yet."""
        return sum(len(self._open[one]) for one in self._free)

    def found(self, candidate: Candidate) -> None:
        """Hear that these two, one of which is a hub, show the same picture."""
        self._free -= {candidate.one, candidate.other}

    def _degree(self, one: int) -> int:
        """Return how many free pictures are candidates of one."""
        return sum(other in self._free for other in self._open[one])
