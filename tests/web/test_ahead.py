"""What the page shows first is made before it asks, and whatever happens to that is no trouble."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import pictures
from reviewing import staged
from same_image_locator.cache import Cache
from same_image_locator.decode.previews import Previews
from same_image_locator.review import Review, View
from same_image_locator.web_review.media import Gallery


@pytest.fixture
def cache() -> Iterator[Cache]:
    with Cache() as cache:
        yield cache


def test_the_first_pictures_are_there_before_they_are_asked_for(
    tmp_path: Path, cache: Cache
) -> None:
    for name in ("a.jpg", "b.jpg"):
        pictures.photo(tmp_path / "photos" / name, 1)
    with staged(tmp_path / "photos") as run, Previews(1) as previews:
        review, gallery = run.review(), Gallery(cache, previews)
        with gallery.ahead(review):
            _wait_for_a_picture(cache)
        view = _first(review)
        for entry in view.entries:
            Path(view.staged.folder, entry.name).unlink()
            assert gallery.thumbnail(view, entry, 480).startswith(b"\xff\xd8")


def test_first_files_that_are_no_pictures_are_no_trouble(tmp_path: Path, cache: Cache) -> None:
    (tmp_path / "photos").mkdir()
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "photos" / name).write_bytes(b"not a picture at all")
    with staged(tmp_path / "photos") as run, Previews(1) as previews:
        with Gallery(cache, previews).ahead(run.review()):
            pass
        assert cache.pictures.count() == 0


def _first(review: Review) -> View:
    return review.rows(0, 1)[1][0]


def _wait_for_a_picture(cache: Cache) -> None:
    until = time.monotonic() + 30
    while not cache.pictures.count():
        assert time.monotonic() < until, "no picture was made"
        time.sleep(0.02)
