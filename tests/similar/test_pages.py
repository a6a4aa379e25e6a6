"""Pages of one layout are two pictures where much of what stands there differs."""

import io
import random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from same_image_locator.similar.judging import judged
from same_image_locator.similar.picture import Picture
from same_image_locator.similar.verdict import DOUBTFUL

_SIZE = (620, 877)


def _words(seed: int, letters: int) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice("abcdefghijklmnopqrstuvw    ") for _ in range(letters))


def _form(answers: dict[int, str]) -> Image.Image:
    """Return a form of 48 boxes, of which some are filled in."""
    page = Image.new("L", _SIZE, 250)
    draw = ImageDraw.Draw(page)
    large, small = ImageFont.load_default(22), ImageFont.load_default(12)
    draw.text((50, 30), _words(0, 26), 20, large)
    draw.ellipse((500, 20, 560, 80), outline=60, width=6)
    for box in range(48):
        x, y = 50 + box % 2 * 270, 100 + box // 2 * 30
        draw.text((x, y), _words(100 + box, 12), 40, small)
        draw.rectangle((x + 90, y - 4, x + 240, y + 18), outline=70)
        draw.text((x + 95, y), answers.get(box, ""), 10, small)
    return page


def _letter(page: Image.Image) -> Image.Image:
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(12)
    for line in range(36):
        draw.text((50, 110 + 20 * line), _words(line, 78), 25, font)
    return page


def _headed() -> Image.Image:
    page = Image.new("L", _SIZE, 250)
    draw = ImageDraw.Draw(page)
    draw.text((50, 30), _words(0, 26), 20, ImageFont.load_default(22))
    draw.ellipse((500, 20, 560, 80), outline=60, width=6)
    return page


def _scanned(page: Image.Image, seed: int, *, shade: float = 0.0, quality: int = 88) -> Picture:
    across, down = np.meshgrid(np.linspace(0, 1, _SIZE[0]), np.linspace(0, 1, _SIZE[1]))
    light = np.asarray(page, np.float32) * (1 - shade * (0.6 * across + 0.4 * down))
    noisy = light + np.random.default_rng(seed).normal(0, 3, light.shape)
    stored = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(stored, "JPEG", quality=quality)
    return Picture(np.asarray(Image.open(stored).reduce(2)), (0.0, 0.0, 1.0, 1.0))


def _answers(seed: int, boxes: range) -> dict[int, str]:
    return {box: _words(seed + box, 18) for box in boxes}


_PAIRS = {
    "blank and filled in": (_form({}), _form(_answers(500, range(48)))),
    "filled in elsewhere": (
        _form(_answers(500, range(0, 48, 2))),
        _form(_answers(600, range(1, 48, 2))),
    ),
    "a letter and its paper": (_headed(), _letter(_headed())),
}


@pytest.mark.parametrize("shade", [0.0, 0.5])
@pytest.mark.parametrize("pair", _PAIRS)
def test_pages_of_which_one_says_what_the_other_does_not_are_doubtful_at_best(
    pair: str, shade: float
) -> None:
    one, other = (_scanned(page, seed, shade=shade) for seed, page in enumerate(_PAIRS[pair]))
    for first, second in ((one, other), (other, one)):
        assert judged(first, second, 0, whole=True).verdict.certainty <= DOUBTFUL


@pytest.mark.parametrize("quality", [88, 20])
def test_a_copy_of_a_page_is_known_however_poor(quality: int) -> None:
    page = _form(_answers(500, range(0, 48, 3)))
    one, other = _scanned(page, 1), _scanned(page, 2, shade=0.3, quality=quality)
    assert judged(one, other, 0, whole=True).verdict.same


def test_a_page_with_one_more_line_is_the_same_picture_with_something_added() -> None:
    one, other = _form(_answers(500, range(24))), _form(_answers(500, range(26)))
    verdict = judged(_scanned(one, 1), _scanned(other, 2), 0, whole=True).verdict
    assert verdict.same


def test_lights_at_night_are_no_page() -> None:
    page = 255 - np.asarray(_form(_answers(500, range(48))))
    assert not Picture(page, (0.0, 0.0, 1.0, 1.0)).is_page
    assert Picture(255 - page, (0.0, 0.0, 1.0, 1.0)).is_page
