"""Blurs greys without rounding them."""

import cv2
import numpy as np
from numpy.typing import NDArray

_REACH = 4.0  # standard deviations, beyond which a Gaussian counts for nothing

Greys = NDArray[np.uint8]
Floats = NDArray[np.float32]


def blurred(greys: Greys, sigma: float) -> Floats:
    """Return greys under a Gaussian: uint8 becomes float32 of the same shape, edges are mirrored.

    It is what ``cv2.GaussianBlur`` makes of the same greys as float32, with a third less work.

    Args:
        greys: of shape (height, width).
        sigma: in pixels.
    """
    kernel = cv2.getGaussianKernel(round(2 * _REACH * sigma + 1) | 1, sigma, cv2.CV_32F)
    return np.asarray(cv2.sepFilter2D(greys, cv2.CV_32F, kernel, kernel), np.float32)
