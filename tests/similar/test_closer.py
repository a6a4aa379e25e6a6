"""Pictures that a small look cannot tell, and a larger one can."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from same_image_locator.comparison_report import as_text
from same_image_locator.similar.comparison import compared, identified
from same_image_locator.similar.pair import Pair
from same_image_locator.similar.second_look import look
from same_image_locator.similar.verdict import Verdict

_SIDE = 960
_MIDDLE = 110.0
_NOISE = 12.0  # greys

_STILL = (5, 10, 20, 40, 80)  # cells: far less than a camera shows

Floats = NDArray[np.float32]


def _scene(cells: tuple[int, ...], strength: float) -> Floats:
    """Return what stays while a camera stands still: nothing finer than so many cells."""
    chance = np.random.default_rng(1)
    total = np.full((_SIDE, _SIDE), _MIDDLE, np.float32)
    for count in cells:
        grid = Image.fromarray(chance.normal(0, strength, (count, count)).astype(np.float32))
        total += np.asarray(grid.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC))
    return total


def _exposed(scene: Floats, seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, _NOISE, scene.shape).astype(np.float32)
    return Image.fromarray(np.clip(scene + noise, 0, 255).astype(np.uint8))


def _saved(image: Image.Image, path: Path, quality: int = 92) -> Path:
    image.save(path, quality=quality)
    return path


def _looked(one: Path, other: Path, view: int = 0) -> Verdict:
    verdict = look(Pair(identified(str(one)), identified(str(other)), view, whole=True))
    assert verdict is not None
    return verdict


@pytest.fixture
def exposure() -> Image.Image:
    return _exposed(_scene(_STILL, 6.0), 1)


def test_two_exposures_from_one_place_are_two_pictures(
    tmp_path: Path, exposure: Image.Image
) -> None:
    again = _exposed(_scene(_STILL, 6.0), 2)
    verdict = _looked(_saved(exposure, tmp_path / "1.jpg"), _saved(again, tmp_path / "2.jpg"))
    assert not verdict.certainty
    assert verdict.alike
    assert verdict.shared > 0.9  # a small look alone would take them for one


def test_a_comparison_says_what_the_larger_pictures_told(
    tmp_path: Path, exposure: Image.Image
) -> None:
    one, again = (
        str(_saved(shot, tmp_path / f"{number}.jpg"))
        for number, shot in enumerate((exposure, _exposed(_scene(_STILL, 6.0), 2)))
    )
    told = as_text(one, again, compared(one, again))
    assert "they are two exposures" in told
    assert "rules met          none" in told
    clean = str(_saved(_quiet(1), tmp_path / "clean.jpg"))
    marked = str(_saved(_written_on(_quiet(1)), tmp_path / "marked.jpg", 85))
    told = as_text(clean, marked, compared(clean, marked))
    assert "larger pictures    share enough more to be the same" in told
    assert "blocks" not in told


def _noisier(image: Image.Image) -> Image.Image:
    return _exposed(np.asarray(image, np.float32), 3)


@pytest.mark.parametrize(
    "edited",
    [
        _noisier,
        lambda image: image.filter(ImageFilter.GaussianBlur(1.5)),
        lambda image: image.filter(ImageFilter.UnsharpMask(2, 150)),
        lambda image: image.resize((640, 640), Image.Resampling.LANCZOS),
        lambda image: image.crop((4, 3, 958, 955)),
        lambda image: image.point(lambda grey: 255 * (grey / 255) ** 1.6),
    ],
    ids=["noisier", "blurred", "sharpened", "smaller", "rim cut off", "darker"],
)
def test_a_copy_shares_its_noise_whatever_was_done_to_it(
    tmp_path: Path, exposure: Image.Image, edited: Callable[[Image.Image], Image.Image]
) -> None:
    first = _saved(exposure, tmp_path / "1.jpg")
    verdict = _looked(first, _saved(edited(exposure), tmp_path / "2.jpg", 80))
    assert verdict.tier == "same picture"


def _quiet(seed: int) -> Image.Image:
    """Return a picture of which a small one shows little, with noise of its own."""
    scene = _scene((2, 3, 4), 40.0) + _scene((160, 320, 640), 3.0) - _MIDDLE
    noise = np.random.default_rng(seed).normal(0, 3, scene.shape)
    return Image.fromarray(np.clip(scene + noise, 0, 255).astype(np.uint8))


def _written_on(image: Image.Image) -> Image.Image:
    mark = Image.new("L", image.size)
    draw, font = ImageDraw.Draw(mark), ImageFont.load_default(90)
    for row, top in enumerate(range(0, _SIDE, 200)):
        draw.text((10 - row % 2 * 90, top), "© Sample " * 4, 120, font)
    return Image.composite(Image.new("L", image.size, 255), image, mark)


def test_what_is_written_all_over_a_quiet_picture_hides_it_in_a_small_look_alone(
    tmp_path: Path,
) -> None:
    clean, marked = _quiet(1), _written_on(_quiet(1))
    first, second = _saved(clean, tmp_path / "1.jpg"), _saved(marked, tmp_path / "2.jpg", 85)
    assert _looked(first, second).same
    assert _looked(second, first).same


def test_another_exposure_that_is_written_on_is_another_picture(tmp_path: Path) -> None:
    clean, marked = _quiet(1), _written_on(_quiet(2))
    first, second = _saved(clean, tmp_path / "1.jpg"), _saved(marked, tmp_path / "2.jpg", 85)
    verdict = _looked(first, second)
    assert verdict.shared > 0.65  # so it was looked at more closely
    assert not verdict.same
