"""Suggestions for groups that are not staged: what they would be, read where the files lie now."""

import contextlib
import hashlib
import os
from collections.abc import Sequence

from same_image_locator.cache import Cache, by_content, by_file
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.previews import Previews
from same_image_locator.errors import RefusedError
from same_image_locator.events import Listener
from same_image_locator.follower import Follower
from same_image_locator.model import Facts, Group, Settings
from same_image_locator.plans import Attached, Decision, Entry, Staged
from same_image_locator.review import Effects, Review, Terms, View
from same_image_locator.stage import going_along


def as_if_staged(group: Group) -> Staged:
    """Return a group as it would be staged, its files under their own paths as names."""
    exact = not group.method.perceptual
    entries: list[Entry] = []
    for member in group.members:
        photo = member.examined.photo
        digest = member.examined.fingerprint.hex() if exact else _digest(photo.path)
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
        cache = stack.enter_context(Cache())
        previews = stack.enter_context(Previews())

        def facts(view: View) -> list[Facts | None]:
            return _all_facts(view.staged.folder, view.entries, cache, previews)

        terms = Terms(keep_rules=settings.keep_rules)
        review = Review(
            settings.decision_folder or "", settings.root, groups, _nothing, terms=terms
        )
        Follower(review, facts, settings.auto, listener).rehearse(review.waiting)


def known_facts(staged: Staged) -> list[Facts | None]:
    """Return what the pictures of a group say of themselves, read where they lie."""
    with Cache() as cache, Previews() as previews:
        return _all_facts(staged.folder, staged.entries, cache, previews)


def _all_facts(
    folder: str, entries: Sequence[Entry], cache: Cache, previews: Previews
) -> list[Facts | None]:
    paths = (os.path.join(folder, entry.name) for entry in entries)
    both = zip(paths, entries, strict=True)
    return [_facts(path, entry, cache, previews) for path, entry in both]


def _facts(path: str, entry: Entry, cache: Cache, previews: Previews) -> Facts | None:
    known = cache.pictures.facts(by_content(entry.sha256), by_file(entry.identity))
    if known is None:
        with contextlib.suppress(DecodeError):
            return previews.facts(path)
    return known


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
