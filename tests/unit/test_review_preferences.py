"""The preferred folders as values: toggled, remembered, and read from the first version."""

import pytest

from same_image_locator.model import Facts, Identity
from same_image_locator.plans import Entry
from same_image_locator.review.best import marks, twins
from same_image_locator.review.preferences import (
    Preferences,
    from_json,
    names_from,
    preselect,
    to_json,
)


def entry(name: str, origin: str, size: int = 100, sha256: str = "") -> Entry:
    return Entry(name, origin, Identity(1, 1, size, 0), sha256 or name)


ENTRIES = (
    entry("1", "/p/phone/a.jpg"),
    entry("2", "/p/backup/a.jpg"),
    entry("3", "/p/phone/b.jpg"),
)


def test_a_chosen_folder_comes_to_the_front() -> None:
    chosen = Preferences().toggled("/p/phone").toggled("/p/backup")
    assert chosen.folders == ("/p/backup", "/p/phone")


def test_a_folder_chosen_again_is_switched_off() -> None:
    assert Preferences(("/a", "/b")).toggled("/b").folders == ("/a",)


def test_only_files_from_exactly_that_folder_are_selected() -> None:
    assert names_from(ENTRIES, "/p/phone") == {"1", "3"}
    assert names_from(ENTRIES, "/p") == frozenset()


def test_the_most_recent_fitting_folder_preselects() -> None:
    assert preselect(ENTRIES, Preferences(("/elsewhere", "/p/backup", "/p/phone"))) == (
        frozenset({"2"}),
        "/p/backup",
    )
    assert preselect(ENTRIES, Preferences(("/elsewhere",))) == (frozenset(), "")


def test_preferences_survive_being_stored_and_unknown_fields_stay() -> None:
    chosen = Preferences(("/b", "/a"), auto_finish=True)
    stored = to_json(chosen, {"from_the_future": 1})
    assert stored["from_the_future"] == 1
    assert from_json(stored, []) == chosen


def test_the_first_versions_group_states_become_preferences_later_groups_first() -> None:
    states: list[dict[str, object]] = [
        {"preferred_folder": "/p/phone", "auto_finish": False},
        {"preferred_folder": None},
        {"preferred_folder": "/p/backup", "auto_finish": True},
        {"preferred_folder": "/p/phone"},
    ]
    assert from_json({}, states) == Preferences(("/p/phone", "/p/backup"), auto_finish=True)


@pytest.mark.parametrize("bad", [{"preferred_folders": 3}, {"preferred_folders": [1, None]}])
def test_preferences_of_a_wrong_shape_are_no_preferences(bad: dict[str, object]) -> None:
    assert from_json(bad, []) == Preferences()


def test_the_best_values_are_marked_and_equal_ones_share_the_mark() -> None:
    facts = [
        Facts(100, 100, "JPEG", "2019-06-12T14:03:22.50+02:00"),
        Facts(200, 50, "JPEG", "2019-06-12T14:03:22"),
        Facts(50, 50, "PNG", "2020-01-01T00:00:00"),
    ]
    entries = [entry("a", "/a", 10), entry("b", "/b", 10), entry("c", "/c", 99)]
    assert marks(entries, facts) == [["most-pixels", "oldest"]] * 2 + [["most-bytes"]]


def test_nothing_is_marked_where_nothing_differs_or_nothing_is_known() -> None:
    entries = [entry("a", "/a"), entry("b", "/b")]
    assert marks(entries, [Facts(5, 5, "GIF"), None]) == [[], []]
    assert marks(entries, [None, None]) == [[], []]


def test_byte_identical_files_in_a_group_are_told() -> None:
    entries = [entry(str(i), f"/{i}", sha256=digest) for i, digest in enumerate("xyxzy")]
    assert twins(entries) == [1, 2, 1, 0, 2]
