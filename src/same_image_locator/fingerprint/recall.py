"""What earlier scans saw in these photos: whole columns at once where there is a roll of them."""

from collections.abc import Mapping
from typing import NamedTuple

from same_image_locator.cache import Answer, Looks, file_key
from same_image_locator.photos import Photos

# Of fewer, to ask for each costs less than to read all that is known of a drive.
_FEW = 1000
# A roll that lacks more than this part of a scan's photos is worth making anew.
_LACKING = 0.1


class Recalled(NamedTuple):
    """The answers, None where nothing is known; by drive, how many of them are in its roll."""

    answers: list[Answer | None]
    rolled: Mapping[int, int]


def recall(recipe: str, photos: Photos, looks: Looks) -> Recalled:
    """Return what the cache knows of these files, which were not changed since."""
    parts = photos.by_drive()
    answers: list[Answer | None] = [None] * len(photos)
    rolled = {}
    for part, places in parts:
        known, rolled[part.device] = _recalled(recipe, part, looks)
        if len(parts) == 1:
            return Recalled(known, rolled)
        for place, answer in zip(places, known, strict=True):
            answers[place] = answer
    return Recalled(answers, rolled)


def _recalled(recipe: str, photos: Photos, looks: Looks) -> tuple[list[Answer | None], int]:
    """Return the answers on files of one drive, and how many of them are in its roll."""
    if len(photos) < _FEW:
        return [looks.answer(recipe, one) for one in photos.identities()], 0
    answers: list[Answer | None] = [None] * len(photos)
    roll = looks.roll(recipe, photos.device)
    if not roll:
        known = looks.answers(recipe, photos.device)
        if known:
            answers = [known.get(file_key(one)) for one in photos.identities()]
        return answers, 0
    from same_image_locator.cache.roll import joined

    places, prints = joined(roll, photos)
    if len(prints) == len(photos):
        return [*prints], len(prints)
    for place, fingerprint in zip(places, prints, strict=True):
        answers[place] = fingerprint
    for place, identity in enumerate(photos.identities()):
        if answers[place] is None:
            answers[place] = looks.answer(recipe, identity)
    return answers, len(prints)


def keep_rolled(recipe: str, photos: Photos, recalled: Recalled, looks: Looks) -> None:
    """Make a drive's roll anew when it lacks many of these photos, whose answers are whole now."""
    for part, places in photos.by_drive():
        worthwhile = max(_FEW, _LACKING * len(part))
        rolled = recalled.rolled.get(part.device, 0)
        if len(part) - rolled <= worthwhile:
            continue
        lacking = sum(isinstance(recalled.answers[place], bytes) for place in places) - rolled
        if lacking > worthwhile:
            looks.renew_roll(recipe, part.device)
