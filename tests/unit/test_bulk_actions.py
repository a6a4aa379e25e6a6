"""Many suggestions at once: exactly what the preview has shown, and each group with its result."""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import invented
import reviewing
from same_image_locator.model import TIERS, Facts
from same_image_locator.review import (
    EVERYTHING,
    NotAllowed,
    Query,
    ReadOnly,
    Review,
    Stale,
    Terms,
    UnknownGroup,
    View,
)
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.job import Job
from same_image_locator.review.proposals import SAMPLED, Preview
from same_image_locator.review.sure import Reading

LARGE, SMALL = Facts(4000, 3000, "JPEG"), Facts(1600, 1200, "JPEG")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return reviewing.library(tmp_path / "photos", reviewing.THREE_GROUPS)


@pytest.fixture
def run(photos: Path) -> Iterator[reviewing.Run]:
    with reviewing.staged(photos) as staged:
        yield staged


def unread(view: View) -> list[None]:
    raise AssertionError(f"group {view.number} is told apart without its pictures")


def second_is_larger(view: View) -> list[Facts]:
    return [LARGE if place == 1 else SMALL for place in range(len(view.entries))]


def all_of_one_size(view: View) -> list[Facts]:
    return [SMALL for _ in view.entries]


def ended(job: Job) -> Job:
    job.wait(30)
    assert job.standing != "running"
    return job


def previewed(bulk: Bulk, query: Query = EVERYTHING) -> Preview:
    looking = bulk.preview(query, "identical")
    ended(looking)
    assert looking.preview is not None
    return looking.preview


@contextlib.contextmanager
def acting(run: reviewing.Run) -> Iterator[tuple[Review, Bulk]]:
    """Have decisions carried out beside the test, as the program does."""
    review = run.review()
    with (
        reviewing.main_thread(run.session, review),
        Bulk(review, Reading(unread, reviewing.nothing_said)) as bulk,
    ):
        yield review, bulk


def test_all_in_view_are_settled_as_the_preview_has_said_and_undone_as_one(
    run: reviewing.Run, photos: Path
) -> None:
    with acting(run) as (review, bulk):
        found = previewed(bulk)
        assert (found.groups, found.files, dict(found.left)) == (3, 4, {})
        assert reviewing.tree(photos) == {}, "nothing moves by looking"
        done = bulk.apply(found.token)
        assert (ended(done).standing, done.numbers()) == ("done", [1, 2, 3])
        totals = review.totals()
        assert (totals.set_aside, totals.set_aside_bytes) == (found.files, found.bytes)
        homes = {str(one.relative_to(photos)) for one in photos.rglob("*.jpg")}
        kept = {next(e for e in p.view.entries if e.name in p.keep) for p in found.proposals}
        assert homes == {str(Path(entry.origin).relative_to(run.root)) for entry in kept}
        assert bulk.accepted() == [done]

        review.undo(2)
        back = bulk.undo(done.number)
        assert (ended(back).standing, back.numbers()) == ("done", [3, 1])
        assert set(reviewing.tree(photos)) == set(reviewing.THREE_GROUPS)
        assert bulk.undo(done.number).total == 0, "nothing is left to be undone"


def test_only_the_groups_in_view_are_meant(run: reviewing.Run) -> None:
    with acting(run) as (review, bulk):
        found = previewed(bulk, Query(words="two"))
        assert (found.groups, len(found.proposals)) == (1, 1)
        ended(bulk.apply(found.token))
        assert review.totals().settled == 1


def test_what_was_touched_since_the_preview_stays_as_it_is(run: reviewing.Run) -> None:
    with acting(run) as (review, bulk):
        one, two, three = (review.view(number) for number in (1, 2, 3))
        found = previewed(bulk)
        theirs = frozenset({one.entries[2].name})
        review.choose(1, theirs, one.rev)
        armed = review.choose(2, frozenset({two.entries[1].name}), two.rev)
        review.confirm(2, review.finish(2, armed.rev).nonce)
        done = bulk.apply(found.token)
        assert (ended(done).standing, done.numbers()) == ("done", [3])
        assert [(one.number, one.cause) for one in done.results if one.became == "skipped"] == [
            (1, "It was changed elsewhere in the meantime"),
            (2, "It was settled elsewhere in the meantime"),
        ]
        assert (review.view(1).state, review.view(1).keep) == ("open", theirs)
        assert three.rev == found.proposals[2].view.rev


def test_a_first_confirmation_given_since_the_preview_stands(run: reviewing.Run) -> None:
    with acting(run) as (review, bulk):
        [proposed] = previewed(bulk, Query(words="/one")).proposals
        review._book.records[1].keep = proposed.keep  # by a preferred folder
        found = previewed(bulk, Query(words="/one"))
        first = review.finish(1, proposed.view.rev)
        done = bulk.apply(found.token)
        assert (ended(done).standing, done.numbers()) == ("done", [])
        assert review.confirm(1, first.nonce).state == "settled", "the other window goes on"


def test_what_could_not_be_settled_waits_with_its_cause_and_the_rest_goes_on(
    run: reviewing.Run,
) -> None:
    with acting(run) as (review, bulk):
        found = previewed(bulk)
        second = found.proposals[1]
        with Path(second.view.staged.folder, *second.keep).open("ab") as file:
            file.write(b"changed")
        done = bulk.apply(found.token)
        assert (ended(done).standing, done.numbers()) == ("done", [1, 3])
        [failed] = [one for one in done.results if one.became == "failed"]
        now = review.view(2)
        assert (failed.number, failed.cause) == (2, now.reason)
        assert (now.state, bool(now.reason)) == ("attention", True)
        assert dict(previewed(bulk).left) == {"attention": 1}


def test_a_stop_ends_after_the_group_in_hand_and_the_rest_is_untouched(run: reviewing.Run) -> None:
    review = run.review()
    with Bulk(review, Reading(unread, reviewing.nothing_said)) as bulk:
        done = bulk.apply(previewed(bulk).token)
        assert bulk.running is done
        with pytest.raises(Stale, match="being accepted at this moment"):
            bulk.preview(EVERYTHING, "identical")
        done.stop()
        reviewing.carry_out(run.session, review)
        assert (ended(done).standing, done.numbers()) == ("stopped", [1])
        assert [review.view(n).own for n in (2, 3)] == [False, False]
        assert bulk.running is None
        assert review.waiting == [2, 3]
        assert previewed(bulk).groups == 2


def test_the_end_of_the_run_ends_it_without_a_result_for_the_group_in_hand(
    run: reviewing.Run,
) -> None:
    review = run.review()
    with Bulk(review, Reading(unread, reviewing.nothing_said)) as bulk:
        done = bulk.apply(previewed(bulk).token)
        review.inbox.get(timeout=30)  # the first group's settling, which nobody carries out
        review.close()
        assert (ended(done).standing, done.results) == ("stopped", [])
        with pytest.raises(Stale, match="over"):
            bulk.undo(done.number)


def test_a_preview_is_taken_once_and_a_foreign_token_never(run: reviewing.Run) -> None:
    with acting(run) as (_, bulk):
        found = previewed(bulk)
        ended(bulk.apply(found.token))
        for token in (found.token, "no such token", ""):
            with pytest.raises(Stale, match="look again"):
                bulk.apply(token)
        with pytest.raises(UnknownGroup):
            bulk.undo(99)
        with pytest.raises(UnknownGroup):
            bulk.job(99)


def test_of_many_previews_only_the_latest_are_remembered(run: reviewing.Run) -> None:
    with Bulk(run.review(), Reading(unread, reviewing.nothing_said)) as bulk:
        looks = [bulk.preview(EVERYTHING, "identical") for _ in range(5)]
        assert bulk.job(looks[-1].number) is looks[-1]
        with pytest.raises(UnknownGroup):
            bulk.job(looks[0].number)


@pytest.mark.parametrize("rejects", ["trash", "delete"])
def test_what_could_not_all_be_undone_is_never_done_at_once(
    run: reviewing.Run, rejects: str
) -> None:
    review = run.review()
    review.terms = Terms(rejects=rejects)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match=f"--rejects {rejects}"):
        Bulk(review, Reading(unread, reviewing.nothing_said)).preview(EVERYTHING, "identical")


def test_whoever_only_looks_accepts_nothing(run: reviewing.Run) -> None:
    review = run.review()
    review.terms = Terms(read_only="another run works here")
    with pytest.raises(ReadOnly):
        Bulk(review, Reading(unread, reviewing.nothing_said)).preview(EVERYTHING, "identical")


def test_the_reasons_why_groups_are_left_are_counted(tmp_path: Path) -> None:
    groups = invented.in_folders(
        tmp_path,
        [
            invented.group(1, ["a", "b"]),
            *(invented.group(n, ["a", "b"], tier=tier) for n, tier in enumerate(TIERS[1:], 2)),
            invented.group(6, ["a", "b"]),
            invented.group(7, ["in/a", "in/b", "c"]),
            invented.group(8, ["a", "b"], tier="same picture"),
        ],
    )
    review = invented.review(tmp_path, groups)
    review.choose(6, frozenset(), 1)
    review._book.records[1].clicks = 1  # the first confirmation of an earlier run
    review._book.records[7].keep = frozenset({"000", "001"})  # by a preferred folder
    review._book.records[8].state = "attention"
    with Bulk(review, Reading(second_is_larger, reviewing.nothing_said)) as bulk:
        few = previewed(bulk)
        assert [one.view.number for one in few.proposals] == [2], "the same pixels"
        assert dict(few.left) == {
            "differ": 1,
            "your call": 2,
            "folder": 1,
            "touched": 1,
            "attention": 1,
            "confirmed": 1,
        }
        more = bulk.preview(EVERYTHING, "clear")
        ended(more)
        assert more.preview is not None
        assert [(p.view.number, p.keep) for p in more.preview.proposals][-1] == (
            3,
            frozenset({"001"}),
        )
        assert "differ" not in more.preview.left


def test_a_weak_reason_is_never_enough(tmp_path: Path) -> None:
    made = invented.group(1, ["a", "b"], tier="same picture")
    with Bulk(
        invented.review(tmp_path, [made]), Reading(all_of_one_size, reviewing.nothing_said)
    ) as bulk:
        found = bulk.preview(EVERYTHING, "clear")
        ended(found)
        assert found.preview is not None
        assert dict(found.preview.left) == {"lean": 1}


def test_what_was_told_apart_is_never_accepted(tmp_path: Path) -> None:
    made = invented.group(1, ["a", "b", "c"], tier="same picture")
    review = invented.review(tmp_path, invented.in_folders(tmp_path, [made]))
    review.not_duplicates(1, {"002"}, 1)
    review._book.records[1] = replace(review._book.records[1], own=False)
    with Bulk(review, Reading(second_is_larger, reviewing.nothing_said)) as bulk:
        found = bulk.preview(EVERYTHING, "clear")
        ended(found)
        assert found.preview is not None
        assert dict(found.preview.left) == {"apart": 1}


def test_a_sample_is_taken_evenly_from_the_first_to_the_last(tmp_path: Path) -> None:
    review = invented.review(tmp_path, [invented.group(n, ["a", "b"]) for n in range(1, 101)])
    with Bulk(review, Reading(unread, reviewing.nothing_said)) as bulk:
        sample = [one.view.number for one in previewed(bulk).sample()]
    steps = {after - before for before, after in itertools.pairwise(sample)}
    assert (len(sample), sample[0], sample[-1]) == (SAMPLED, 1, 100)
    assert steps == {4, 5}
