"""Where the files of finished groups lie, in this run and in later ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import reviewing
from same_image_locator import apart
from same_image_locator.review import Review
from same_image_locator.review.bulk import Bulk
from same_image_locator.review.refusals import UnknownGroup
from same_image_locator.review.sure import Reading
from same_image_locator.review.terms import Terms


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return reviewing.library(tmp_path / "photos", reviewing.THREE_GROUPS)


@pytest.fixture
def settled(photos: Path) -> Iterator[reviewing.Run]:
    """A run that has settled its first group and kept its first file."""
    with reviewing.staged(photos) as run:
        settle(run, 1)
        yield run


def settle(run: reviewing.Run, number: int) -> None:
    review = run.review()
    with reviewing.main_thread(run.session, review):
        view = review.view(number)
        chosen = review.choose(number, frozenset({view.entries[0].name}), view.rev)
        review.confirm(number, review.finish(number, chosen.rev).nonce)


def places(run: reviewing.Run, number: int) -> dict[str, str]:
    """Return for each file of a group, as seen from the library, where it is said to be."""
    found = run.session.past.files(run.groups[number - 1].subject)
    return {Path(one.origin).relative_to(run.root).as_posix(): one.place for one in found}


def test_what_is_kept_is_home_and_what_is_not_lies_where_it_is_said(
    settled: reviewing.Run,
) -> None:
    found = settled.session.past.files(settled.groups[0].subject)
    assert sorted(one.place for one in found) == ["aside", "aside", "home"]
    assert all(Path(one.now).is_file() for one in found)
    assert [one.now == one.origin for one in found if one.place == "home"] == [True]


def test_an_undone_group_is_home_a_freed_one_gone_and_what_others_took_is_missing(
    settled: reviewing.Run,
) -> None:
    subject = settled.groups[0].subject
    settled.session.undo_subject(subject)
    assert set(places(settled, 1).values()) == {"home"}
    settle(settled, 2)
    before = places(settled, 2)
    settled.session.free_space()
    assert places(settled, 2) == {
        path: "home" if place == "home" else "gone" for path, place in before.items()
    }
    next(settled.root.rglob("one*.jpg")).unlink()
    assert sorted(places(settled, 1).values()) == ["home", "home", "missing"]


def test_nothing_is_known_of_a_group_that_never_was(settled: reviewing.Run) -> None:
    assert settled.session.past.files("never/1") == ()


def later(run: reviewing.Run) -> Review:
    """Take up what is still staged, as the next run does."""
    standing = run.session.standing
    return Review(
        str(run.folder),
        str(run.root),
        run.groups[1:],
        run.session.preview,
        terms=Terms((standing.aside_files, standing.aside_bytes), past=run.session.past),
    )


def test_a_later_run_undoes_what_an_earlier_one_has_settled(settled: reviewing.Run) -> None:
    statement = apart.remember(
        [
            apart.Said(entry.origin, entry.sha256, entry.identity.size, part)
            for part, entry in enumerate(settled.groups[0].entries)
        ]
    )
    review = later(settled)
    with (
        reviewing.main_thread(settled.session, review),
        Bulk(review, Reading(lambda _: [], reviewing.nothing_said)) as bulk,
    ):
        [one] = bulk.earlier()
        assert (one.number, one.files) == (1, 2)
        assert review.totals().set_aside == 2
        job = bulk.undo_earlier(one.run)
        job.wait(30)
        assert job.numbers() == [1]
        assert review.totals().set_aside == 0
        assert bulk.earlier() == []
        with pytest.raises(UnknownGroup, match="nothing left to undo"):
            bulk.undo_earlier(one.run)
    assert set(places(settled, 1).values()) == {"home"}
    assert [said.number for said in apart.statements()] == [statement], "what a person said stays"
