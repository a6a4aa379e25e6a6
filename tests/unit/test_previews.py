"""Thumbnails and facts on demand: from any thread, and a picture that kills costs only itself."""

import io
import threading
from pathlib import Path

import pytest
from PIL import Image

import pictures
from deadly import die_of
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.previews import Previews


def test_a_thumbnail_and_the_facts_are_those_of_the_picture(tmp_path: Path) -> None:
    path = pictures.photo(tmp_path / "a.jpg", 1, size=(320, 240), taken="2019:05:04 12:00:00")
    with Previews(1) as previews:
        facts = previews.facts(path)
        same, [small, large] = previews.pictures(path, (64, 200))
    assert same == facts
    sizes = [Image.open(io.BytesIO(jpeg)).size for jpeg in (small, large)]
    assert sizes == [(80, 60), (160, 120)]  # a quarter more or less: what is cheap to make
    assert (facts.width, facts.height, facts.format) == (320, 240, "JPEG")
    assert facts.taken_at == "2019-05-04T12:00:00"


def test_a_file_that_is_no_picture_has_a_cause_and_the_next_one_is_made(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    path = pictures.photo(tmp_path / "a.jpg", 1)
    with Previews(1) as previews:
        with pytest.raises(DecodeError):
            previews.pictures(str(tmp_path / "text.jpg"), (64,))
        with pytest.raises(DecodeError):
            previews.facts(str(tmp_path / "text.jpg"))
        assert previews.pictures(path, (64,))


def test_a_decoder_that_crashes_costs_only_its_picture(tmp_path: Path) -> None:
    path = pictures.photo(tmp_path / "a.jpg", 1)
    with Previews(1) as previews:
        with pytest.raises(DecodeError, match="crashed"):
            previews.ask(die_of, "crash")
        assert previews.pictures(path, (64,))


def test_many_threads_share_the_workers(tmp_path: Path) -> None:
    paths = [pictures.photo(tmp_path / f"{n}.jpg", n) for n in range(8)]
    made: list[bytes] = []
    with Previews(2) as previews:
        threads = [
            threading.Thread(
                target=lambda path=path: made.append(previews.pictures(path, (64,))[1][0])
            )
            for path in paths
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(made)) == 8
