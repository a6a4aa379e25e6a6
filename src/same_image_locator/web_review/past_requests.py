"""What the page asks of the past: where files lie, and what earlier runs have settled."""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify

from same_image_locator.review import Review, UnknownGroup
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.job import Job
from same_image_locator.review.past import Earlier, Whereabout
from same_image_locator.web_review import asked, shapes
from same_image_locator.wording import printable

LISTED = 500  # groups of an earlier run; the others are counted


def routes(api: Blueprint, review: Review, bulk: Bulk, answer: Callable[[Job], Response]) -> None:
    """Add them to the API."""

    @api.get("/history/<int:number>/files")
    def files(number: int) -> Response:
        """Tell where the files of a group of this run lie."""
        return jsonify(_files(review, review.view(number).staged.subject))

    @api.get("/history/earlier/<run>")
    def earlier(run: str) -> Response:
        """Tell the groups of an earlier run that can be undone."""
        groups = [one for one in bulk.earlier() if one.run == run]
        told = [
            {"number": one.number, "at_ms": _ms(one.at), "files": one.files, "bytes": one.bytes}
            for one in groups[:LISTED]
        ]
        return jsonify({"total": len(groups), "groups": told})

    @api.get("/history/earlier/<run>/<int:number>/files")
    def files_of_earlier(run: str, number: int) -> Response:
        for one in bulk.earlier():
            if (one.run, one.number) == (run, number):
                return jsonify(_files(review, one.subject))
        raise UnknownGroup("There is nothing left to undo of that run")

    @api.post("/history/earlier/<run>/undo")
    def undo_run(run: str) -> Response:
        asked.body()
        return answer(bulk.undo_earlier(run))

    @api.post("/history/earlier/<run>/<int:number>/undo")
    def undo_one(run: str, number: int) -> Response:
        asked.body()
        return answer(bulk.undo_earlier(run, number))


def runs(groups: Sequence[Earlier]) -> list[dict[str, Any]]:
    """Return each earlier run in a line, the latest first."""
    of_run: dict[str, list[Earlier]] = {}
    for group in groups:
        of_run.setdefault(group.run, []).append(group)
    return [
        {
            "run": those[0].run,
            "at_ms": _ms(those[0].at),
            "groups": len(those),
            "files": sum(one.files for one in those),
            "bytes": sum(one.bytes for one in those),
        }
        for those in of_run.values()
    ]


def _files(review: Review, subject: str) -> dict[str, Any]:
    return {"files": [_shown(one, review.root) for one in review.terms.past.files(subject)]}


def _shown(one: Whereabout, root: str) -> dict[str, Any]:
    """A file that is at home is named as seen from the root; what is set aside, in full."""
    at_home = one.place == "home"
    return {
        "name": printable(os.path.basename(one.origin)),
        "from": printable(shapes.relative(one.origin, root)),
        "now": printable(shapes.relative(one.now, root) if at_home else one.now),
        "place": one.place,
        "renamed": at_home and one.now != one.origin,
        "companion": one.companion,
    }


def _ms(at: str) -> int:
    return round(1000 * dt.datetime.fromisoformat(at).timestamp()) if at else 0
