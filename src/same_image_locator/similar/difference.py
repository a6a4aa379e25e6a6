"""Draws two pictures side by side, the second laid on the first, and where they differ."""

import cv2
import numpy as np
from numpy.typing import NDArray

from same_image_locator.decode.glimpse import glimpse_and_small
from same_image_locator.similar.registration import Matrix, refined, scaled

_LONGEST = 800  # pixels of one panel
_GAP = 12
_GAIN = 4.0
_NOTHING = (128, 128, 128)  # where the second picture shows nothing

Colours = NDArray[np.uint8]


def drawn(one: str, other: str, matrix: Matrix, widths: tuple[int, int]) -> bytes:
    """Return a PNG of three panels: one picture, the other laid on it, and their difference.

    The brighter the third panel, the more they differ; four times what it is, so that it is seen.

    Args:
        one: path of the first picture.
        other: path of the second one.
        matrix: takes pixels of the second to those of the first, of shape (2, 3).
        widths: of the two pictures whose pixels the matrix is about.

    Raises:
        DecodeError: one cannot be read.
    """
    first, second = _colours(one), _colours(other)
    height, width = first.shape[:2]
    here, there = width / widths[0], second.shape[1] / widths[1]
    larger = scaled(matrix, here, there)
    here_grey, there_grey = (
        np.asarray(cv2.cvtColor(one, cv2.COLOR_BGR2GRAY), np.uint8) for one in (first, second)
    )
    # Corrected by the fraction of a pixel that small pictures do not show.
    finer = refined(here_grey, there_grey, larger)
    exact = larger if finer is None else finer
    laid = cv2.warpAffine(second, exact, (width, height), borderValue=_NOTHING)
    shown = cv2.warpAffine(np.ones(second.shape[:2], np.uint8), exact, (width, height)) > 0
    apart = cv2.absdiff(first, np.asarray(laid, np.uint8)).max(axis=2) * np.float32(_GAIN)
    apart[~shown] = 0
    heat = cv2.applyColorMap(np.clip(apart, 0, 255).astype(np.uint8), cv2.COLORMAP_INFERNO)
    heat[~shown] = _NOTHING
    gap = np.full((height, _GAP, 3), 255, np.uint8)
    _, png = cv2.imencode(".png", np.hstack([first, gap, np.asarray(laid), gap, heat]))
    return png.tobytes()


def _colours(path: str) -> Colours:
    """Return an upright picture of at most ``_LONGEST`` pixels, in OpenCV's order of colours."""
    _, small = glimpse_and_small(path, 0, (), _LONGEST, colour=True)
    image = small.image.convert("RGB")
    left, top, right, bottom = (round(edge) for edge in small.box)
    colours = np.asarray(image)[top:bottom, left:right, ::-1]
    scale = min(1.0, _LONGEST / max(colours.shape[:2]))
    size = (max(1, round(colours.shape[1] * scale)), max(1, round(colours.shape[0] * scale)))
    resized = cv2.resize(np.ascontiguousarray(colours), size, interpolation=cv2.INTER_AREA)
    return np.asarray(resized, np.uint8)
