"""What a second look sees: the scan's own thumbnail of a large file, or else the file."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from same_image_locator.cache import Cache, by_file
from same_image_locator.decode.glimpse import glimpse
from same_image_locator.demo.motifs import SCENES
from same_image_locator.demo.scenes import render
from same_image_locator.fingerprint.pool import THUMBNAIL_SIZES
from same_image_locator.similar import second_look
from same_image_locator.similar.judging import judged
from same_image_locator.similar.opening import opened
from same_image_locator.similar.pair import Pair
from same_image_locator.similar.second_look import look
from same_image_locator.similar.verdict import CERTAIN, Verdict
from sample_pictures import scanned


@pytest.fixture(scope="module")
def scene() -> Image.Image:
    return render(SCENES["city"]).convert("RGB")


def _saved(image: Image.Image, path: Path, quality: int) -> Path:
    image.save(path, "JPEG", quality=quality)
    return path


def _scanned(path: Path) -> None:
    """Keep what the scan of a large file keeps."""
    seen = glimpse(str(path), 32, THUMBNAIL_SIZES)
    with Cache() as cache:
        made = tuple(zip(THUMBNAIL_SIZES, seen.thumbnails, strict=True))
        cache.pictures.put(by_file(scanned(path).identity), made, seen.facts)


def _looked(one: Path, other: Path) -> Verdict:
    mine, theirs = scanned(one), scanned(other)
    verdict = look(Pair((str(one), mine.identity), (str(other), theirs.identity), 0, whole=False))
    assert verdict is not None
    return verdict


def test_a_picture_looks_nearly_the_same_from_its_thumbnail(
    tmp_path: Path, scene: Image.Image
) -> None:
    path, other = (_saved(scene, tmp_path / name, 92) for name in ("a.jpg", "b.jpg"))
    decoded = opened(str(other), scanned(other).identity)
    _scanned(path)
    known = opened(str(path), scanned(path).identity)
    assert (known.from_thumbnail, decoded.from_thumbnail) == (True, False)
    assert known.facts == decoded.facts
    assert known.picture.greys.shape == decoded.picture.greys.shape
    apart = np.abs(known.picture.greys.astype(int) - decoded.picture.greys.astype(int))
    assert apart.mean() < 2.5


def test_what_was_changed_since_the_scan_is_looked_at_anew(
    tmp_path: Path, scene: Image.Image
) -> None:
    path = _saved(scene, tmp_path / "a.jpg", 92)
    _scanned(path)
    _saved(scene.rotate(180), path, 92)
    assert not opened(str(path), scanned(path).identity).from_thumbnail


@pytest.mark.parametrize("known", ["a.jpg", "b.jpg", "both"])
def test_the_same_pixels_are_told_whichever_file_has_a_thumbnail(
    tmp_path: Path, scene: Image.Image, known: str
) -> None:
    one = _saved(scene, tmp_path / "a.jpg", 88)
    content = one.read_bytes()
    comment = b"\xff\xfe\x00\x08hello!"
    other = tmp_path / "b.jpg"
    other.write_bytes(content[:2] + comment + content[2:])
    for path in (one, other):
        if known in {path.name, "both"}:
            _scanned(path)
    verdict = _looked(one, other)
    assert (verdict.tier, verdict.certainty, verdict.changes.words()) == (
        "same pixels",
        CERTAIN,
        "",
    )


@pytest.mark.parametrize("known", ["a.jpg", "b.jpg", "both", "neither"])
def test_a_worse_copy_of_the_same_size_is_told_without_decoding_all_of_both(
    tmp_path: Path, scene: Image.Image, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    digested: list[str] = []
    monkeypatch.setattr(second_look, "pixel_digest", digested.append)
    one, other = (_saved(scene, tmp_path / name, to) for name, to in (("a.jpg", 92), ("b.jpg", 85)))
    for path in (one, other):
        if known in {path.name, "both"}:
            _scanned(path)
    assert _looked(one, other).tier == "same picture"
    assert not digested


@pytest.mark.parametrize("known", [("a.png",), ("b.gif",), ("a.png", "b.gif")])
def test_sides_that_a_thumbnail_rounds_otherwise_do_not_matter(
    tmp_path: Path, scene: Image.Image, known: tuple[str, ...]
) -> None:
    one, other = tmp_path / "a.png", tmp_path / "b.gif"
    for path in (one, other):  # 1,280 become 320, 850 become 212 or, by way of 480 and 319, 213
        scene.resize((850, 1280)).save(path)
        if path.name in known:
            _scanned(path)
    assert _looked(one, other).tier == "same picture"


def test_a_copy_is_verified_from_thumbnails(tmp_path: Path, scene: Image.Image) -> None:
    one = _saved(scene, tmp_path / "a.jpg", 92)
    other = _saved(scene.reduce(2), tmp_path / "b.jpg", 70)
    without = _looked(
        *(Path(shutil.copy(path, path.with_suffix(".jpeg"))) for path in (one, other))
    )
    for path in (one, other):
        _scanned(path)
    verdict = _looked(one, other)
    assert (verdict.same, verdict.tier) == (without.same, without.tier) == (True, "same picture")
    assert verdict.changes.words() == without.changes.words()


def test_what_a_thumbnail_leaves_close_is_looked_at_in_the_files(
    tmp_path: Path, scene: Image.Image
) -> None:
    one = _saved(scene, tmp_path / "a.jpg", 92)
    other = _saved(scene.reduce(2), tmp_path / "b.jpg", 80)
    poor = _saved(scene.reduce(4), tmp_path / "thumbnail.jpg", 4).read_bytes()
    _scanned(one)
    with Cache() as cache:
        cache.pictures.put(by_file(scanned(one).identity), ((480, poor),))
    mine, theirs = (opened(str(path), scanned(path).identity).picture for path in (one, other))
    seen = judged(mine, theirs, 0, whole=False).verdict
    assert not seen.same
    assert seen.shared >= 0.5
    assert _looked(one, other).same


def test_a_thumbnail_that_cannot_be_read_is_not_used(tmp_path: Path, scene: Image.Image) -> None:
    path = _saved(scene, tmp_path / "a.jpg", 92)
    _scanned(path)
    with Cache() as cache:
        cache.pictures.put(by_file(scanned(path).identity), ((480, b"no picture"),))
    assert not opened(str(path), scanned(path).identity).from_thumbnail
