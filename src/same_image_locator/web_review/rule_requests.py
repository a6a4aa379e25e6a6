"""The page's requests about the rules by which files are suggested."""

from flask import Blueprint, Response, jsonify

from same_image_locator.choices import KEEP_RULES, further_rules
from same_image_locator.review import Review
from same_image_locator.web_review import asked
from same_image_locator.web_review.asked import BadRequest


def routes(api: Blueprint, review: Review) -> None:
    """Add them to the API."""

    @api.get("/rules")
    def rules() -> Response:
        told = {"rules": review.rules, "usual": KEEP_RULES, "others": further_rules()}
        return jsonify(told)

    @api.put("/rules")
    def set_rules() -> Response:
        names = asked.body(rules=list)["rules"]
        if not all(isinstance(name, str) for name in names):
            raise BadRequest("There is no such choice")
        review.set_rules(names)
        return rules()
