"""Engines and groups against the plainest rule that can be written down."""

import os
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from same_image_locator.events import Event, ignore
from same_image_locator.group import make_groups
from same_image_locator.match import ENGINES, bands, brute, buckets, direct, found, plan
from same_image_locator.model import Examined, Identity, Method, Photo

Pair = tuple[int, int]
Codes = NDArray[np.uint64]
Numbers = np.random.Generator


@st.composite
def clustered(draw: st.DrawFn) -> list[int]:
    """Return codes of which many are near each other, as those of real photo libraries are."""
    centres = draw(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=4))
    flips = st.lists(st.integers(0, 63), max_size=8)
    codes = []
    for centre, bits in draw(st.lists(st.tuples(st.sampled_from(centres), flips), max_size=30)):
        code = centre
        for bit in bits:
            code ^= 1 << bit
        codes.append(code)
    return codes


def anywhere(numbers: Numbers, count: int) -> Codes:
    return numbers.integers(0, 2**64, count, dtype=np.uint64)


def near(numbers: Numbers, centres: Codes, flips: int) -> Codes:
    codes = centres.copy()
    for _ in range(flips):
        codes ^= np.uint64(1) << numbers.integers(0, 64, len(codes), dtype=np.uint64)
    return codes


def copies(numbers: Numbers, count: int) -> Codes:
    return numbers.integers(0, 4, count, dtype=np.uint64) * np.uint64(0x123456789ABCDEF1)


def bursts(numbers: Numbers, count: int) -> Codes:
    """Many clusters, most of them small: two parents in three have hardly a child."""
    parents = anywhere(numbers, count)
    chosen = (count * numbers.random(count) ** 3).astype(np.int64)
    return near(numbers, parents[chosen], int(numbers.integers(0, 9)))


def crowd(numbers: Numbers, count: int) -> Codes:
    """One bucket of look-alikes, among others."""
    codes = anywhere(numbers, count)
    alike = np.full(count // 2, codes[0]) if count else codes
    codes[: count // 2] = near(numbers, alike, 3)
    return numbers.permutation(codes)


def few_bits(numbers: Numbers, count: int) -> Codes:
    """Codes that differ in 12 bits at most: no band of the others tells anything."""
    return numbers.integers(0, 2**12, count, dtype=np.uint64) << np.uint64(21)


def half_the_same(numbers: Numbers, count: int) -> Codes:
    """Codes of which many agree in half of all bits and are yet far from each other."""
    codes = anywhere(numbers, count)
    codes[: count // 2] &= np.uint64(0x00FF00FF00FF00FF)
    return numbers.permutation(codes)


def doubled_bits(numbers: Numbers, count: int) -> Codes:
    """Each bit stands twice, so that bands which look independent are not."""
    half = numbers.integers(0, 2**32, count, dtype=np.uint64)
    return half << np.uint64(32) | half


KINDS = [anywhere, copies, bursts, crowd, few_bits, half_the_same, doubled_bits]


def settings_of(numbers: Numbers) -> Iterator[tuple[object, str, object]]:
    """Return sizes that are small enough for every way through the search to be taken."""
    yield plan, "FEWEST", 2
    yield direct.Sample, "direct_work", lambda sample, count: 1e12
    yield plan, "_FEWEST_BANDS", int(numbers.integers(4, 9))
    yield direct, "_SAMPLE", 50
    yield direct, "_CHUNK", int(numbers.choice([7, 65_536]))
    yield bands, "_crowd_takes_all", lambda found, left: False
    yield buckets, "MANY", int(numbers.choice([1, 32]))
    yield buckets, "_SWEEP", int(numbers.choice([1, 7, 64, 4096]))
    yield buckets, "_TASK", int(numbers.choice([500, 4096]))
    yield buckets, "_HELD", int(numbers.choice([0, 50, 4096]))
    yield buckets, "_OUTLIERS", int(numbers.choice([1, 8, 256]))
    yield buckets, "_PATIENCE", int(numbers.choice([1, 4]))
    yield found, "_FEWEST_PAIRS", int(numbers.choice([2, 100, 65_536]))
    yield found, "_PAIRS_PER_CODE", int(numbers.choice([0, 1]))
    yield found, "_CHUNK", int(numbers.choice([3, 1000]))
    yield brute, "_MOMENT", int(numbers.choice([0, 65_536]))
    yield brute, "_BLOCK", int(numbers.choice([1, 100, 65_536]))
    yield brute, "_AT_ONCE", int(numbers.choice([3, 65_536]))


def plain_pairs(codes: Codes, threshold: int) -> list[Pair]:
    close = np.bitwise_count(codes[:, None] ^ codes[None, :]) <= threshold
    left, right = np.nonzero(np.triu(close, 1))
    return list(zip(left.tolist(), right.tolist(), strict=True))


def found_pairs(
    name: str, codes: Codes, threshold: int, listener: Callable[[Event], None] = ignore
) -> list[Pair]:
    pairs: list[Pair] = []
    free = np.zeros(len(codes), np.bool_)
    for left, right in ENGINES[name].neighbours(codes, threshold, free, listener):
        pairs += zip(left.tolist(), right.tolist(), strict=True)
    return pairs


def plain_groups(paths: list[str], codes: list[int], threshold: int) -> set[tuple[str, ...]]:
    """Apply the greedy rule word by word."""
    order = sorted(range(len(paths)), key=lambda index: os.fsencode(paths[index]))
    free = dict.fromkeys(order)
    groups = set()
    while free:
        first = next(iter(free))
        near = [other for other in free if (codes[first] ^ codes[other]).bit_count() <= threshold]
        for member in near:
            del free[member]
        if len(near) > 1:
            groups.add(tuple(paths[member] for member in near))
    return groups


def examined(paths: list[str], codes: list[int]) -> list[Examined]:
    return [
        Examined(Photo(path, Identity(1, index, 1, 1)), code.to_bytes(8, "big"))
        for index, (path, code) in enumerate(zip(paths, codes, strict=True))
    ]


@pytest.mark.parametrize("name", ENGINES)
@given(codes=clustered(), threshold=st.integers(0, 64))
def test_an_engine_finds_each_pair_once_and_in_order(
    name: str, codes: list[int], threshold: int
) -> None:
    array = np.array(codes, np.uint64)
    assert found_pairs(name, array, threshold) == plain_pairs(array, threshold)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("threshold", range(17))
@given(seed=st.integers(0, 2**32))
@settings(max_examples=3, deadline=None)
def test_engines_find_what_comparing_all_finds_whatever_the_codes_and_the_sizes_of_their_parts(
    kind: Callable[[Numbers, int], Codes], threshold: int, seed: int
) -> None:
    numbers = np.random.default_rng(seed)
    codes = kind(numbers, int(numbers.choice([0, 1, 2, 40, 64, 128, 150])))
    with pytest.MonkeyPatch.context() as small:
        for module, name, value in settings_of(numbers):
            small.setattr(module, name, value)
        for name in ENGINES:
            assert found_pairs(name, codes, threshold) == plain_pairs(codes, threshold)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("threshold", [3, 8])
def test_bands_as_they_are_find_what_comparing_all_finds(
    kind: Callable[[Numbers, int], Codes], threshold: int
) -> None:
    codes = kind(np.random.default_rng(threshold), 2200)
    with pytest.MonkeyPatch.context() as eager:
        eager.setattr(direct.Sample, "direct_work", lambda sample, count: 1e12)
        assert plan.choose(codes, threshold)
        assert found_pairs("bands", codes, threshold) == plain_pairs(codes, threshold)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("threshold", [0, 2, 5, 8, 16])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=3, deadline=None)
def test_groups_of_a_crowd_follow_the_greedy_rule_though_its_pairs_are_not_listed(
    kind: Callable[[Numbers, int], Codes], threshold: int, seed: int
) -> None:
    numbers = np.random.default_rng(seed)
    codes = kind(numbers, int(numbers.choice([60, 200]))).tolist()
    paths = [f"{number:05}" for number in numbers.permutation(len(codes)).tolist()]
    with pytest.MonkeyPatch.context() as small:
        for module, name, value in settings_of(numbers):
            small.setattr(module, name, value)
        groups = make_groups(examined(paths, codes), Method("phash", threshold))
    members = {tuple(member.examined.photo.path for member in group.members) for group in groups}
    assert members == plain_groups(paths, codes, threshold)


@given(codes=clustered(), threshold=st.integers(0, 12) | st.integers(0, 64), data=st.data())
def test_groups_follow_the_greedy_rule_whatever_the_order_of_the_files(
    codes: list[int], threshold: int, data: st.DataObject
) -> None:
    names = st.text(st.characters(exclude_characters="\0"), min_size=1)
    text = names.filter(lambda name: not any("\ud800" <= each <= "\udfff" for each in name))
    size = len(codes)
    paths = data.draw(st.lists(text, min_size=size, max_size=size, unique=True))
    photos = examined(paths, codes)
    method = Method("phash", threshold)
    groups = make_groups(photos, method)
    members = [tuple(member.examined.photo.path for member in group.members) for group in groups]
    assert set(members) == plain_groups(paths, codes, threshold)
    assert len(members) == len(set(members))
    assert make_groups(data.draw(st.permutations(photos)), method) == groups
    for group in groups:
        first = int.from_bytes(group.fingerprint, "big")
        for member in group.members:
            code = int.from_bytes(member.examined.fingerprint, "big")
            assert member.distance == (first ^ code).bit_count() <= threshold
