"""Sure suggestions are confirmed twice as the page does it; what anybody has touched is not."""

from pathlib import Path

import pytest

import reviewing
from same_image_locator.events import Event, Noted
from same_image_locator.follower import Follower
from same_image_locator.model import Auto
from same_image_locator.review import Review, View
from same_image_locator.review.sure import Reading


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return reviewing.library(tmp_path / "photos", reviewing.THREE_GROUPS)


def unread(view: View) -> list[None]:
    raise AssertionError(f"group {view.number} is told apart without its pictures")


def named(review: Review, name: str) -> View:
    """Return the group of the files of that name."""
    views = [review.view(number) for number in review.waiting]
    return next(view for view in views if f"/{name}.jpg" in view.entries[0].origin)


def followed(run: reviewing.Run, review: Review, auto: Auto | None = "identical") -> list[str]:
    """Have all groups looked at and settled; returns what was told."""
    told: list[Event] = []
    follower = Follower(review, Reading(unread, reviewing.nothing_said), auto, told.append)
    follower.expect(review.waiting)
    while follower.busy:
        follower.follow()
        if not review.inbox.empty():
            reviewing.carry_out(run.session, review)
    follower.follow()  # nothing is left to be looked at
    return [event.text for event in told if isinstance(event, Noted)]


def test_every_sure_group_is_settled_with_one_file_kept(photos: Path) -> None:
    with reviewing.staged(photos) as run:
        review = run.review()
        told = followed(run, review)
        assert (review.totals().settled, review.phase) == (3, "offer")
        assert told[0].startswith("group 1 (identical): keep phone/one.jpg: ")
        assert told[0].endswith("; set aside backup/one.jpg, sent/one copy.jpg")
        assert len(reviewing.tree(photos)) == 3


def test_without_an_order_nothing_is_done_or_told(photos: Path) -> None:
    with reviewing.staged(photos) as run:
        review = run.review()
        assert followed(run, review, auto=None) == []
        assert review.totals().waiting == 3


def test_what_somebody_has_ticked_unticked_or_confirmed_once_is_left_alone(photos: Path) -> None:
    with reviewing.staged(photos) as run:
        review = run.review()
        one, two, three = (named(review, name) for name in ("one", "two", "three"))
        review.choose(one.number, frozenset({one.entries[2].name}), one.rev)
        review.choose(two.number, frozenset(), two.rev)
        preferred = review.prefer(three.number, str(photos / "sent"), three.rev)
        review.finish(three.number, preferred.rev)
        assert followed(run, review) == []
        assert review.totals().waiting == 3


def test_a_preferred_folder_that_selects_other_files_leaves_the_group_to_the_person(
    photos: Path,
) -> None:
    reviewing.copied(photos / "sent/one copy.jpg", photos / "sent/one more.jpg")
    with reviewing.staged(photos) as run:
        review = run.review()
        three, two = named(review, "three"), named(review, "two")
        review.prefer(three.number, str(photos / "sent"), three.rev)
        assert (len(review.view(1).keep), review.view(1).own) == (2, False)
        told = followed(run, review)
        assert told[0].startswith("group 1 (identical): left for you, suggested is sent/one more")
        assert told[1].startswith(f"group {two.number} (identical): keep ")
        assert review.waiting == [1, three.number]


def test_a_person_who_is_faster_on_the_page_wins(photos: Path) -> None:
    with reviewing.staged(photos) as run:
        review = run.review()
        one = review.view(1)
        theirs = frozenset({one.entries[2].name})
        told: list[Event] = []

        def meanwhile(event: Event) -> None:
            if not told:
                review.choose(1, theirs, one.rev)
            told.append(event)

        follower = Follower(review, Reading(unread, reviewing.nothing_said), "identical", meanwhile)
        follower.expect([1])
        follower.follow()
        assert told[1:] == [
            Noted("group 1 was left for you: The group was changed elsewhere in the meantime")
        ]
        assert (review.view(1).keep, review.inbox.empty()) == (theirs, True)


def test_a_sentence_names_only_some_of_many_files(tmp_path: Path) -> None:
    photos = reviewing.library(tmp_path / "photos", {f"{n}.jpg": 1 for n in range(9)})
    with reviewing.staged(photos) as run:
        [line] = followed(run, run.review())
        assert line.endswith("set aside 1.jpg, 2.jpg, 3.jpg, 4.jpg, 5.jpg and 3 other files")
