"""What second looks have found so far, and the groups that it makes.

Pictures are numbers, in the order that was given.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from same_image_locator.cache import Pictures, by_file
from same_image_locator.model import Member, Strictness, Tier
from same_image_locator.photos import Prints
from same_image_locator.similar.candidates import Candidate
from same_image_locator.similar.changes import Changes
from same_image_locator.similar.series import other_shots
from same_image_locator.similar.stars import bridges, joined, linked, stars, together
from same_image_locator.similar.verdict import NEEDED, Verdict

_PERCENT = 100
_FAMILY = 3  # other pictures that look much like those of a group


class _Same(NamedTuple):
    """Two pictures that are the same: what was done to ``one`` to get the other."""

    distance: float
    one: int
    changes: Changes
    tier: Tier
    certainty: int


_Known = dict[tuple[int, int], _Same]


class Findings:
    """The pairs that were looked at: the same, doubtful, or two pictures that are much alike."""

    def __init__(self, ordered: Prints, strictness: Strictness) -> None:
        self.same: _Known = {}
        self.seen: set[tuple[int, int]] = set()
        self._doubtful: _Known = {}  # by the next looser rule alone
        self._alike: dict[int, set[int]] = defaultdict(set)
        self._ordered = ordered
        self._needed = NEEDED[strictness]

    def add(self, candidate: Candidate, verdict: Verdict) -> None:
        """Take in what a second look at two pictures has shown."""
        pair = _pair(candidate.one, candidate.other)
        self.seen.add(pair)
        certainty = max(self._needed, verdict.certainty)  # two doubtful ones meet the rule together
        same = _Same(candidate.distance, candidate.one, verdict.changes, verdict.tier, certainty)
        if verdict.same:
            self.same[pair] = same
            return
        if 0 < verdict.certainty == self._needed - 1:
            self._doubtful[pair] = same
        if verdict.alike:
            self._alike[candidate.one].add(candidate.other)
            self._alike[candidate.other].add(candidate.one)

    def missing(self) -> Iterator[Candidate]:
        """Yield keepers beside what hangs together with them, where nobody looked yet.

        Where one keeper does not hold all of it, pictures that might do better are tried as well.
        """
        links = _links(self.same)
        for part in together(links):
            of_part = {one: links[one] for one in part}
            groups = stars(of_part, self._ordered.photos.sizes)
            for keeper in [*groups, *bridges(of_part, groups)]:
                for one in part:
                    if one != keeper and _pair(keeper, one) not in self.seen:
                        yield Candidate(1.0, *_pair(keeper, one), None, whole=False)

    def parted(self, pictures: Pictures) -> Iterator[Candidate]:
        """Take shots out of groups of another one, and yield pairs of them to look at.

        A copy that lost its time shows the same as each shot of a burst, and would tie them.
        """
        for members in list(self._stars().values()):
            identities = (self._ordered.photos[one].identity for one in members)
            facts = [pictures.facts(by_file(identity)) for identity in identities]
            for shot in other_shots(facts):
                leaving = [members[at] for at in shot]
                for one, other in product(leaving, set(members).difference(leaving)):
                    for known in (self.same, self._doubtful):
                        known.pop(_pair(one, other), None)
                for other in leaving[1:]:
                    yield Candidate(1.0, *_pair(leaving[0], other), None, whole=False)

    def groups(self) -> list[list[Member]]:
        """Return the groups, the keeper of each first.

        Among many pictures of one layout even much that two share proves little.
        """
        groups = self._stars()
        keeper_of = {one: keeper for keeper, members in groups.items() for one in members}
        doubtful, paths = _links(self._doubtful), self._ordered.photos.paths
        result = []
        for keeper, members in groups.items():
            likes = set().union(*(self._alike.get(one, ()) for one in members))
            others = {keeper_of.get(one, one) for one in likes} - {keeper}
            made = [self._member(keeper, one) for one in members]
            if len(others) >= _FAMILY:
                made = [one.doubted() for one in made]
            near = sorted(doubtful.get(keeper, {}).keys() - set(members))
            made[0] = made[0]._replace(near=tuple(paths[one] for one in near))
            result.append(made)
        return result

    def _stars(self) -> dict[int, list[int]]:
        """Return the members of each keeper."""
        links = _links(self.same)
        # Another shot is no poor copy.
        doubtful = _links(
            {pair: same for pair, same in self._doubtful.items() if same.tier != "series"}
        )
        result: dict[int, list[int]] = {}
        for part in together(links):
            of_part = {one: links[one] for one in part}
            result |= joined(stars(of_part, self._ordered.photos.sizes), of_part, doubtful)
        return result

    def _member(self, keeper: int, one: int) -> Member:
        examined = self._ordered[one]
        if one == keeper:
            return Member(examined, tier="identical")
        pair = _pair(keeper, one)
        same = self.same.get(pair) or self._doubtful[pair]
        changes = same.changes if same.one == keeper else same.changes.reversed()
        distance = round(_PERCENT * same.distance)
        return Member(examined, distance, changes.words(), same.tier, same.certainty)


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _links(pairs: Mapping[tuple[int, int], _Same]) -> dict[int, dict[int, float]]:
    return linked((*pair, same.distance) for pair, same in pairs.items())
