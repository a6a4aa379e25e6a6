"""Quantiles are those of NumPy, whatever they are taken of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from same_image_locator.similar.quantiles import median, quantiles


@given(st.lists(st.floats(-1000, 1000, width=32), min_size=1, max_size=40))
def test_they_are_those_of_numpy(values: list[float]) -> None:
    some = np.array(values, np.float32)
    expected = np.percentile(some.astype(np.float64), (0, 20, 35, 50, 100))
    assert median(some) == np.median(some)
    assert quantiles(some, 0, 20, 35, 50, 100) == pytest.approx(expected, rel=1e-6, abs=1e-6)
