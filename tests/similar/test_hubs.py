"""The order of second looks: few are enough, and nothing that may have a twin is left out."""

from hypothesis import given
from hypothesis import strategies as st

from same_image_locator.similar.candidates import Candidate
from same_image_locator.similar.hubs import Hubs

Pairs = set[tuple[int, int]]

numbers = st.integers(0, 14)
pairs = st.sets(st.tuples(numbers, numbers).filter(lambda pair: pair[0] < pair[1]), max_size=40)


def played(near: Pairs, same: Pairs) -> tuple[Pairs, int]:
    """Return all pairs that were looked at, and in how many rounds."""
    candidates = [Candidate(0.1, *pair, 0, whole=False) for pair in sorted(near)]
    hubs = Hubs(candidates, [1] * 60)
    looked: Pairs = set()
    rounds = 0
    left = hubs.left()
    while chosen := hubs.next():
        rounds += 1
        for candidate in chosen:
            pair = (candidate.one, candidate.other)
            assert pair not in looked
            looked.add(pair)
            if pair in same:
                hubs.found(candidate)
        assert hubs.left() < left
        left = hubs.left()
    return looked, rounds


@given(pairs, st.data())
def test_every_picture_with_a_verified_candidate_is_found(near: Pairs, data: st.DataObject) -> None:
    same = data.draw(st.sets(st.sampled_from(sorted(near)))) if near else set()
    looked, _ = played(near, same)
    assert looked <= near
    found = {number for pair in looked & same for number in pair}
    # What is left alone was looked at beside all that have no keeper either.
    alone = {number for pair in near for number in pair} - found
    assert all(pair in looked for pair in near if alone.issuperset(pair))


@given(pairs)
def test_when_nothing_is_the_same_all_candidates_are_looked_at(near: Pairs) -> None:
    looked, _ = played(near, set())
    assert looked == near


def test_the_largest_of_three_copies_is_looked_at_beside_the_others() -> None:
    near = [Candidate(0.1, *pair, 0, whole=False) for pair in ((0, 1), (0, 2), (1, 2))]
    chosen = Hubs(near, [5, 9, 5]).next()
    assert {(one.one, one.other) for one in chosen} == {(0, 1), (1, 2)}


def test_sixty_copies_take_a_look_each() -> None:
    near = {(one, other) for one in range(60) for other in range(one + 1, 60)}
    looked, rounds = played(near, near)
    assert (len(looked), rounds) == (59, 1)
