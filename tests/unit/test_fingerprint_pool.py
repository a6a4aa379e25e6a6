"""Perceptual fingerprints on all cores: every readable picture, and a cause for every other."""

import os
from pathlib import Path

import pytest
from PIL import Image

from same_image_locator.events import Advanced, Event, StepFinished, StepStarted, Troubled
from same_image_locator.fingerprint import examine, phash, pool
from same_image_locator.model import Method, Photo
from sample_pictures import photo_like, scanned, write_photo

PHASH = Method("phash", 5)


def details(photos: list[Photo], method: Method = PHASH) -> dict[str, str]:
    _found, problems = examine(photos, method, lambda _event: None)
    return {os.path.basename(each.path): each.detail for each in problems}


@pytest.mark.parametrize("mode", ["ahash", "phash"])
def test_each_picture_gets_eight_bytes_in_the_given_order(mode: str, tmp_path: Path) -> None:
    photos = [
        scanned(write_photo(tmp_path / f"{name}.jpg", seed)) for seed, name in enumerate("dbca")
    ]
    method = Method("ahash" if mode == "ahash" else "phash", 5)
    found, problems = examine(photos, method, lambda _event: None)
    assert [each.photo for each in found] == photos
    assert {len(each.fingerprint) for each in found} == {8}
    assert len({each.fingerprint for each in found}) == 4
    assert problems == []


def test_copies_of_one_picture_in_other_formats_have_near_fingerprints(tmp_path: Path) -> None:
    names = ["a.png", "b.jpg", "c.webp", "d.tif", "e.bmp"]
    photos = [scanned(write_photo(tmp_path / name, 7)) for name in names]
    found, _problems = examine(photos, PHASH, lambda _event: None)
    codes = [int.from_bytes(each.fingerprint, "big") for each in found]
    assert max((codes[0] ^ code).bit_count() for code in codes) <= 4


def test_an_unreadable_file_is_named_with_its_cause_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "letter.jpg").write_text("Dear Anna,")
    (tmp_path / "empty.jpg").touch()
    whole = Path(write_photo(tmp_path / "cut.jpg")).read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[:-2000])
    write_photo(tmp_path / "good.jpg")
    photos = [scanned(tmp_path / name) for name in sorted(os.listdir(tmp_path))]
    assert details(photos) == {
        "cut.jpg": "truncated: the file ends before the JPEG picture does",
        "empty.jpg": "the file is empty",
        "letter.jpg": "not a picture",
    }


def test_a_file_that_vanished_or_changed_since_the_scan_is_a_problem(tmp_path: Path) -> None:
    photos = [scanned(write_photo(tmp_path / name)) for name in ("gone.jpg", "changed.jpg")]
    (tmp_path / "gone.jpg").unlink()
    os.utime(tmp_path / "changed.jpg", ns=(0, 0))
    assert details(photos) == {
        "gone.jpg": "vanished since the scan",
        "changed.jpg": "changed since the scan",
    }


def test_flat_and_tiny_pictures_are_never_compared_by_their_looks(tmp_path: Path) -> None:
    Image.new("RGB", (400, 300), "navy").save(tmp_path / "flat.png")
    Image.fromarray(photo_like(1, 7, 300)).save(tmp_path / "narrow.png")
    Image.fromarray(photo_like(1, 8, 8)).save(tmp_path / "icon.png")
    photos = [scanned(tmp_path / name) for name in ("flat.png", "narrow.png", "icon.png")]
    assert details(photos) == {
        "flat.png": "too flat to compare: use --mode exact",
        "narrow.png": "too small to compare: use --mode exact",
        "icon.png": "too small to compare: use --mode exact",
    }


def test_every_file_advances_the_step_once(tmp_path: Path) -> None:
    (tmp_path / "letter.jpg").write_text("Dear Anna,")
    photos = [scanned(tmp_path / "letter.jpg"), scanned(write_photo(tmp_path / "good.jpg"))]
    events: list[Event] = []
    examine(photos, PHASH, events.append)
    steps = [event for event in events if isinstance(event, Advanced)]
    size = sum(photo.identity.size for photo in photos)
    assert isinstance(events[0], StepStarted)
    assert events[0] == StepStarted("fingerprint", 2, size)
    assert isinstance(events[-1], StepFinished)
    assert sum(event.files for event in steps) == 2
    assert sum(event.size for event in steps) == size
    assert len([event for event in events if isinstance(event, Troubled)]) == 1


def test_no_photos_are_no_problem() -> None:
    assert examine([], PHASH, lambda _event: None) == ([], [])


def test_fingerprints_do_not_depend_on_which_pictures_are_computed_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [scanned(write_photo(tmp_path / f"{seed}.png", seed)) for seed in range(7)]
    together = examine(photos, PHASH, lambda _event: None)
    monkeypatch.setattr(pool, "_AT_ONCE", 3)
    assert examine(photos, PHASH, lambda _event: None) == together
    assert phash.ALGORITHM.name == "phash"
