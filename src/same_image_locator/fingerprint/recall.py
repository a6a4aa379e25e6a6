"""What earlier scans saw in these photos: whole columns at once where there is a roll of them."""

from typing import NamedTuple

from same_image_locator.cache import Answer, Looks, file_key
from same_image_locator.photos import Photos

# Of fewer, to ask for each costs less than to read all that is known of a drive.
_FEW = 1000
# A roll that lacks more than this part of a scan's photos is worth making anew.
_LACKING = 0.1


class Recalled(NamedTuple):
    """The answers, None where nothing is known; so many of them are in the drive's roll."""

    answers: list[Answer | None]
    rolled: int


def recall(recipe: str, photos: Photos, looks: Looks) -> Recalled:
    """Return what the cache knows of these files, which were not changed since."""
    if len(photos) < _FEW:
        return Recalled([looks.answer(recipe, one) for one in photos.identities()], 0)
    answers: list[Answer | None] = [None] * len(photos)
    roll = looks.roll(recipe, photos.device)
    if not roll:
        known = looks.answers(recipe, photos.device)
        if known:
            answers = [known.get(file_key(one)) for one in photos.identities()]
        return Recalled(answers, 0)
    from same_image_locator.cache.roll import joined

    places, prints = joined(roll, photos)
    if len(prints) == len(photos):
        return Recalled([*prints], len(prints))
    for place, fingerprint in zip(places, prints, strict=True):
        answers[place] = fingerprint
    for place, identity in enumerate(photos.identities()):
        if answers[place] is None:
            answers[place] = looks.answer(recipe, identity)
    return Recalled(answers, len(prints))


def keep_rolled(
    recipe: str, photos: Photos, answers: list[Answer | None], rolled: int, looks: Looks
) -> None:
    """Make the drive's roll anew when it lacks many of these photos."""
    worthwhile = max(_FEW, _LACKING * len(photos))
    if len(photos) - rolled <= worthwhile:
        return
    lacking = sum(isinstance(answer, bytes) for answer in answers) - rolled
    if lacking > worthwhile:
        looks.renew_roll(recipe, photos.device)
