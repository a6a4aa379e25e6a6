"""The signature: the same for any tones, and for all sides of a picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from same_image_locator.fingerprint import signature
from sample_pictures import photo_like

Square = NDArray[np.uint8]


def square(seed: int) -> Square:
    return photo_like(seed, signature.SIDE, signature.SIDE)


def row(picture: Square) -> NDArray[np.float32]:
    rows = signature.rows(picture, picture)
    inside: NDArray[np.float32] = rows[signature.INSIDE]
    return inside


def turned(picture: Square, view: int) -> Square:
    picture = picture.swapaxes(0, 1) if view >= 4 else picture
    picture = picture[::-1] if view % 4 >= 2 else picture
    return np.ascontiguousarray(picture[:, ::-1] if view % 2 else picture)


@settings(max_examples=10)
@given(st.integers(0, 2**31), st.integers(0, 7))
def test_a_view_is_the_signature_of_the_turned_or_mirrored_picture(seed: int, view: int) -> None:
    picture = square(seed)
    [made] = signature.views(row(picture)[None])[view]
    assert made == pytest.approx(row(turned(picture, view)), abs=1e-3)


@pytest.mark.parametrize("view", range(signature.VIEWS))
def test_a_page_that_is_nearly_all_white_is_the_same_from_all_sides(view: int) -> None:
    page = np.full((signature.SIDE, signature.SIDE, 3), 255, np.uint8)
    page[20:32, 40:104], page[80:96, 8:24] = 0, 90
    [made] = signature.views(row(page)[None])[view]
    assert made == pytest.approx(row(turned(page, view)), abs=1e-3)


@settings(max_examples=10)
@given(st.integers(0, 2**31), st.sampled_from([0.6, 0.8, 1.3]))
def test_a_curve_of_tones_hardly_changes_it(seed: int, power: float) -> None:
    grey = np.repeat(square(seed)[..., :1], 3, axis=2)
    curved = (255 * (grey / 255) ** power).astype(np.uint8)
    assert float(row(grey) @ row(curved)) > 0.97


def test_strangers_are_far_apart() -> None:
    rows = np.array([row(square(seed)) for seed in range(30)])
    likeness = rows @ rows.T
    np.fill_diagonal(likeness, 0)
    assert likeness.max() < 0.6


def test_a_window_is_the_signature_of_the_cropping() -> None:
    picture = square(3)
    side = round(0.74 * signature.SIDE)
    windows = signature.rows(picture, picture)[signature.FIRST_WINDOW :]
    crop = np.ascontiguousarray(picture[:side, :side])
    cropped = np.kron(crop, np.ones((4, 4, 1), np.uint8))
    step = len(cropped) / signature.SIDE
    places = (np.arange(signature.SIDE) * step).astype(int)
    assert float((windows @ row(np.ascontiguousarray(cropped[places][:, places]))).max()) > 0.9


def test_packed_it_is_nearly_what_it_was() -> None:
    rows = signature.rows(square(1), square(2))
    packed = signature.packed(rows)
    assert len(packed) == signature.PACKED_BYTES
    [again] = signature.lengthened(signature.unpacked(packed))
    assert (rows * again).sum(axis=1).min() > 0.999
