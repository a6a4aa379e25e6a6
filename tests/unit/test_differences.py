"""What is told of a group fact by fact: what differs, what is best, what is the same."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from same_image_locator.model import TIERS, Facts, Identity, Tier
from same_image_locator.plans import Entry
from same_image_locator.review.best import clusters
from same_image_locator.review.differences import Compared, Difference, compared

SECOND = 10**9
LARGE = Facts(4000, 3000, "JPEG", depth=8, quality=92, quality_exact=True)


def entry(
    name: str, *, size: int = 100, mtime: int = 0, content: str = "", tier: Tier = "same picture"
) -> Entry:
    return Entry(name, f"/p/{name}", Identity(1, 1, size, mtime), content or name, tier=tier)


def of(*facts: Facts | None, entries: Sequence[Entry] = ()) -> dict[str, Difference]:
    files = entries or [entry(f"{place}.jpg") for place in range(len(facts))]
    return {one.fact: one for one in compared(files, facts).differ}


def ends(found: Difference) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return found.best, found.worst


@pytest.mark.parametrize(
    ("fact", "better"),
    [
        ("pixels", LARGE._replace(width=4100)),
        ("quality", LARGE._replace(quality=95)),
        ("depth", LARGE._replace(depth=10)),
        ("frames", LARGE._replace(more_frames=True)),
    ],
)
def test_more_is_best_and_the_least_is_worst(fact: str, better: Facts) -> None:
    found = of(LARGE, better, LARGE)
    assert ends(found.pop(fact)) == ((1,), (0, 2))
    assert not found, "what is the same is no difference"


@pytest.mark.parametrize(
    ("fact", "knows"),
    [
        ("taken", {"taken_at": "2019-06-12T14:03:22"}),
        ("camera", {"camera": "Canon EOS 5D"}),
        ("gps", {"latitude": 47.12345, "longitude": 8.5}),
    ],
)
def test_what_one_has_and_another_lacks_is_a_difference_and_a_lack_is_worst(
    fact: str, knows: dict[str, Any]
) -> None:
    found = of(LARGE, LARGE._replace(**knows))
    assert ends(found[fact]) == ((1,), (0,))
    assert found[fact].values[0] is None
    compare = compared([entry("a"), entry("b")], [LARGE, LARGE])
    assert fact in compare.missing


def test_the_oldest_capture_date_is_best_whatever_its_zone() -> None:
    dates = ["2020-01-01T00:00:00", "2019-06-12T14:03:22+02:00", "2019-06-12T14:03:22", None]
    found = of(*(LARGE._replace(taken_at=date) for date in dates))
    assert ends(found["taken"]) == ((1, 2), (3,))
    assert found["taken"].values[1] == found["taken"].values[2]


def test_places_are_rounded_and_half_a_place_is_none() -> None:
    near = [LARGE._replace(latitude=north, longitude=8.5) for north in (47.12341, 47.12339)]
    assert "gps" not in of(*near)
    assert of(near[0], LARGE._replace(latitude=47.1))["gps"].values == ((47.123, 8.5), None)


def test_cameras_differ_and_none_is_better() -> None:
    found = of(LARGE._replace(camera="A"), LARGE._replace(camera="B"))
    assert ends(found["camera"]) == ((), ())


def test_bytes_and_quality_say_something_within_one_format_only() -> None:
    files = [entry("a.jpg", size=9), entry("b.jpg", size=5)]
    assert ends(of(LARGE, LARGE, entries=files)["bytes"]) == ((0,), (1,))
    png = LARGE._replace(format="PNG", quality=None)
    found = of(LARGE, png, entries=files)
    assert ends(found["bytes"]) == ends(found["quality"]) == ends(found["format"]) == ((), ())


def test_the_older_file_is_best_only_where_the_capture_dates_tell_nothing() -> None:
    files = [entry("a.jpg", mtime=5 * SECOND), entry("b.jpg", mtime=3 * SECOND)]
    dated = LARGE._replace(taken_at="2019-06-12")
    assert ends(of(LARGE, LARGE, entries=files)["modified"]) == ((1,), (0,))
    assert ends(of(LARGE, dated, entries=files)["modified"]) == ((), ())
    together = [entry("a.jpg", mtime=5 * SECOND), entry("b.jpg", mtime=5 * SECOND + 1)]
    assert "modified" not in of(LARGE, LARGE, entries=together), "no drive is asked for more"


def test_a_preferred_folder_is_best() -> None:
    files = [Entry(n, f"/{n}/x.jpg", Identity(1, 1, 1, 0), n) for n in ("p", "q", "r")]
    [folder] = compared(files, [LARGE] * 3).differ
    assert (folder.fact, folder.values, *ends(folder)) == ("folder", (0, 1, 2), (), ())
    [folder] = compared(files, [LARGE] * 3, ["/r", "/q"]).differ
    assert ends(folder) == ((2,), (0,))


def test_what_cannot_be_read_is_missing_and_nothing_is_said_of_what_no_file_has() -> None:
    found = compared([entry("a"), entry("b")], [LARGE, None])
    assert found.missing == ()
    pixels = found.differ[0]
    assert (pixels.fact, pixels.values) == ("pixels", ((4000, 3000), None))
    assert ends(pixels) == ((0,), (1,))
    unread = compared([entry("a"), entry("b")], [None, None])
    assert [one.fact for one in unread.same] == ["bytes", "modified", "folder"]
    assert (unread.differ, unread.missing) == ((), ())


some = st.none
facts = st.builds(
    Facts,
    st.sampled_from([1600, 4000]),
    st.just(1200),
    st.sampled_from(["JPEG", "JPEG", "PNG"]),
    some() | st.sampled_from(["2019-06-12T14:03:22", "2020-01-01"]),
    orientation=st.sampled_from([1, 6]),
    camera=some() | st.sampled_from(["X", "Y"]),
    latitude=some() | st.just(1.0),
    longitude=some() | st.just(2.0),
    more_frames=st.booleans(),
    depth=some() | st.sampled_from([8, 16]),
    quality=some() | st.sampled_from([70, 95]),
)
files = st.lists(
    st.tuples(
        st.builds(
            entry,
            st.sampled_from(["a/1", "b/2", "c/3"]),
            size=st.integers(1, 3),
            mtime=st.integers(0, 2).map(lambda second: second * SECOND),
            content=st.sampled_from("xyz"),
            tier=st.sampled_from(TIERS),
        ),
        some() | facts,
    ),
    min_size=2,
    max_size=6,
)


def told(group: list[tuple[Entry, Facts | None]]) -> Compared:
    entries, known = zip(*group, strict=True)
    return compared(entries, known, ["/p/b"])


@settings(max_examples=80, deadline=None)
@given(files)
def test_every_fact_is_told_once_and_the_best_is_never_missing_or_the_worst(
    group: list[tuple[Entry, Facts | None]],
) -> None:
    found = told(group)
    names = [one.fact for one in found.differ] + [one.fact for one in found.same]
    names += found.missing
    assert len(set(names)) == len(names)
    for one in found.differ:
        assert len({str(value) for value in one.values}) > 1
        assert not set(one.best) & set(one.worst)
        assert all(one.values[place] is not None for place in one.best)
        assert bool(one.best) == bool(one.worst)
        lacking = {place for place, value in enumerate(one.values) if value is None}
        assert not one.best or not lacking or set(one.worst) == lacking


@settings(max_examples=80, deadline=None)
@given(files)
def test_a_cluster_holds_all_with_the_same_bytes_and_none_that_is_alone(
    group: list[tuple[Entry, Facts | None]],
) -> None:
    entries = [one for one, _ in group]
    found = clusters(entries)
    for place, one in enumerate(entries):
        pairs = zip(found, entries, strict=True)
        twins = {number for number, other in pairs if other.sha256 == one.sha256}
        assert twins == {found[place]}
        assert found[place] == 0 or found.count(found[place]) > 1
    assert [*dict.fromkeys(number for number in found if number)] == [*range(1, max(found) + 1)]


def test_the_same_pixels_as_the_first_file_are_one_cluster_and_what_was_told_apart_is_not() -> None:
    first, copy = entry("1", content="x"), entry("2", content="x", tier="identical")
    saved = entry("3", tier="same pixels")
    near, again = entry("4", content="y"), entry("5", content="y")
    alone = entry("6")
    assert clusters([first, near, copy, alone, again, saved]) == [1, 2, 1, 0, 2, 1]
    apart = [frozenset("1245"), frozenset("3"), frozenset("6")]
    assert clusters([first, near, copy, alone, again, saved], apart) == [1, 2, 1, 0, 2, 0]
