"""The review itself: ticks, preferences, the double confirmation, undo, resume."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import reviewing
from reviewing import Run, carry_out, main_thread, staged
from same_image_locator.decision_folder import REVIEW_STATE
from same_image_locator.model import Disposal, Method
from same_image_locator.progress import Standing
from same_image_locator.review import (
    FreeSpace,
    NotAllowed,
    Outcome,
    ReadOnly,
    Review,
    Settle,
    Stale,
    Stop,
    Terms,
    UnknownGroup,
    View,
)
from same_image_locator.review.preferences import folder_of


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Three exact groups: of 3, 2 and 2 files."""
    with staged(reviewing.library(tmp_path / "photos", reviewing.THREE_GROUPS)) as run:
        yield run


def first(view: View) -> frozenset[str]:
    return frozenset({view.entries[0].name})


def stored(view: View) -> dict[str, object]:
    state: dict[str, object] = json.loads(Path(view.staged.folder, REVIEW_STATE).read_text())
    return state


def holding(review: Review, folder: Path) -> list[int]:
    """Return the groups that have files from ``folder``."""
    return [
        view.number for view in review.rows(0, 99)[1] if str(folder) in map(folder_of, view.entries)
    ]


def ticked_folders(view: View) -> set[str]:
    return {Path(folder_of(e)).name for e in view.entries if e.name in view.keep}


def test_a_tick_is_on_the_disk_before_it_is_answered(run: Run) -> None:
    review = run.review()
    before = review.view(1)
    after = review.choose_one(1, before.entries[1].name, before.rev, keep=True)
    assert after.keep == {before.entries[1].name}
    assert stored(after)["keep"] == [before.entries[1].name]
    assert run.review().view(1).keep == after.keep


def test_unticking_is_kept_as_the_users_choice_too(run: Run) -> None:
    review = run.review()
    view = review.choose(1, first(review.view(1)), 1)
    view = review.choose_one(1, view.entries[0].name, view.rev, keep=False)
    assert view.keep == frozenset()
    assert run.review().view(1).own


def test_a_choice_for_an_older_revision_is_refused(run: Run) -> None:
    review = run.review()
    review.choose(1, first(review.view(1)), 1)
    with pytest.raises(Stale):
        review.choose(1, frozenset(), 1)


def test_unknown_groups_files_and_folders_are_refused(run: Run) -> None:
    review = run.review()
    with pytest.raises(UnknownGroup):
        review.view(99)
    with pytest.raises(UnknownGroup):
        review.choose(1, frozenset({"elsewhere.jpg"}), 1)
    with pytest.raises(UnknownGroup):
        review.prefer(1, "/elsewhere", 1)


def test_unknown_fields_of_a_state_file_stay(run: Run) -> None:
    folder = Path(run.groups[0].folder)
    (folder / REVIEW_STATE).write_text('{"keep": [], "from_the_future": {"a": 1}}')
    review = run.review()
    view = review.choose(1, first(review.view(1)), review.view(1).rev)
    assert stored(view)["from_the_future"] == {"a": 1}


def test_the_first_versions_state_is_taken_up(run: Run) -> None:
    view = run.review().view(1)
    keep, folder = view.entries[2].name, folder_of(view.entries[2])
    state = {
        "keep": [keep, "gone.jpg"],
        "finished_clicks": 1,
        "auto_finish": True,
        "preferred_folder": folder,
    }
    Path(view.staged.folder, REVIEW_STATE).write_text(json.dumps(state))
    review = run.review()
    assert review.view(1).keep == {keep}
    assert review.view(1).clicks == 1
    assert review.preferences.folders == (folder,)
    assert review.preferences.auto_finish


@pytest.mark.parametrize("text", ["", "[]", "{", '{"keep": 3, "rev": "x"}', "\0\0"])
def test_a_damaged_state_file_means_no_ticks_and_no_failure(run: Run, text: str) -> None:
    Path(run.groups[0].folder, REVIEW_STATE).write_text(text)
    assert run.review().view(1).keep == frozenset()


def test_prefer_folder_selects_its_files_here_and_unselects_the_rest(run: Run) -> None:
    review = run.review()
    review.choose(1, frozenset(e.name for e in review.view(1).entries), 1)
    view = review.prefer(1, str(run.root / "phone"), review.view(1).rev)
    assert ticked_folders(view) == {"phone"}
    assert view.state == "open"


def test_prefer_folder_preselects_in_later_untouched_groups_only(run: Run) -> None:
    review = run.review()
    one, two = holding(review, run.root / "phone")
    chosen = review.choose(two, frozenset(), 1)
    own = review.choose_one(two, chosen.entries[0].name, chosen.rev, keep=True)
    review.prefer(one, str(run.root / "phone"), 1)
    assert review.view(two).keep == own.keep
    fresh = run.review()
    assert fresh.preferences.folders == (str(run.root / "phone"),)


def test_the_most_recent_preference_wins_in_untouched_groups(run: Run) -> None:
    review = run.review()
    backup = holding(review, run.root / "backup")
    big, others = backup[0], backup[1:]
    for folder in ("sent", "backup"):
        review.prefer(big, str(run.root / folder), review.view(big).rev)
    assert all(ticked_folders(review.view(number)) == {"backup"} for number in others)


def test_choosing_a_preferred_folder_again_switches_it_off(run: Run) -> None:
    review = run.review()
    folder = str(run.root / "backup")
    numbers = holding(review, run.root / "backup")
    review.prefer(numbers[0], folder, 1)
    review.prefer(numbers[0], folder, review.view(numbers[0]).rev)
    assert review.preferences.folders == ()
    assert all(not review.view(number).keep for number in numbers)


def test_switching_a_preference_off_leaves_ticks_that_the_user_changed_since(run: Run) -> None:
    review = run.review()
    folder = str(run.root / "backup")
    review.prefer(1, folder, 1)
    everything = frozenset(e.name for e in review.view(1).entries)
    review.choose(1, everything, review.view(1).rev)
    assert review.prefer(1, folder, review.view(1).rev).keep == everything


def test_a_preference_never_finishes_a_group(run: Run) -> None:
    review = run.review()
    review.set_auto_finish(1, on=True)
    review.prefer(1, str(run.root / "backup"), review.view(1).rev)
    assert review.inbox.empty()
    assert review.totals().waiting == 3


def test_finishing_needs_both_confirmations(run: Run) -> None:
    review = run.review()
    view = review.choose(1, first(review.view(1)), 1)
    armed = review.finish(1, view.rev)
    assert review.inbox.empty()
    assert [name for name, _ in armed.effects.homes] == list(view.keep)
    assert len(armed.effects.aside) == 2
    assert review.confirm(1, armed.nonce, wait=0).state == "settling"
    command = review.inbox.get_nowait()
    assert isinstance(command, Settle)
    assert command.decision.keep == view.keep


def test_the_second_confirmation_alone_does_nothing(run: Run) -> None:
    review = run.review()
    review.choose(1, first(review.view(1)), 1)
    with pytest.raises(Stale):
        review.confirm(1, "guessed", wait=0)
    assert review.inbox.empty()


def test_a_first_confirmation_can_be_taken_back(run: Run) -> None:
    review = run.review()
    armed = review.finish(1, review.choose(1, first(review.view(1)), 1).rev)
    assert stored(armed.view)["finished_clicks"] == 1
    assert stored(review.take_back(1))["finished_clicks"] == 0
    with pytest.raises(Stale):
        review.confirm(1, armed.nonce, wait=0)


def test_a_changed_choice_takes_the_first_confirmation_back(run: Run) -> None:
    review = run.review()
    armed = review.finish(1, review.choose(1, first(review.view(1)), 1).rev)
    review.choose(1, frozenset({armed.view.entries[1].name}), armed.view.rev)
    with pytest.raises(Stale):
        review.confirm(1, armed.nonce, wait=0)


def test_a_preference_that_reaches_an_armed_group_takes_its_confirmation_back(run: Run) -> None:
    review = run.review()
    one, two = holding(review, run.root / "phone")
    view = review.prefer(one, str(run.root / "phone"), 1)
    armed = review.finish(two, review.view(two).rev)
    review.prefer(one, str(run.root / "backup"), view.rev)
    with pytest.raises(Stale):
        review.confirm(two, armed.nonce, wait=0)


def test_a_first_confirmation_holds_for_a_minute(run: Run) -> None:
    now = [0.0]
    review = Review(
        str(run.folder), str(run.root), run.groups, run.session.preview, clock=lambda: now[0]
    )
    armed = review.finish(1, review.choose(1, first(review.view(1)), 1).rev)
    now[0] = 61
    with pytest.raises(Stale, match="minute"):
        review.confirm(1, armed.nonce, wait=0)


def test_a_nonce_works_once_and_for_its_own_group_only(run: Run) -> None:
    review = run.review()
    armed = [review.finish(n, review.choose(n, first(review.view(n)), 1).rev) for n in (1, 2)]
    with pytest.raises(Stale):
        review.confirm(2, armed[0].nonce, wait=0)
    review.confirm(1, armed[0].nonce, wait=0)
    with pytest.raises(Stale):
        review.confirm(1, armed[0].nonce, wait=0)


def test_keeping_nothing_is_refused_for_identical_files(run: Run) -> None:
    review = run.review()
    for allow_none in (False, True):
        with pytest.raises(NotAllowed, match="at least one"):
            review.finish(1, 1, allow_none=allow_none)


def test_keeping_nothing_of_a_perceptual_group_needs_saying_so(tmp_path: Path) -> None:
    root = reviewing.library(tmp_path / "photos", {"a/x.jpg": 1, "b/x.jpg": 1})
    with staged(root, "phash") as run:
        review = run.review()
        with pytest.raises(NotAllowed):
            review.finish(1, 1)
        armed = review.finish(1, 1, allow_none=True)
        review.confirm(1, armed.nonce, wait=0)
        command = review.inbox.get_nowait()
        assert isinstance(command, Settle)
        assert command.decision.allow_none


def test_auto_finish_needs_the_switch_and_exactly_one_tick(run: Run) -> None:
    review = run.review()
    view = review.choose(1, first(review.view(1)), 1)
    with pytest.raises(NotAllowed, match="off"):
        review.finish(1, view.rev, auto=True)
    review.set_auto_finish(1, on=True)
    armed = review.finish(1, view.rev, auto=True)
    review.set_auto_finish(1, on=False)
    with pytest.raises(NotAllowed):
        review.confirm(1, armed.nonce, wait=0)
    review.set_auto_finish(1, on=True)
    more = review.choose(1, frozenset(e.name for e in view.entries), view.rev)
    with pytest.raises(NotAllowed, match="exactly one"):
        review.finish(1, more.rev, auto=True)


def test_auto_finish_goes_by_the_groups_own_mode(run: Run) -> None:
    """A resumed folder may hold groups of several modes."""
    mixed = [run.groups[0], replace(run.groups[1], method=Method("phash", 5))]
    review = Review(str(run.folder), str(run.root), mixed, run.session.preview)
    review.set_auto_finish(1, on=True)
    with pytest.raises(NotAllowed):
        review.set_auto_finish(2, on=True)
    view = review.choose(2, first(review.view(2)), 1)
    assert stored(view)["auto_finish"] is False
    with pytest.raises(NotAllowed):
        review.finish(2, view.rev, auto=True)


def test_a_settled_group_leaves_the_queue_and_the_counters_grow(run: Run) -> None:
    review = run.review()
    with main_thread(run.session, review):
        armed = review.finish(1, review.choose(1, first(review.view(1)), 1).rev)
        done = review.confirm(1, armed.nonce)
        totals = review.totals()
    assert done.state == "settled"
    assert (totals.waiting, totals.settled, totals.kept, totals.set_aside) == (2, 1, 1, 2)
    assert totals.set_aside_bytes == armed.effects.aside_bytes
    assert [view.number for view in review.history()] == [1]


def test_a_refused_group_stays_with_its_reason_and_can_be_finished_again(run: Run) -> None:
    review = run.review()
    view = review.choose(1, first(review.view(1)), 1)
    armed = review.finish(1, view.rev)
    review.confirm(1, armed.nonce, wait=0)
    review.refused(view.staged.subject, "the file changed")
    again = review.view(1)
    assert (again.state, again.reason) == ("attention", "the file changed")
    assert review.finish(1, again.rev).nonce


def test_undo_brings_every_file_back_to_its_original_path(run: Run, tmp_path: Path) -> None:
    review = run.review()
    with main_thread(run.session, review):
        view = review.view(1)
        armed = review.finish(1, review.choose(1, first(view), 1).rev)
        review.confirm(1, armed.nonce)
        assert not all(Path(entry.origin).exists() for entry in view.entries)
        assert review.undo(1).state == "undone"
        assert all(Path(entry.origin).exists() for entry in view.entries)
        totals = review.totals()
        assert (totals.undone, totals.set_aside, totals.waiting) == (1, 0, 2)
        with pytest.raises(NotAllowed):
            review.undo(1)


def test_a_refused_undo_leaves_the_group_settled_with_the_reason(run: Run) -> None:
    review = run.review()
    subject = review.view(1).staged.subject
    review.settled(subject, Outcome(1, 2, 100))
    review.undo(1, wait=0)
    review.refused(subject, "the drive is full")
    assert (review.view(1).state, review.view(1).reason) == ("settled", "the drive is full")


def test_a_restored_group_waits_again(run: Run) -> None:
    review = run.review()
    staged_group = review.view(1).staged
    review.settled(staged_group.subject, Outcome(1, 2, 100))
    review.restored(staged_group)
    assert review.view(1).state == "open"
    assert review.totals().waiting == 3
    assert review.history() == []


def test_when_all_are_settled_the_offer_comes_and_yes_needs_a_second_yes(run: Run) -> None:
    review = run.review()
    with pytest.raises(NotAllowed):
        review.offer_to_free()
    for number in (1, 2, 3):
        review.settled(review.view(number).staged.subject, Outcome(1, 1, 10))
    assert review.phase == "offer"
    nonce = review.offer_to_free()
    with pytest.raises(Stale):
        review.free_space("guessed", wait=0)
    assert review.inbox.empty()
    review.free_space(nonce, wait=0)
    assert review.inbox.get_nowait() == FreeSpace(yes=True)
    review.close(30)
    assert (review.phase, review.totals().freed_bytes) == ("closed", 30)


def test_no_leaves_what_was_set_aside(run: Run) -> None:
    review = run.review()
    for number in (1, 2, 3):
        review.settled(review.view(number).staged.subject, Outcome(1, 1, 10))
    review.free_space(None, wait=0)
    assert review.inbox.get_nowait() == FreeSpace(yes=False)


def test_bytes_that_earlier_runs_set_aside_count_in_the_offer(run: Run) -> None:
    review = Review(
        str(run.folder),
        str(run.root),
        run.groups,
        run.session.preview,
        terms=Terms(aside_before=(4, 400)),
    )
    assert (review.totals().set_aside, review.totals().set_aside_bytes) == (4, 400)


def test_neighbours_go_round(run: Run) -> None:
    review = run.review()
    ways = [(n.previous, n.following) for n in map(review.neighbours, (1, 2, 3))]
    assert ways == [(3, 2), (1, 3), (2, 1)]
    for number in (1, 3):
        review.settled(review.view(number).staged.subject, Outcome(1, 1, 10))
    assert review.neighbours(2).following is None


def test_two_groups_of_one_number_are_told_apart(run: Run) -> None:
    twice = [run.groups[0], replace(run.groups[1], number=1), run.groups[2]]
    review = Review(str(run.folder), str(run.root), twice, run.session.preview)
    subjects = {view.staged.subject for view in review.rows(0, 9)[1]}
    assert len(subjects) == 3


def test_a_page_that_watches_gets_a_moment_for_the_summary(run: Run) -> None:
    review = run.review()
    review.seen("review")
    closing = threading.Thread(target=review.close)
    closing.start()
    with review._changed:
        review._changed.wait_for(lambda: review.phase == "closed", 10)
    review.seen("closed")
    closing.join(10)
    assert not closing.is_alive()


def test_stopping_asks_the_main_thread_and_moves_nothing(run: Run) -> None:
    review = run.review()
    before = reviewing.tree(run.folder)
    review.stop(wait=0)
    assert isinstance(review.inbox.queue[0], Stop)
    carry_out(run.session, review)
    assert review.phase == "closed"
    assert reviewing.tree(run.folder) == before
    with pytest.raises(Stale):
        review.choose(1, frozenset(), 1)


def test_a_choice_that_cannot_be_saved_is_not_answered_as_if_it_were(run: Run) -> None:
    review = run.review()
    for path in Path(run.groups[0].folder).iterdir():
        path.unlink()
    Path(run.groups[0].folder).rmdir()
    before = review.view(1)
    with pytest.raises(FileNotFoundError):
        review.choose(1, first(before), 1)
    assert review.view(1) == before


def test_many_threads_ticking_lose_no_tick(run: Run) -> None:
    review = run.review()

    def tick(name: str) -> None:
        while True:
            try:
                review.choose_one(1, name, review.view(1).rev, keep=True)
            except Stale:
                continue
            return

    names = [entry.name for entry in review.view(1).entries]
    threads = [threading.Thread(target=tick, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert review.view(1).keep == set(names)
    assert run.review().view(1).keep == set(names)


def test_files_are_counted_by_what_became_of_them_and_only_what_is_set_aside_can_be_undone(
    run: Run,
) -> None:
    review = run.review()
    ways: list[tuple[int, Disposal]] = [(1, "quarantine"), (2, "trash"), (3, "delete")]
    for number, way in ways:
        subject = review.view(number).staged.subject
        review.settled(subject, Outcome(1, number, number * 100, disposal=way))
    totals = review.totals()
    assert (totals.set_aside, totals.set_aside_bytes) == (1, 100)
    assert (totals.trashed, totals.trashed_bytes) == (2, 200)
    assert (totals.removed, totals.removed_bytes, totals.freed_bytes) == (3, 300, 0)
    for number, words in ((2, "system's trash"), (3, "removed for good")):
        with pytest.raises(NotAllowed, match=words):
            review.undo(number, wait=0)
    assert review.undo(1, wait=0).state == "undoing"


def test_one_confirmation_each_from_two_windows_settles_nothing(run: Run) -> None:
    review = run.review()
    rev = review.choose(1, first(review.view(1)), 1).rev
    one, two = review.finish(1, rev), review.finish(1, rev)
    with pytest.raises(Stale):
        review.confirm(1, one.nonce, wait=0)
    assert review.inbox.empty()
    review.take_back(1, one.nonce)
    assert review.view(1).armed, "the other window's confirmation stands"
    assert review.confirm(1, two.nonce, wait=0).state == "settling"


def test_a_preference_whose_ticks_cannot_be_saved_is_not_in_force(run: Run) -> None:
    review = run.review()
    folder = Path(run.groups[0].folder)
    (folder / f"{REVIEW_STATE}.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        review.prefer(1, str(run.root / "backup"), 1, on=True)
    assert review.preferences.folders == ()
    assert not review.view(1).keep


def test_a_review_that_only_looks_refuses_every_choice_itself(run: Run) -> None:
    terms = Terms(read_only="another run is working here")
    review = Review(str(run.folder), str(run.root), run.groups, run.session.preview, terms=terms)
    for act in (
        lambda: review.choose(1, frozenset(), 1),
        lambda: review.finish(1, 1),
        lambda: review.set_auto_finish(1, on=True),
        lambda: review.undo(1),
    ):
        with pytest.raises(ReadOnly, match="another run"):
            act()
    assert review.inbox.empty()


def test_groups_that_arrive_later_wait_in_the_queue_with_the_preferred_folder_ticked(
    run: Run,
) -> None:
    early, *late = run.groups
    review = Review(str(run.folder), str(run.root), [early], run.session.preview)
    review.search(lambda: None)
    review.prefer(early.number, str(run.root / "phone"), 1)
    before = review.version
    review.arrived(late)
    assert review.version > before, "a page that watches reads the queue again"
    assert review.totals().groups == len(run.groups)
    assert [view.number for view in review.rows(0, 9)[1]] == [1, 2, 3]
    for number in holding(review, run.root / "phone"):
        assert ticked_folders(review.view(number)) == {"phone"}


def test_while_the_search_goes_on_the_review_waits_and_offers_nothing(run: Run) -> None:
    early, *late = run.groups
    review = Review(str(run.folder), str(run.root), [early], run.session.preview)
    review.search(lambda: Standing("fingerprint", 3, 9))
    with main_thread(run.session, review):
        armed = review.finish(1, review.choose(1, first(review.view(1)), 1).rev)
        assert review.confirm(1, armed.nonce).state == "settled"
        assert review.phase == "review"
        with pytest.raises(NotAllowed):
            review.offer_to_free()
        assert review.search_standing == Standing("fingerprint", 3, 9)
        review.arrived(late)
        review.search_ended()
        assert review.search_standing is None
        assert review.rows(0, 9)[0] == len(late)
        for group in late:
            rev = review.choose(group.number, first(review.view(group.number)), 1).rev
            review.confirm(group.number, review.finish(group.number, rev).nonce)
        assert review.phase == "offer"


def test_a_review_that_is_stopped_in_the_search_says_that_it_was_not_over(run: Run) -> None:
    review = run.review()
    review.search(lambda: Standing("scan", 1, None))
    review.close()
    assert review.phase == "closed"
    assert review.searching
    assert review.search_standing is None
