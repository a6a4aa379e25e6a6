"""Exact fingerprints: identical files and nothing else, and no byte read without need."""

import hashlib
import os
from pathlib import Path

import pytest

from same_image_locator.events import Advanced, Event, StepFinished, StepStarted, Troubled
from same_image_locator.fingerprint import digest, examine
from same_image_locator.fingerprint.exact import PREFIX_BYTES
from same_image_locator.model import Examined, Method, Photo, Problem
from sample_pictures import scanned

EXACT = Method("exact")


def files(folder: Path, **contents: bytes) -> list[Photo]:
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [scanned(folder / name) for name in contents]


def examined(photos: list[Photo]) -> tuple[dict[str, bytes], list[Problem]]:
    found, problems = examine(photos, EXACT, lambda _event: None)
    return {os.path.basename(each.photo.path): each.fingerprint for each in found}, problems


@pytest.mark.parametrize("size", [1, 100, PREFIX_BYTES, PREFIX_BYTES + 1, 3 * 2**20 + 7])
def test_the_fingerprint_is_the_whole_files_sha_256(size: int, tmp_path: Path) -> None:
    content = os.urandom(size)
    found, problems = examined(files(tmp_path, a=content, b=content))
    assert found == dict.fromkeys("ab", hashlib.sha256(content).digest())
    assert problems == []


def test_a_file_with_a_size_or_a_beginning_of_its_own_is_left_out(tmp_path: Path) -> None:
    start = bytes(PREFIX_BYTES)
    photos = files(
        tmp_path, a=start + b"one", b=start + b"two", c=b"x" + start + b"on", d=b"another size"
    )
    found, problems = examined(photos)
    assert sorted(found) == ["a", "b"]
    assert found["a"] != found["b"]
    assert problems == []


def test_no_byte_is_read_twice_and_none_without_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stretches: list[tuple[str, int, int]] = []
    real = digest.hash_on

    def watched(photo: Photo, state: object, start: int, end: int, stop: object) -> object:
        stretches.append((os.path.basename(photo.path), start, end))
        return real(photo, state, start, end, stop)  # type: ignore[arg-type]

    monkeypatch.setattr("same_image_locator.fingerprint.exact.hash_on", watched)
    twin = os.urandom(9000)
    photos = files(
        *(tmp_path,), twin=twin, copy=twin, same_size=os.urandom(9000), other=b"size", tiny=b"size"
    )
    examined(photos)
    assert sorted(stretches) == [
        ("copy", 0, PREFIX_BYTES),
        ("copy", PREFIX_BYTES, 9000),
        ("other", 0, 4),
        ("same_size", 0, PREFIX_BYTES),
        ("tiny", 0, 4),
        ("twin", 0, PREFIX_BYTES),
        ("twin", PREFIX_BYTES, 9000),
    ]


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


def test_results_come_in_the_order_of_the_photos(tmp_path: Path) -> None:
    photos = files(tmp_path, **{f"p{number}": b"same" for number in range(300)})[::-1]
    found, _problems = examine(photos, EXACT, lambda _event: None)
    assert [each.photo for each in found] == photos
    assert all(isinstance(each, Examined) for each in found)


def test_every_file_advances_the_step_once_and_every_byte_read_is_counted(tmp_path: Path) -> None:
    twin = os.urandom(9000)
    photos = files(tmp_path, a=twin, b=twin, c=os.urandom(9000), d=b"alone", e=b"")
    (tmp_path / "f").write_bytes(twin)
    photos.append(scanned(tmp_path / "f"))
    (tmp_path / "f").unlink()
    events: list[Event] = []
    examine(photos, EXACT, events.append)
    steps = [event for event in events if isinstance(event, Advanced)]
    assert events[0] == StepStarted("fingerprint", 6)
    assert isinstance(events[-1], StepFinished)
    assert sum(event.files for event in steps) == 6
    assert sum(event.size for event in steps) == 2 * 9000 + PREFIX_BYTES
    assert len([event for event in events if isinstance(event, Troubled)]) == 2


def test_a_name_that_is_not_unicode_is_hashed_like_any_other(tmp_path: Path) -> None:
    names = [os.fsencode(tmp_path) + b"/caf\xe9", os.fsencode(tmp_path) + b"/tab\there\n"]
    for name in names:
        Path(os.fsdecode(name)).write_bytes(b"same")
    photos = [scanned(os.fsdecode(name)) for name in names]
    found, problems = examine(photos, EXACT, lambda _event: None)
    assert [os.fsencode(each.photo.path) for each in found] == names
    assert problems == []


def test_an_interrupt_stops_the_threads_and_goes_up(tmp_path: Path) -> None:
    same = os.urandom(6000)
    photos = files(tmp_path, **{f"p{number}": same for number in range(100)})

    def interrupt(event: Event) -> None:
        if isinstance(event, Advanced):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        examine(photos, EXACT, interrupt)
