"""What holds of a suggestion for every group: one keeper or none, in whatever order."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from same_image_locator.choices import KEEP_RULES
from same_image_locator.model import TIERS, Facts, Identity, Tier
from same_image_locator.plans import Entry
from same_image_locator.review.suggestion import Suggestion, suggestion

FOLDERS = ("/p", "/q", "/r")
some = st.none

facts = st.builds(
    Facts,
    st.sampled_from([1600, 1640, 1700, 4000]),
    st.just(1200),
    st.sampled_from(["JPEG", "JPEG", "PNG"]),
    some() | st.sampled_from(["2019-06-12T14:03:22", "2020-01-01T00:00:00"]),
    camera=some() | st.just("X"),
    latitude=some() | st.just(1.0),
    longitude=some() | st.just(2.0),
    quality=some() | st.sampled_from([70, 73, 76, 95]),
    detail=some() | st.sampled_from([(800, 600), (1200, 900), (1400, 1050)]),
)
File = tuple[Entry, Facts | None]


@st.composite
def groups(draw: st.DrawFn, tiers: Sequence[Tier] = TIERS) -> list[File]:
    """Return two to five files of one tier, so that it does not matter which of them is first."""
    count = draw(st.integers(2, 5))
    tier = draw(st.sampled_from(tiers))
    files: list[File] = []
    for number in range(count):
        stem = draw(st.sampled_from(["a", "a (1)", "long name"]))
        origin = f"{draw(st.sampled_from(FOLDERS))}/{number}{stem}.jpg"
        identity = Identity(1, number, draw(st.integers(1, 3)), draw(st.integers(0, 2)))
        content = draw(st.sampled_from(["x", "y", origin]))
        files.append(
            (Entry(str(number), origin, identity, content, tier=tier), draw(some() | facts))
        )
    return files


orders = st.permutations(KEEP_RULES)
preferred = st.lists(st.sampled_from(FOLDERS), unique=True)


def of(files: list[File], folders: list[str], rules: list[str]) -> Suggestion:
    entries, known = zip(*files, strict=True)
    return suggestion(entries, known, folders, rules)


def keeper(files: list[File], folders: list[str], rules: list[str]) -> str:
    place = of(files, folders, rules).keeper
    return "" if place is None else files[place][0].name


@settings(max_examples=60, deadline=None)
@given(groups(), preferred, orders, st.data())
def test_the_order_of_the_files_changes_nothing(
    files: list[File], folders: list[str], rules: list[str], data: st.DataObject
) -> None:
    turned = data.draw(st.permutations(files))
    one, other = of(files, folders, rules), of(turned, folders, rules)
    assert keeper(files, folders, rules) == keeper(turned, folders, rules)
    assert (one.confidence, one.reasons) == (other.confidence, other.reasons)
    names = [{(group[lack.place][0].name, lack.what) for lack in found.lacks}
             for group, found in ((files, one), (turned, other))]  # fmt: skip
    assert names[0] == names[1]


@settings(max_examples=60, deadline=None)
@given(groups(), preferred, orders)
def test_one_keeper_or_none_and_nothing_is_taken_for_sure_that_is_not(
    files: list[File], folders: list[str], rules: list[str]
) -> None:
    found = of(files, folders, rules)
    tier = files[0][0].tier
    unsure = tier in {"series", "similar"} and len({entry.sha256 for entry, _ in files}) > 1
    assert (found.keeper is None) == (found.confidence == "your call")
    assert found.keeper is None or 0 <= found.keeper < len(files)
    assert not unsure or found.confidence == "your call"
    assert found.reasons
    assert not (found.lacks and found.confidence in {"identical", "clear"})
    assert all(lack.place != found.keeper for lack in found.lacks)


@settings(max_examples=100, deadline=None)
@given(groups(("same picture",)), preferred, orders, st.data())
def test_no_file_becomes_the_keeper_by_what_is_no_longer_known_of_it(
    files: list[File], folders: list[str], rules: list[str], data: st.DataObject
) -> None:
    before = keeper(files, folders, rules)
    others = [at for at, (entry, _) in enumerate(files) if entry.name != before]
    place = data.draw(st.sampled_from(others))
    entry, known = files[place]
    poorer = None
    if known is not None:
        lost = data.draw(st.sampled_from(["all", "taken_at", "camera", "latitude", "quality"]))
        poorer = None if lost == "all" else Facts(**known._asdict() | {lost: None})
    less = [*files[:place], (entry, poorer), *files[place + 1 :]]
    assert not before or keeper(less, folders, rules) != entry.name
