"""Clearing a folder of what another has: what is counted, what is settled, what is left to you."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import invented
import reviewing
from same_image_locator.model import Auto, Facts, Tier
from same_image_locator.plans import Staged
from same_image_locator.review import Review, View
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.commands import Outcome
from same_image_locator.review.overlaps import Copies, Overlap
from same_image_locator.review.proposals import Preview
from same_image_locator.review.sure import Reading

LARGE, SMALL = Facts(4000, 3000, "JPEG"), Facts(1600, 1200, "JPEG")
TO_BACKUP = Copies(clear="phone", keep="backup")


def looked_at(folder: Path, groups: Sequence[Staged]) -> Review:
    return invented.review(folder, invented.in_folders(folder, groups))


def previewed(
    review: Review, copies: Copies = TO_BACKUP, auto: Auto = "clear", large: int | None = None
) -> Preview:
    """Return what would be done; the file at the place ``large`` has more pixels."""

    def facts(view: View) -> Sequence[Facts]:
        return [LARGE if place == large else SMALL for place in range(len(view.entries))]

    with Bulk(review, Reading(facts, reviewing.nothing_said)) as bulk:
        looking = bulk.preview_copies(copies, auto)
        looking.wait(30)
        assert looking.preview is not None
        return looking.preview


def test_each_folder_is_told_how_much_of_it_lies_in_each_other_one(tmp_path: Path) -> None:
    review = looked_at(
        tmp_path,
        [
            invented.group(1, ["phone/a/1.jpg", "backup/1.jpg", "phone/b/1.jpg"], size=10),
            invented.group(2, ["phone/2.jpg", "sent/2.jpg"], size=100),
            invented.group(3, ["phone/3.jpg", "backup/3.jpg"], size=1000, tier="similar"),
        ],
    )
    assert list(review.overlaps()) == [
        Overlap("sent", "phone", files=1, bytes=101, of=1, groups=1),
        Overlap("phone", "sent", files=1, bytes=100, of=3, groups=1),
        Overlap("phone", "backup", files=2, bytes=22, of=3, groups=1),
        Overlap("backup", "phone", files=1, bytes=11, of=1, groups=1),
    ], "what is only similar may be two pictures"


def test_what_was_decided_counts_no_more(tmp_path: Path) -> None:
    review = looked_at(tmp_path, [invented.group(1, ["phone/1.jpg", "backup/1.jpg"])])
    assert len(review.overlaps()) == 2
    first = review.finish(1, review.choose(1, frozenset({"001"}), 1).rev)
    view = review.confirm(1, first.nonce, wait=0)
    review.settled(view.staged.subject, Outcome(1, 1, 1000))
    assert list(review.overlaps()) == []


def test_all_files_of_the_one_folder_are_kept_and_those_of_the_other_go(tmp_path: Path) -> None:
    paths = ["phone/1.jpg", "backup/1.jpg", "backup/old/1.jpg", "phone/x/1.jpg"]
    review = looked_at(tmp_path, [invented.group(1, paths, size=10)])
    found = previewed(review, auto="identical")
    [one] = found.proposals
    assert (one.keep, found.files, found.bytes) == (
        frozenset({"001", "002"}),
        2,
        10 + 13,
    )


@pytest.mark.parametrize(
    ("tier", "auto", "why"),
    [
        ("same pixels", "identical", ""),
        ("same picture", "identical", "differ"),
        ("same picture", "clear", ""),
        ("series", "clear", "your call"),
        ("similar", "clear", "your call"),
    ],
)
def test_it_has_to_be_as_sure_as_asked(tmp_path: Path, tier: Tier, auto: Auto, why: str) -> None:
    paths = ["phone/1.jpg", "backup/1.jpg"]
    found = previewed(looked_at(tmp_path, [invented.group(1, paths, tier=tier)]), auto=auto)
    assert dict(found.left) == ({why: 1} if why else {})
    assert len(found.proposals) == (not why)


def test_what_a_file_would_take_with_it_leaves_the_group_to_the_person(tmp_path: Path) -> None:
    paths = ["phone/1.jpg", "backup/1.jpg"]
    review = looked_at(tmp_path, [invented.group(1, paths, tier="same picture")])
    assert dict(previewed(review, large=0).left) == {"lean": 1}
    assert dict(previewed(review, large=1).left) == {}


def test_a_third_folder_a_choice_and_a_preferred_folder_leave_it_to_the_person(
    tmp_path: Path,
) -> None:
    both = ["phone/1.jpg", "backup/1.jpg"]
    groups = [
        invented.group(1, [*both, "sent/1.jpg"]),
        invented.group(2, both),
        invented.group(3, both),
        invented.group(4, ["phone/1.jpg", "sent/1.jpg"]),
    ]
    review = looked_at(tmp_path, groups)
    review.choose(2, frozenset({"001"}), 1)
    review._book.records[3].keep = frozenset({"000"})  # by a preferred folder
    found = previewed(review)
    assert (found.groups, found.proposals) == (3, ())
    assert dict(found.left) == {"elsewhere": 1, "touched": 1, "folder": 1}


@pytest.mark.parametrize("copies", [Copies("phone", "phone"), Copies("phone", "nowhere")])
def test_a_folder_is_never_cleared_of_its_only_copies(tmp_path: Path, copies: Copies) -> None:
    groups = [invented.group(1, ["phone/1.jpg", "phone/2.jpg"])]
    assert previewed(looked_at(tmp_path, groups), copies).proposals == ()
