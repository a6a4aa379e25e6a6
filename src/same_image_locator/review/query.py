"""How somebody looks at the queue: which of the waiting groups, and in which order."""

import unicodedata
from typing import Literal, NamedTuple, get_args

from same_image_locator.model import Tier

# In an "undecided" group nothing is ticked. A "suggested" one nobody has touched, and all its files
# have the same bytes, so that what to keep is known without a look at the pictures. In a "chosen"
# one something is ticked; one that needs "attention" could not be settled. "" is any.
Stand = Literal["", "undecided", "suggested", "chosen", "attention"]
STANDS: tuple[Stand, ...] = get_args(Stand)

# The order of their numbers, most bytes to free first, surest first, most files first, by the
# earliest change of a file, by the path of the first file. Those that are alike go by number.
Sort = Literal["number", "bytes", "sure", "files", "oldest", "newest", "path"]
SORTS: tuple[Sort, ...] = get_args(Sort)


class Query(NamedTuple):
    """A way to look at the queue.

    A group fits ``words`` when the path of one of its files holds them, whatever their case, and
    ``folders`` when it has a file in each of them, as ``places`` names them.
    """

    tier: Tier | Literal[""] = ""
    stand: Stand = ""
    words: str = ""
    folders: tuple[str, ...] = ()
    sort: Sort = "number"

    @property
    def takes_all(self) -> bool:
        """Whether every group fits."""
        return not (self.tier or self.stand or self.words.strip() or self.folders)


EVERYTHING = Query()


def searchable(text: str) -> str:
    """Return ``text`` without what a search must not depend on: case and Unicode's spellings."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
