"""The JSON that the page reads, built from snapshots of the review.

It holds no path that a page could act on: groups go by number, files by their place.
"""

import os
from collections.abc import Sequence
from itertools import takewhile
from typing import Any, TypedDict

from same_image_locator.false_pairs import expected
from same_image_locator.model import HASH_BITS, Facts
from same_image_locator.plans import Entry
from same_image_locator.review import Armed, Query, Review, View
from same_image_locator.review.best import clusters, marks, twins
from same_image_locator.review.differences import Compared, compared
from same_image_locator.review.lacks import Lack
from same_image_locator.review.preferences import folder_of
from same_image_locator.review.suggestion import Suggestion
from same_image_locator.web_review.rows import Thumbs, row
from same_image_locator.wording import printable

KIND_LENGTH = 5


class Label(TypedDict):
    """A folder for reading: what the group's folders share, and what is this one's own."""

    shared: str
    own: str


def session(review: Review) -> dict[str, Any]:
    """Return the state of the whole review; ``version`` grows with every change."""
    version, totals = review.version, review.totals()
    return {
        "version": version,
        "phase": review.phase,
        "root": printable(review.root),
        "decision_folder": printable(review.decision_folder),
        "preferred": [printable(relative(f, review.root)) for f in review.preferences.folders],
        "rejects": review.terms.rejects,
        "read_only": printable(review.terms.read_only),
        "trouble": printable(review.trouble),
        "search": search(review) if review.searching else None,
        "totals": {name: getattr(totals, name) for name in totals.__slots__},
    }


def search(review: Review) -> dict[str, Any]:
    """Return how far the search for further groups is; "step" is "" between two steps."""
    standing = review.search_standing
    if standing is None:
        return {"step": ""}
    return {
        "step": standing.step,
        "done": standing.done,
        "total": standing.total,
        "left": standing.left,
        "files_a_second": standing.files_a_second,
        "bytes_a_second": standing.bytes_a_second,
        "still": standing.still,
        "waiting": [printable(relative(path, review.root)) for path in standing.waiting],
    }


def group(view: View, review: Review, thumbs: Thumbs, query: Query) -> dict[str, Any]:
    """Return a group with all its files, its folders and its neighbours by this query."""
    around = review.neighbours(view.number, query)
    lying = [folder_of(entry) for entry in view.entries]
    folders = {folder: place for place, folder in enumerate(dict.fromkeys(lying))}
    inside: list[list[int]] = [[] for _ in folders]
    for i, folder in enumerate(lying):
        inside[folders[folder]].append(i)
    labels = _labels([relative(folder, review.root) for folder in folders])
    exact = not view.staged.method.perceptual
    auto = exact and not view.staged.protected
    none = [0] * len(view.entries)  # where all are the same, that tells nothing
    same = none if exact else twins(view.entries)
    cluster = none if exact else clusters(view.entries, view.parting.parts)
    return {
        **row(view, thumbs),
        "strictness": view.staged.method.strictness,
        "strangers": round(expected(view.staged.method, view.staged.compared)),
        "compared": view.staged.compared,
        "looser": view.staged.method.looser,
        "near": [printable(relative(path, review.root)) for path in view.staged.near],
        "reason": printable(view.reason),
        "own": view.own,
        "told_apart": list(view.told),
        "finished_clicks": view.clicks,
        "armed": view.armed,
        "position": around.position,
        "previous": around.previous,
        "next": around.following,
        "fits": around.fits,
        "auto_finish": {"available": auto, "on": auto and review.preferences.auto_finish},
        "folders": [
            {
                "label": labels[place],
                "files": inside[place],
                "preferred": folder in review.preferences.folders,
            }
            for folder, place in folders.items()
        ],
        "files": [
            {
                "name": printable(os.path.basename(entry.origin)),
                "folder": folders[lying[i]],
                "bytes": entry.identity.size,
                "modified_ms": entry.identity.mtime_ns // 1_000_000,
                "distance": entry.distance,
                "changes": entry.changes,
                "tier": entry.tier,
                "certainty": entry.certainty,
                "bits": HASH_BITS,
                "twin": same[i],
                "cluster": cluster[i],
                "keep": entry.name in view.keep,
                "protected": entry.protected,
                "apart": entry.name in view.parting.others,
                "with": _with(view, entry),
                "thumb": thumbs(view, i, 480),
            }
            for i, entry in enumerate(view.entries)
        ],
        "companions": companions(view),
        "outcome": finished(view) if view.outcome else None,
    }


def _with(view: View, entry: Entry) -> list[int]:
    """Return the places of those that it may still show the same as, where not all may."""
    mine = next((part for part in view.parting.parts if entry.name in part), None)
    if mine is None:
        return []
    others = ((place, one) for place, one in enumerate(view.entries) if one is not entry)
    return [place for place, one in others if one.name in mine]


def companions(view: View) -> list[dict[str, Any]]:
    """Return what moves along with the group's files, each with the places of its owners."""
    places = {entry.name: i for i, entry in enumerate(view.entries)}
    return [
        {
            "name": printable(os.path.basename(one.origin)),
            "kind": _kind(one.origin),
            "bytes": one.identity.size,
            "owners": sorted(places[owner] for owner in one.owners if owner in places),
        }
        for one in view.staged.attached
    ]


def _kind(origin: str) -> str:
    """Return what a companion is in a word short enough for a badge."""
    return printable(os.path.splitext(origin)[1].lstrip(".").upper()[:KIND_LENGTH]) or "FILE"


def facts(view: View, known: Sequence[Facts | None], review: Review) -> dict[str, Any]:
    """Return what the pictures of a group say of themselves, and what that suggests to keep."""
    earned = marks(view.entries, known)
    return {
        "rev": view.rev,
        "suggestion": suggestion(review.suggestion(view, known)),
        "compared": _compared(compared(view.entries, known, review.preferences.folders)),
        "files": [
            {
                "width": fact.width if fact else None,
                "height": fact.height if fact else None,
                "format": fact.format if fact else None,
                "taken_at": fact.taken_at if fact else None,
                "more_frames": bool(fact and fact.more_frames),
                "best": earned[i],
            }
            for i, fact in enumerate(known)
        ],
    }


def _compared(found: Compared) -> dict[str, Any]:
    """Return what differs, and what does not; folders go by their place in the group's list."""
    return {
        "differ": [
            {**one._asdict(), "values": [_value(value) for value in one.values]}
            for one in found.differ
        ],
        "same": [{"fact": one.fact, "value": _value(one.value)} for one in found.same],
        "missing": found.missing,
    }


def _value(value: Any) -> Any:
    """A camera's name is written by whoever made the file."""
    return printable(value) if isinstance(value, str) else value


def suggestion(found: Suggestion) -> dict[str, Any]:
    """Return what to keep, as the page shows it: files go by their place."""
    return {
        "keep": found.keeper,
        "confidence": found.confidence,
        "reasons": [printable(reason) for reason in found.reasons],
        "lacks": lacks(found.lacks),
    }


def lacks(found: Sequence[Lack]) -> list[dict[str, Any]]:
    """Return what would leave with files, by their places."""
    return [{"file": lack.place, "words": printable(lack.words)} for lack in found]


def armed(first: Armed, review: Review, known: Sequence[Facts | None]) -> dict[str, Any]:
    """Return the accepted first confirmation and exactly what the second one would do.

    Companions are named by their place among the group's ``companions``. ``known`` are the facts
    of the group's pictures, which tell what no kept file has.
    """
    view, effects = first.view, first.effects
    files = {entry.name: i for i, entry in enumerate(view.entries)}
    along = {one.name: i for i, one in enumerate(view.staged.attached)}
    origin = {entry.name: entry.origin for entry in view.entries}
    origin |= {one.name: one.origin for one in view.staged.attached}
    return {
        "nonce": first.nonce,
        "rev": view.rev,
        "rejects": review.terms.rejects,
        "homes": [
            {
                "file": files.get(name),
                "companion": along.get(name),
                "folder": printable(relative(os.path.dirname(target), review.root)),
                "name": printable(os.path.basename(target)),
                "renamed": os.path.basename(target) != os.path.basename(origin[name]),
            }
            for name, target in effects.homes
        ],
        "aside": [files[name] for name in effects.aside if name in files],
        "aside_companions": [along[name] for name in effects.aside if name in along],
        "aside_bytes": effects.aside_bytes,
        "lacks": lacks(review.missed(view, known)),
        "parting": [printable(os.path.basename(origin[name])) for name in effects.parting],
    }


def finished(view: View) -> dict[str, Any]:
    """Return a group after its second confirmation, as history and toast show it."""
    outcome = view.outcome
    return {
        "number": view.number,
        "state": view.state,
        "reason": printable(view.reason),
        "kept": outcome.kept if outcome else 0,
        "set_aside": outcome.set_aside if outcome else 0,
        "set_aside_bytes": outcome.set_aside_bytes if outcome else 0,
        "disposal": outcome.disposal if outcome else "quarantine",
        "problems": [printable(problem) for problem in outcome.problems] if outcome else [],
        "sidecars": len(outcome.sidecars) if outcome else 0,
        "names": [printable(os.path.basename(entry.origin)) for entry in _kept_first(view)[:3]],
    }


def _kept_first(view: View) -> list[Entry]:
    return sorted(view.entries, key=lambda entry: entry.name not in view.keep)


def relative(folder: str, root: str) -> str:
    """Return ``folder`` as seen from the root, or in full when it lies elsewhere."""
    if folder == root:
        return os.path.basename(root) or root
    inside = root.rstrip(os.sep) + os.sep
    return folder.removeprefix(inside)


def _labels(folders: Sequence[str]) -> list[Label]:
    """Split folder names after what all of them share, whole parts only."""
    parts = [folder.replace(os.sep, "/").split("/") for folder in folders]
    shared = parts[0][:-1] if len(parts) == 1 else _shared(parts)
    head = "".join(f"{part}/" for part in shared)
    return [
        {"shared": printable(head), "own": printable("/".join(part[len(shared) :]))}
        for part in parts
    ]


def _shared(parts: Sequence[list[str]]) -> list[str]:
    together = takewhile(lambda level: len(set(level)) == 1, zip(*parts, strict=False))
    return [level[0] for level in together]
