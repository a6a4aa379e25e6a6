"""Engines and groups against the plainest rule that can be written down."""

import os
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from same_image_locator.group import make_groups
from same_image_locator.match import ENGINES, brute
from same_image_locator.model import Examined, Identity, Method, Photo

Pair = tuple[int, int, int]


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


def plain_pairs(codes: list[int], threshold: int) -> list[Pair]:
    return [
        (left, right, (codes[left] ^ codes[right]).bit_count())
        for left in range(len(codes))
        for right in range(left + 1, len(codes))
        if (codes[left] ^ codes[right]).bit_count() <= threshold
    ]


def found_pairs(name: str, codes: NDArray[np.uint64], threshold: int) -> list[Pair]:
    pairs: list[Pair] = []
    for left, right, distance in ENGINES[name].neighbours(codes, threshold):
        pairs += zip(left.tolist(), right.tolist(), distance.tolist(), strict=True)
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
    found = found_pairs(name, np.array(codes, np.uint64), threshold)
    assert found == plain_pairs(codes, threshold)


@pytest.mark.parametrize("block", [1, 7, 64, 1000])
def test_the_size_of_a_block_changes_nothing(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(block)
    codes = [rng.getrandbits(64) & 0xFF for _ in range(90)]
    monkeypatch.setattr(brute, "_BLOCK", block)
    assert found_pairs("brute", np.array(codes, np.uint64), 2) == plain_pairs(codes, 2)


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
