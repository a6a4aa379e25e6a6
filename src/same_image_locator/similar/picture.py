"""A picture as the second look sees it: small greys, where its frame is, and its keypoints."""

from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from same_image_locator.similar.pages import is_page

LONGEST = 320  # pixels of the longer side; smaller pictures are brought to it
_SHORTEST = 16
_KEYPOINTS = 300
_CONTRAST = 0.02
_ORIENTATIONS = 8
_CELLS = 4
_WORD = _CELLS * _CELLS * _ORIENTATIONS

Box = tuple[float, float, float, float]
Greys = NDArray[np.uint8]
Points = NDArray[np.float32]


class Keypoints(NamedTuple):
    """Places in pixels, of shape (n, 2), and their RootSIFT words, of shape (n, 128)."""

    places: Points
    words: Points


class Picture:
    """Upright greys, ``longest`` pixels on the longer side, and the box of what the frame encloses.

    Args:
        greys: uint8 of shape (height, width).
        box: left, top, right and bottom of what the frame encloses, as shares of the sides.
        longest: pixels that the longer side is brought to.
    """

    def __init__(self, greys: Greys, box: Box, longest: int = LONGEST) -> None:
        scale = longest / max(greys.shape)
        height, width = (max(_SHORTEST, round(side * scale)) for side in greys.shape)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        same = greys.shape == (height, width)
        resized = greys if same else cv2.resize(greys, (width, height), interpolation=way)
        self.greys: Greys = np.asarray(resized, np.uint8)
        self.enlarged = max(1.0, scale)  # so many pixels stand for one of the picture
        left, top, right, bottom = box
        self.box: Box = (left * width, top * height, right * width, bottom * height)

    @cached_property
    def is_page(self) -> bool:
        """Whether what the frame encloses is a page, and no photo."""
        left, top, right, bottom = (round(edge) for edge in self.box)
        inside = self.greys[top:bottom, left:right]
        return bool(inside.size) and is_page(inside)

    @property
    def keypoints(self) -> Keypoints:
        """The strongest keypoints (Lowe, "Distinctive image features", 2004).

        The words are compared by Hellinger's distance (Arandjelovic and Zisserman, "Three things
        everyone should know to improve object retrieval", 2012).
        """
        places, histograms = self._found
        words = histograms.astype(np.float32)
        return Keypoints(places, np.sqrt(words / (words.sum(axis=1, keepdims=True) + 1e-7)))

    @property
    def mirrored(self) -> Keypoints:
        """The keypoints of the mirror image, made from those of the picture."""
        places, words = self.keypoints
        cells = words.reshape(-1, _CELLS, _CELLS, _ORIENTATIONS)
        turned = cells[:, ::-1, :, (-np.arange(_ORIENTATIONS)) % _ORIENTATIONS]
        places = places.copy()
        places[:, 0] = self.greys.shape[1] - 1 - places[:, 0]
        return Keypoints(places, np.ascontiguousarray(turned.reshape(-1, _WORD)))

    @cached_property
    def _found(self) -> tuple[Points, NDArray[np.uint8]]:
        """The keypoints' places and histograms, which are whole numbers: a quarter of the room."""
        found, words = _detector().detectAndCompute(self.greys, None)
        if not found:
            return np.empty((0, 2), np.float32), np.empty((0, _WORD), np.uint8)
        strength = np.array([-point.response for point in found])
        best = np.argsort(strength, kind="stable")[:_KEYPOINTS]
        places = np.array([found[one].pt for one in best], np.float32)
        return places, words[best].astype(np.uint8)


def _detector() -> cv2.SIFT:
    return cv2.SIFT.create(_KEYPOINTS, contrastThreshold=_CONTRAST)
