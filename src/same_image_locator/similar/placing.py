"""Tells of pairs that were no candidates how one may lie on the other, as their signatures say.

A picture keeps only its nearest candidates. Where there are many copies of it, a keeper may be none
of those; then keypoints alone would have to find how it lies on it, and a dark or blurred picture
has none.
"""

from collections import defaultdict
from collections.abc import Sequence

from same_image_locator.fingerprint.signature import unpacked
from same_image_locator.photos import Prints
from same_image_locator.similar.candidates import Candidate, beside

_AT_ONCE = 1000  # signatures that are copied out of the store


def placed(pairs: Sequence[Candidate], ordered: Prints) -> list[Candidate]:
    """Return these pairs in their order, each as the candidate that it would be, if it were one."""
    others: dict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        others[pair.one].append(pair.other)
    found = dict[frozenset[int], Candidate]()
    for one, all_of_it in others.items():
        signature = unpacked(ordered.joined([one]))
        for start in range(0, len(all_of_it), _AT_ONCE):
            some = all_of_it[start : start + _AT_ONCE]
            numbers = [one, *some]
            for near in beside(signature, unpacked(ordered.joined(some))):
                first, second = numbers[near.one], numbers[near.other]
                found[frozenset((first, second))] = near._replace(one=first, other=second)
    return [found.get(frozenset((pair.one, pair.other)), pair) for pair in pairs]
