"""The queue: which groups fit a way to look, in which order, and where one stands among them."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from invented import group, review
from same_image_locator.model import Identity
from same_image_locator.plans import Attached
from same_image_locator.review import Outcome, Query, Review
from same_image_locator.review.query import Sort

GROUPS = [
    group(1, ["Phone/DCIM/a.jpg", "Backup/2019/a.jpg"], size=500, changed=300),
    group(2, ["Phone/b.jpg", "Sent/Straße.jpg", "Sent/b.jpg"], size=900, changed=100),
    group(3, ["Backup/2020/Été.jpg", "Phone/DCIM/c.jpg"], size=900, tier="similar", changed=200),
    group(4, ["Sent/d.jpg", "Sent/e.jpg"], size=100, tier="same pixels", changed=400),
]


@pytest.fixture
def looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    """A review of four groups whose choices need no disk."""
    monkeypatch.setattr("same_image_locator.decision_folder.write_review_state", lambda *_: None)
    return review(tmp_path, GROUPS)


def shown(looked_at: Review, held: int | None = None, **how: object) -> list[int]:
    """Return the numbers of the rows."""
    return [one.number for one in looked_at.rows(0, 99, Query(**how), held).views]  # type: ignore[arg-type]


def tick(looked_at: Review, number: int) -> None:
    view = looked_at.view(number)
    looked_at.choose(number, frozenset({view.entries[0].name}), view.rev)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("number", [1, 2, 3, 4]),
        ("bytes", [2, 3, 1, 4]),
        ("sure", [1, 2, 4, 3]),
        ("files", [2, 1, 3, 4]),
        ("oldest", [2, 3, 1, 4]),
        ("newest", [4, 1, 3, 2]),
        ("path", [3, 2, 1, 4]),
    ],
)
def test_each_order_has_its_first(looked_at: Review, sort: Sort, order: list[int]) -> None:
    assert shown(looked_at, sort=sort) == order


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("a.JPG", [1]),
        ("dcim", [1, 3]),
        ("backup/2019", [1]),
        ("STRASSE", [2]),
        (unicodedata.normalize("NFD", "été"), [3]),
        (unicodedata.normalize("NFC", "ÉTÉ"), [3]),
        ("  sent/ ", [2, 4]),
        ("library", []),
        (r"[a-z]*", []),
        ("  ", [1, 2, 3, 4]),
    ],
)
def test_words_are_searched_in_names_and_folders(
    looked_at: Review, words: str, found: list[int]
) -> None:
    assert shown(looked_at, words=words) == found


def test_what_is_shown_of_a_strange_name_is_what_is_searched(tmp_path: Path) -> None:
    odd = review(tmp_path, [group(1, ["x/bell\a.jpg", "y/\udcff.jpg"])])
    assert shown(odd, words=r"bell\x07") == [1]
    assert shown(odd, words=r"\XFF") == [1]


def test_folders_narrow_to_groups_that_have_files_in_each(looked_at: Review) -> None:
    assert shown(looked_at, folders=("Phone",)) == [1, 2, 3]
    assert shown(looked_at, folders=("Phone", "Backup")) == [1, 3]
    assert shown(looked_at, folders=("Backup/2019",)) == [1]
    assert shown(looked_at, folders=("Phone/.",)) == [2]
    assert shown(looked_at, folders=("Pho",)) == []


def test_folders_are_offered_at_the_first_level_at_which_they_differ(
    looked_at: Review, tmp_path: Path
) -> None:
    places = looked_at.places()
    assert places.folders == (("Phone", 3), ("Backup", 2), ("Sent", 2))
    assert places.pairs == (("Backup", "Phone", 2), ("Phone", "Sent", 1))
    deep = ["2019/Lake/a/1.jpg", "2019/City/2.jpg", "2019/3.jpg"]
    places = review(tmp_path, [group(1, deep), group(2, ["2019/City/x/4.jpg"] * 2)]).places()
    assert places.folders == (("2019/City", 2), ("2019/.", 1), ("2019/Lake", 1))
    assert shown(review(tmp_path, [group(1, deep)]), folders=("2019/.", "2019/Lake")) == [1]
    beside = review(tmp_path, [group(1, ["a.jpg", "../elsewhere/sub/b.jpg"])]).places()
    assert [name for name, _ in beside.folders] == [".", "/elsewhere"]
    assert review(tmp_path, [group(1, ["one/a.jpg", "one/b.jpg"])]).places() == ((), ())


def test_states_are_told_without_a_look_at_the_pictures(looked_at: Review) -> None:
    tick(looked_at, 2)
    looked_at.refused("run/4", "the file has changed")
    assert shown(looked_at, stand="undecided") == [1, 3]
    assert shown(looked_at, stand="suggested") == [1], "only of identical files"
    assert shown(looked_at, stand="chosen") == [2]
    assert shown(looked_at, stand="attention") == [4]
    assert shown(looked_at, tier="same pixels") == [4]
    assert shown(looked_at, tier="identical", words="phone", folders=("Sent",)) == [2]


def test_an_open_group_keeps_its_row_although_it_fits_no_longer(looked_at: Review) -> None:
    undecided = Query(stand="undecided", sort="bytes")
    assert shown(looked_at, stand="undecided", sort="bytes") == [2, 3, 1, 4]
    tick(looked_at, 3)
    rows = looked_at.rows(0, 99, undecided, 3)
    assert [one.number for one in rows.views] == [2, 3, 1, 4], "at its own place"
    assert (rows.total, rows.fitting) == (4, 3)
    around = looked_at.neighbours(3, undecided)
    assert (around.position, around.previous, around.following, around.fits) == (2, 2, 1, False)
    assert shown(looked_at, held=1, stand="undecided", sort="bytes") == [2, 1, 4]
    assert shown(looked_at, held=99, words="nothing like it") == []


def test_the_way_from_group_to_group_is_that_of_the_rows(looked_at: Review) -> None:
    query = Query(words="phone", sort="path")
    assert [looked_at.neighbours(n, query).following for n in (3, 2, 1)] == [2, 1, 3]
    assert [looked_at.neighbours(n, query).position for n in (3, 2, 1)] == [1, 2, 3]
    alone = looked_at.neighbours(4, Query(words="d.jpg"))
    assert (alone.previous, alone.following, alone.fits) == (None, None, True)


def test_groups_that_come_later_or_go_are_in_their_place_at_once(looked_at: Review) -> None:
    assert shown(looked_at, sort="bytes") == [2, 3, 1, 4]
    assert shown(looked_at, folders=("Phone",)) == [1, 2, 3]
    looked_at.arrived([group(5, ["Phone/z.jpg", "Phone/y.jpg"], size=700)])
    assert shown(looked_at, sort="bytes") == [2, 3, 5, 1, 4]
    assert shown(looked_at, folders=("Phone",)) == [1, 2, 3, 5]
    assert looked_at.places().folders[0] == ("Phone", 4)
    looked_at.settled("run/2", Outcome(1, 2, 1800))
    assert shown(looked_at, sort="bytes") == [3, 5, 1, 4]
    again = group(2, ["Phone/b.jpg", "Elsewhere/b.jpg"], size=10)
    looked_at.restored(again)
    assert shown(looked_at, sort="bytes") == [3, 5, 1, 4, 2]
    assert shown(looked_at, words="elsewhere") == [2]


def test_what_is_chosen_counts_the_bytes_that_would_go(looked_at: Review) -> None:
    assert (looked_at.totals().chosen, looked_at.totals().chosen_bytes) == (0, 0)
    tick(looked_at, 1)
    tick(looked_at, 2)
    assert (looked_at.totals().chosen, looked_at.totals().chosen_bytes) == (2, 501 + 901 + 902)
    view = looked_at.view(1)
    looked_at.choose(1, frozenset(one.name for one in view.entries), view.rev)
    assert (looked_at.totals().chosen, looked_at.totals().chosen_bytes) == (2, 901 + 902)
    looked_at.settled("run/2", Outcome(1, 2, 1803))
    assert (looked_at.totals().chosen, looked_at.totals().chosen_bytes) == (1, 0)


def test_what_belongs_to_a_file_goes_and_stays_with_it(tmp_path: Path) -> None:
    def along(name: str, size: int, *owners: str) -> Attached:
        return Attached(name, f"/library/{name}", Identity(1, size, size, 0), "0" * 64, owners)

    plain = group(1, ["a/1.jpg", "b/1.jpg"], size=100)
    with_them = replace(plain, attached=(along("x", 50, "000"), along("y", 7, "000", "001")))
    looked_at = review(tmp_path, [with_them])
    assert looked_at.view(1).redundant_bytes == 101, "the first weighs more with what is its own"
