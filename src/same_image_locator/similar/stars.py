"""Makes groups of verified pairs: a keeper in the middle, and each member verified against it.

Pictures are numbers here, in the order of their paths.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

_BRIDGES = 3

Links = Mapping[int, Mapping[int, float]]


def linked(pairs: Iterable[tuple[int, int, float]]) -> dict[int, dict[int, float]]:
    """Return for each picture its verified neighbours and how far they are."""
    links: dict[int, dict[int, float]] = defaultdict(dict)
    for one, other, distance in pairs:
        links[one][other] = links[other][one] = distance
    return dict(links)


def stars(links: Links, sizes: Sequence[int]) -> dict[int, list[int]]:
    """Return the members of each keeper, itself first, then the nearest.

    The picture with the most free neighbours becomes a keeper, the largest file among equals, until
    no two free pictures are linked. The nearest of its free neighbours stays with it, so that no
    keeper is left alone; each other member goes to the nearest keeper that it was verified against.
    So no group hangs together by a third picture, and none is split that one of its pictures could
    hold together.
    """
    free = {one: set(others) for one, others in links.items()}
    keepers = []
    staying: dict[int, int] = {}  # members with their keepers
    while free:
        keeper = min(free, key=lambda one: (-len(free[one]), -sizes[one], one))
        if not free[keeper]:
            break
        keepers.append(keeper)
        nearest = min(free[keeper], key=lambda one: (links[keeper][one], one))
        staying[nearest] = keeper
        for gone in [keeper, *free[keeper]]:
            for other in free.pop(gone, ()):
                if other in free:
                    free[other].discard(gone)
    members: dict[int, list[int]] = {keeper: [] for keeper in keepers}
    for one, others in links.items():
        near = [(others[keeper], keeper) for keeper in keepers if keeper in others]
        if one not in members and near:
            members[staying.get(one, min(near)[1])].append(one)
    return {
        keeper: [keeper, *sorted(those, key=lambda one: (links[keeper][one], one))]
        for keeper, those in members.items()
    }


def joined(groups: Mapping[int, list[int]], links: Links, doubtful: Links) -> dict[int, list[int]]:
    """Return the groups with what is left over where two of their pictures speak for it.

    A picture may be so poor that only some of its copies prove it. It joins a group whose keeper it
    is like, though not beyond doubt, if it was verified against another member that the keeper was
    verified against. A smaller group joins a larger one if all of it may.
    """
    keeper_of = {one: keeper for keeper, members in groups.items() for one in members}
    result = {keeper: list(members) for keeper, members in groups.items()}

    def takers(one: int) -> set[int]:
        near = {keeper_of[other] for other in links[one] if other in keeper_of}
        return {one_ for one_ in near if one_ in links[one] or one_ in doubtful.get(one, ())}

    def rank(keeper: int) -> tuple[int, int]:
        return len(groups[keeper]), -keeper

    alone = [[one] for one in sorted(links) if one not in keeper_of]
    for those in [*alone, *(groups[keeper] for keeper in sorted(groups, key=rank))]:
        first = those[0]
        may = set.intersection(*map(takers, those)).intersection(result)
        if first in result:
            may = {keeper for keeper in may if rank(keeper) > rank(first)}
        if not may or result.get(first, those) != those:  # nothing joins what has been joined
            continue
        near = {**doubtful.get(first, {}), **links[first]}
        result[min(may, key=lambda keeper: (near[keeper], keeper))] += those
        result.pop(first, None)
    return result


def bridges(links: Links, groups: Mapping[int, list[int]]) -> list[int]:
    """Return the members of the largest star that are linked to what is not in it.

    The first few only, those with the most such links first: one of them may hold all together.
    """
    largest = max(groups.items(), key=lambda star: (len(star[1]), -star[0]), default=(0, []))[1]
    outside = links.keys() - largest
    reach = {one: len(outside & links[one].keys()) for one in largest}
    found = sorted((one for one in largest[1:] if reach[one]), key=lambda one: (-reach[one], one))
    return found[:_BRIDGES]


def together(links: Links) -> list[list[int]]:
    """Return the pictures that hang together, each list in order."""
    seen: set[int] = set()
    parts = []
    for start in sorted(links):
        if start in seen:
            continue
        part, waiting = [], [start]
        seen.add(start)
        while waiting:
            one = waiting.pop()
            part.append(one)
            fresh = [other for other in links[one] if other not in seen]
            seen.update(fresh)
            waiting += fresh
        parts.append(sorted(part))
    return parts
