"""The JSON of what could be written into sidecars, as the sheet lists it before it is confirmed."""

import os
from typing import Any

from same_image_locator.review import Armed, Review
from same_image_locator.review.transfer import Offer
from same_image_locator.web_review.shapes import relative
from same_image_locator.wording import printable


def shape(offer: Offer | None, first: Armed, review: Review) -> dict[str, Any] | None:
    """Return what would be written, from which file into which, and why it cannot be if so."""
    if offer is None:
        return None
    said = offer.said
    return {
        "source": offer.source,
        "taken_at": said.taken_at,
        "place": said.place,
        "rating": said.rating,
        "keywords": [printable(word) for word in said.keywords or ()],
        "caption": printable(said.caption or ""),
        "files": [
            {
                "folder": printable(relative(os.path.dirname(new.path), review.root)),
                "name": printable(os.path.basename(new.path)),
                "why_not": printable(new.why_not),
            }
            for new in first.effects.sidecars
        ],
    }
