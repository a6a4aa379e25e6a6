"""Suggestions for groups that are not staged: what they would be, read where the files lie now."""

import contextlib
import hashlib
import os
from collections.abc import Sequence

from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.errors import RefusedError
from same_image_locator.events import Listener
from same_image_locator.follower import Follower
from same_image_locator.model import Group, Settings
from same_image_locator.picture_reader import PictureReader
from same_image_locator.plans import Attached, Decision, Entry, Staged
from same_image_locator.review import Effects, Review, Terms, sure
from same_image_locator.review.suggestion import Suggestion
from same_image_locator.review.sure import Reading
from same_image_locator.stage import going_along


def as_if_staged(group: Group) -> Staged:
    """Return a group as it would be staged, its files under their own paths as names."""
    exact = not group.method.perceptual
    entries: list[Entry] = []
    for member in group.members:
        photo = member.examined.photo
        known = member.examined.fingerprint.hex() if exact else ""
        digest = known or _digest(photo.path)
        same = not entries or digest == entries[0].sha256
        entries.append(
            Entry(
                photo.path,
                photo.path,
                photo.identity,
                digest,
                member.distance,
                member.changes,
                "identical" if same else member.tier,
                member.certainty,
                photo.path in group.staying,
            )
        )
    attached = tuple(
        Attached(one.path, one.path, one.identity, _digest(one.path), one.owners)
        for one in going_along(group)
    )
    return Staged(
        f"dry-run/{group.number}", "", group.number, group.method, tuple(entries), attached
    )


def rehearse_review(settings: Settings, listener: Listener, groups: Sequence[Staged]) -> None:
    """Tell in words what would be suggested for these groups, and what followed."""
    with contextlib.ExitStack() as stack:
        reader = PictureReader(stack.enter_context(Cache()), stack.enter_context(Previews()))
        terms = Terms(keep_rules=settings.keep_rules)
        review = Review(
            settings.decision_folder or "", settings.root, groups, _nothing, terms=terms
        )
        reading = Reading(reader.facts, reader.metadata)
        Follower(review, reading, settings.auto, listener).rehearse(review.waiting)


def suggested(group: Group, rules: Sequence[str]) -> Suggestion:
    """Return what is suggested for a group, its pictures read where they lie."""
    with Cache() as cache, Previews() as previews:
        reader = PictureReader(cache, previews)
        terms = Terms(keep_rules=tuple(rules))
        review = Review("", "", [as_if_staged(group)], _nothing, terms=terms)
        [number] = review.waiting
        return sure.look(review, review.view(number), Reading(reader.facts, reader.metadata))


def _digest(path: str) -> str:
    """Return a file's SHA-256; one that cannot be read is like no other."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return hashlib.sha256(os.fsencode(path)).hexdigest()


def _nothing(_decision: Decision) -> Effects:
    """Foresee nothing: nothing is decided here."""
    raise RefusedError("A dry run decides nothing")
