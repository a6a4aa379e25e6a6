"""The page's requests about what are not duplicates: to say so, to list it, and to take it back."""

import os
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify

from same_image_locator import apart
from same_image_locator.apart import Statement
from same_image_locator.review import Review, View
from same_image_locator.web_review import asked
from same_image_locator.web_review.shapes import relative
from same_image_locator.wording import printable

LISTED = 200  # statements; `sil apart` lists all


def routes(api: Blueprint, review: Review, answer: Callable[[View], Response]) -> None:
    """Add them to the API; ``answer`` tells how a group stands after a choice."""

    @api.post("/groups/<int:number>/not-duplicates")
    def not_duplicates(number: int) -> Response:
        """Tell ``files`` apart from the others, or from the others ``among`` some."""
        wish = asked.body({"among": list, "files": list, "all": bool}, rev=int)
        view = review.view(number)
        files = frozenset(asked.chosen(view, wish, "files"))
        others = wish.get("among")
        among = None if others is None else frozenset(asked.names(view, others))
        return answer(review.not_duplicates(number, files, wish["rev"], among))

    @api.get("/not-duplicates")
    def told_apart() -> Response:
        known = apart.statements()
        listed = [_shape(one, review.root) for one in known[:LISTED]]
        return jsonify({"total": len(known), "statements": listed})

    @api.post("/not-duplicates/<int:statement>/take-back")
    def together_again(statement: int) -> Response:
        asked.body()
        review.together_again(statement)
        return told_apart()


def _shape(one: Statement, root: str) -> dict[str, Any]:
    parts: dict[int, list[dict[str, str]]] = {}
    for file in one.files:
        folder = printable(relative(os.path.dirname(file.path), root))
        name = printable(os.path.basename(file.path))
        parts.setdefault(file.part, []).append({"folder": folder, "name": name})
    return {"number": one.number, "at_ms": 1000 * one.at, "parts": list(parts.values())}
