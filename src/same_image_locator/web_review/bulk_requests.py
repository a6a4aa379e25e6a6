"""The page's requests about many groups at once, and the history in which they are one entry."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify

from same_image_locator.model import AUTO, Auto
from same_image_locator.review import Review
from same_image_locator.review.accepting import Accepting, Acting, Result
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.job import Job
from same_image_locator.review.overlaps import Copies
from same_image_locator.review.proposals import Looking, Preview, Proposal
from same_image_locator.web_review import asked, past_requests, rows, shapes
from same_image_locator.web_review.asked import BadRequest
from same_image_locator.web_review.rows import QUEUE_PICTURES, Thumbs
from same_image_locator.wording import printable

Answer = Callable[[Job], Response]

LISTED = 200  # groups with a cause; the others are counted
_AT_ONCE_SECONDS = 0.3  # identical files need no reading, so most answers are there at once
_GROUP_SECONDS = 20.0  # for the group in hand, when an action is stopped


def routes(api: Blueprint, review: Review, bulk: Bulk, thumbs: Thumbs) -> None:
    """Add them to the API."""

    def answer(job: Job) -> Response:
        return jsonify(_told(job, review, thumbs))

    _asking(api, bulk, answer)
    _following(api, bulk, answer)
    past_requests.routes(api, review, bulk, answer)

    @api.get("/history")
    def history() -> Response:
        return jsonify(
            {
                "groups": [shapes.finished(view) for view in review.history()],
                "bulks": [_entry(one, review) for one in bulk.accepted()],
                "earlier": past_requests.runs(bulk.earlier()),
            }
        )


def _asking(api: Blueprint, bulk: Bulk, answer: Answer) -> None:
    @api.post("/bulk/preview")
    def bulk_preview() -> Response:
        """Look at the groups that this window shows."""
        job = bulk.preview(asked.query(), _auto(asked.body(auto=str)["auto"]))
        job.wait(_AT_ONCE_SECONDS)
        return answer(job)

    @api.post("/bulk/folders")
    def bulk_folders() -> Response:
        """Look at the groups that lie in these two folders."""
        wish = asked.body(auto=str, clear=str, keep=str)
        job = bulk.preview_copies(Copies(wish["clear"], wish["keep"]), _auto(wish["auto"]))
        job.wait(_AT_ONCE_SECONDS)
        return answer(job)

    @api.post("/bulk/apply")
    def bulk_apply() -> Response:
        return answer(bulk.apply(asked.body(preview_token=str)["preview_token"]))

    @api.post("/bulk/<int:number>/undo")
    def bulk_undo(number: int) -> Response:
        asked.body()
        return answer(bulk.undo(number))

    @api.get("/folders/overlaps")
    def overlaps() -> Response:
        return jsonify(rows.overlaps(bulk.overlaps()))


def _auto(wish: str) -> Auto:
    for auto in AUTO:
        if auto == wish:
            return auto
    raise BadRequest("There is no such choice")


def _following(api: Blueprint, bulk: Bulk, answer: Answer) -> None:
    @api.get("/jobs/<int:number>")
    def job(number: int) -> Response:
        return answer(bulk.job(number))

    @api.post("/jobs/<int:number>/stop")
    def stop_job(number: int) -> Response:
        asked.body()
        found = bulk.job(number)
        found.stop()
        if not isinstance(found, Looking):  # nobody waits for what a preview would have told
            found.wait(_GROUP_SECONDS)
        return answer(found)


def progress(job: Job) -> dict[str, Any]:
    """Return how far something is that runs beside the page's requests."""
    return {
        "job": job.number,
        "kind": job.kind,
        "standing": job.standing,
        "done": job.done,
        "total": job.total,
        "trouble": printable(job.trouble),
    }


def _told(job: Job, review: Review, thumbs: Thumbs) -> dict[str, Any]:
    body = progress(job)
    if isinstance(job, Looking):
        body |= {"preview": job.preview and _preview(job.preview, review, thumbs)}
    if isinstance(job, Acting) and body["standing"] != "running":
        body |= {"results": _results(job)}
        if isinstance(job, Accepting):
            copies = job.copies and job.copies._asdict()
            body |= {"copies": copies, **_weight(job.numbers(), review)}
    return body


def _preview(found: Preview, review: Review, thumbs: Thumbs) -> dict[str, Any]:
    return {
        "token": found.token,
        "groups": found.groups,
        "accepted": len(found.proposals),
        "files": found.files,
        "bytes": found.bytes,
        "left": dict(found.left),
        "sample": [_sampled(one, review, thumbs) for one in found.sample()],
    }


def _sampled(one: Proposal, review: Review, thumbs: Thumbs) -> dict[str, Any]:
    """Return a group in a few words and pictures, the kept files first."""
    entries = one.view.entries
    places = sorted(range(len(entries)), key=lambda place: entries[place].name not in one.keep)
    return {
        "number": one.view.number,
        "thumbs": [thumbs(one.view, place, 160) for place in places[:QUEUE_PICTURES]],
        "paths": [printable(shapes.relative(entries[at].origin, review.root)) for at in places],
        "kept": len(one.keep),
        "reason": printable(one.reason),
        "confidence": one.confidence,
        "bytes": one.bytes,
    }


def _results(job: Acting[Any]) -> dict[str, Any]:
    told = {}
    for became in ("done", "failed", "skipped"):
        mine = [one for one in job.results if one.became == became]
        listed = [] if became == "done" else [_caused(one) for one in mine[:LISTED]]
        told[became] = {"count": len(mine), "groups": listed}
    return told


def _caused(one: Result) -> dict[str, Any]:
    return {"number": one.number, "cause": printable(one.cause)}


def _weight(numbers: Sequence[int], review: Review) -> dict[str, int]:
    """Return what these groups have set aside."""
    outcomes = [outcome for number in numbers if (outcome := review.view(number).outcome)]
    return {
        "files": sum(one.set_aside for one in outcomes),
        "bytes": sum(one.set_aside_bytes for one in outcomes),
    }


def _entry(job: Accepting, review: Review) -> dict[str, Any]:
    numbers = job.numbers()
    return {
        "job": job.number,
        "at_ms": round(1000 * job.at),
        "groups": numbers,
        "copies": job.copies and job.copies._asdict(),
        "undoable": sum(review.view(number).state == "settled" for number in numbers),
        **_weight(numbers, review),
    }
