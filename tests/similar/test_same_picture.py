"""Mode similar on real files: what was done to a picture, and what is only like it."""

import io
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from program import sil
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render
from same_image_locator.model import Identity
from same_image_locator.similar.judging import judged
from same_image_locator.similar.pair import Pair
from same_image_locator.similar.picture import Picture
from same_image_locator.similar.second_look import look
from same_image_locator.similar.verdict import Verdict

Edit = Callable[[Image.Image], Image.Image]


def _jpeg(image: Image.Image, path: Path, quality: int = 85) -> None:
    image.convert("RGB").save(path, "JPEG", quality=quality)


def _cropped(image: Image.Image, share: float) -> Image.Image:
    width, height = image.size
    left, top = round(width * share * 0.3), round(height * share * 0.7)
    right, bottom = round(width * (1 - share)), round(height * (1 - share))
    return image.crop((left, top, left + right, top + bottom))


EDITS: dict[str, tuple[Edit, str]] = {
    "half": (lambda image: ImageOps.scale(image, 0.5), ""),
    "small": (lambda image: ImageOps.scale(image, 1 / 12), ""),
    "brighter": (lambda image: ImageEnhance.Brightness(image).enhance(1.3), ""),
    "grey": (lambda image: image.convert("L"), ""),
    "bordered": (lambda image: ImageOps.expand(image, 40, "white"), ""),
    "left": (lambda image: image.transpose(Image.Transpose.ROTATE_90), "turned 270°"),
    "right": (lambda image: image.transpose(Image.Transpose.ROTATE_270), "turned 90°"),
    "mirrored": (ImageOps.mirror, "mirrored"),
    "cropped": (lambda image: _cropped(image, 0.15), "cropped to 72 %"),
}


def _quantised(image: Image.Image) -> Image.Image:
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=4)
    return Image.open(encoded)


def _written_all_over(image: Image.Image) -> Image.Image:
    mark = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(mark)
    font = ImageFont.load_default(image.width // 12)
    for row in range(4):
        for column in range(3):
            left = column * image.width / 2.6 - image.width / 20 * (row % 2)
            draw.text((left, row * image.height / 3.8), "© Sample", 200, font)
    return Image.composite(Image.new("RGB", image.size, "white"), image, mark)


def _looked(one: Image.Image, other: Image.Image) -> Verdict:
    first, second = (
        Picture(np.asarray(image.convert("L")), (0.0, 0.0, 1.0, 1.0)) for image in (one, other)
    )
    return judged(first, second, 0, whole=False).verdict


def _groups(folder: Path, cache: Path) -> list[dict[str, str]]:
    """Return the groups that a scan reports: the changes by file name."""
    report = folder.parent / "report.json"
    done = sil(
        "scan", folder, "--mode", "similar", "--json", report, env={"SIL_CACHE_DIR": str(cache)}
    )
    assert done.returncode in {0, 1}, done.stderr
    return [
        {Path(file["path"]).stem: file.get("changes", "") for file in group["files"]}
        for group in json.loads(report.read_text())["groups"]
    ]


@pytest.fixture(scope="module")
def scenes() -> dict[str, Image.Image]:
    return {name: render(SCENES[name]) for name in ("city", "poppies", "autumn")}


def test_all_edits_of_a_picture_are_in_its_group_and_no_other_picture(
    tmp_path: Path, scenes: dict[str, Image.Image]
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, image in scenes.items():
        _jpeg(image, folder / f"{name}.jpg", 92)
    for edit, (change, _) in EDITS.items():
        _jpeg(change(scenes["city"]), folder / f"city, {edit}.jpg")
    _jpeg(ImageOps.scale(scenes["autumn"], 0.4), folder / "autumn, small.jpg")
    city, autumn = _groups(folder, tmp_path / "cache")
    assert set(autumn) == {"autumn", "autumn, small"}
    assert set(city) == {"city", *(f"city, {edit}" for edit in EDITS)}


@pytest.mark.parametrize("edit", [edit for edit, (_, words) in EDITS.items() if words])
def test_what_was_done_to_a_picture_is_said(scenes: dict[str, Image.Image], edit: str) -> None:
    change, words = EDITS[edit]
    one, other = (
        Picture(np.asarray(image.convert("L")), (0.0, 0.0, 1.0, 1.0))
        for image in (scenes["poppies"], change(scenes["poppies"]))
    )
    verdict = judged(one, other, None, whole=False).verdict
    back = judged(other, one, None, whole=False).verdict
    assert verdict.same
    assert back.same
    assert words in verdict.changes.words()
    assert words in back.changes.reversed().words()


@pytest.mark.parametrize("name", ["city", "autumn"])
def test_a_picture_that_an_encoding_left_only_blocks_of_is_known(
    scenes: dict[str, Image.Image], name: str
) -> None:
    small = {scene: ImageOps.scale(image, 0.3) for scene, image in scenes.items()}
    assert _looked(small[name], _quantised(small[name])).same
    assert not _looked(small["poppies"], _quantised(small[name])).same


@pytest.mark.parametrize("name", ["city", "poppies"])
def test_a_picture_that_is_written_all_over_is_known(
    scenes: dict[str, Image.Image], name: str
) -> None:
    marked = _written_all_over(ImageOps.scale(scenes[name], 0.3))
    assert _looked(ImageOps.scale(scenes[name], 0.3), marked).same
    other = _written_all_over(ImageOps.scale(scenes["autumn"], 0.3))
    assert not _looked(other, marked).same, "they share what is written on them"


def test_a_picture_that_shows_more_is_not_called_cropped(scenes: dict[str, Image.Image]) -> None:
    whole, part = (
        Picture(np.asarray(image.convert("L")), (0.0, 0.0, 1.0, 1.0))
        for image in (scenes["poppies"], _cropped(scenes["poppies"], 0.15))
    )
    verdict = judged(part, whole, None, whole=False).verdict
    assert "shows more: the first is cropped to 72 %" in verdict.changes.words()


def test_a_file_that_cannot_be_looked_at_now_has_no_verdict(
    tmp_path: Path, scenes: dict[str, Image.Image]
) -> None:
    files = []
    for name, quality in (("a.jpg", 92), ("b.jpg", 60)):
        _jpeg(scenes["city"], tmp_path / name, quality)
        status = (tmp_path / name).stat()
        identity = Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        files.append((str(tmp_path / name), identity))
    seen = look(Pair(files[0], files[1], 0, whole=False))
    assert seen is not None
    assert seen.same
    _jpeg(scenes["autumn"], tmp_path / "b.jpg")
    assert look(Pair(files[0], files[1], 0, whole=False)) is None
    (tmp_path / "b.jpg").unlink()
    assert look(Pair(files[0], files[1], 0, whole=False)) is None


def test_a_second_scan_gives_the_same_groups_and_looks_at_no_picture_again(
    tmp_path: Path, scenes: dict[str, Image.Image]
) -> None:
    folder, cache = tmp_path / "photos", tmp_path / "cache"
    folder.mkdir()
    _jpeg(scenes["city"], folder / "a.jpg", 92)
    _jpeg(scenes["city"].transpose(Image.Transpose.ROTATE_90), folder / "b.jpg")
    groups = _groups(folder, cache)
    for photo in folder.iterdir():
        status = photo.stat()
        photo.write_bytes(b"x" * status.st_size)  # nothing could be seen in it now
        os.utime(photo, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert groups == _groups(folder, cache)
    assert [list(group) for group in groups] == [["a", "b"]]


def test_two_pages_of_one_layout_are_two_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(3):
        _jpeg(_page(seed), folder / f"page {seed}.jpg")
    assert not _groups(folder, tmp_path / "cache")


def test_copies_of_a_file_are_a_group_even_when_nothing_can_be_seen_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    _jpeg(Image.linear_gradient("L").resize((400, 300)), folder / "a.jpg")
    (folder / "b.jpg").write_bytes((folder / "a.jpg").read_bytes())
    assert _groups(folder, tmp_path / "cache") == [{"a": "", "b": ""}]


def test_mode_similar_finds_identical_files_that_show_nothing_too(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    _jpeg(Image.new("RGB", (400, 300), "navy"), folder / "a.jpg")
    for name in ("b.jpg", "c.jpg"):
        (folder / name).write_bytes((folder / "a.jpg").read_bytes())
    _jpeg(Image.new("RGB", (400, 300), "olive"), folder / "d.jpg")
    for name in ("broken 1.jpg", "broken 2.jpg"):
        (folder / name).write_bytes(b"no picture at all")
    first, second = _groups(folder, tmp_path / "cache")
    assert set(first) == {"a", "b", "c"}
    assert set(second) == {"broken 1", "broken 2"}


def _page(seed: int) -> Image.Image:
    """Return a page of lines of words: the layout is the same for all, the words are not."""
    chance = random.Random(seed)
    page = Image.new("RGB", (620, 877), "white")
    draw = ImageDraw.Draw(page)
    for y in range(60, 820, 18):
        words = (
            "".join(chance.choices("abcdefghilmnorstu", k=chance.randint(2, 9))) for _ in "x" * 11
        )
        draw.text((60, y), " ".join(words)[:78], "black")
    return page
