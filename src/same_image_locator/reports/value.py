"""What a report tells: one value from which every form is written."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from same_image_locator.model import Facts, Identity, Method, Problem, Tier
from same_image_locator.review.suggestion import Confidence


class Advice(NamedTuple):
    """What is suggested for a group.

    Attributes:
        keep: the numbers of the files to keep; empty where a person has to choose.
        confidence: how sure it is.
        reasons: why, the first that made a difference first.
        frees_bytes: what would be freed by keeping just these, companions counted.
    """

    keep: tuple[int, ...]
    confidence: Confidence
    reasons: tuple[str, ...]
    frees_bytes: int


class File(NamedTuple):
    """A file of a group, known in it by its ``number`` from 1.

    Attributes:
        number: by which it is named on the command line.
        path: where it belongs.
        place: where it lies now, which is another path when it is staged.
        identity: of the file that was looked at.
        sha256: of its content.
        tier: how sure it is that it shows what the first file shows.
        distance: how far it is from the first file, in bits or in percent.
        changes: what was done to the picture.
        facts: what the picture says of itself, None where it cannot be read.
        companions: the original paths of what belongs to it.
        has_alone: what would leave with it, because no file that is suggested has it.
        reference: whether it lies in a reference folder and stays there, whatever is decided.
    """

    number: int
    path: str
    place: str
    identity: Identity
    sha256: str
    tier: Tier
    distance: int | None
    changes: str
    facts: Facts | None
    companions: tuple[str, ...]
    has_alone: tuple[str, ...]
    reference: bool = False

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.identity.size

    @property
    def modified(self) -> str:
        """When it was changed last: ISO 8601 in UTC, "" for a time that no calendar has."""
        try:
            at = dt.datetime.fromtimestamp(self.identity.mtime_ns // 10**9, dt.UTC)
        except (OverflowError, OSError, ValueError):
            return ""
        return at.isoformat()


class Appraised(NamedTuple):
    """A group with all that is told of it.

    ``redundant_bytes`` is what keeping only its largest file would set aside. ``ticked`` are the
    numbers of the files that are chosen so far, and ``own`` says that a person has chosen them.
    """

    number: int
    method: Method
    tier: Tier
    files: tuple[File, ...]
    near: tuple[str, ...]
    redundant_bytes: int
    advice: Advice
    ticked: tuple[int, ...] = ()
    own: bool = False

    def goes(self, file: File) -> bool:
        """Whether the suggestion does not keep a file."""
        return bool(self.advice.keep) and file.number not in self.advice.keep


class Report(NamedTuple):
    """All that a report tells.

    ``groups`` are read once, and each is worked out when its turn comes, so that a report of any
    length is written piece by piece. ``thumbnail`` returns a small JPEG of a file, None where there
    is none.
    """

    root: str
    method: Method
    made_at: str
    program_version: str
    group_count: int
    file_count: int
    groups: Iterable[Appraised]
    problems: Sequence[Problem]
    thumbnail: Callable[[File], bytes | None]
