"""Telling files of a group apart: remembered at once, never setting anything aside, undone."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import pictures
import reviewing
from reviewing import Run, main_thread, staged
from same_image_locator import apart
from same_image_locator.decision_folder import REVIEW_STATE
from same_image_locator.events import Event, Noted
from same_image_locator.follower import Follower
from same_image_locator.model import Facts
from same_image_locator.review import NotAllowed, ReadOnly, Review, Stale, Terms, UnknownGroup, View
from same_image_locator.review.sure import Reading

QUALITIES = {"a.jpg": 95, "b.jpg": 90, "c.jpg": 85, "d.jpg": 70, "twin of d.jpg": 70}


def shot(folder: Path, *names: str) -> Path:
    """Write look-alikes of several qualities; the twin has the bytes of the last."""
    for name in names:
        pictures.photo(folder / name, 1, quality=QUALITIES[name], size=(640, 480))
    return folder


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Return ``made(*names)``: one staged group of these look-alikes."""
    open_runs = []

    def make(*names: str) -> Run:
        open_runs.append(staged(shot(tmp_path / "photos", *names), "phash"))
        return open_runs[-1].__enter__()

    yield make
    for run in open_runs:
        run.__exit__(None, None, None)


def names(view: View, *letters: str) -> frozenset[str]:
    """Return the staged names of files by the letters that their own names begin with."""
    mine = {os.path.basename(entry.origin)[0]: entry.name for entry in view.entries}
    return frozenset(mine[letter] for letter in letters)


def everything(view: View) -> frozenset[str]:
    return frozenset(entry.name for entry in view.entries)


def settle(review: Review, rev: int) -> View:
    return review.confirm(1, review.finish(1, rev).nonce)


def test_none_are_duplicates_all_go_home_and_undo_takes_both_back(
    made: Callable[..., Run],
) -> None:
    run = made("a.jpg", "b.jpg", "c.jpg")
    before = {name: (run.root / name).exists() for name in ("a.jpg", "b.jpg", "c.jpg")}
    assert not any(before.values()), "they are staged"
    review = run.review()
    view = review.not_duplicates(1, everything(review.view(1)), review.view(1).rev)
    assert view.keep == everything(view)
    assert view.redundant_bytes == 0
    [said] = apart.statements()
    assert len({file.part for file in said.files}) == 3
    assert set(reviewing.tree(run.root)) == set(), "nothing moves before the confirmations"
    with main_thread(run.session, review):
        done = settle(review, view.rev)
        assert done.outcome is not None
        assert (done.state, done.outcome.set_aside) == ("settled", 0)
        assert set(reviewing.tree(run.root)) == {"a.jpg", "b.jpg", "c.jpg"}
        assert review.undo(1).state == "undone"
    assert apart.statements() == []
    assert set(reviewing.tree(run.root)) == {"a.jpg", "b.jpg", "c.jpg"}


def test_one_is_another_picture_it_stays_ticked_and_makes_up_for_no_other(
    made: Callable[..., Run],
) -> None:
    run = made("a.jpg", "b.jpg", "c.jpg")
    review = run.review()
    mine = names(review.view(1), "c")
    view = review.not_duplicates(1, mine, review.view(1).rev)
    assert (view.keep, view.parting.others) == (mine, mine)
    with pytest.raises(NotAllowed, match="Nothing is chosen"):
        review.finish(1, view.rev)
    view = review.choose(1, names(view, "a"), view.rev)
    assert view.keep == names(view, "a", "c"), "whatever is chosen, it goes home"
    with main_thread(run.session, review):
        assert settle(review, view.rev).state == "settled"
        assert set(reviewing.tree(run.root)) == {"a.jpg", "c.jpg"}
        review.undo(1)
        assert set(reviewing.tree(run.root)) == {"a.jpg", "b.jpg", "c.jpg"}
    assert not apart.known()


def test_keeping_none_of_the_rest_is_still_possible_and_lets_the_other_go_home(
    made: Callable[..., Run],
) -> None:
    run = made("a.jpg", "b.jpg", "c.jpg")
    review = run.review()
    view = review.not_duplicates(1, names(review.view(1), "c"), review.view(1).rev)
    with main_thread(run.session, review):
        first = review.finish(1, view.rev, allow_none=True)
        assert review.confirm(1, first.nonce).state == "settled"
        assert set(reviewing.tree(run.root)) == {"c.jpg"}


def test_of_each_picture_something_has_to_be_kept(made: Callable[..., Run]) -> None:
    review = made("a.jpg", "b.jpg", "c.jpg", "d.jpg").review()
    view = review.not_duplicates(1, names(review.view(1), "c", "d"), review.view(1).rev)
    assert view.parting.others == frozenset()
    view = review.choose(1, names(view, "a"), view.rev)
    with pytest.raises(NotAllowed, match="told apart from the others"):
        review.finish(1, view.rev, allow_none=True)
    view = review.choose(1, names(view, "a", "d"), view.rev)
    assert review.finish(1, view.rev).nonce


def test_a_pair_says_nothing_of_the_others(made: Callable[..., Run]) -> None:
    review = made("a.jpg", "b.jpg", "c.jpg").review()
    view = review.view(1)
    both = names(view, "b", "c")
    view = review.not_duplicates(1, both, view.rev, among=both)
    assert (view.parting.parts, view.parting.disputed, view.keep) == ((), True, frozenset())
    [said] = apart.statements()
    assert {os.path.basename(file.path) for file in said.files} == {"b.jpg", "c.jpg"}


def test_taking_it_back_leaves_the_group_as_nobody_had_touched_it(
    made: Callable[..., Run],
) -> None:
    run = made("a.jpg", "b.jpg", "c.jpg")
    review = run.review()
    view = review.not_duplicates(1, names(review.view(1), "c"), review.view(1).rev)
    review.together_again(apart.statements()[0].number)
    after = review.view(1)
    assert (after.keep, after.own, after.parting.parts) == (frozenset(), False, ())
    assert after.rev > view.rev
    with pytest.raises(Stale):
        review.choose(1, everything(after), view.rev)
    assert run.review().view(1).keep == frozenset(), "nor does the disk remember"


def test_an_older_page_is_told_and_nothing_is_remembered(made: Callable[..., Run]) -> None:
    review = made("a.jpg", "b.jpg").review()
    view = review.view(1)
    review.choose(1, names(view, "a"), view.rev)
    with pytest.raises(Stale):
        review.not_duplicates(1, everything(view), view.rev)
    assert apart.statements() == []


def test_a_confirmation_given_before_holds_no_longer(made: Callable[..., Run]) -> None:
    review = made("a.jpg", "b.jpg", "c.jpg").review()
    view = review.choose(1, names(review.view(1), "a"), review.view(1).rev)
    first = review.finish(1, view.rev)
    review.not_duplicates(1, names(view, "c"), view.rev)
    with pytest.raises(Stale):
        review.confirm(1, first.nonce)


@pytest.mark.parametrize("wanted", ["all", "one of two"])
def test_files_with_the_same_bytes_cannot_be_told_apart(
    made: Callable[..., Run], wanted: str
) -> None:
    review = made("a.jpg", "d.jpg", "twin of d.jpg").review()
    view = review.view(1)
    chosen = everything(view) if wanted == "all" else names(view, "d")
    with pytest.raises(NotAllowed, match=r"Files with the same bytes cannot .*d\.jpg"):
        review.not_duplicates(1, chosen, view.rev)
    assert apart.statements() == []
    view = review.not_duplicates(1, names(view, "d", "t"), view.rev)
    assert view.parting.others == names(view, "a"), "both together can"


def test_an_exact_group_refuses_it(tmp_path: Path) -> None:
    with staged(reviewing.library(tmp_path / "photos", {"a.jpg": 1, "b.jpg": 1})) as run:
        review = run.review()
        with pytest.raises(NotAllowed, match="keep all, if you want all"):
            review.not_duplicates(1, everything(review.view(1)), review.view(1).rev)


def test_what_is_not_in_the_group_cannot_be_meant(made: Callable[..., Run]) -> None:
    review = made("a.jpg", "b.jpg", "c.jpg").review()
    view = review.view(1)
    one, two = names(view, "a"), names(view, "a", "b")
    for files, among in [(frozenset(), None), ({"x"}, None), (two, one), (one, one), (two, {"x"})]:
        with pytest.raises(UnknownGroup):
            review.not_duplicates(1, files, view.rev, among)


def test_who_may_only_look_tells_nothing_apart(made: Callable[..., Run]) -> None:
    run = made("a.jpg", "b.jpg")
    review = Review(
        str(run.folder), str(run.root), run.groups, run.session.preview,
        terms=Terms(read_only="Read only"),
    )  # fmt: skip
    with pytest.raises(ReadOnly):
        review.not_duplicates(1, everything(review.view(1)), 1)
    with pytest.raises(ReadOnly):
        review.together_again(1)


def test_what_cannot_be_remembered_changes_nothing(made: Callable[..., Run]) -> None:
    review = made("a.jpg", "b.jpg", "c.jpg").review()
    before = review.view(1)
    Path(os.environ["SIL_DATA_DIR"]).write_text("no folder", encoding="utf-8")
    with pytest.raises(OSError, match="cannot be written"):
        review.not_duplicates(1, names(before, "c"), before.rev)
    assert review.view(1) == before


def test_where_the_ticks_cannot_be_saved_nothing_is_remembered(made: Callable[..., Run]) -> None:
    review = made("a.jpg", "b.jpg", "c.jpg").review()
    before = review.view(1)
    blocked = Path(before.staged.folder, REVIEW_STATE)
    blocked.unlink(missing_ok=True)
    blocked.mkdir()
    with pytest.raises(OSError, match=r".+"):
        review.not_duplicates(1, names(before, "c"), before.rev)
    assert apart.statements() == []
    assert review.view(1) == before


def test_an_undo_whose_statement_stays_says_so(made: Callable[..., Run]) -> None:
    run = made("a.jpg", "b.jpg")
    review = run.review()
    view = review.not_duplicates(1, everything(review.view(1)), review.view(1).rev)
    with main_thread(run.session, review):
        settle(review, view.rev)
        memory = Path(os.environ["SIL_DATA_DIR"], "not-duplicates.sqlite3")
        memory.rename(memory.with_suffix(".away"))
        memory.mkdir()
        undone = review.undo(1)
    assert undone.state == "undone"
    assert "still remembered" in undone.reason


def larger_second(view: View) -> list[Facts | None]:
    return [Facts(640 + 640 * (at == 1), 480, "JPEG") for at in range(len(view.entries))]


@pytest.mark.parametrize("told", ["none", "one", "pair"])
def test_the_next_run_of_a_staged_group_knows_it_and_auto_leaves_it_to_the_person(
    made: Callable[..., Run], told: str
) -> None:
    run = made("a.jpg", "b.jpg", "c.jpg")
    entries = tuple(replace(entry, tier="same picture") for entry in run.groups[0].entries)
    run.groups[0] = replace(run.groups[0], entries=entries)
    if told != "none":
        said = [
            apart.Said(e.origin, e.sha256, e.identity.size, part)
            for e, part in zip(entries, (0, 0, 1) if told == "one" else (2, 0, 1), strict=True)
        ]
        apart.remember(said if told == "one" else said[1:])
    heard: list[Event] = []
    review = run.review()
    follower = Follower(
        review, Reading(larger_second, reviewing.nothing_said), "clear", heard.append
    )
    follower.expect(review.waiting)
    follower.follow()
    [line] = [event.text for event in heard if isinstance(event, Noted)]
    assert review.inbox.empty() is (told != "none"), line
    assert ("left for you" in line) is (told != "none"), line
    if told == "one":
        assert review.view(1).keep == {entries[2].name}
        assert "suggested is b.jpg" in line
        view = review.view(1)
        assert review.suggestion(view, larger_second(view)).confidence == "lean"
    if told == "pair":
        assert "you said that some of these are not duplicates" in line


def test_a_preferred_folder_ticks_and_unticks_all_but_what_is_another_picture(
    tmp_path: Path,
) -> None:
    shot(tmp_path / "photos/phone", "a.jpg", "b.jpg")
    shot(tmp_path / "photos/backup", "c.jpg", "d.jpg")
    with staged(tmp_path / "photos", "phash") as run:
        review = run.review()
        view = review.not_duplicates(1, names(review.view(1), "d"), review.view(1).rev)
        phone = str(run.root / "phone")
        view = review.prefer(1, phone, view.rev, on=True)
        assert view.keep == names(view, "a", "b", "d")
        view = review.prefer(1, phone, view.rev, on=False)
        assert view.keep == names(view, "d")
        view = review.choose(1, names(view, "a"), view.rev)
        assert run.review().view(1).keep == names(view, "a", "d"), "a new run takes it up"
