"""What a larger picture shows that a smaller one could not, and what one that was enlarged does."""

from pathlib import Path

import pytest
from PIL import Image

import edited_pictures
import pictures
from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.previews import Previews
from same_image_locator.model import Facts, Identity, Tier
from same_image_locator.plans import Entry
from same_image_locator.review.enlargements import Enlargements

Method = Image.Resampling
HALF = (edited_pictures.SIZE[0] // 2, edited_pictures.SIZE[1] // 2)
THIRD = (edited_pictures.SIZE[0] // 3, edited_pictures.SIZE[1] // 3)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have one thread compute, as in a run."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")


@pytest.mark.parametrize(
    ("method", "size", "name"),
    [
        (Method.BILINEAR, HALF, "a.png"),
        (Method.BICUBIC, HALF, "a.jpg"),
        (Method.LANCZOS, THIRD, "a.jpg"),
        (Method.NEAREST, HALF, "a.png"),
    ],
)
def test_an_enlargement_shows_no_more_than_what_it_came_from_and_a_photo_does(
    tmp_path: Path, method: Method, size: tuple[int, int], name: str
) -> None:
    small = edited_pictures.photo().resize(size, Method.LANCZOS)
    small.resize(edited_pictures.SIZE, method).save(tmp_path / name, quality=92)
    edited_pictures.photo().save(tmp_path / "true.jpg", quality=75)
    with Previews(1) as previews:
        assert previews.fits(str(tmp_path / name), *size)
        assert not previews.fits(str(tmp_path / "true.jpg"), *size)
        smaller = size[0] // 2, size[1] // 2
        assert not previews.fits(str(tmp_path / name), *smaller), "it does hold that much"


def test_nothing_is_said_of_what_shows_hardly_anything(tmp_path: Path) -> None:
    grey = Image.new("RGB", edited_pictures.SIZE, "grey")
    grey.save(tmp_path / "flat.png")
    tiny = pictures.photo(tmp_path / "tiny.jpg", size=(100, 80))
    with Previews(1) as previews:
        assert not previews.fits(str(tmp_path / "flat.png"), *HALF)
        assert not previews.fits(tiny, 50, 40)


SMALL, LARGE = Facts(800, 600, "JPEG"), Facts(1600, 1200, "PNG")
MIDDLE = Facts(1200, 900, "JPEG")


class Group:
    """Files of a group, named by letters; from ``least`` pixels of width on a size would do."""

    def __init__(self, *facts: Facts | None, tier: Tier = "same picture", least: int = 0) -> None:
        self.facts = facts
        self.least = least
        self.asked: list[tuple[str, int, int]] = []
        self.entries = [
            Entry(name, f"/p/{name}", Identity(1, 1, 9, 0), name, tier=tier)
            for name, _ in zip("abcd", facts, strict=False)
        ]
        self.enlargements = Enlargements()
        self.told = self.enlargements.told(self.entries, facts)
        self.found = self.enlargements.looked(self.entries, facts, self._fits)

    def _fits(self, entry: Entry, width: int, height: int) -> bool:
        self.asked.append((entry.name, width, height))
        return width >= self.least


@pytest.mark.parametrize(
    ("larger", "smaller"),
    [
        (LARGE._replace(camera="X"), SMALL),  # enlarging a picture does not tell its camera
        (LARGE._replace(taken_at="2019-06-12"), SMALL._replace(taken_at="2020-06-12")),
        (LARGE._replace(height=1300), SMALL),
        (LARGE._replace(width=810, height=608), SMALL),
        (LARGE._replace(width=200, height=150), SMALL._replace(width=100, height=75)),
        (LARGE._replace(width=16000, height=12000), SMALL),
        (LARGE, None),
    ],
)
def test_what_cannot_come_from_the_smaller_one_is_not_looked_at(
    larger: Facts, smaller: Facts | None
) -> None:
    group = Group(larger, smaller)
    assert (group.told, group.asked, group.found) == (True, [], [larger, smaller])


def test_what_is_not_sure_to_be_one_picture_is_not_looked_at() -> None:
    assert Group(LARGE, SMALL, tier="similar").asked == []


def test_the_smallest_size_that_would_do_is_told_and_each_is_asked_once() -> None:
    group = Group(SMALL, LARGE, MIDDLE, least=900)
    assert not group.told
    # Of c no size would do, and of b the larger one of the two.
    assert group.asked == [("b", 1200, 900), ("b", 800, 600), ("c", 800, 600)]
    assert group.found == [SMALL, LARGE._replace(detail=(1200, 900)), MIDDLE]
    assert group.enlargements.told(group.entries, group.facts)
    again = group.enlargements.looked(group.entries, group.facts, group._fits)
    assert (again, len(group.asked)) == (group.found, 3)
    assert Group(SMALL, LARGE, MIDDLE, least=1).found[1] == LARGE._replace(detail=(800, 600))


def test_nothing_is_suspected_of_what_cannot_be_decoded() -> None:
    def broken(_entry: Entry, _width: int, _height: int) -> bool:
        raise DecodeError("damaged")

    group = Group(LARGE, SMALL, least=900)
    assert Enlargements().looked(group.entries, group.facts, broken) == [LARGE, SMALL]
