"""The review: what a person chooses, kept safe until it is settled; it moves no file itself."""

from same_image_locator.review.commands import (
    Command,
    Effects,
    FreeSpace,
    Outcome,
    Settle,
    Stop,
    Undo,
)
from same_image_locator.review.places import Places
from same_image_locator.review.query import EVERYTHING, SORTS, STANDS, Query
from same_image_locator.review.refusals import (
    NotAllowed,
    ReadOnly,
    ReviewRefusal,
    Stale,
    UnknownGroup,
)
from same_image_locator.review.state import Rehearsal, Review
from same_image_locator.review.terms import Terms
from same_image_locator.review.views import Armed, Neighbours, Phase, Rows, Totals, View

__all__ = [
    "EVERYTHING",
    "SORTS",
    "STANDS",
    "Armed",
    "Command",
    "Effects",
    "FreeSpace",
    "Neighbours",
    "NotAllowed",
    "Outcome",
    "Phase",
    "Places",
    "Query",
    "ReadOnly",
    "Rehearsal",
    "Review",
    "ReviewRefusal",
    "Rows",
    "Settle",
    "Stale",
    "Stop",
    "Terms",
    "Totals",
    "Undo",
    "UnknownGroup",
    "View",
]
