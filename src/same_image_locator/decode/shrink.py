"""Shrinks a picture while it is decoded, and then to greys: never more pixels than are needed."""

from typing import NamedTuple

from PIL import Image

from same_image_locator.decode import colours

# At least so many pixels on the shorter side before the last, careful shrinking: with fewer, hashes
# stray from those of the full picture. A JPEG's own transform averages better than blocks do.
_SHORTEST, _SHORTEST_JPEG = 192, 96
# The last shrinking may first average whole blocks of pixels down to so many on a side.
_AVERAGED = 128
_EIGHTS = 8  # the coarsest scale at which a JPEG can be decoded


class Small(NamedTuple):
    """A plain, upright picture, and the box of it that the photo fills.

    The picture's outermost pixels may stand for less than a whole block of the photo's pixels, so
    that the edges of the box are fractions.
    """

    image: Image.Image
    box: tuple[float, float, float, float]


class Loaded(NamedTuple):
    """A decoded picture as it is stored, in a mode that can be averaged.

    ``extent`` is the photo's width and height in the picture's pixels, ``white`` the brightest
    value that a deep grey can have.
    """

    image: Image.Image
    extent: tuple[float, float]
    white: float


def factor(size: tuple[int, int], longest: float, *, jpeg: bool) -> int:
    """Return by what a picture may be divided: ``longest`` is what its longer side must keep."""
    shortest = _SHORTEST_JPEG if jpeg else _SHORTEST
    by_longest = int(max(size) // max(longest, 1.0))
    return max(1, min(min(size) // shortest, by_longest))


def eighths(by: int) -> int:
    """Return the coarsest scale for a JPEG that is to be divided by ``by``: 8 for an eighth."""
    return next(step for step in (_EIGHTS, 4, 2, 1) if step <= by)


def load(image: Image.Image, by: int, *, grey: bool = False) -> Loaded:
    """Decode a picture at 1/``by`` of its size.

    A JPEG is shrunk while it is decoded, and spared its colours when they are not needed
    (``grey``); anything else is shrunk right after.
    """
    width, height = image.size
    step = eighths(by)
    drafted = None
    if step > 1 or grey:
        drafted = image.draft("L" if grey else None, (width // step, height // step))
    image.load()
    extent = drafted[1][2:] if drafted else image.size
    rest = by // step if drafted else by
    white = colours.white_of(image) if colours.is_deep(image) else 0.0
    even = colours.averageable(image)
    if rest > 1:
        even = even.reduce(rest)
    return Loaded(even, (extent[0] / rest, extent[1] / rest), white)


def box_of(
    size: tuple[int, int], extent: tuple[float, float], orientation: int
) -> tuple[float, float, float, float]:
    """Return where the photo lies in a picture that was turned upright.

    Args:
        size: the picture's, as stored.
        extent: width and height of the part of it that the photo fills, from the upper left.
        orientation: the EXIF orientation by which it was turned.
    """
    width, height = size
    right, bottom = max(0.0, width - extent[0]), max(0.0, height - extent[1])
    if orientation in colours.SIDEWAYS:
        width, height, right, bottom = height, width, bottom, right
    left = right if orientation in {2, 3, 6, 7} else 0.0
    top = bottom if orientation in {3, 4, 7, 8} else 0.0
    return left, top, width - right + left, height - bottom + top


def greys(small: Small, side: int, *, full: bool) -> bytes:
    """Return the picture as ``side`` x ``side`` greys, row by row.

    Lanczos in one step when ``full``, as ImageHash does it; else block averages come before.
    """
    gap = None if full else max(1.0, _AVERAGED / side)
    size, lanczos = (side, side), Image.Resampling.LANCZOS
    grey = small.image if small.image.mode == "L" else small.image.convert("L")
    return grey.resize(size, lanczos, small.box, gap).tobytes()
