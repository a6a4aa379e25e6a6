"""The page's own files, and the languages that it can be read in."""

import hashlib
from importlib import resources
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from deflate import gzip_compress
from rcssmin import cssmin
from rjsmin import jsmin

from same_image_locator.web_review import modules

if TYPE_CHECKING:
    from flask import Flask

# Written out, since it must not depend on this computer's tables.
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
# The first level that looks for the shortest way; those above hardly find a shorter one.
_TIGHT = 10
_LANGUAGES = b'<meta name="languages" content="%s">'
_ENTRIES = (
    "opening.js",
    "main.js",
)  # the first one's request is on its way before the other is read
_ALONE = "difference_worker.js"  # runs beside the page, not in it
_STYLES = ("theme", "review", "group", "compare", "bulk")  # a later one goes before an earlier one


def register(app: "Flask") -> None:
    """Serve the page's own files, read once; the browser asks each time whether they changed."""
    from flask import Response, abort, request

    files = {name: (body, bytes(gzip_compress(body, _TIGHT))) for name, body in _files().items()}
    marks = {
        body: hashlib.sha256(body).hexdigest()[:16] for pair in files.values() for body in pair
    }

    @app.get("/")
    @app.get("/static/<path:name>")
    def page(name: str = "index.html") -> Response:
        if name not in files:
            abort(404, "There is no such page")
        body, packed = files[name]
        kind = KINDS[PurePosixPath(name).suffix]
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if request.accept_encodings["gzip"]:
            body = packed
            headers["Content-Encoding"] = "gzip"
        response = Response(body, content_type=kind, headers=headers)
        response.set_etag(marks[body])
        response.make_conditional(request)
        return response


def _files() -> dict[str, bytes]:
    """Return each file of the page by its name; the page itself tells which languages there are."""
    root = resources.files(__package__) / "static"
    files = {}
    for folder in ("", "languages"):
        for file in (root / folder).iterdir():
            if file.is_file():
                files[f"{folder}/{file.name}".lstrip("/")] = file.read_bytes()
    sources = {file.name: file.read_text("utf-8") for file in (root / "js").iterdir()}
    joined = {**modules.scripts(sources, *_ENTRIES), _ALONE: sources[_ALONE]}
    files |= {f"js/{name}": jsmin(text).encode() for name, text in joined.items()}
    styles = [(root / "css" / f"{name}.css").read_text("utf-8") for name in _STYLES]
    files["page.css"] = cssmin("".join(styles)).encode()
    codes = sorted(PurePosixPath(name).stem for name in files if name.startswith("languages/"))
    told = _LANGUAGES % " ".join(codes).encode()
    files["index.html"] = files["index.html"].replace(_LANGUAGES % b"", told)
    return files
