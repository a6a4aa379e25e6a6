"""Nothing that only a file that goes says of its picture goes unasked."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import invented
from same_image_locator.events import Event, Noted
from same_image_locator.follower import Follower
from same_image_locator.model import Facts, Metadata, Tier
from same_image_locator.plans import Entry
from same_image_locator.review import EVERYTHING, View
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.overlaps import Copies
from same_image_locator.review.sure import Reading

SMALL, LARGE = Facts(1600, 1200, "JPEG"), Facts(4000, 3000, "JPEG")


def reading(*said: Metadata | None) -> Reading:
    """Return how a group is read whose first file is the larger one, and that says these."""

    def facts(view: View) -> Sequence[Facts]:
        return [LARGE, *[SMALL] * (len(view.entries) - 1)]

    def of_one(view: View, entry: Entry) -> Metadata | None:
        return said[view.entries.index(entry)]

    return Reading(facts, of_one)


def followed(tmp_path: Path, read: Reading, tier: Tier = "same picture") -> str:
    """Have one group followed as far as it is clear; returns what was told."""
    made = invented.in_folders(tmp_path, [invented.group(1, ["kept/a", "going/b"], tier=tier)])
    review, heard = invented.review(tmp_path, made), list[Event]()
    Follower(review, read, "clear", heard.append).rehearse([1])
    [line] = [event.text for event in heard if isinstance(event, Noted)]
    looked = []
    with Bulk(review, read) as bulk:
        for job in (
            bulk.preview(EVERYTHING, "clear"),
            bulk.preview_copies(Copies(clear="going", keep="kept"), "clear"),
        ):
            job.wait(30)
            assert job.preview is not None
            looked.append(bool(job.preview.proposals))
    assert looked == ["would keep" in line] * 2, "many at once go by the same"
    return line


@pytest.mark.parametrize(
    ("kept", "going", "missed"),
    [
        (Metadata(), Metadata(rating=4), "a rating"),
        (Metadata(rating=2), Metadata(rating=5), "a rating"),
        (Metadata(keywords=("lake",)), Metadata(keywords=("boat", "lake")), "keywords"),
        (Metadata(caption="A lake"), Metadata(caption="Our lake"), "a caption"),
        (Metadata(), Metadata(place=(47.0, 8.0)), "GPS"),
        (Metadata(), Metadata(taken_at="2019-07-01"), "capture date"),
        (None, Metadata(caption="Our lake"), "a caption"),
        (Metadata(), None, "what could not be read of it"),
    ],
)
@pytest.mark.parametrize("tier", ["same pixels", "same picture"])
def test_what_only_the_file_that_goes_says_leaves_the_group_to_the_person(
    tmp_path: Path, kept: Metadata | None, going: Metadata | None, missed: str, tier: Tier
) -> None:
    line = followed(tmp_path, reading(kept, going), tier)
    assert line.startswith("group 1 (lean): left for you, suggested is kept/a: ")
    assert f"; going/b has {missed}, which that has not" in line


@pytest.mark.parametrize(
    ("kept", "going"),
    [
        (Metadata(), Metadata()),
        (Metadata(rating=4), Metadata()),
        (Metadata(rating=4, caption="A"), Metadata(rating=4, caption="A")),
        (Metadata(keywords=("a", "b")), Metadata(keywords=("b",))),
        (Metadata(), Metadata(rating=-1)),
        (None, Metadata()),
    ],
)
def test_what_a_kept_file_says_too_is_missed_by_nobody(
    tmp_path: Path, kept: Metadata | None, going: Metadata
) -> None:
    assert "would keep kept/a" in followed(tmp_path, reading(kept, going))
