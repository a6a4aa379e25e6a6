"""Groups of verified pairs: a keeper in the middle, no chains, no splits, in any order."""

from hypothesis import given
from hypothesis import strategies as st

from same_image_locator.similar.stars import bridges, joined, linked, stars, together

Pairs = dict[tuple[int, int], float]

pairs = st.dictionaries(
    st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(0, 1),
    max_size=40,
)


EQUAL = [1] * 13


def made(found: Pairs, sizes: list[int] = EQUAL) -> dict[int, list[int]]:
    return stars(linked((*pair, distance) for pair, distance in found.items()), sizes)


def test_among_equals_the_largest_file_is_the_keeper() -> None:
    found = {(0, 1): 0.1, (0, 2): 0.2, (1, 2): 0.3}
    assert made(found, [5, 5, 9]) == {2: [2, 0, 1]}
    assert made(found, [5, 5, 5]) == {0: [0, 1, 2]}


@given(pairs)
def test_each_member_is_verified_against_its_keeper_and_in_one_group(found: Pairs) -> None:
    seen: set[int] = set()
    for keeper, members in made(found).items():
        assert members[0] == keeper
        assert len(members) > 1
        assert all((min(keeper, m), max(keeper, m)) in found for m in members[1:])
        assert seen.isdisjoint(members)
        seen.update(members)


@given(pairs)
def test_two_keepers_are_never_the_same_picture(found: Pairs) -> None:
    keepers = sorted(made(found))
    assert not [(a, b) for a in keepers for b in keepers if (a, b) in found]


@given(pairs)
def test_members_but_one_go_to_the_nearest_keeper(found: Pairs) -> None:
    groups = made(found)
    for keeper, members in groups.items():
        strays = 0
        for member in members[1:]:
            distance = found[min(keeper, member), max(keeper, member)]
            others = [found.get((min(k, member), max(k, member)), 2.0) for k in groups]
            strays += distance > min(others)
        assert strays <= 1, "one stays, so that the keeper is not left alone"


def test_a_keeper_is_not_left_alone_when_its_members_are_nearer_to_others() -> None:
    groups = made({(0, 1): 0.5, (0, 2): 0.6, (1, 3): 0.1, (3, 4): 0.1, (2, 5): 0.1, (5, 6): 0.1})
    assert groups == {0: [0, 1], 3: [3, 4], 5: [5, 2, 6]}


@given(pairs, st.randoms())
def test_the_order_of_the_pairs_does_not_matter(found: Pairs, chance: object) -> None:
    turned = list(found.items())
    chance.shuffle(turned)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    assert made(dict(turned)) == made(found)


def test_a_chain_makes_no_group_of_its_ends() -> None:
    groups = made({(0, 1): 0.1, (1, 2): 0.1, (2, 3): 0.1})
    assert groups == {1: [1, 0, 2]}


@given(pairs)
def test_what_hangs_together_is_told_once(found: Pairs) -> None:
    parts = together(linked((*pair, distance) for pair, distance in found.items()))
    numbers = [number for part in parts for number in part]
    assert sorted(numbers) == sorted({number for pair in found for number in pair})
    where = {number: place for place, part in enumerate(parts) for number in part}
    assert all(where[a] == where[b] for a, b in found)


def test_what_may_hold_all_together_is_linked_to_what_the_keeper_does_not_hold() -> None:
    found = {(0, 1): 0.1, (0, 2): 0.1, (0, 3): 0.1, (2, 4): 0.1, (3, 4): 0.1, (3, 5): 0.1}
    links = linked((*pair, distance) for pair, distance in found.items())
    assert bridges(links, {0: [0, 1, 2, 3]}) == [3, 2]
    assert bridges(links, {0: [0, 1, 2, 3, 4, 5]}) == []


def joint(found: Pairs, doubtful: Pairs) -> dict[int, list[int]]:
    links = linked((*pair, distance) for pair, distance in found.items())
    doubts = linked((*pair, distance) for pair, distance in doubtful.items() if pair not in found)
    return joined(stars(links, EQUAL), links, doubts)


STAR: Pairs = {(0, 1): 0.1, (0, 2): 0.1, (0, 3): 0.1}


def test_a_poor_copy_joins_by_a_member_and_its_likeness_to_the_keeper() -> None:
    assert joint({**STAR, (1, 9): 0.2}, {(0, 9): 0.3}) == {0: [0, 1, 2, 3, 9]}


def test_what_is_unlike_the_keeper_stays_out_whatever_a_member_says() -> None:
    assert joint({**STAR, (1, 9): 0.2}, {(2, 9): 0.3}) == {0: [0, 1, 2, 3]}


def test_likeness_to_the_keeper_alone_is_not_enough() -> None:
    assert 9 not in joint({**STAR, (8, 9): 0.2}, {(0, 9): 0.3})[0]


def test_no_chain_of_poor_copies_joins() -> None:
    doubts = {(0, 8): 0.3, (0, 9): 0.3}
    assert joint({**STAR, (1, 8): 0.2, (8, 9): 0.2}, doubts)[0] == [0, 1, 2, 3]


def test_a_small_group_joins_if_all_of_it_may() -> None:
    found = {**STAR, (1, 7): 0.2, (2, 8): 0.2, (7, 8): 0.1}
    assert joint(found, {(0, 7): 0.3, (0, 8): 0.3}) == {0: [0, 1, 2, 3, 7, 8]}
    assert joint(found, {(0, 7): 0.3}) == {0: [0, 1, 2, 3], 7: [7, 8]}


@given(pairs, pairs)
def test_joining_takes_nothing_away_and_puts_nothing_twice(found: Pairs, doubtful: Pairs) -> None:
    before, after = made(found), joint(found, doubtful)
    members = [one for those in after.values() for one in those]
    assert len(members) == len(set(members))
    assert {one for those in before.values() for one in those} <= set(members)
    assert all(those[0] == keeper for keeper, those in after.items())
