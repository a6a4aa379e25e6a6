"""How many pairs of different photos a perceptual hash takes for copies, by the library's size.

Counted among 2.16 million pairs of unedited photos (web photos, camera photos, none twice): a
pair seen there is 23 in a library of 10,000. Between two thresholds that were counted the number
grows by the same factor with each bit, and so it does above the last of them. Pairs grow with the
square of the library.
"""

from itertools import pairwise

from same_image_locator.model import Method

_COUNTED: dict[str, tuple[tuple[int, float], ...]] = {
    "ahash": ((0, 185), (2, 1_690), (5, 18_700)),
    "phash": ((7, 10), (9, 23), (10, 46), (12, 393)),
}
_LIBRARY = 10_000


def expected(method: Method, photos: int) -> float:
    """Return how many pairs of different photos are expected within the threshold, at most all."""
    counted = _COUNTED.get(method.mode, ())
    if not counted or method.threshold < counted[0][0]:
        return 0.0
    steps = list(pairwise(counted))
    (low, few), (high, many) = next(
        (step for step in steps if method.threshold <= step[1][0]), steps[-1]
    )
    growth: float = (many / few) ** (1 / (high - low))
    in_library: float = few * growth ** (method.threshold - low)
    pairs = photos * (photos - 1) / 2
    return min(pairs, in_library * (photos / _LIBRARY) ** 2)
