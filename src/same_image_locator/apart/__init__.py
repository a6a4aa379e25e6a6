"""Remembers which pictures a person has told apart, by content, in a database of the person's own.

A statement puts files into parts: those of different parts are not the same picture, of those of
one part nothing is said. That names a pair (two parts), a selection against the rest (two parts),
and a whole group of which no two are the same (a part each), without a row for each pair.
"""

from same_image_locator.apart.known import Known
from same_image_locator.apart.statements import (
    Said,
    Statement,
    default_folder,
    forget,
    known,
    remember,
    statements,
)

__all__ = [
    "Known",
    "Said",
    "Statement",
    "default_folder",
    "forget",
    "known",
    "remember",
    "statements",
]
