"""The JSON of the queue: a group in a line, and the folders to which the queue can be narrowed."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypedDict

from same_image_locator.model import TIERS
from same_image_locator.plans import Entry
from same_image_locator.review import Places, View
from same_image_locator.review.best import tier_of
from same_image_locator.review.overlaps import Overlap
from same_image_locator.review.suggestion import Suggestion
from same_image_locator.wording import printable

QUEUE_PICTURES = 3
MOST_OVERLAPS = 200
_VERIFIED = TIERS.index("same picture")

Thumbs = Callable[[View, int, int], str]


class Row(TypedDict):
    """A group in a line."""

    number: int
    rev: int
    files: int
    bytes: int
    redundant_bytes: int
    keep: int
    state: str
    mode: str
    threshold: int
    tier: str
    thumbs: list[str]


def row(view: View, thumbs: Thumbs) -> Row:
    """Return a group in a line."""
    return {
        "number": view.number,
        "rev": view.rev,
        "files": len(view.entries),
        "bytes": sum(entry.identity.size for entry in view.entries),
        "redundant_bytes": view.redundant_bytes,
        "keep": len(view.keep if view.own else view.keep - view.staged.protected),
        "state": view.state,
        "mode": view.staged.method.mode,
        "threshold": view.staged.method.threshold,
        "tier": tier_of(view.entries),
        "thumbs": [thumbs(view, i, 160) for i in range(min(QUEUE_PICTURES, len(view.entries)))],
    }


def shown(
    view: View, thumbs: Thumbs, found: Suggestion | None, *, fits: bool = True
) -> dict[str, Any]:
    """Return a group as the queue shows it: also what it is made of, and what is suggested.

    A group that is open has its row even if it no longer ``fits`` what is looked at.
    """
    alike = Counter(_alike(entry, view.entries[0]) for entry in view.entries[1:])
    return {
        **row(view, thumbs),
        "alike": {tier: alike[tier] for tier in TIERS if alike[tier]},
        "fits": fits,
        "suggestion": _chip(view, found) if found else None,
    }


def may_suggest(view: View) -> bool:
    """Say whether a row has something to suggest: nobody has chosen, and it is verified."""
    untouched = view.state == "open" and view.keep <= view.staged.protected and not view.own
    return untouched and TIERS.index(tier_of(view.entries)) <= _VERIFIED


def places(found: Places) -> dict[str, Any]:
    """Return the folders to which the queue can be narrowed, singly and two together."""
    return {
        "folders": [{"in": [name], "groups": count} for name, count in found.folders],
        "pairs": [{"in": [one, other], "groups": count} for one, other, count in found.pairs],
    }


def overlaps(found: Sequence[Overlap]) -> dict[str, Any]:
    """Return how much of each folder lies in another one, too: those with most bytes."""
    return {"total": len(found), "overlaps": [one._asdict() for one in found[:MOST_OVERLAPS]]}


def _alike(entry: Entry, first: Entry) -> str:
    return "identical" if entry.sha256 == first.sha256 else entry.tier


def _chip(view: View, found: Suggestion) -> dict[str, Any] | None:
    if found.keeper is None:
        return None
    kept = view.entries[found.keeper]
    return {
        "name": printable(os.path.basename(kept.origin)),
        "confidence": found.confidence,
        "reason": printable(found.reasons[0]),
    }
