"""Where the files of finished groups lie by now, as the journal knows and the disk shows."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from same_image_locator.aftercare import set_aside
from same_image_locator.journal import Disk, GroupHistory, History
from same_image_locator.own_names import group_number
from same_image_locator.plans import ActKind
from same_image_locator.review.past import Earlier, Place, Whereabout


class JournalPast:
    """The past as this journal has it; it may be asked while the run goes on.

    What one group is and was is replaced at once when it changes, never in parts.
    """

    def __init__(self, history: History, disk: Disk) -> None:
        self._history = history
        self._disk = disk

    def files(self, subject: str) -> Sequence[Whereabout]:
        """Return where each file of a finished group lies."""
        group = self._history.groups.get(subject)
        return tuple(self._files(group)) if group else ()

    def earlier(self, besides: AbstractSet[str]) -> Sequence[Earlier]:
        """Return what can still be undone ``besides`` these subjects, the latest first."""
        groups = [g for g in list(self._history.groups.values()) if g.subject not in besides]
        found = [one for group in groups if (one := self._earlier(group))]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def _files(self, group: GroupHistory) -> Iterator[Whereabout]:
        aside = group.settle.acts(ActKind.SET_ASIDE) if group.settle else ()
        targets = {act.source: act.target for act in aside}
        for act in group.stage.acts(ActKind.STAGE):
            lay = targets.get(act.target, act.target)
            home = group.homes.get(lay, "")
            place: Place = "home" if home else "aside"
            if not self._disk.status(home or lay):
                place = "gone" if group.state == "purged" and not home else "missing"
            yield Whereabout(act.source, home or lay, place, bool(act.owners))

    def _earlier(self, group: GroupHistory) -> Earlier | None:
        left = set_aside(group, self._disk)
        if not left:
            return None
        run, _, name = group.subject.partition("/")
        size = sum(act.expect.size for act in left if act.expect)
        return Earlier(group.subject, run, group_number(name), group.at, len(left), size)
