"""Identical files that are only listed: the same groups, and digests only where they are free."""

import hashlib
import os
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from same_image_locator import journal
from same_image_locator.events import ignore
from same_image_locator.fingerprint import exact, identical, reading
from same_image_locator.fingerprint.lockstep import AT_ONCE
from same_image_locator.fingerprint.pace import Pace
from same_image_locator.fingerprint.reading import EDGE_BYTES
from same_image_locator.fingerprint.whole import WHOLE_BYTES
from same_image_locator.group import identical_groups
from same_image_locator.model import Photo, Problem
from same_image_locator.session import Session
from sample_pictures import scanned

CHUNK = 1 << 16
HELD = Pace(8, CHUNK, by_inode=False, tells=True, held=True)
ASKED = HELD._replace(held=False)


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory holds all files, whatever the tests' drive can tell of that."""
    monkeypatch.setattr(reading, "held_in_memory", lambda *_: True)
    monkeypatch.setattr(reading, "_read_held", reading._read_at)
    monkeypatch.setattr(exact, "pace_of", lambda _photos: HELD)


def found(photos: Sequence[Photo], *, digests: bool = False) -> dict[frozenset[str], set[bytes]]:
    """Return the names of the files of each group, with the fingerprints in it."""
    problems: list[Problem] = []
    groups = list(identical(photos, ignore, problems, digests=digests))
    assert not problems
    return {
        frozenset(os.path.basename(one.photo.path) for one in same): {
            one.fingerprint for one in same
        }
        for same in groups
    }


def library(folder: Path, seed: int) -> list[Photo]:
    """Make files of few sizes that differ in one byte, at an end or between, or not at all."""
    chance = random.Random(seed)
    for number in range(60):
        size = chance.choice([1, 700, CHUNK + 9, 3 * CHUNK + 7, WHOLE_BYTES + 1])
        body = bytearray(random.Random(size).randbytes(size))
        body[chance.choice([0, size // 2, size - 1])] = chance.randrange(3)
        (folder / f"f{number:02}").write_bytes(body)
    return [scanned(path) for path in sorted(folder.iterdir())]


def by_content(photos: Sequence[Photo]) -> set[frozenset[str]]:
    same: dict[bytes, set[str]] = defaultdict(set)
    for photo in photos:
        same[Path(photo.path).read_bytes()].add(os.path.basename(photo.path))
    return {frozenset(names) for names in same.values() if len(names) > 1}


@pytest.mark.parametrize("seed", range(3))
def test_the_groups_are_those_of_the_bytes_and_need_no_digest(tmp_path: Path, seed: int) -> None:
    photos = library(tmp_path, seed)
    first, second = found(photos), found(photos)
    assert set(first) == set(second) == by_content(photos)
    assert set().union(*first.values()) == {b""}


def test_what_a_drive_is_asked_for_is_hashed_while_it_is_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "pace_of", lambda _photos: ASKED)
    photos = library(tmp_path, 4)
    groups = found(photos)
    assert set(groups) == by_content(photos)
    for names, prints in groups.items():
        assert prints == {hashlib.sha256((tmp_path / min(names)).read_bytes()).digest()}


def test_a_crowd_of_one_size_is_one_group_though_it_is_compared_in_parts(tmp_path: Path) -> None:
    edge = os.urandom(EDGE_BYTES)
    bodies = [edge + os.urandom(WHOLE_BYTES) + edge for _ in range(2)]
    for number in range(2 * AT_ONCE + 3):
        (tmp_path / f"{number:02}").write_bytes(bodies[number % 2])
    photos = [scanned(path) for path in sorted(tmp_path.iterdir())]
    assert set(found(photos)) == by_content(photos)
    assert set(found(photos)) == by_content(photos)


def test_what_was_compared_is_not_read_again(tmp_path: Path) -> None:
    photos = library(tmp_path, 5)
    expected = by_content(photos)
    found(photos)
    for photo in photos:
        Path(photo.path).unlink()  # whoever reads it has a problem
    assert set(found(photos)) == expected


def test_digests_that_are_asked_for_later_are_those_of_the_bytes(tmp_path: Path) -> None:
    photos = library(tmp_path, 6)
    found(photos)
    for names, prints in found(photos, digests=True).items():
        assert prints == {hashlib.sha256((tmp_path / min(names)).read_bytes()).digest()}
    assert found(photos) == found(photos, digests=True)


def test_parts_that_were_compared_apart_are_compared_with_each_other(tmp_path: Path) -> None:
    for name in "abcd":
        (tmp_path / name).write_bytes(b"the same")
    photos = [scanned(tmp_path / name) for name in "abcd"]
    assert set(found(photos[:2])) == {frozenset("ab")}
    assert set(found(photos[2:])) == {frozenset("cd")}
    assert set(found(photos)) == {frozenset("abcd")}
    (tmp_path / "d").write_bytes(b"changed!")
    photos[3] = scanned(tmp_path / "d")
    assert set(found(photos)) == {frozenset("abc")}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "photos").mkdir()
    with journal.opened(str(tmp_path / "decide")) as opened:
        yield Session(opened, str(tmp_path / "photos"), ignore)


def test_what_is_moved_has_its_digest_even_if_it_was_only_listed(
    tmp_path: Path, session: Session
) -> None:
    for name in "ab":
        (tmp_path / "photos" / name).write_bytes(b"the same")
    photos = [scanned(tmp_path / "photos" / name) for name in "ab"]
    groups = identical_groups(list(identical(photos, ignore, [], digests=False)))
    assert groups[0].fingerprint == b""
    [staged] = session.stage(groups)
    assert {entry.sha256 for entry in staged.entries} == {hashlib.sha256(b"the same").hexdigest()}
