"""Takes out of groups what a person has told apart from their keepers."""

from collections.abc import Iterator, Mapping, Sequence

from same_image_locator import apart
from same_image_locator.apart import Known
from same_image_locator.events import Listener, Noted
from same_image_locator.fingerprint.contents import contents
from same_image_locator.group import make_groups, numbered
from same_image_locator.model import Examined, Group
from same_image_locator.wording import plural


def split(groups: list[Group], listener: Listener) -> list[Group]:
    """Return the groups of a perceptual mode as they are without what was told apart.

    A member that is known not to show its keeper's picture leaves. Those that have left are grouped
    anew among themselves, by the same rule; a file that is left alone is in no group.
    """
    known = apart.known(listener)
    if not known or not groups:
        return groups
    compared = groups[0].compared
    whole: list[Group] = []
    gone = 0
    while groups:
        digests = _contents(groups, known, listener)
        left: list[Examined] = []
        for group in groups:
            stays, leaves = _parted(group, known, digests)
            if stays is not None:
                whole.append(stays)
            left += leaves
        gone = gone or len(left)
        groups = make_groups(left, groups[0].method) if len(left) > 1 else []
    if gone:
        listener(Noted(f"{plural(gone, 'file')} told apart earlier: `sil apart` lists them"))
    return numbered([group._replace(compared=compared) for group in whole]) if gone else whole


def _parted(
    group: Group, known: Known, digests: Mapping[str, str]
) -> tuple[Group | None, list[Examined]]:
    """Return what is left of a group, None where that is no group, and what leaves it."""
    members = group.members
    keeper = digests.get(members[0].examined.photo.path, "")
    leaves = [
        member.examined
        for member in members
        if known.apart(keeper, digests.get(member.examined.photo.path, ""))
    ]
    if not leaves:
        return group, []
    gone = {examined.photo.path for examined in leaves}
    stays = tuple(member for member in members if member.examined.photo.path not in gone)
    return (group._replace(members=stays) if len(stays) > 1 else None), leaves


def _contents(groups: Sequence[Group], known: Known, listener: Listener) -> Mapping[str, str]:
    """Return the digests of those files that may be among what was told apart."""

    def suspects() -> Iterator[Examined]:
        for group in groups:
            those = [m.examined for m in group.members if _size(m.examined) in known.sizes]
            # The keeper tells who leaves: without it, nobody need be read.
            if len(those) > 1 and those[0] is group.members[0].examined:
                yield from those

    return contents([one.photo for one in suspects()], listener)


def _size(examined: Examined) -> int:
    return examined.photo.identity.size
