"""How drives are read: a pace for each kind, and a page cache that is left as it was found."""

import functools
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec

import pytest

from same_image_locator.cache import default_folder, remove
from same_image_locator.events import ignore
from same_image_locator.fingerprint import identical, pace
from same_image_locator.fingerprint.pace import Pace, held_in_memory, pace_of
from same_image_locator.model import Photo, Problem
from sample_pictures import scanned

CHUNK = 1 << 18
PAGES = CHUNK // 4096


Given = ParamSpec("Given")


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A folder on a real drive that tells what memory holds; one in memory does not."""
    for folder in (tmp_path, Path(__file__).parent):
        with tempfile.TemporaryDirectory(dir=folder, prefix=".drive-") as name:
            if pace_of([scanned_file(Path(name), "probe", 10)]).tells:
                yield Path(name)
                return
    pytest.skip(f"neither {tmp_path} nor the tests lie on a drive that tells what memory holds")


def scanned_file(folder: Path, name: str, size: int, content: bytes = b"") -> Photo:
    path = folder / name
    with path.open("wb") as file:
        file.write(content or os.urandom(size))
        os.fsync(file.fileno())
    return scanned(path)


def tried_anew(test: Callable[Given, None]) -> Callable[Given, None]:
    """Run a test up to five times: while the system is busy with a page, it keeps it.

    What the program does wrong, it does wrong each time.
    """

    @functools.wraps(test)
    def runs(*arguments: Given.args, **named: Given.kwargs) -> None:
        for left in reversed(range(5)):
            remove(default_folder())  # else what an earlier run found out would spare the reading
            try:
                test(*arguments, **named)
            except AssertionError:
                if not left:
                    raise
            else:
                return

    return runs


def evict(photo: Photo) -> None:
    """Have a file dropped from memory, which the system puts off while it is busy with a page."""
    for _ in range(50):
        descriptor = os.open(photo.path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        # Pages that the program itself does not ask for; to ask is to have them fetched again.
        some = range(8192, photo.identity.size, 1 << 17)
        held = [held_in_memory(descriptor, start) for start in some]
        os.close(descriptor)
        if not any(held):
            return
        os.sync()
    pytest.skip("the system does not drop a file from memory")


def in_memory(photo: Photo) -> list[bool]:
    """Return for each page of a file whether memory holds it; to ask is to have them fetched."""
    descriptor = os.open(photo.path, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)
    pages = range(0, photo.identity.size, 4096)
    held = [held_in_memory(descriptor, start) for start in pages]
    os.close(descriptor)
    return held


def find(photos: list[Photo]) -> list[list[str]]:
    problems: list[Problem] = []
    found = identical(photos, ignore, problems)
    groups = [[os.path.basename(one.photo.path) for one in group] for group in found]
    assert problems == []
    return groups


@pytest.mark.parametrize("rotates", [True, False, None])
@tried_anew
def test_what_was_read_from_the_drive_does_not_stay_in_memory(
    drive: Path, rotates: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "_rotates", lambda _device: rotates)
    body = os.urandom(5 * CHUNK + 1234)
    photos = [scanned_file(drive, name, 0, body) for name in "abc"]
    photos.append(scanned_file(drive, "d", len(body)))
    for photo in photos:
        evict(photo)
    assert find(photos) == [["a", "b", "c"]]
    for photo in photos:
        # A large page that is still in use in the moment of the drop stays.
        assert sum(in_memory(photo)) < 2 * PAGES, photo.path


@tried_anew
def test_what_was_in_memory_before_stays_there(drive: Path) -> None:
    body = os.urandom(40 * CHUNK)
    warm, cold, half = (scanned_file(drive, name, 0, body) for name in ("warm", "cold", "half"))
    evict(cold)
    evict(half)
    descriptor = os.open(half.path, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)  # nothing is read ahead
    os.pread(descriptor, 12 * CHUNK, 20 * CHUNK)
    os.close(descriptor)
    assert find([warm, cold, half]) == [["cold", "half", "warm"]]
    assert all(in_memory(warm))
    assert sum(in_memory(cold)) < 2 * PAGES
    after = in_memory(half)
    assert all(after[20 * PAGES : 32 * PAGES])
    assert sum(after) < 14 * PAGES


@tried_anew
def test_of_a_small_file_only_the_end_stays_where_memory_held_only_that(drive: Path) -> None:
    body = os.urandom(25 * 4096)
    photos = [scanned_file(drive, name, 0, body) for name in "ab"]
    for photo in photos:
        evict(photo)
        descriptor = os.open(photo.path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)
        os.pread(descriptor, 4096, 24 * 4096)
        os.close(descriptor)
    assert find(photos) == [["a", "b"]]
    for photo in photos:
        held = in_memory(photo)
        assert held[24]
        # Its first page was asked for to learn the pace, and a page in use may stay.
        assert sum(held[:20]) < 5, photo.path


@pytest.mark.parametrize("copies", [2, 40])
@tried_anew
def test_small_files_that_were_read_whole_do_not_stay_in_memory(drive: Path, copies: int) -> None:
    body = os.urandom(25 * 4096)
    photos = [scanned_file(drive, f"p{number:02}", 0, body) for number in range(copies)]
    for photo in photos:
        evict(photo)
    assert find(photos) == [[os.path.basename(photo.path) for photo in photos]]
    # On a busy computer what was asked for may be there before it is asked whether it was there.
    assert sum(sum(in_memory(photo)) for photo in photos) < copies * 25 // 2


@tried_anew
def test_each_kind_of_drive_has_its_pace(drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = [scanned_file(drive, f"p{number}", 5000) for number in range(40)]
    assert pace_of(photos) == Pace(3, CHUNK, by_inode=False, tells=True, held=True)
    found = {}
    for rotates in (True, False, None):
        for photo in photos:
            evict(photo)
        monkeypatch.setattr(pace, "_rotates", lambda _device, answer=rotates: answer)
        found[rotates] = pace_of(photos)
    assert [found[one].by_inode for one in (True, False, None)] == [True, False, True]
    assert found[True].readers == 1
    assert found[True].chunk_bytes > found[False].chunk_bytes
    monkeypatch.setattr(pace, "NOWAIT", 0)
    assert not pace_of(photos).tells


def test_a_sample_that_cannot_be_opened_is_taken_for_one_on_the_drive(tmp_path: Path) -> None:
    photos = [scanned_file(tmp_path, f"p{number}", 10) for number in range(3)]
    for photo in photos:
        Path(photo.path).unlink()
    assert pace_of(photos).readers


def test_a_partition_turns_with_its_drive(tmp_path: Path) -> None:
    device = os.makedev(8, 1)
    disk = tmp_path / "sda"
    (disk / "queue").mkdir(parents=True)
    (disk / "sda1").mkdir()
    (tmp_path / "8:1").symlink_to(disk / "sda1")
    table = f"{tmp_path}/{{}}:{{}}/{{}}queue/rotational"
    for answer, text in ((True, "1\n"), (False, "0\n")):
        (disk / "queue" / "rotational").write_text(text)
        assert pace._rotates(device, table) is answer
    assert pace._rotates(os.makedev(8, 2), table) is None
