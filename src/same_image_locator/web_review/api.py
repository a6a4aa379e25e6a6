"""The page's requests under /api: each reads a snapshot or hands in one choice."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, request

from same_image_locator.errors import LocatorError
from same_image_locator.model import Facts
from same_image_locator.review import (
    NotAllowed,
    ReadOnly,
    Review,
    ReviewRefusal,
    Stale,
    UnknownGroup,
    View,
    sure,
)
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.preferences import folder_of
from same_image_locator.review.suggestion import Suggestion
from same_image_locator.review.transfer import offered
from same_image_locator.web_review import (
    asked,
    bulk_requests,
    offers,
    pairs,
    rows,
    rule_requests,
    shapes,
    telling_apart,
)
from same_image_locator.web_review.asked import BadRequest
from same_image_locator.web_review.media import Gallery
from same_image_locator.web_review.news import News
from same_image_locator.web_review.problems import problem
from same_image_locator.web_review.rows import Thumbs
from same_image_locator.web_review.security import READING

Session = Callable[[], dict[str, Any]]

MAX_ROWS = 500
_AT_ONCE = 50  # files whose facts are told with their group; those of more would keep it waiting
STATUS: dict[type[ReviewRefusal], int] = {
    UnknownGroup: 404,
    Stale: 409,
    NotAllowed: 422,
    ReadOnly: 403,
    BadRequest: 400,
}


def blueprint(review: Review, gallery: Gallery, thumbs: Thumbs, bulk: Bulk) -> Blueprint:
    """Return the routes under /api."""
    api = Blueprint("api", __name__, url_prefix="/api")

    def session() -> dict[str, Any]:
        """Return how the run stands, and note that a page has read it."""
        running = bulk.running
        body = {
            **shapes.session(review),
            "bulk": bulk_requests.progress(running) if running else None,
        }
        review.seen(body["phase"])
        return body

    _following(api, review, bulk, session)
    _reading(api, review, gallery, thumbs, session)
    pairs.routes(api, review, gallery.pairs, thumbs)
    _choosing(api, review, thumbs)
    _finishing(api, review, gallery)
    bulk_requests.routes(api, review, bulk, thumbs)
    rule_requests.routes(api, review)
    _ending(api, review, session)

    @api.before_request
    def sensible() -> None:
        """A way to look that does not exist is told before anything is done."""
        asked.query()

    @api.before_request
    def only_looking() -> None:
        """Whoever may only look may still close its own page."""
        if review.terms.read_only and request.method not in READING and request.path != "/api/stop":
            raise ReadOnly(review.terms.read_only)

    @api.errorhandler(ReviewRefusal)
    def refused(error: ReviewRefusal) -> Response:
        return problem(STATUS[type(error)], str(error), error.code)

    @api.errorhandler(LocatorError)
    def impossible(error: LocatorError) -> Response:
        return problem(409, str(error))

    @api.errorhandler(OSError)
    def unsaved(error: OSError) -> Response:
        what = f"This could not be saved, so it was not done: {error.strerror or error}"
        return problem(507, what, "unsaved")

    return api


def _following(api: Blueprint, review: Review, bulk: Bulk, told: Session) -> None:
    news = News(review)

    @api.get("/session")
    def session() -> Response:
        """How the run stands: at once, or as soon as it is not as the asking window knows it."""
        known = request.args.get("after", type=int)
        if known is None:
            return jsonify(told())
        review.seen(review.phase)  # a window that waits is open
        waited = news.wait(known, busy=review.searching or bulk.running is not None)
        return jsonify({**told(), "waited": waited})


def _reading(
    api: Blueprint, review: Review, gallery: Gallery, thumbs: Thumbs, told: Session
) -> None:
    def listed(offset: int, limit: int, held: int | None) -> dict[str, Any]:
        """Return some rows of the queue, as the asking window looks at it."""
        version = review.version
        found = review.rows(offset, limit, asked.query(), held)
        unfit = held if found.total > found.fitting else None
        return {
            "version": version,
            "total": found.total,
            "fitting": found.fitting,
            "offset": offset,
            "rows": [
                rows.shown(
                    view,
                    thumbs,
                    _suggested(view, review, gallery),
                    fits=view.number != unfit,
                )
                for view in found.views
            ],
        }

    @api.get("/groups")
    def groups() -> Response:
        offset = max(0, request.args.get("offset", 0, type=int))
        limit = min(MAX_ROWS, max(1, request.args.get("limit", 200, type=int)))
        return jsonify(listed(offset, limit, request.args.get("held", type=int)))

    @api.get("/opening")
    def opening() -> Response:
        """All that the page shows first, so that it need not ask for one thing after another."""
        view = _first(review, request.args.get("group", type=int))
        group = _whole(view, review, gallery, thumbs) if view else None
        limit = min(MAX_ROWS, max(1, request.args.get("limit", 50, type=int)))
        before = (group["position"] - 1) // limit * limit if group else 0
        held = view.number if view else None
        return jsonify({"session": told(), "group": group, "queue": listed(before, limit, held)})

    @api.get("/places")
    def places() -> Response:
        return jsonify(rows.places(review.places()))

    @api.get("/groups/<int:number>")
    def group(number: int) -> Response:
        return jsonify(_whole(review.view(number), review, gallery, thumbs))

    @api.get("/groups/<int:number>/facts")
    def facts(number: int) -> Response:
        view = review.view(number)
        return jsonify(shapes.facts(view, gallery.all_facts(view), review))


def _first(review: Review, wanted: int | None) -> View | None:
    """Return the group to open first: the wanted one if there is one, or else the first row."""
    if review.phase != "review":
        return None
    with contextlib.suppress(UnknownGroup):
        return review.view(wanted or 0)
    views = review.rows(0, 1, asked.query()).views
    return views[0] if views else None


def _suggested(view: View, review: Review, gallery: Gallery) -> Suggestion | None:
    """Return what a row suggests; no picture is read for it."""
    if not rows.may_suggest(view):
        return None
    facts: Sequence[Facts | None] | None = [None] * len(view.entries)
    if not sure.same_bytes(view):
        facts = gallery.known_facts(view)
    return review.suggestion(view, facts) if facts else None


def _whole(view: View, review: Review, gallery: Gallery, thumbs: Thumbs) -> dict[str, Any]:
    """Return a group with its facts, null when they are still to be asked for."""
    known = gallery.known_facts(view) if len(view.entries) <= _AT_ONCE else None
    told = shapes.facts(view, known, review) if known else None
    return {**shapes.group(view, review, thumbs, asked.query()), "facts": told}


def _choosing(api: Blueprint, review: Review, thumbs: Thumbs) -> None:
    def answer(view: View) -> Response:
        return jsonify(shapes.group(view, review, thumbs, asked.query()))

    @api.put("/groups/<int:number>/files/<int:file>/keep")
    def keep(number: int, file: int) -> Response:
        given = asked.body(keep=bool, rev=int)
        name = asked.names(review.view(number), [file])[0]
        return answer(review.choose_one(number, name, given["rev"], keep=given["keep"]))

    @api.put("/groups/<int:number>/selection")
    def selection(number: int) -> Response:
        given = asked.body({"keep": list, "all": bool}, rev=int)
        keep = frozenset(asked.chosen(review.view(number), given, "keep"))
        return answer(review.choose(number, keep, given["rev"]))

    @api.post("/folders/prefer")
    def prefer() -> Response:
        given = asked.body(group=int, file=int, rev=int, on=bool)
        view = review.view(given["group"])
        name = asked.names(view, [given["file"]])[0]
        folder = next(folder_of(entry) for entry in view.entries if entry.name == name)
        return answer(review.prefer(view.number, folder, given["rev"], on=given["on"]))

    telling_apart.routes(api, review, answer)

    @api.put("/groups/<int:number>/auto-finish")
    def auto_finish(number: int) -> Response:
        return answer(review.set_auto_finish(number, on=asked.body(on=bool)["on"]))


def _finishing(api: Blueprint, review: Review, gallery: Gallery) -> None:
    @api.post("/groups/<int:number>/finish")
    def finish(number: int) -> Response:
        given = asked.body({"allow_none": bool, "auto": bool}, rev=int)
        allow_none, auto = (given.get(key) is True for key in ("allow_none", "auto"))
        # Before anything is armed: reading may fail.
        known = gallery.all_facts(review.view(number))
        view = review.view(number)
        offer = offered(view, gallery.metadata) if view.rev == given["rev"] else None
        first = review.finish(
            number,
            given["rev"],
            allow_none=allow_none,
            auto=auto,
            sidecars=offer.sidecars if offer else (),
        )
        told = offers.shape(offer, first, review)
        return jsonify({**shapes.armed(first, review, known), "offer": told})

    @api.post("/groups/<int:number>/finish/confirm")
    def confirm(number: int) -> Response:
        following = review.neighbours(number, asked.query()).following
        given = asked.body({"sidecars": bool}, nonce=str)
        view = review.confirm(number, given["nonce"], sidecars=given.get("sidecars") is True)
        if view.state == "attention":
            return problem(409, view.reason, "refused")
        body = {**shapes.finished(view), "next": following}
        return _with_status(body, 202 if view.state == "settling" else 200)

    @api.post("/groups/<int:number>/finish/take-back")
    def take_back(number: int) -> Response:
        nonce = asked.body({"nonce": str}).get("nonce")
        return jsonify({"rev": review.take_back(number, nonce).rev})

    @api.post("/groups/<int:number>/undo")
    def undo(number: int) -> Response:
        asked.body()
        view = review.undo(number)
        if view.state == "settled":
            return problem(409, view.reason, "refused")
        return _with_status(shapes.finished(view), 202 if view.state == "undoing" else 200)


def _ending(api: Blueprint, review: Review, told: Session) -> None:
    @api.post("/free-space")
    def free_space() -> Response:
        if asked.body(yes=bool)["yes"]:
            return jsonify({"nonce": review.offer_to_free()})
        review.free_space(None)
        return jsonify(told())

    @api.post("/free-space/confirm")
    def confirm_free() -> Response:
        review.free_space(asked.body(nonce=str)["nonce"])
        return jsonify(told())

    @api.post("/stop")
    def stop() -> Response:
        asked.body()
        review.stop()
        return jsonify(told())


def _with_status(body: dict[str, Any], status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response
