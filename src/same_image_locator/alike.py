"""Groups photos that look alike: what a perceptual mode finds in a list of them."""

from collections import Counter

from same_image_locator.events import Event, Listener, Noted, Troubled
from same_image_locator.false_pairs import expected
from same_image_locator.fingerprint import examine, forget_lonely_thumbnails, identical
from same_image_locator.group import identical_groups, make_groups, numbered
from same_image_locator.looser import with_near
from same_image_locator.model import Group, Method, Problem
from same_image_locator.photos import Photos
from same_image_locator.splitting import split
from same_image_locator.wording import plural


def alike(
    photos: Photos, method: Method, listener: Listener, *, verify: bool = False
) -> tuple[list[Group], list[Problem]]:
    """Return the groups, the largest first, and what could not be looked at.

    Mode similar is to find all that exact finds: of what shows nothing that could be compared,
    files of the same bytes are grouped as exact ones. Its groups are verified already; those of
    the other modes are with ``verify``. What was told apart is not put together again.
    """
    examined, problems = examine(photos, method, listener)
    groups = make_groups(examined, method, listener)
    if method.hashed and verify:
        groups = with_near(groups, examined, method)
    groups = split(groups, listener)
    _warn(method, len(examined), listener)
    if method.mode == "similar" and problems:
        groups = numbered([*groups, *_identical(photos, problems, listener)])
    if method.hashed and verify and groups:
        from same_image_locator.similar.tiers import verified

        groups = verified(groups, listener)
    forget_lonely_thumbnails(photos, groups)
    return groups, problems


def _warn(method: Method, photos: int, listener: Listener) -> None:
    """Say what a loose threshold costs in a library of this size."""
    pairs = round(expected(method, photos))
    if pairs:
        bits = plural(method.threshold, "bit")
        near = (
            f"about {plural(pairs, 'pair')} of different pictures are within {bits} of each other"
        )
        advice = "choose a lower --threshold or --mode similar, or look closely"
        listener(Noted(f"among {photos:,} photos {near} by chance: {advice}"))


def _identical(photos: Photos, problems: list[Problem], listener: Listener) -> list[Group]:
    """Group what had problems by its bytes; the problems were told already."""
    paths = {problem.path for problem in problems}
    unfit = photos.chosen([place for place, path in enumerate(photos.paths) if path in paths])
    if all(count == 1 for count in Counter(unfit.sizes).values()):
        return []

    def heard(event: Event) -> None:
        if not isinstance(event, Troubled):
            listener(event)

    return identical_groups(list(identical(unfit, heard, [])), heard)
