"""Which pictures a looser threshold would add to the groups that a perceptual hash has made."""

from collections.abc import Sequence

from same_image_locator.events import ignore
from same_image_locator.greedy import greedily
from same_image_locator.model import Examined, Group, Method
from same_image_locator.photos import Prints

_MOST_BITS, _MOST_PHOTOS = 12, 100_000  # beyond either, to search again could take minutes


def with_near(groups: Sequence[Group], examined: Sequence[Examined], method: Method) -> list[Group]:
    """Return the groups, each knowing the paths that a search by the looser threshold adds to it.

    That is what lies together with a group's first member then, and is not in it now.
    """
    if not groups or method.looser > _MOST_BITS or len(examined) > _MOST_PHOTOS:
        return list(groups)
    wide = greedily(Prints.of(examined).by_path(), method.looser, ignore)
    together = {
        member.examined.photo.path: [each.examined.photo.path for each in members]
        for members in wide
        for member in members
    }
    return [_with_near(group, together.get(group.paths[0], ())) for group in groups]


def _with_near(group: Group, together: Sequence[str]) -> Group:
    own = frozenset(group.paths)
    first = group.members[0]._replace(near=tuple(path for path in together if path not in own))
    return group._replace(members=(first, *group.members[1:]))
