"""The queue keeps its promises whatever the groups are and however somebody looks at them."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from invented import group, review
from same_image_locator.model import TIERS
from same_image_locator.review import SORTS, STANDS, Query, Review, View
from same_image_locator.review.weights import redundant_bytes

FOLDERS = ("Phone", "Backup/2019", "Backup/2020", "")

paths = st.builds(
    lambda folder, name: f"{folder}/{name}".lstrip("/"),
    st.sampled_from(FOLDERS),
    st.text("abÄ", min_size=1, max_size=3),
)
groups = st.builds(
    lambda paths, size, tier, changed: (paths, size, tier, changed),
    st.lists(paths, min_size=2, max_size=4),
    st.integers(1, 4).map(lambda thousands: thousands * 1000),
    st.sampled_from(TIERS),
    st.integers(0, 3).map(lambda tens: tens * 10),
)
queries = st.builds(
    Query,
    tier=st.sampled_from(("", *TIERS)),
    stand=st.sampled_from(STANDS),
    words=st.sampled_from(("", "", "a", "ä", "backup")),
    folders=st.sampled_from(((), (), ("Phone",), ("Phone", "Backup"))),
    sort=st.sampled_from(SORTS),
)


def fits(view: View, query: Query) -> bool:
    """Say in the plainest way whether a group is one of those that are looked for."""
    inside = [entry.origin.removeprefix("/library/") for entry in view.entries]
    equal = len({entry.sha256 for entry in view.entries}) == 1
    tier = "identical" if equal else view.entries[1].tier
    stands = {
        "": True,
        "undecided": not view.keep,
        "suggested": not view.keep and not view.own and tier == "identical",
        "chosen": bool(view.keep),
        "attention": False,
    }
    return (
        query.tier in {"", tier}
        and stands[query.stand]
        and any(query.words.lower() in path.lower() for path in inside)
        and all(any(path.startswith(f"{one}/") for path in inside) for one in query.folders)
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(groups, max_size=7), queries, st.sets(st.integers(1, 7)), st.integers(1, 7))
def test_rows_and_neighbours_are_those_of_a_plain_search(
    made: list[tuple[list[str], int, str, int]], query: Query, ticked: set[int], held: int
) -> None:
    staged = [
        group(n, one, size=size, tier=tier, changed=changed)  # type: ignore[arg-type]
        for n, (one, size, tier, changed) in enumerate(made, start=1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        looked_at = review(Path(folder), staged)
        for number in ticked & set(looked_at.waiting):
            record = looked_at._book.records[number]
            record.keep, record.own = frozenset({"000"}), True
        check(looked_at, query, held)


def check(looked_at: Review, query: Query, held: int) -> None:
    rows = looked_at.rows(0, 99, query)
    numbers = [view.number for view in rows.views]
    everyone = [looked_at.view(number) for number in looked_at.waiting]
    assert sorted(numbers) == [view.number for view in everyone if fits(view, query)]
    assert rows.total == rows.fitting == len(numbers)
    if query.sort == "bytes":
        freed = [redundant_bytes(view.staged) for view in rows.views]
        assert freed == sorted(freed, reverse=True)
    pages = [looked_at.rows(offset, 2, query).views for offset in range(0, len(numbers), 2)]
    assert [view.number for page in pages for view in page] == numbers
    if held not in looked_at.waiting:
        assert looked_at.rows(0, 99, query, held).total == len(numbers)
        return
    kept = [view.number for view in looked_at.rows(0, 99, query, held).views]
    assert [number for number in kept if number != held or held in numbers] == numbers
    assert kept.count(held) == 1
    around = looked_at.neighbours(held, query)
    assert kept[around.position - 1] == held
    assert around.fits == (held in numbers)
    others = [number for number in kept if number != held]
    if others:
        place = around.position - 1
        assert (around.previous, around.following) == (
            kept[place - 1],
            kept[(place + 1) % len(kept)],
        )
    else:
        assert (around.previous, around.following) == (None, None)
