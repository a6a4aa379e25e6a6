"""Greys under a Gaussian."""

import cv2
import numpy as np
import pytest

from same_image_locator.similar.blurring import blurred
from sample_pictures import photo_like


@pytest.mark.parametrize("sigma", [1.2, 5.0, 14.4])
def test_bytes_are_blurred_as_the_same_fractions_are(sigma: float) -> None:
    greys = photo_like(3, 60, 40)[..., 0]
    asked = cv2.GaussianBlur(greys.astype(np.float32), (0, 0), sigma)
    assert blurred(greys, sigma) == pytest.approx(asked, abs=1e-3)
