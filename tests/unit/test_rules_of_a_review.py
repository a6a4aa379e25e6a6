"""The rules by which a review suggests: chosen on the page, kept for later runs, named anew."""

from pathlib import Path

import pytest

import invented
from same_image_locator.choices import KEEP_RULES
from same_image_locator.model import Facts
from same_image_locator.plans import Staged
from same_image_locator.review import Effects, NotAllowed, ReadOnly, Review, Terms

LARGE = Facts(4000, 3000, "JPEG", taken_at="2020-01-01T00:00:00")
OLD = Facts(1600, 1200, "JPEG", taken_at="2019-01-01T00:00:00")
NOTHING_BEFORE = Terms()
GROUP = invented.group(1, ["a.jpg", "b.jpg"], tier="same picture")


@pytest.fixture
def groups(tmp_path: Path) -> list[Staged]:
    return invented.in_folders(tmp_path, [GROUP])


def review(folder: Path, groups: list[Staged], terms: Terms = NOTHING_BEFORE) -> Review:
    return Review(str(folder), invented.ROOT, groups, lambda _: Effects((), (), 0), terms=terms)


def kept(looked_at: Review) -> int | None:
    return looked_at.suggestion(looked_at.view(1), [LARGE, OLD]).keeper


def test_other_rules_suggest_another_file_in_later_runs_too(
    tmp_path: Path, groups: list[Staged]
) -> None:
    first = review(tmp_path, groups)
    assert (first.rules, kept(first)) == (KEEP_RULES, 0)
    version = first.version
    first.set_rules(["age", "pixels"])
    assert (first.rules, kept(first)) == (("age", "pixels"), 1)
    assert first.version > version, "other windows hear of it"
    assert kept(review(tmp_path, groups)) == 1


def test_who_names_rules_on_the_command_line_means_these(
    tmp_path: Path, groups: list[Staged]
) -> None:
    review(tmp_path, groups).set_rules(["age"])
    named = review(tmp_path, groups, Terms(keep_rules=("pixels",)))
    assert (named.rules, kept(named)) == (("pixels",), 0)
    assert review(tmp_path, groups).rules == ("age",), "for that run alone"
    named.set_rules(["age", "path"])
    assert kept(named) == 1


@pytest.mark.parametrize("names", [[], ["age", "age"], ["age", "beauty"]])
def test_what_is_no_rule_is_refused(tmp_path: Path, groups: list[Staged], names: list[str]) -> None:
    looked_at = review(tmp_path, groups)
    with pytest.raises(NotAllowed):
        looked_at.set_rules(names)
    assert looked_at.rules == KEEP_RULES


def test_preferring_a_folder_leaves_the_rules_as_they_are(
    tmp_path: Path, groups: list[Staged]
) -> None:
    looked_at = review(tmp_path, groups)
    looked_at.set_rules(["age"])
    looked_at.prefer(1, invented.ROOT, looked_at.view(1).rev)
    assert looked_at.rules == ("age",)


def test_who_may_only_look_changes_no_rules(tmp_path: Path, groups: list[Staged]) -> None:
    with pytest.raises(ReadOnly):
        review(tmp_path, groups, Terms(read_only="another run")).set_rules(["age"])
