"""Which file of a group is best to keep: a proposal with its reasons, and how sure it is."""

import os
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, NamedTuple

from same_image_locator.model import TIERS, Facts, Tier
from same_image_locator.plans import Attached, Entry
from same_image_locator.review.best import tier_of
from same_image_locator.review.candidate import Candidate, candidates, same_pixels
from same_image_locator.review.keep_rules import STAYS, enlarged_words, ordered
from same_image_locator.review.lacks import Lack, lacking
from same_image_locator.review.rule import Rule

# "identical": whatever is kept is the same picture. "clear": the same picture, and a rule that
# tells something of it decides. "lean": only names, dates and places do, or something would be
# missed. "your call": it is not sure to be one picture, or nothing decides.
Confidence = Literal["identical", "clear", "lean", "your call"]

_VERIFIED = TIERS.index("same picture")
_WHY_NOT: dict[Tier, str] = {
    "series": "another shot of a series: look closely",
    "similar": "not verified to be the same picture: look closely",
}
NO_DIFFERENCE = "no real difference"


class Suggestion(NamedTuple):
    """What to keep of a group.

    Attributes:
        keeper: the place of the file to keep, None where the rules cannot tell.
        confidence: how sure it is.
        reasons: why, in words, the first that made a difference first.
        lacks: what the other files have that the keeper has not.
    """

    keeper: int | None
    confidence: Confidence
    reasons: tuple[str, ...]
    lacks: tuple[Lack, ...] = ()


def suggestion(
    entries: Sequence[Entry],
    facts: Sequence[Facts | None],
    preferred: Sequence[str] = (),
    rules: Sequence[str] = (),
    attached: Sequence[Attached] = (),
) -> Suggestion:
    """Return what to keep of a group, and why.

    Args:
        entries: the files; the others' tiers say how sure it is that they show the first's picture.
        facts: what each picture says of itself, None where that is not known.
        preferred: the preferred folders, most recent first.
        rules: the names of the rules in their order; without any the usual ones.
        attached: what belongs to the files.
    """
    tier = tier_of(entries)
    if len(entries) < 2:  # noqa: PLR2004 - a file alone has nothing to be compared with
        return Suggestion(None, "your call", ("no other file is left",))
    if TIERS.index(tier) > _VERIFIED:
        return Suggestion(None, "your call", (_WHY_NOT[tier],))
    if len({entry.sha256 for entry in entries}) == 1:
        facts = [None] * len(entries)  # they are the same, whether anybody has read them or not
    files = candidates(entries, facts, preferred, attached)
    asked = (STAYS, *ordered(rules))
    keeper = _best(files, asked)
    others = [file for file in files if file is not keeper and not file.entry.protected]
    first = {other.place: _first_difference(keeper, other, asked) for other in others}
    different = [one for one in others if not same_pixels(keeper, one, entries[0])]
    if any(first[one.place] is None for one in different):
        names = (os.path.basename(file.entry.origin) for file in files)
        words = zip(names, map(enlarged_words, files), strict=True)
        doubts = (f"{name} {doubt}" for name, doubt in words if doubt)
        return Suggestion(None, "your call", (NO_DIFFERENCE, *doubts))
    stays = {file.place for file in files if file.entry.protected}
    lacks = lacking(files, {keeper.place} | stays)
    reasons = _reasons(keeper, others, asked, {rule.name for rule in first.values() if rule})
    if doubt := enlarged_words(keeper):
        reasons = (*reasons, doubt)
    sure = all(rule.strong for one in different if (rule := first[one.place])) and not doubt
    confidence: Confidence = "lean"
    if not lacks and sure:
        confidence = "clear" if different else "identical"
    return Suggestion(keeper.place, confidence, reasons or (NO_DIFFERENCE,), lacks)


def missed(
    entries: Sequence[Entry], facts: Sequence[Facts | None], keep: AbstractSet[str]
) -> tuple[Lack, ...]:
    """Return what a decision to keep the files of these names would miss, companions left out."""
    places = {place for place, entry in enumerate(entries) if entry.name in keep}
    return lacking(candidates(entries, facts), places)


def _best(files: Sequence[Candidate], rules: Sequence[Rule]) -> Candidate:
    left = list(files)
    for rule in rules:
        left = rule.best(left)
    return min(left, key=lambda file: (file.entry.origin, file.entry.name))


def _first_difference(keeper: Candidate, other: Candidate, rules: Sequence[Rule]) -> Rule | None:
    return next((rule for rule in rules if rule.prefers(keeper, other)), None)


def _reasons(
    keeper: Candidate, others: Sequence[Candidate], rules: Sequence[Rule], first: set[str]
) -> tuple[str, ...]:
    """Word what decided, and what besides speaks for the keeper against all others."""
    reasons = []
    for rule in rules:
        beaten = [other for other in others if rule.prefers(keeper, other)]
        if not beaten:
            continue
        if rule.name in first or not any(rule.prefers(other, keeper) for other in others):
            rivals = rule.best(beaten)
            reasons.append(rule.words(keeper, min(rivals, key=lambda file: file.entry.origin)))
    return tuple(reasons)
