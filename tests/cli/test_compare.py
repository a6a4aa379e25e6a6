"""``sil compare`` explains one pair of pictures, and draws their difference."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from program import sil
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    picture = render(SCENES["poppies"])
    picture.save(folder / "a.jpg", quality=90)
    shutil.copy(folder / "a.jpg", folder / "copy.jpg")
    ImageOps.mirror(picture).resize((800, 600)).save(folder / "mirrored.png")
    marked = picture.copy()
    ImageDraw.Draw(marked).rectangle((1200, 60, 1500, 260), "black")
    marked.save(folder / "marked.png")
    render(SCENES["city"]).save(folder / "other.jpg")
    (folder / "broken.jpg").write_bytes((folder / "a.jpg").read_bytes()[:900])
    return folder


def test_two_ways_to_show_one_picture_are_explained(photos: Path) -> None:
    done = sil("compare", photos / "a.jpg", photos / "mirrored.png")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].endswith("a.jpg: 1600 x 1200, JPEG, quality 90")
    assert lines[3] == ("the same picture, verified; B is A mirrored, scaled to 50 %, saved as PNG")
    back = sil("compare", photos / "mirrored.png", photos / "a.jpg")
    assert "B is A mirrored, scaled to 200 %, saved as JPEG" in back.stdout


@pytest.mark.parametrize(
    ("other", "tier", "code"),
    [("copy.jpg", "identical", 1), ("marked.png", "same picture", 1), ("other.jpg", "similar", 0)],
)
def test_other_programs_are_told_the_same(photos: Path, other: str, tier: str, code: int) -> None:
    done = sil("compare", photos / "a.jpg", photos / other, "--json")
    assert done.returncode == code, done.stderr
    report = json.loads(done.stdout)
    assert (report["version"], report["tier"], report["same"]) == (1, tier, code == 1)
    assert [Path(file["path"]).name for file in report["files"]] == ["a.jpg", other]
    assert report["distances"]["phash"] == 0 or other != "copy.jpg"
    assert set(report["rules"]) == {"loose", "default", "strict"}


def test_the_difference_is_drawn_where_it_is(photos: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "new" / "difference.png"
    done = sil("compare", photos / "a.jpg", photos / "marked.png", "--picture", drawn)
    assert done.returncode == 1, done.stderr
    panels = np.asarray(Image.open(drawn).convert("L"), np.float64)
    height, width = panels.shape
    heat = panels[:, width - 800 :]
    inside = heat[40:120, 610:740].mean()
    assert (height, width) == (600, 3 * 800 + 2 * 12)
    assert inside > 100
    assert np.delete(heat, slice(590, 760), axis=1).mean() < inside / 4


def test_a_link_is_looked_through(photos: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.jpg"
    link.symlink_to(photos / "a.jpg")
    done = sil("compare", link, photos / "copy.jpg", "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["tier"] == "identical"


def test_a_file_that_is_there_is_never_drawn_over(photos: Path, tmp_path: Path) -> None:
    taken = tmp_path / "photo.png"
    taken.write_bytes(b"mine")
    done = sil("compare", photos / "a.jpg", photos / "copy.jpg", "--picture", taken)
    assert (done.returncode, taken.read_bytes()) == (2, b"mine")
    assert "exists" in done.stderr


@pytest.mark.parametrize(
    ("name", "cause"), [("broken.jpg", "broken.jpg: truncated"), ("none.jpg", "No such file")]
)
def test_what_cannot_be_read_is_named_with_its_cause(photos: Path, name: str, cause: str) -> None:
    done = sil("compare", photos / "a.jpg", photos / name)
    assert done.returncode == 3
    assert cause in done.stderr
    assert done.stderr.count("\n") == 1
