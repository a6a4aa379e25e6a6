"""The search for candidates: the same pairs as a comparison of each with each."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from same_image_locator.fingerprint import glance, signature
from same_image_locator.fingerprint.signature import FIRST_WINDOW, INSIDE, ROWS, WHOLE
from same_image_locator.model import Identity, Photo
from same_image_locator.photos import Photos, Prints
from same_image_locator.similar import candidates as search
from same_image_locator.similar.cells import Cells
from same_image_locator.similar.nearest import Near, Nearest
from same_image_locator.similar.placing import placed
from same_image_locator.similar.strangers import Question

Rows = NDArray[np.float32]
numbers = st.integers(0, 12)


def signatures(seed: int, count: int, telling: float = 1e9) -> NDArray[np.int8]:
    """Return signatures of which many are near a view, a frame or a window of another one.

    Few of the values are ``telling``, as in real ones, or all are.
    """
    chance = np.random.default_rng(seed)
    weights = 1 / np.sqrt(1 + np.arange(signature.VALUES) / telling)
    rows = (chance.normal(size=(count, ROWS, signature.VALUES)) * weights).astype(np.float32)
    for one in range(1, count, 2):
        target = rows[one - 1, INSIDE]
        noise = chance.normal(scale=chance.uniform(0.2, 1.2), size=target.shape) * weights
        near = (target + noise).astype(np.float32)
        match one % 3:
            case 0:
                rows[one, INSIDE] = signature.views(near[None])[chance.integers(8), 0]
            case 1:
                rows[one, WHOLE] = near
            case _:
                rows[one, chance.integers(FIRST_WINDOW, ROWS)] = near
    rows /= np.linalg.norm(rows, axis=-1, keepdims=True)
    packed = b"".join(signature.packed(one) for one in rows)
    return signature.unpacked(packed)


def one_by_one(packed: NDArray[np.int8]) -> dict[tuple[int, int], float]:
    rows = signature.lengthened(packed)
    found: dict[tuple[int, int], float] = {}
    for asking in range(len(rows)):
        views = [*signature.views(rows[asking, [INSIDE]]), *signature.views(rows[asking, [WHOLE]])]
        windows = rows[asking, FIRST_WINDOW:]
        for other in range(len(rows)):
            inside = rows[other, INSIDE]
            near = 1 - max(float(view[0] @ inside) for view in views)
            window = 1 - float((windows @ inside).max())
            distance = min(
                near if near <= search.NEAR else 2, window if window <= search.NEAR_WINDOW else 2
            )
            pair = (min(asking, other), max(asking, other))
            if asking != other and distance < 2:
                found[pair] = min(distance, found.get(pair, 2.0))
    return found


def test_it_finds_what_a_comparison_of_each_with_each_finds() -> None:
    for seed in range(4):
        packed = signatures(seed, 40)
        wanted = one_by_one(packed)
        found = search.candidates(packed, lambda _: None)
        pairs = {(min(c.one, c.other), max(c.one, c.other)): c.distance for c in found}
        assert len(wanted) > 8
        assert pairs.keys() == wanted.keys()
        assert all(abs(pairs[pair] - wanted[pair]) < 1e-4 for pair in wanted)
        assert [c.distance for c in found] == sorted(c.distance for c in found)


def test_cells_find_nearly_all_that_a_comparison_of_all_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packed = signatures(9, 3000, telling=4)
    wanted = search.candidates(packed, lambda _: None)
    monkeypatch.setattr(search, "ALL_WITH_ALL", 0)
    cells = Cells(packed[:, INSIDE], search.cells_of(len(packed)))
    rows = cells.sketched(search.queries(packed[:50]))
    asked = sum(len(one.asking) * len(one.members) for one in cells.met(rows, np.arange(len(rows))))
    assert 0 < asked < 0.3 * len(rows) * len(packed)
    found = search.candidates(packed, lambda _: None)
    # Each pair is met by one row only: no pictures are as hard to find.
    pairs = {frozenset((c.one, c.other)) for c in wanted if c.distance < 0.25}
    assert len(pairs) > 400
    assert len(pairs & {frozenset((c.one, c.other)) for c in found}) >= 0.95 * len(pairs)


def test_cells_find_the_same_in_whatever_order_pictures_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "ALL_WITH_ALL", 0)
    packed = signatures(2, 700, telling=4)
    places = np.random.default_rng(3).permutation(len(packed))
    found = search.candidates(packed, lambda _: None)
    mixed = search.candidates(packed[places], lambda _: None)
    assert {frozenset((c.one, c.other)) for c in found} == {
        frozenset((places[c.one], places[c.other])) for c in mixed
    }
    assert len(found) > 200


@given(st.lists(st.tuples(numbers, numbers, st.integers(1, 9), st.integers(0, 3)), max_size=80))
def test_those_nearest_to_either_picture_are_kept_in_whatever_pieces_they_come(
    near: list[tuple[int, int, int, int]],
) -> None:
    def columns(part: list[tuple[int, int, int, int]]) -> Near:
        one, other, distance, query = np.array(part, np.int32).reshape(-1, 4).T
        return Near(distance.astype(np.float32), one, other, query.astype(np.int8))

    best: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for one, other, distance, query in near:
        pair = (min(one, other), max(one, other))
        if one != other:
            best[pair] = min(best.get(pair, (9, 99, 99, 9)), (distance, one, other, query))
    number: dict[int, int] = {}
    wanted = []
    for each in sorted(best.values()):
        if any(number.get(end, 0) < 2 for end in each[1:3]):
            wanted.append(each)
        for end in each[1:3]:
            number[end] = number.get(end, 0) + 1
    nearest = Nearest(2)
    for start in range(0, len(near), 7):
        nearest.add(columns(near[start : start + 7]))
        nearest.add(nearest.sorted())
    assert list(zip(*(column.tolist() for column in nearest.sorted()), strict=True)) == wanted


def test_a_picture_beside_others_meets_what_it_meets_among_them() -> None:
    packed = signatures(3, 60)
    among = {c for c in search.candidates(packed, lambda _: None) if 0 in (c.one, c.other)}
    beside = set(search.beside(packed[:1], packed[1:]))
    assert {(c.one, c.other, c.view, c.whole) for c in beside} == {
        (c.one, c.other, c.view, c.whole) for c in among
    }
    assert among


def test_at_a_glance_hardly_any_candidate_is_taken_for_a_stranger() -> None:
    packed = signatures(4, 400)
    near = search.candidates(packed, lambda _: None)
    lost = 0
    for c in near:
        for one, other in ((c.one, c.other), (c.other, c.one)):
            seen = glance.opened(glance.packed(glance.glances(packed[[other]])))
            lost += not Question(packed[[one]]).may_be_near(seen)[0]
    assert len(near) > 60
    assert lost <= 0.1 * len(near)  # at random distances up to the farthest
    strangers = Question(packed[:1]).may_be_near(glance.glances(packed[1:]))
    assert strangers.mean() < 0.05


def test_all_pictures_are_told_as_done() -> None:
    done: list[int] = []
    search.candidates(signatures(1, 40), done.append)
    assert sum(done) == 40


def test_a_crowd_keeps_each_picture_with_its_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(5)
    rows = np.zeros((100, ROWS, signature.VALUES), np.float32)
    rows[:] = chance.normal(size=signature.VALUES)
    rows += chance.normal(scale=0.2, size=rows.shape).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=-1, keepdims=True)
    packed = signature.unpacked(b"".join(signature.packed(one) for one in rows))
    found = search.candidates(packed, lambda _: None)
    assert {number for c in found for number in (c.one, c.other)} == set(range(100))
    assert len(found) <= 100 * search.MOST
    monkeypatch.setattr(search, "_MOST_IN_ALL", 1000)  # ten of each
    fewer = search.candidates(packed, lambda _: None)
    assert {number for c in fewer for number in (c.one, c.other)} == set(range(100))
    assert fewer[0] == found[0]
    assert len(fewer) <= 1000 < len(found)


@given(numbers)
def test_a_pair_that_was_no_candidate_is_laid_as_if_it_were(seed: int) -> None:
    packed = signatures(seed, 12)
    photos = [Photo(str(number), Identity(1, number, 1, 1)) for number in range(len(packed))]
    prints = Prints(Photos.of(photos), packed.tobytes())
    known = {
        frozenset((near.one, near.other)): near
        for near in search.candidates(packed, lambda _: None)
    }
    pairs = [
        search.Candidate(1.0, one, other, None, whole=False)
        for one, other in combinations(range(len(packed)), 2)
    ]
    for pair, found in zip(pairs, placed(pairs, prints), strict=True):
        expected = known.get(frozenset((pair.one, pair.other)), pair)
        assert {found.one, found.other} == {pair.one, pair.other}
        assert found.distance == pytest.approx(expected.distance, abs=1e-5)
        if found.one == expected.one:  # from either side it may be the same
            assert found[3:] == expected[3:]
