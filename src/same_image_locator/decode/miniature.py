"""Small upright pictures for mode ``similar``: as a whole, and within their frames."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.decode.frame import inner_box
from same_image_locator.decode.shrink import Small

FRAME_LONGEST = 256  # pixels of the longer side on which a frame is looked for
_INSET_FROM = 16  # of so many pixels within a frame, its blurred edge can be spared

Box = tuple[float, float, float, float]


class Miniatures(NamedTuple):
    """A picture as squares of colours, uint8 of shape (side, side, 3): ``inside`` its frame too."""

    whole: NDArray[np.uint8]
    inside: NDArray[np.uint8]


class Greys(NamedTuple):
    """A small picture's greys, uint8 of shape (height, width), and the box within its frame.

    The box is left, top, right and bottom as shares of the sides.
    """

    greys: NDArray[np.uint8]
    box: Box


def squares(small: Small, side: int) -> Miniatures:
    """Return the picture squeezed to squares."""
    image = small.image if small.image.mode == "RGB" else small.image.convert("RGB")
    whole, box = _square(image, side, small.box), _within(small)
    return Miniatures(whole, whole if box == small.box else _square(image, side, box))


def greys(small: Small, longest: int) -> Greys:
    """Return the picture in greys, of at most ``longest`` pixels on its longer side."""
    left, top, right, bottom = small.box
    grey = _shrunk(small, longest)
    inner = _within(small)
    width, height = right - left, bottom - top
    shares = (
        (inner[0] - left) / width,
        (inner[1] - top) / height,
        (inner[2] - left) / width,
        (inner[3] - top) / height,
    )
    return Greys(np.asarray(grey), shares)


def _within(small: Small) -> Box:
    """Return the box of the picture within its frame, in the pixels of the image."""
    left, top, right, bottom = small.box
    grey = _shrunk(small, FRAME_LONGEST)
    inner = inner_box(np.asarray(grey))
    if inner == (0, 0, *grey.size):
        return small.box
    x0, y0, x1, y1 = inner
    inset = 1 if min(x1 - x0, y1 - y0) > _INSET_FROM else 0
    across, down = (right - left) / grey.width, (bottom - top) / grey.height
    return (
        left + (x0 + inset) * across,
        top + (y0 + inset) * down,
        left + (x1 - inset) * across,
        top + (y1 - inset) * down,
    )


def _shrunk(small: Small, longest: int) -> Image.Image:
    left, top, right, bottom = small.box
    width, height = right - left, bottom - top
    grey = small.image if small.image.mode == "L" else small.image.convert("L")
    scale = min(1.0, longest / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == grey.size and small.box == (0, 0, *grey.size):
        return grey
    return grey.resize(size, Image.Resampling.BOX, small.box)


def _square(image: Image.Image, side: int, box: Box) -> NDArray[np.uint8]:
    return np.asarray(image.resize((side, side), Image.Resampling.BOX, box))
