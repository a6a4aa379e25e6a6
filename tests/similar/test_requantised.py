"""A JPEG of which little is left is known by the picture that it was made from."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from program import sil
from same_image_locator.model import Identity
from same_image_locator.similar.pair import Pair
from same_image_locator.similar.requantised import is_made_from
from same_image_locator.similar.second_look import look
from same_image_locator.similar.verdict import CERTAIN, Verdict

_WIDE, _HIGH = 330, 250  # no whole blocks

Colours = NDArray[np.float32]


def _scene() -> Colours:
    """Return a scene most of whose details are weaker than the steps of a poor encoding."""
    chance = np.random.default_rng(1)
    total = np.full((_HIGH, _WIDE, 3), (90, 110, 100), np.float32)
    for cells, strength in ((3, 30), (12, 12), (40, 9), (110, 6)):
        for channel in range(3):
            grid = chance.normal(0, strength, (cells, cells)).astype(np.float32)
            whole = Image.fromarray(grid).resize((_WIDE, _HIGH), Image.Resampling.BICUBIC)
            total[..., channel] += np.asarray(whole)
    return total


def _another_shot() -> Colours:
    noise = np.random.default_rng(2).normal(0, 4, (_HIGH, _WIDE, 3))
    return _scene() + noise.astype(np.float32)


def _image(shown: Colours) -> Image.Image:
    return Image.fromarray(np.clip(shown, 0, 255).astype(np.uint8))


def _looked(one: Path, other: Path) -> Verdict | None:
    files = []
    for path in (one, other):
        status = path.stat()
        identity = Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        files.append((str(path), identity))
    return look(Pair(files[0], files[1], 0, whole=False))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    _image(_scene()).save(tmp_path / "good.jpg", quality=95)
    return tmp_path / "good.jpg"


def test_a_copy_of_which_little_is_left_is_beyond_doubt(good: Path) -> None:
    poor = good.with_name("poor.jpg")
    with Image.open(good) as image:
        image.save(poor, quality=8)
    for pair in ((good, poor), (poor, good)):
        verdict = _looked(*pair)
        assert verdict is not None
        assert (verdict.same, verdict.certainty) == (True, CERTAIN)
        assert "recompressed from quality" in verdict.changes.words()
    said = sil("compare", good, poor).stdout
    assert "the same, once the better one is compressed as the poor one is" in said


def test_another_shot_of_which_little_is_left_is_not_a_copy(good: Path) -> None:
    poor = good.with_name("poor.jpg")
    _image(_another_shot()).save(poor, quality=8)
    verdict = _looked(good, poor)
    assert verdict is not None
    assert not verdict.same


def test_a_copy_that_is_stored_on_its_side_is_turned_before(good: Path) -> None:
    turned, poor = Image.Exif(), good.with_name("poor.jpg")
    turned[0x0112] = 6  # shown a quarter turn clockwise
    with Image.open(good) as image:
        image.transpose(Image.Transpose.ROTATE_90).save(poor, quality=8, exif=turned)
    assert is_made_from(str(good), str(poor), _WIDE)


def test_only_a_whole_jpeg_of_the_same_size_is_held_against_it(good: Path) -> None:
    image = _image(_scene())
    cut, other = good.with_name("cut.jpg"), good.with_name("other.png")
    image.crop((0, 0, _WIDE - 8, _HIGH)).save(cut, quality=8)
    image.save(other)
    broken = good.with_name("broken.jpg")
    broken.write_bytes(good.read_bytes()[:3000])
    for poor in (cut, other, broken):
        assert not is_made_from(str(good), str(poor), _WIDE)
