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
