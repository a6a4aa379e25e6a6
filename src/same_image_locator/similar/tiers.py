"""Says how sure each member is of groups that a perceptual hash has made: a second look at each."""

from collections import Counter
from collections.abc import Sequence

from same_image_locator.cache import Cache
from same_image_locator.decode.worker import Workers
from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted
from same_image_locator.model import Group, Member
from same_image_locator.photos import Photos
from same_image_locator.similar.candidates import Candidate
from same_image_locator.similar.looking import Looking
from same_image_locator.similar.series import named_in_sequence
from same_image_locator.similar.verdicts import Verdicts
from same_image_locator.wording import plural

_UPRIGHT = 0  # the view by which perceptual hashes compare


def verified(groups: Sequence[Group], listener: Listener) -> list[Group]:
    """Return the same groups; each member has its tier, and what was done to the picture.

    No member goes, however unlike the first it is: what is not verified says so.
    """
    places: list[tuple[int, int]] = []  # of each photo: its group, and its place in that
    near: list[Candidate] = []
    for number, group in enumerate(groups):
        first = len(places)
        places += [(number, place) for place in range(len(group.members))]
        near += [
            Candidate(0.0, first, other, _UPRIGHT, whole=True)
            for other in range(first + 1, len(places))
        ]
    photos = Photos.of([member.examined.photo for group in groups for member in group.members])
    listener(StepStarted("match", len(near)))
    members = [list(group.members) for group in groups]
    tiers: Counter[str] = Counter()
    with Cache(listener=listener) as cache, Workers() as workers:
        looking = Looking(photos, workers, Verdicts(cache.looks, photos.device), listener)
        for candidate, verdict in looking.at(near):
            number, place = places[candidate.other]
            member = members[number][place]
            tier, changes = verdict.tier, verdict.changes.words()
            paths = (photos.paths[at] for at in (candidate.one, candidate.other))
            if tier == "similar" and named_in_sequence(*paths):
                tier, changes = "series", "counted on by the camera"
            members[number][place] = Member(
                member.examined, member.distance, changes, tier, verdict.certainty
            )
            tiers[tier] += 1
            listener(Advanced("match"))
    unsure = plural(tiers["similar"], "file")
    looked = plural(len(near), "file")
    listener(StepFinished("match", f"{looked} looked at closely, {unsure} not verified"))
    return [
        group._replace(members=tuple(those)) for group, those in zip(groups, members, strict=True)
    ]
