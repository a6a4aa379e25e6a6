"""Exact fingerprints: identical files and nothing else, and no byte read without need."""

import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from same_image_locator.cache import Cache
from same_image_locator.events import (
    Advanced,
    Awaited,
    Event,
    Listener,
    Spared,
    StepFinished,
    StepStarted,
    Troubled,
    ignore,
)
from same_image_locator.fingerprint import exact, identical, reading
from same_image_locator.fingerprint.exact import Examination
from same_image_locator.fingerprint.lockstep import AT_ONCE
from same_image_locator.fingerprint.memory import Memory
from same_image_locator.fingerprint.pace import Pace
from same_image_locator.fingerprint.reading import EDGE_BYTES
from same_image_locator.model import Examined, Photo, Problem
from sample_pictures import scanned

CHUNK = 1 << 16
# A quick drive, one that turns, a share in the network: each is read in another way.
PACES = (
    Pace(8, CHUNK, by_inode=False, tells=True),
    Pace(1, CHUNK, by_inode=True, tells=True),
    Pace(4, CHUNK, by_inode=True, tells=False),
)


@pytest.fixture(params=PACES, ids=["quick", "turning", "network"], autouse=True)
def pace(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Pace:
    chosen: Pace = request.param
    # A drive in memory, where tests may run, does not tell what memory holds.
    monkeypatch.setattr(reading, "held_in_memory", lambda *_: True)
    monkeypatch.setattr(reading, "_read_held", read_by_the_drive)
    monkeypatch.setattr(exact, "pace_of", lambda _photos: chosen)
    return chosen


def read_by_the_drive(descriptor: int, buffer: memoryview, start: int) -> int:
    return reading._read_at(descriptor, buffer, start)  # or what stands in for it by then


@pytest.fixture
def memory() -> Iterator[Memory]:
    """Return what earlier searches found out: nothing."""
    with Cache() as cache, cache.recorder() as recorder:
        yield Memory(cache.looks, recorder)


def files(folder: Path, **contents: bytes) -> list[Photo]:
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [scanned(folder / name) for name in contents]


def search(
    photos: list[Photo], listener: Listener = ignore, *, digests: bool = True
) -> tuple[list[list[Examined]], list[Problem]]:
    problems: list[Problem] = []
    return list(identical(photos, listener, problems, digests=digests)), problems


def examined(photos: list[Photo]) -> tuple[dict[str, bytes], list[Problem]]:
    found, problems = search(photos)
    digests = [same[0].fingerprint for same in found]
    assert len(digests) == len(set(digests))  # all photos of one content are in one group
    return {
        os.path.basename(each.photo.path): each.fingerprint for same in found for each in same
    }, problems


@pytest.mark.parametrize("size", [1, 100, EDGE_BYTES, EDGE_BYTES + 1, CHUNK, 3 * CHUNK + 7])
def test_the_fingerprint_is_the_whole_files_sha_256(size: int, tmp_path: Path) -> None:
    content = os.urandom(size)
    found, problems = examined(files(tmp_path, a=content, b=content))
    assert found == dict.fromkeys("ab", hashlib.sha256(content).digest())
    assert problems == []


def test_only_what_equals_another_file_is_found(tmp_path: Path) -> None:
    long = b"a" + os.urandom(3 * CHUNK)  # not by chance the "x" of d
    middle, end = bytearray(long), bytearray(long)
    middle[CHUNK + 5] ^= 1
    end[-1] ^= 1
    photos = files(
        *(tmp_path,), a=long, b=bytes(middle), c=bytes(end), d=b"x" + long[1:], e=long, f=b"short"
    )
    found, problems = examined(photos)
    assert found == dict.fromkeys("ae", hashlib.sha256(long).digest())
    assert problems == []


def test_contents_that_part_late_have_each_their_own_digest(tmp_path: Path) -> None:
    start, end = os.urandom(2 * CHUNK), os.urandom(CHUNK)
    bodies = [start + bytes([n]) + end for n in range(3)]
    photos = files(tmp_path, **{f"{n}{copy}": bodies[n] for copy in "abc" for n in range(3)})
    found, _problems = examined(photos)
    assert found == {
        f"{n}{copy}": hashlib.sha256(bodies[n]).digest() for copy in "abc" for n in range(3)
    }


@pytest.mark.parametrize("whole", [1 << 17, 0], ids=["small", "large"])
def test_a_crowd_of_one_size_is_found_whole(
    tmp_path: Path, whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "WHOLE_BYTES", whole)
    size, most = CHUNK + 100, 3 * AT_ONCE + 5
    edge = os.urandom(EDGE_BYTES)
    bodies = [edge + os.urandom(size - 2 * EDGE_BYTES) + edge for _ in range(AT_ONCE)]
    photos = files(tmp_path, **{f"p{n}": bodies[n % 7] for n in range(most)})
    photos += files(tmp_path, **{f"alone{n}": bodies[7 + n] for n in range(AT_ONCE - 7)})
    photos += files(tmp_path, **{f"other{n}": os.urandom(size) for n in range(AT_ONCE)})
    found, problems = examined(photos)
    assert found == {f"p{n}": hashlib.sha256(bodies[n % 7]).digest() for n in range(most)}
    assert problems == []


def test_what_waits_to_be_hashed_is_not_overwritten_by_what_is_compared_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("same_image_locator.fingerprint.lockstep._TOLD_EVERY", 1e9)
    monkeypatch.setattr("same_image_locator.fingerprint.readers.cores", lambda: 1)
    monkeypatch.setattr(exact, "WHOLE_BYTES", 0)
    edge = os.urandom(EDGE_BYTES)
    photos: list[Photo] = []
    twins: dict[str, bytes] = {}
    for n in range(4):
        twin = os.urandom(10_000 + n)
        twins |= dict.fromkeys((f"a{n}", f"b{n}"), hashlib.sha256(twin).digest())
        photos += files(tmp_path, **{f"a{n}": twin, f"b{n}": twin})
        bodies = [edge + os.urandom(CHUNK + n) + edge for _ in range(AT_ONCE)]
        photos += files(tmp_path, **{f"other{n}-{m}": body for m, body in enumerate(bodies)})
    found, problems = examined(photos)
    assert found == twins
    assert problems == []


def test_of_equal_files_one_is_hashed_and_what_is_alone_is_not_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pace: Pace
) -> None:
    read: list[tuple[str, int, int]] = []
    real = reading._read_at

    def watched(descriptor: int, buffer: memoryview, start: int) -> int:
        name = os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}"))
        read.append((name, start, len(buffer)))
        return real(descriptor, buffer, start)

    monkeypatch.setattr(reading, "_read_at", watched)
    hashed = 0
    sha256 = hashlib.sha256

    class Counted:
        def __init__(self, data: memoryview | bytes = b"") -> None:
            nonlocal hashed
            hashed += len(data)
            self.inner = sha256(data)
            self.digest = self.inner.digest

        def update(self, data: memoryview) -> None:
            nonlocal hashed
            hashed += len(data)
            self.inner.update(data)

    monkeypatch.setattr("same_image_locator.fingerprint.lockstep.hashlib.sha256", Counted)
    twin = os.urandom(9000)
    examined(files(tmp_path, twin=twin, copy=twin, alone=os.urandom(9000), tiny=b"1", small=b"2"))
    edges = [(0, 4096), (4904, 4096)] if pace.by_inode else []
    compared = [(0, 9000)]
    assert sorted(read) == sorted(
        [("twin", *stretch) for stretch in edges + compared]
        + [("copy", *stretch) for stretch in edges + compared]
        + [("alone", *stretch) for stretch in edges or compared]
        + [(name, 0, 1) for name in ("tiny", "small") for _ in edges or compared]
    )
    assert hashed == 9000


def test_an_empty_file_is_a_problem_and_never_a_duplicate(tmp_path: Path) -> None:
    found, problems = examined(files(tmp_path, a=b"", b=b""))
    assert found == {}
    assert [problem.detail for problem in problems] == ["the file is empty"] * 2


def test_a_file_that_vanished_or_changed_since_the_scan_is_a_problem(tmp_path: Path) -> None:
    same = os.urandom(6000)
    photos = files(tmp_path, a=same, b=same, gone=same, grown=same, linked=same, touched=same)
    (tmp_path / "gone").unlink()
    (tmp_path / "grown").write_bytes(same + b"!")
    (tmp_path / "linked").unlink()
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    os.utime(tmp_path / "touched", ns=(0, 0))
    found, problems = examined(photos)
    assert sorted(found) == ["a", "b"]
    assert [(os.path.basename(each.path), each.detail) for each in problems] == [
        ("gone", "vanished since the scan"),
        ("grown", "changed since the scan"),
        ("linked", "changed since the scan"),
        ("touched", "changed since the scan"),
    ]


def test_a_group_comes_by_path_and_problems_in_the_order_of_the_photos(tmp_path: Path) -> None:
    photos = files(tmp_path, **{f"p{number:03}": b"same" for number in range(300)})
    gone = photos[7::100]
    for photo in gone:
        Path(photo.path).unlink()
    [found], problems = search(photos[::-1])
    assert [each.photo for each in found] == [photo for photo in photos if photo not in gone]
    assert [problem.path for problem in problems] == [photo.path for photo in gone[::-1]]


def test_every_file_advances_the_step_once_and_every_byte_read_is_counted(
    tmp_path: Path, pace: Pace
) -> None:
    twin = os.urandom(9000)
    photos = files(tmp_path, a=twin, b=twin, c=os.urandom(9000), d=b"alone", e=b"")
    (tmp_path / "f").write_bytes(twin)
    photos.append(scanned(tmp_path / "f"))
    (tmp_path / "f").unlink()
    events: list[Event] = []
    search(photos, events.append)
    steps = [event for event in events if isinstance(event, Advanced)]
    spared = [event for event in events if isinstance(event, Spared)]
    assert isinstance(events[0], StepStarted)
    assert events[0] == StepStarted("fingerprint", 6, size=sum(p.identity.size for p in photos))
    assert isinstance(events[-1], StepFinished)
    assert sum(event.files for event in steps) + sum(event.files for event in spared) == 6
    # The one that is alone is not read at all; of the one that differs a drive that turns is asked
    # only for the edges.
    lone, unread = len(b"alone"), 2 * 9000 - (2 * EDGE_BYTES if pace.by_inode else 9000)
    assert lone <= sum(event.size for event in spared) <= lone + unread
    differs = 6 * EDGE_BYTES if pace.by_inode else 9000
    assert sum(event.size for event in steps) == differs + 2 * 9000
    assert len([event for event in events if isinstance(event, Troubled)]) == 2


_STUCK: dict[object, threading.Event] = {}


def _wait_at_open(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and arguments and isinstance(arguments[0], str) and arguments[0] in _STUCK:
        _STUCK[arguments[0]].wait()


sys.addaudithook(_wait_at_open)


def test_while_a_drive_does_not_answer_the_file_is_named(tmp_path: Path, pace: Pace) -> None:
    twin = os.urandom(9000)
    photos = files(tmp_path, a=twin, b=twin)
    answers = _STUCK[photos[0].path] = threading.Event()
    events: list[Event] = []

    def listener(event: Event) -> None:
        events.append(event)
        if isinstance(event, Awaited) and event.paths:  # a thread may be slow to begin
            answers.set()

    [found], _problems = search(photos, listener)
    del _STUCK[photos[0].path]
    assert len(found) == 2
    assert Awaited("fingerprint", (photos[0].path,)) in events


def test_what_is_known_is_not_read_and_what_was_computed_is_kept(
    tmp_path: Path, memory: Memory
) -> None:
    same, size = os.urandom(9000), 9000
    new = bytes(size - EDGE_BYTES) + same[-EDGE_BYTES:]
    photos = files(tmp_path, a=same, b=same, c=same, d=os.urandom(size), e=new, f=b"x", g=b"x")
    digest = hashlib.sha256(same).digest()
    for photo, known in zip((photos[0], *photos[5:]), (digest, b"f" * 32, b"f" * 32), strict=True):
        memory.keep([photo], known)
    for photo in photos[5:]:
        Path(photo.path).unlink()  # whoever reads it has a problem
    events: list[Event] = []
    examination = Examination(photos, events.append, memory)
    groups = [[os.path.basename(one.photo.path) for one in group] for group in examination.groups()]
    assert sorted(groups) == [["a", "b", "c"], ["f", "g"]]
    assert examination.problems == []
    kept = {os.path.basename(path) for path, value in memory.digests.items() if value == digest}
    assert kept == {"a", "b", "c"}
    assert len(memory.digests) == 5
    assert isinstance(events[-1], StepFinished)
    assert events[-1].summary.endswith("; 3 digests known from earlier")


def test_a_group_is_handed_out_while_the_others_are_still_read(
    tmp_path: Path, memory: Memory
) -> None:
    photos = []
    for number in range(40):
        photos += files(
            tmp_path, **dict.fromkeys((f"a{number}", f"b{number}"), b"x" * (number + 9))
        )
    examination = Examination(photos, lambda _event: None, memory)
    groups: Iterator[list[Examined]] = examination.groups()
    first = next(groups)
    assert len(first) == 2
    assert first[0].fingerprint == first[1].fingerprint
    assert len(list(groups)) == 39


def test_a_name_that_is_not_unicode_is_hashed_like_any_other(tmp_path: Path) -> None:
    names = [os.fsencode(tmp_path) + b"/caf\xe9", os.fsencode(tmp_path) + b"/tab\there\n"]
    for name in names:
        Path(os.fsdecode(name)).write_bytes(b"same")
    photos = [scanned(os.fsdecode(name)) for name in names]
    [found], problems = search(photos)
    assert [os.fsencode(each.photo.path) for each in found] == names
    assert problems == []


def test_an_interrupt_stops_the_threads_and_goes_up(tmp_path: Path) -> None:
    same = os.urandom(6000)
    photos = files(tmp_path, **{f"p{number}": same for number in range(100)})

    def interrupt(event: Event) -> None:
        if isinstance(event, Advanced):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(photos, interrupt)
