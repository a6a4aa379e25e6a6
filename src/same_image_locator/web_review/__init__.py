"""The review in the browser: it shows groups and hands in decisions, and can move no file."""

import hashlib
from importlib import resources
from typing import TYPE_CHECKING

from same_image_locator.events import Listener, ignore
from same_image_locator.review import Review, View
from same_image_locator.review.bulk import Bulk
from same_image_locator.web_review.security import Secrets
from same_image_locator.web_review.server import Server

if TYPE_CHECKING:
    from flask import Flask, Response

    from same_image_locator.web_review.media import Gallery

__all__ = ["Secrets", "Server", "create_app"]

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def create_app(
    review: Review,
    gallery: "Gallery",
    keys: Secrets,
    listener: Listener = ignore,
    bulk: Bulk | None = None,
) -> "Flask":
    """Return the application; it is to be served behind ``Guard`` (``Server`` does that)."""
    from flask import Flask

    from same_image_locator.web_review import api, asked, media, problems

    app = Flask(__name__, static_folder=None)
    app.url_map.converters["int"] = asked.Number

    def address(view: View, file: int, longest: int) -> str:
        return media.address(view, file, longest, keys)

    bulk = bulk or Bulk(review, gallery.all_facts)
    app.register_blueprint(api.blueprint(review, gallery, address, bulk))
    problems.register(app, listener)
    app.register_blueprint(media.blueprint(review, gallery, keys))
    _page(app)

    @app.after_request
    def forget(response: "Response") -> "Response":
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return app


def _page(app: "Flask") -> None:
    """Serve the page's own files, read once; the browser asks each time whether they changed."""
    from flask import Response, abort, request

    files = {}
    for folder in ("", "js"):
        for file in (resources.files(__package__) / "static" / folder).iterdir():
            if file.is_file():
                name = f"{folder}/{file.name}".lstrip("/")
                files[name] = _static(name)

    @app.get("/")
    @app.get("/static/<path:name>")
    def page(name: str = "index.html") -> Response:
        if name not in files:
            abort(404, "There is no such page")
        body, kind = files[name]
        response = Response(body, content_type=kind, headers={"Cache-Control": "no-cache"})
        response.set_etag(hashlib.sha256(body).hexdigest()[:16])
        response.make_conditional(request)
        return response


def _static(name: str) -> tuple[bytes, str]:
    """Return a file of the page and its type, which must not depend on this computer's tables."""
    body = (resources.files(__package__) / "static" / name).read_bytes()
    return body, KINDS[name[name.rindex(".") :]]
