"""Every error of the server has one shape: a problem object as RFC 9457 describes it."""

import traceback

from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from same_image_locator.events import Listener, Troubled
from same_image_locator.model import Problem
from same_image_locator.web_review.security import problem_body
from same_image_locator.wording import printable


def problem(status: int, detail: str, code: str = "") -> Response:
    """Return an error answer."""
    body = json.dumps(problem_body(status, detail, code))
    return Response(body, status, content_type="application/problem+json")


def register(app: Flask, listener: Listener) -> None:
    """Give all errors of ``app`` the one shape; unforeseen ones are told to ``listener``."""

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response:
        return problem(error.code or 500, error.description or error.name)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        trace = "".join(traceback.format_exception(error)[-2:])
        listener(Troubled(Problem(printable(request.path), "review", trace)))
        return problem(500, "The program met a fault of its own; nothing was moved by this")
