"""The review in the browser: it shows groups and hands in decisions, and can move no file."""

from typing import TYPE_CHECKING

from same_image_locator.events import Listener, ignore
from same_image_locator.review import Review, View
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.sure import Reading
from same_image_locator.web_review.security import Secrets
from same_image_locator.web_review.server import Server

if TYPE_CHECKING:
    from flask import Flask, Response

    from same_image_locator.web_review.media import Gallery

__all__ = ["Secrets", "Server", "create_app"]


def create_app(
    review: Review,
    gallery: "Gallery",
    keys: Secrets,
    listener: Listener = ignore,
    bulk: Bulk | None = None,
) -> "Flask":
    """Return the application; it is to be served behind ``Guard`` (``Server`` does that)."""
    from flask import Flask

    from same_image_locator.web_review import api, asked, media, page, problems

    app = Flask(__name__, static_folder=None)
    app.url_map.converters["int"] = asked.Number

    def address(view: View, file: int, longest: int) -> str:
        return media.address(view, file, longest, keys)

    bulk = bulk or Bulk(review, Reading(gallery.all_facts, gallery.metadata))
    app.register_blueprint(api.blueprint(review, gallery, address, bulk))
    problems.register(app, listener)
    app.register_blueprint(media.blueprint(review, gallery, keys))
    page.register(app)

    @app.after_request
    def forget(response: "Response") -> "Response":
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return app
