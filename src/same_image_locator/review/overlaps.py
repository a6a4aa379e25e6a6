"""How much of each folder lies in each other one, too, as far as the waiting groups tell.

Of what is not verified to be one picture nothing is counted: it may be two.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from same_image_locator.review.places import standing_for

Lying = Sequence[tuple[str, int]]  # of each file of a group: its folder, and its bytes


class Overlap(NamedTuple):
    """The files of one folder of which another has the picture, too.

    Attributes:
        folder: where these files lie.
        other: where the same pictures lie.
        files: how many files that are.
        bytes: how many bytes these files are.
        of: how many files of ``folder`` lie in a verified group at all.
        groups: in how many groups they are.
    """

    folder: str
    other: str
    files: int
    bytes: int
    of: int
    groups: int


class Copies(NamedTuple):
    """Two folders: one to clear of what the other one keeps; where one is "", it is all folders."""

    clear: str
    keep: str


def overlaps(groups: Iterable[Lying]) -> list[Overlap]:
    """Return each folder's share in each other one, most bytes first.

    Folders are those to which the queue can be narrowed (``places``).
    """
    found = list(groups)
    place = standing_for({folder for group in found for folder, _ in group})
    whole: dict[str, int] = defaultdict(int)
    shared: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for group in found:
        inside: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for folder, size in group:
            here = inside[place[folder]]
            here[0] += 1
            here[1] += size
        for one, (files, size) in inside.items():
            whole[one] += files
            for other in inside:
                if other != one:
                    sums = shared[one, other]
                    sums[0] += files
                    sums[1] += size
                    sums[2] += 1
    told = [
        Overlap(one, other, files, size, whole[one], count)
        for (one, other), (files, size, count) in shared.items()
    ]
    return sorted(told, key=lambda one: (-one.bytes, one.folder, one.other))
