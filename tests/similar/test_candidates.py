"""The search for candidates: the same pairs as a comparison of each with each."""

import numpy as np
from numpy.typing import NDArray

from same_image_locator.fingerprint import signature
from same_image_locator.fingerprint.signature import FIRST_WINDOW, INSIDE, ROWS, WHOLE
from same_image_locator.similar import candidates as search

Rows = NDArray[np.float32]


def signatures(seed: int, count: int) -> NDArray[np.int8]:
    """Return signatures of which many are near a view, a frame or a window of another one."""
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(count, ROWS, signature.VALUES)).astype(np.float32)
    for one in range(1, count, 2):
        target = rows[one - 1, INSIDE]
        noise = chance.normal(scale=chance.uniform(0.2, 1.2), size=target.shape)
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


def test_all_pictures_are_told_as_done() -> None:
    done: list[int] = []
    search.candidates(signatures(1, 40), done.append)
    assert sum(done) == 40


def test_a_crowd_keeps_each_picture_with_its_nearest() -> None:
    chance = np.random.default_rng(5)
    rows = np.zeros((100, ROWS, signature.VALUES), np.float32)
    rows[:] = chance.normal(size=signature.VALUES)
    rows += chance.normal(scale=0.2, size=rows.shape).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=-1, keepdims=True)
    packed = signature.unpacked(b"".join(signature.packed(one) for one in rows))
    found = search.candidates(packed, lambda _: None)
    assert {number for c in found for number in (c.one, c.other)} == set(range(100))
    assert len(found) <= 100 * search.MOST
