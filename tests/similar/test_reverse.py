"""``sil find-similar`` on real files: which photos show a picture, and what was done to them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from program import environment, sil
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render


def _saved(image: Image.Image, path: Path, quality: int = 88) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.convert("RGB").save(path, quality=quality)
    return path


def _cropped(image: Image.Image, share: float) -> Image.Image:
    width, height = image.size
    left, top = round(width * (1 - share) / 3), round(height * (1 - share) / 2)
    return image.crop((left, top, left + round(width * share), top + round(height * share)))


def _asked(picture: Path, library: Path) -> tuple[int, dict[str, str]]:
    """Return the exit code, and of each file that was named what was done to it."""
    done = sil("find-similar", picture, "--in", library, "--json", "-")
    assert done.returncode in {0, 1, 3}, done.stderr
    answer = json.loads(done.stdout)
    assert answer["picture"] == str(picture)
    return done.returncode, {
        Path(one["path"]).name: one["changes"] or one["tier"] for one in answer["matches"]
    }


@pytest.fixture(scope="module")
def scenes() -> dict[str, Image.Image]:
    return {name: render(SCENES[name]) for name in ("city", "poppies", "autumn")}


@pytest.fixture
def library(tmp_path: Path, scenes: dict[str, Image.Image]) -> Path:
    folder = tmp_path / "library"
    for name, image in scenes.items():
        _saved(image, folder / f"{name}.jpg")
    _saved(_cropped(scenes["city"], 0.9), folder / "sub" / "cropped.jpg")
    _saved(scenes["city"].transpose(Image.Transpose.ROTATE_270), folder / "sub" / "turned.jpg")
    return folder


def test_each_file_that_shows_the_picture_is_named_with_what_was_done_to_it(
    tmp_path: Path, library: Path, scenes: dict[str, Image.Image]
) -> None:
    picture = _saved(ImageOps.scale(scenes["city"], 0.7), tmp_path / "new.png")
    code, found = _asked(picture, library)
    assert code == 1
    assert found.keys() == {"city.jpg", "cropped.jpg", "turned.jpg"}
    assert found["cropped.jpg"].startswith("cropped to ")
    assert found["turned.jpg"].startswith("turned 90°, scaled to 143 %")
    # What was looked at once is known from then on, with all that is there to be told.
    assert _asked(picture, library) == (code, found)


LOADED = """
import json, sys
from same_image_locator.cli import main
code = main(["find-similar", sys.argv[1], "--in", sys.argv[2]])
print(json.dumps([code, [name for name in ("rich", "PIL", "cv2") if name in sys.modules]]))
"""


def test_who_asks_loads_nothing_that_looks_at_pixels(
    tmp_path: Path, library: Path, scenes: dict[str, Image.Image]
) -> None:
    picture = _saved(scenes["poppies"].reduce(2), tmp_path / "new.jpg")
    command = [sys.executable, "-c", LOADED, str(picture), str(library)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == [1, []]


def test_a_cropping_of_a_photo_finds_the_photo(
    tmp_path: Path, library: Path, scenes: dict[str, Image.Image]
) -> None:
    picture = _saved(_cropped(scenes["autumn"], 0.75), tmp_path / "part.jpg")
    code, found = _asked(picture, library)
    assert code == 1
    assert found.keys() == {"autumn.jpg"}
    assert found["autumn.jpg"].startswith("shows more")


def test_the_picture_itself_is_no_answer_but_a_file_of_the_same_bytes_is(
    tmp_path: Path, library: Path
) -> None:
    assert _asked(library / "poppies.jpg", library) == (0, {})
    os.link(library / "poppies.jpg", library / "second name.jpg")
    assert _asked(library / "poppies.jpg", library) == (0, {})
    shutil.copy(library / "poppies.jpg", library / "copy.jpg")
    assert _asked(library / "poppies.jpg", library) == (1, {"copy.jpg": "identical"})


def test_a_photo_that_came_or_changed_since_the_last_look_is_looked_at(
    tmp_path: Path, library: Path, scenes: dict[str, Image.Image]
) -> None:
    picture = _saved(ImageOps.scale(scenes["poppies"], 0.5), tmp_path / "new.jpg")
    assert set(_asked(picture, library)[1]) == {"poppies.jpg"}
    _saved(ImageOps.mirror(scenes["poppies"]), library / "late.jpg")
    _saved(scenes["autumn"], library / "poppies.jpg")
    code, found = _asked(picture, library)
    assert (code, list(found)) == (1, ["late.jpg"])
    assert found["late.jpg"].startswith("mirrored, scaled to 200 %")


def test_a_picture_that_shows_nothing_is_found_by_its_bytes(tmp_path: Path, library: Path) -> None:
    flat = tmp_path / "flat.png"
    Image.new("RGB", (300, 200), "navy").save(flat)
    assert _asked(flat, library) == (0, {})
    shutil.copy(flat, library / "flat.png")
    assert _asked(flat, library) == (1, {"flat.png": "identical"})


def test_a_photo_that_cannot_be_looked_at_is_named_and_ends_with_its_code(
    tmp_path: Path, library: Path, scenes: dict[str, Image.Image]
) -> None:
    (library / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    picture = _saved(render(SCENES["sailing"]), tmp_path / "new.jpg")
    done = sil("find-similar", picture, "--in", library)
    assert done.returncode == 3
    assert "broken.jpg" in done.stderr
    assert done.stdout == "no photo shows the picture\n"


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("letter.jpg", 3, "letter.jpg cannot be looked at: not a picture"),
        ("nowhere.jpg", 2, "nowhere.jpg does not exist"),
        ("", 2, "is not a file"),
    ],
)
def test_a_picture_that_cannot_be_read_gets_one_clear_line(
    tmp_path: Path, library: Path, name: str, code: int, words: str
) -> None:
    (tmp_path / "letter.jpg").write_text("Dear Anna,")
    done = sil("find-similar", tmp_path / name, "--in", library)
    assert done.returncode == code
    assert [words in line for line in done.stderr.splitlines() if line.startswith("sil: ")] == [
        True
    ]
    assert "Traceback" not in done.stderr


def test_the_library_has_to_be_named(tmp_path: Path, scenes: dict[str, Image.Image]) -> None:
    done = sil("find-similar", _saved(scenes["city"], tmp_path / "new.jpg"))
    assert done.returncode == 2
    assert done.stderr.startswith("sil: No folder is given")
