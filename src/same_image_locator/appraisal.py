"""Appraises groups for reports and lists: facts, what is suggested and why, what it would free."""

import os
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from same_image_locator.errors import RefusedError
from same_image_locator.model import Group, Settings, Tier
from same_image_locator.picture_reader import PictureReader
from same_image_locator.plans import Attached, Decision, Entry
from same_image_locator.reports.value import Advice, Appraised, File
from same_image_locator.review import Effects, Review, Terms, View, sure
from same_image_locator.review.best import tier_of
from same_image_locator.review.suggestion import Suggestion
from same_image_locator.unstaged import as_if_staged

_TOGETHER = 64  # groups; each lot reads once what is remembered of preferred folders


def appraised_groups(
    groups: Sequence[Group], settings: Settings, reader: PictureReader
) -> Iterator[Appraised]:
    """Yield groups that are not staged, each looked at when its turn comes."""
    terms = Terms(keep_rules=settings.keep_rules)
    for start in range(0, len(groups), _TOGETHER):
        these = groups[start : start + _TOGETHER]
        lot = [as_if_staged(group) for group in these]
        folder = settings.decision_folder or ""
        review = Review(folder, settings.root, lot, _nothing, terms=terms)
        for number in review.waiting:
            yield appraised(review, review.view(number), reader)


def appraised(review: Review, view: View, reader: PictureReader) -> Appraised:
    """Return one group with all that is told of it."""
    facts = reader.facts(view)
    found = sure.look(review, view, sure.Reading(lambda _: facts, reader.metadata))
    keep = suggested_names(view, found)
    numbers = {entry.name: number for number, entry in enumerate(view.entries, 1)}
    frees = _frees(view, keep) if keep else 0
    advice = Advice(_sorted(numbers, keep), found.confidence, found.reasons, frees)
    lacks = {lack.place: lack.what for lack in found.lacks}
    files = tuple(
        File(
            place + 1,
            entry.origin,
            view.staged.path_of(entry),
            entry.identity,
            entry.sha256,
            _tier(entry, view.entries[0]),
            entry.distance,
            entry.changes,
            facts[place],
            tuple(one.origin for one in view.staged.attached_to(entry.name)),
            lacks.get(place, ()),
            entry.protected,
        )
        for place, entry in enumerate(view.entries)
    )
    return Appraised(
        view.number,
        view.staged.method,
        tier_of(view.entries),
        files,
        view.staged.near,
        view.redundant_bytes,
        advice,
        _sorted(numbers, view.keep),
        view.own,
    )


def suggested_names(view: View, found: Suggestion) -> frozenset[str]:
    """Return the names of the files that a suggestion keeps; none where a person has to choose."""
    if found.keeper is None:
        return frozenset()
    return view.fixed | {view.entries[found.keeper].name}


def _sorted(numbers: Mapping[str, int], names: AbstractSet[str]) -> tuple[int, ...]:
    return tuple(sorted(numbers[name] for name in names))


def _tier(entry: Entry, first: Entry) -> Tier:
    return "identical" if entry.sha256 == first.sha256 else entry.tier


def _frees(view: View, keep: AbstractSet[str]) -> int:
    """Return the bytes that would be free without the rest: another name of a file keeps its."""
    rest: list[Entry | Attached] = [entry for entry in view.entries if entry.name not in keep]
    rest += [one for one in view.staged.attached if keep.isdisjoint(one.owners)]
    return sum(
        file.identity.size
        for file in rest
        if _names(os.path.join(view.staged.folder, file.name)) < 2  # noqa: PLR2004 - its only name
    )


def _names(path: str) -> int:
    try:
        return os.lstat(path).st_nlink
    except OSError:
        return 1


def _nothing(_decision: Decision) -> Effects:
    """Foresee nothing: nothing is decided here."""
    raise RefusedError("A report decides nothing")
