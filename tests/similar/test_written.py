"""Pictures with something laid over them, and pairs that are like that and are two pictures."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from same_image_locator.similar.judging import judged
from same_image_locator.similar.picture import Picture
from same_image_locator.similar.written import written_over

_SIDE = 320

Floats = NDArray[np.float32]


def _photo(seed: int, strength: float = 14.0) -> Floats:
    """Return what is about as strong in each octave, as that is which pictures show."""
    chance = np.random.default_rng(seed)
    total = np.full((_SIDE, _SIDE), 128, np.float32)
    for cells in (5, 10, 20, 40, 80, 160):
        grid = Image.fromarray(chance.normal(0, strength, (cells, cells)).astype(np.float32))
        total += np.asarray(grid.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC))
    return total


def _page() -> Floats:
    """Return a ruled page that lies half in the shade."""
    shade = np.linspace(245, 130, _SIDE, dtype=np.float32)
    page = np.tile(shade, (_SIDE, 1))
    page[12::16] -= 60
    return page + np.random.default_rng(5).normal(0, 2, page.shape).astype(np.float32)


def _written_on(shown: Floats, words: str, ink: float, cover: float) -> Floats:
    mark = Image.new("L", (_SIDE, _SIDE))
    draw, font = ImageDraw.Draw(mark), ImageFont.load_default(20)
    for row, top in enumerate(range(0, _SIDE, 40)):
        for left in range(-40 * (row % 2), _SIDE, 95):
            draw.text((left, top), words, 255, font)
    covered = np.asarray(mark, np.float32) / 255 * cover
    return np.asarray(shown + covered * (ink - shown), np.float32)


def _greys(shown: Floats) -> NDArray[np.uint8]:
    return np.clip(shown, 0, 255).astype(np.uint8)


def _over(one: Floats, other: Floats) -> bool:
    everywhere = np.ones((_SIDE, _SIDE), np.bool_)
    return written_over(_greys(one), _greys(other), everywhere, 1.0)


@pytest.mark.parametrize(("ink", "cover"), [(255, 0.7), (255, 0.45), (0, 0.8), (0, 0.5)])
def test_a_picture_that_is_written_on_all_over_is_known_whichever_comes_first(
    ink: float, cover: float
) -> None:
    clean = _photo(1)
    marked = 0.8 * _written_on(clean, "© sample", ink, cover) + 20
    first, second = (Picture(_greys(shown), (0.0, 0.0, 1.0, 1.0)) for shown in (clean, marked))
    assert judged(first, second, 0, whole=False).verdict.same
    assert judged(second, first, 0, whole=False).verdict.same
    assert _over(clean, marked)


def test_two_pictures_that_are_both_written_on_prove_nothing() -> None:
    background = _photo(1)
    assert not _over(
        _written_on(background, "see you", 255, 0.9), _written_on(background, "at home", 255, 0.9)
    )


def test_another_shot_that_is_written_on_is_another_picture() -> None:
    shot = _photo(1) + _photo(2, 2.5) - 128
    assert not _over(_photo(1), _written_on(shot, "© sample", 255, 0.5))


def test_light_that_falls_in_places_is_no_ink() -> None:
    x, y = np.meshgrid(np.arange(_SIDE), np.arange(_SIDE))
    light = sum(
        120 * np.exp(-np.hypot(x - left, y - top) / 6)
        for left in range(30, _SIDE, 80)
        for top in range(30, _SIDE, 80)
    )
    assert not _over(_photo(1), np.asarray(_photo(1) + light, np.float32))


def test_a_page_that_was_filled_in_is_not_the_blank_one() -> None:
    assert not _over(_page(), _written_on(_page(), "agreed on", 20, 1.0))
