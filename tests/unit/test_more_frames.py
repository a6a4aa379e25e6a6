"""Pictures with more than one frame: the first is looked at, and that there are more is told."""

from pathlib import Path

import pytest
from PIL import Image

import pictures
from same_image_locator.decode.glimpse import glimpse


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("suffix", ["tif", "mpo", "gif", "png", "webp"])
@pytest.mark.parametrize("size", [(160, 120), (800, 600)])
def test_the_first_of_several_frames_is_looked_at(
    tmp_path: Path, suffix: str, mode: str, size: tuple[int, int]
) -> None:
    first, second = (pictures.picture(seed, size).convert(mode) for seed in (1, 2))
    several, alone = tmp_path / f"several.{suffix}", tmp_path / f"alone.{suffix}"
    first.save(several, save_all=True, append_images=[second], lossless=True)
    first.save(alone, lossless=True)
    seen = glimpse(str(several), 32, (160,))
    assert seen.greys == glimpse(str(alone), 32, (160,)).greys
    assert (seen.facts.more_frames, seen.damage) == (True, "")


def test_a_camera_photo_with_a_small_preview_behind_it_is_looked_at(tmp_path: Path) -> None:
    photo, preview = pictures.picture(1, (640, 480)), pictures.picture(2, (160, 120))
    photo.save(tmp_path / "phone.jpg", format="MPO", save_all=True, append_images=[preview])
    photo.save(tmp_path / "alone.jpg")
    seen = glimpse(str(tmp_path / "phone.jpg"), 32)
    assert seen.greys == glimpse(str(tmp_path / "alone.jpg"), 32).greys
    assert not seen.facts.more_frames
    with Image.open(tmp_path / "phone.jpg") as image:
        assert image.format == "MPO"
