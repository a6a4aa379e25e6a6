"""Two pictures of one layout that share nearly all details, and poor copies that share no more."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from same_image_locator.similar.judging import judged
from same_image_locator.similar.picture import Picture
from same_image_locator.similar.verdict import NEEDED, Verdict

_SIDE = 320

Floats = NDArray[np.float32]


def _grain(seed: int) -> Floats:
    """Return what is about as strong in each octave, as that is which pictures show."""
    chance = np.random.default_rng(seed)
    total = np.zeros((_SIDE, _SIDE), np.float32)
    for cells in (10, 20, 40, 80, 160):
        grid = Image.fromarray(chance.normal(size=(cells, cells)).astype(np.float32))
        total += np.asarray(grid.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC))
    return total


def _cell(own: int) -> Floats:
    """Return a shot of one of two cells: they share their bars, and most of the block's grain."""
    shown = 140 + 12 * _grain(1) + 5.5 * _grain(own)
    for top in range(30, _SIDE, 60):
        shown[top : top + 6] = 30
    return shown


def _looked(one: Floats, other: Floats) -> Verdict:
    first, second = (
        Picture(np.clip(shown, 0, 255).astype(np.uint8), (0.0, 0.0, 1.0, 1.0))
        for shown in (one, other)
    )
    return judged(first, second, 0, whole=False).verdict


def _encoded(shown: Floats) -> Floats:
    file = io.BytesIO()
    Image.fromarray(np.clip(shown, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=5)
    return np.asarray(Image.open(file), np.float32)


def test_two_pictures_that_share_nearly_all_are_not_the_same() -> None:
    verdict = _looked(_cell(2), _cell(3))
    assert verdict.certainty == NEEDED["loose"]
    assert not verdict.same


@pytest.mark.parametrize("poor", ["encoded", "noisy"])
def test_a_copy_that_shares_no_more_is_the_same(poor: str) -> None:
    noise = np.random.default_rng(4).normal(0, 44, (_SIDE, _SIDE)).astype(np.float32)
    shown = _cell(2)
    copy = _encoded(shown) if poor == "encoded" else shown + noise
    verdict = _looked(shown, copy)
    assert verdict.same
    assert verdict.shared <= _looked(_cell(2), _cell(3)).shared, "how much is shared tells it"
