"""The cache: it remembers, it never hurts, and it may be deleted at any time."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import same_image_locator
from same_image_locator.cache import (
    Cache,
    by_content,
    by_file,
    default_folder,
    file_key,
    remove,
    upkeep,
)
from same_image_locator.cache import looks as looks_module
from same_image_locator.cache import pictures as pictures_module
from same_image_locator.events import Event, Noted
from same_image_locator.model import Facts, Identity

RECIPE = "phash/1/1"
FILE = Identity(device=66304, inode=12, size=34, mtime_ns=56)
KEY = (12).to_bytes(8, "big") + (34).to_bytes(8, "big") + (56).to_bytes(8, "big")
PRINT = b"8 bytes!"
SHA = "ab" * 32
FACTS = Facts(4000, 3000, "JPEG", "2019-07-14T18:05:09")
NAMES = (looks_module.FILE_NAME, pictures_module.FILE_NAME)


@pytest.fixture
def folder() -> str:
    """Return the folder that every test's SIL_CACHE_DIR names; it does not exist yet."""
    return os.environ["SIL_CACHE_DIR"]


@pytest.fixture
def told() -> list[Event]:
    """Return a list to listen with."""
    return []


def fill(cache: Cache, files: int = 1, jpeg: bytes = b"jpeg") -> None:
    """Let the cache see files of inodes 0, 1, 2 ..., the latest last."""
    with cache.recorder() as recorder:
        for inode in range(files):
            identity = Identity(FILE.device, inode, FILE.size, FILE.mtime_ns)
            recorder.seen(RECIPE, identity, PRINT, b"edges")
            recorder.pictured(identity, [(160, jpeg)], "")
            recorder.hashed(bytes(32), [(identity, None)])


def remembers(folder: str) -> bool:
    with Cache(folder) as cache:
        with cache.recorder() as recorder:
            recorder.seen(RECIPE, FILE, PRINT, b"edges")
        cache.pictures.put(by_content(SHA), [(160, b"jpeg")], FACTS)
    with Cache(folder) as cache:
        return (
            cache.looks.answers(RECIPE, FILE.device) == {KEY: PRINT}
            and cache.pictures.facts(by_content(SHA)) == FACTS
            and cache.pictures.thumbnail(160, by_content(SHA)) == b"jpeg"
        )


def notes(told: list[Event]) -> list[str]:
    return [event.text for event in told if isinstance(event, Noted)]


def test_what_is_put_in_is_there_on_the_next_run(folder: str) -> None:
    assert default_folder() == folder
    assert remembers(folder)


def test_what_was_never_put_in_is_none() -> None:
    with Cache() as cache:
        cache.pictures.put(by_content(SHA), [(160, b"jpeg")])
        assert cache.pictures.thumbnail(480, by_content(SHA)) is None
        assert cache.pictures.thumbnail(160, by_content("cd" * 32), by_file(FILE)) is None
        assert cache.pictures.facts(by_content(SHA)) is None
        assert cache.looks.answers(RECIPE, FILE.device) == {}


def test_a_thumbnail_is_found_by_its_content_or_else_by_its_file() -> None:
    with Cache() as cache:
        cache.pictures.put(by_file(FILE), [(160, b"of the file")])
        assert cache.pictures.thumbnail(160, by_content(SHA), by_file(FILE)) == b"of the file"
        cache.pictures.put(by_content(SHA), [(160, b"of the content")])
        assert cache.pictures.thumbnail(160, by_content(SHA), by_file(FILE)) == b"of the content"


def test_a_second_thumbnail_replaces_the_first() -> None:
    with Cache() as cache:
        for jpeg in (b"old", b"new"):
            cache.pictures.put(by_content(SHA), [(160, jpeg)])
        assert cache.pictures.thumbnail(160, by_content(SHA)) == b"new"
        assert cache.stats().thumbnails == 1


def test_another_recipe_another_drive_and_an_edited_file_are_not_known() -> None:
    with Cache() as cache:
        fill(cache)
        assert cache.looks.answers("phash/2/1", FILE.device) == {}
        assert cache.looks.answers(RECIPE, 1) == {}
        edited = Identity(FILE.device, 0, FILE.size, FILE.mtime_ns + 1)
        assert cache.pictures.thumbnail(160, by_file(edited)) is None


def test_a_digest_and_a_fingerprint_of_one_file_do_not_displace_each_other() -> None:
    with Cache() as cache, cache.recorder() as recorder:
        recorder.hashed(bytes(32), [(FILE, None)])
        recorder.seen(RECIPE, FILE, "a cause", b"edges")
        recorder.hashed(b"\1" * 32, [(FILE, None)])
        recorder.commit()
        assert cache.looks.digests(FILE.device) == {KEY: b"\1" * 32}
        assert cache.looks.answers(RECIPE, FILE.device) == {KEY: "a cause"}
        other = Identity(7, FILE.inode, FILE.size, FILE.mtime_ns)
        drives = cache.looks.other_drives({7})
        assert cache.looks.digest_elsewhere(other, drives) == (b"edges", b"\1" * 32)
        assert cache.looks.answer_elsewhere(RECIPE, other, drives) == (b"edges", "a cause")


@pytest.mark.parametrize("wide", [1 << 63, (1 << 64) - 1, (1 << 127) + 5])
def test_numbers_of_any_size_name_a_file(wide: int) -> None:
    identity = Identity(wide, wide, 34, -5)
    with Cache() as cache:
        with cache.recorder() as recorder:
            recorder.seen(RECIPE, identity, PRINT, b"")
            recorder.pictured(identity, [(160, b"jpeg")], "")
        assert list(cache.looks.answers(RECIPE, wide).values()) == [PRINT]
        assert cache.pictures.thumbnail(160, by_file(identity)) == b"jpeg"


def test_the_cache_lies_in_the_users_cache_folder_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SIL_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert "same-image-locator" in default_folder()


def test_nobody_else_may_look_into_the_cache_folder(folder: str) -> None:
    assert remembers(folder)
    assert os.name == "nt" or os.stat(folder).st_mode & 0o077 == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", [b"no database" * 500, b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_database_is_set_aside_and_made_anew(
    content: bytes, name: str, folder: str, told: list[Event]
) -> None:
    Path(folder).mkdir()
    Path(folder, name).write_bytes(content)
    with Cache(folder, told.append) as cache:
        assert cache.looks.answers(RECIPE, FILE.device) == {}
        assert cache.pictures.thumbnail(160, by_file(FILE)) is None
    assert Path(folder, name + ".damaged").read_bytes() == content
    [line] = notes(told)
    assert "the cache was damaged" in line
    assert name + ".damaged" in line
    assert remembers(folder)


def test_only_the_latest_damaged_database_is_kept(folder: str) -> None:
    Path(folder).mkdir()
    for content in (b"damaged once" * 99, b"damaged twice" * 99):
        Path(folder, NAMES[0]).write_bytes(content)
        with Cache(folder) as cache:
            cache.looks.answers(RECIPE, 1)
    assert Path(folder, NAMES[0] + ".damaged").read_bytes() == b"damaged twice" * 99
    assert len([name for name in os.listdir(folder) if "damaged" in name]) == 1


def test_a_database_that_is_damaged_while_in_use_is_made_anew(folder: str) -> None:
    with Cache() as cache:
        fill(cache, 2000)
    path = Path(folder, NAMES[0])
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))  # the first page still opens
    with Cache() as cache:
        assert cache.looks.answers(RECIPE, FILE.device) == {}
        fill(cache, 3)
        assert len(cache.looks.answers(RECIPE, FILE.device)) == 3


def test_a_run_with_a_damaged_database_open_does_not_set_aside_anothers_new_one(
    folder: str,
) -> None:
    with Cache() as early:
        fill(early, 2000)
        path = Path(folder, NAMES[0])
        with Cache() as second:
            second.looks.files()
            early.looks.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
            whole = path.read_bytes()
            path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
            assert second.looks.answers(RECIPE, FILE.device) == {}
            fill(second, 3)
            assert early.looks.answers(RECIPE, FILE.device) == {}
            assert len(early.looks.answers(RECIPE, FILE.device)) == 3


def test_a_database_of_another_version_is_made_anew(folder: str) -> None:
    assert remembers(folder)
    for name in NAMES:
        connection = sqlite3.connect(Path(folder, name))
        connection.execute("PRAGMA user_version = 99")
        connection.close()
    with Cache() as cache:
        assert cache.looks.answers(RECIPE, FILE.device) == {}
        assert cache.pictures.facts(by_content(SHA)) is None
    assert remembers(folder)
    assert not [name for name in os.listdir(folder) if "damaged" in name]


def test_facts_that_another_version_has_written_are_not_known() -> None:
    with Cache() as cache:
        with cache.recorder() as recorder:
            recorder.pictured(FILE, (), '{"width": 5, "taste": "sweet"}')
        assert cache.pictures.facts(by_file(FILE)) is None


def test_without_a_folder_to_write_in_there_is_no_cache_and_no_error(
    folder: str, told: list[Event]
) -> None:
    Path(folder).write_text("in the way")
    with Cache(listener=told.append) as cache:
        fill(cache)
        assert cache.looks.answers(RECIPE, FILE.device) == {}
        assert cache.pictures.thumbnail(160, by_file(FILE)) is None
        assert cache.stats().size == 0
    assert "no cache" in notes(told)[0]


def test_a_folder_in_place_of_the_database_means_no_cache(folder: str, told: list[Event]) -> None:
    for name in NAMES:
        Path(folder, name).mkdir(parents=True)
    with Cache(listener=told.append) as cache:
        fill(cache)
        assert cache.looks.answers(RECIPE, FILE.device) == {}
    assert "the cache cannot be used" in notes(told)[0]


def test_deleting_the_cache_under_a_running_program_is_harmless(folder: str) -> None:
    with Cache() as cache:
        fill(cache)
        for name in os.listdir(folder):
            Path(folder, name).unlink()
        fill(cache)
        cache.pictures.facts(by_content(SHA))
        cache.trim(0)
    assert remembers(folder)


_FULL = """
import resource
from same_image_locator.cache import Cache
from same_image_locator.events import Noted
from same_image_locator.model import Identity
with Cache(listener=lambda event: print(event.text if isinstance(event, Noted) else "")) as cache:
    cache.looks.files()
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
    with cache.recorder() as recorder:
        for number in range(20_000):
            recorder.seen("phash/1/1", Identity(1, number, 3, 4), b"8 bytes!", b"edges")
    print(len(cache.looks.answers("phash/1/1", 1)), "known")
"""


@pytest.mark.skipif(os.name == "nt", reason="limits of a file's size are a matter of POSIX")
def test_a_file_that_cannot_grow_is_told_once_and_the_run_goes_on(folder: str) -> None:
    source = os.path.dirname(os.path.dirname(same_image_locator.__file__))
    ran = subprocess.run(
        [sys.executable, "-c", _FULL],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    first, last = ran.stdout.splitlines()
    assert "the run goes on without" in first
    assert last == "0 known"
    assert remembers(folder)


def test_a_closed_cache_is_empty() -> None:
    cache = Cache()
    fill(cache)
    cache.close()
    fill(cache)
    assert cache.looks.answers(RECIPE, FILE.device) == {}


def test_many_threads_may_use_one_cache() -> None:
    def work(number: int) -> bytes | None:
        owner = by_content(f"{number % 20:064x}")
        cache.pictures.put(owner, [(160, bytes([number % 20]))])
        recorder.hashed(bytes(32), [(Identity(1, number, 2, 3), None)])
        return cache.pictures.thumbnail(160, owner)

    with Cache() as cache:
        with cache.recorder() as recorder, ThreadPoolExecutor(8) as threads:
            found = list(threads.map(work, range(400)))
        assert len(cache.looks.digests(1)) == 400
    assert found == [bytes([number % 20]) for number in range(400)]


def test_two_runs_may_share_one_cache() -> None:
    with Cache() as one, Cache() as other, one.recorder() as mine, other.recorder() as yours:
        for number in range(100):
            (mine if number % 2 else yours).seen(RECIPE, Identity(1, number, 2, 3), PRINT, b"edges")
            mine.commit()
            yours.commit()
        assert len(one.looks.answers(RECIPE, 1)) == 100
        assert one.looks.answers(RECIPE, 1) == other.looks.answers(RECIPE, 1)


def test_what_was_not_used_for_longest_is_forgotten_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1_000_000_000.0
    monkeypatch.setattr("time.time", lambda: now)
    with Cache() as cache:
        fill(cache, 1000, jpeg=bytes(20_000))
        now += 30 * 86400
        recent = {bytes(7) + bytes([number]) + KEY[8:] for number in range(100)}
        cache.looks.mark_used(FILE.device, recent)
        for number in range(100):
            owner = by_file(Identity(FILE.device, number, FILE.size, FILE.mtime_ns))
            cache.pictures.thumbnail(160, owner)
        before = cache.stats()
        cache.trim(before.size // 4)
        after = cache.stats()
        assert after.size <= before.size // 4
        assert after.fingerprints == before.fingerprints == 1000  # thumbnails go first
        assert after.thumbnails >= 100
        cache.pictures.forget_until(0)
        cache.pictures.store.shrink()
        fingerprints = cache.looks.store.used_bytes()
        limit = cache.stats().size - fingerprints // 2
        cache.trim(limit)
        assert cache.stats().size <= limit + 4 * 4096  # pages stay partly filled
        assert 100 <= cache.stats().fingerprints <= 500
        assert recent <= cache.looks.answers(RECIPE, FILE.device).keys()
        assert len(cache.looks.answers(RECIPE, FILE.device)) == len(
            cache.looks.digests(FILE.device)
        )


def test_a_second_run_within_a_week_writes_nothing() -> None:
    with Cache() as cache:
        fill(cache, 10)
    with Cache() as cache:
        changes = "SELECT total_changes()"
        keys = list(cache.looks.answers(RECIPE, FILE.device))
        cache.looks.mark_used(FILE.device, keys)
        cache.keep_in_bounds()
        assert cache.looks.store.rows(changes) == [(0,)]


def test_a_cache_that_has_outgrown_its_limit_is_trimmed(monkeypatch: pytest.MonkeyPatch) -> None:
    with Cache() as cache:
        fill(cache, 300, jpeg=bytes(20_000))
        monkeypatch.setattr(upkeep, "LIMIT_BYTES", 2_000_000)
        cache.keep_in_bounds()
        assert 0 < cache.stats().size <= 2_000_000
        assert 0 < cache.stats().thumbnails < 300


def test_a_large_library_does_not_forget_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000_000.0
    monkeypatch.setattr("time.time", lambda: now)
    monkeypatch.setattr(upkeep, "LIMIT_BYTES", 600_000)
    signature = bytes(7000)
    with Cache() as cache:
        for first in (0, 200):
            with cache.recorder() as recorder:
                for number in range(first, first + 200):
                    recorder.seen(RECIPE, Identity(1, number, 2, 3), signature, b"edges")
            cache.keep_in_bounds()
            assert cache.stats().fingerprints == first + 200
        assert cache.stats().size > 4 * upkeep.LIMIT_BYTES
        now += 30 * 86400
        recent = {file_key(Identity(1, number, 2, 3)) for number in range(200, 400)}
        cache.looks.mark_used(1, recent)
        cache.keep_in_bounds()
        assert recent <= cache.looks.answers(RECIPE, 1).keys()
        assert 200 <= cache.stats().fingerprints < 300


def test_removing_the_cache_tells_what_it_freed(folder: str) -> None:
    assert remembers(folder)
    size = sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))
    assert remove(folder) == (size, [])
    assert os.listdir(folder) == []
    assert remove(folder) == (0, [])


def test_what_cannot_be_removed_is_named(folder: str) -> None:
    Path(folder, NAMES[0]).mkdir(parents=True)
    assert remove(folder) == (0, [os.path.join(folder, NAMES[0])])


def test_thumbnails_of_photos_in_no_group_are_dropped_and_others_stay() -> None:
    files = [Identity(1, number, 2, 3) for number in range(4)]
    with Cache() as cache:
        with cache.recorder() as recorder:
            for file in files:
                recorder.pictured(file, [(160, b"jpeg")], '{"width":1,"height":1,"format":"x"}')
        scanned, grouped = files[:3], files[:1]
        cache.keep_thumbnails(scanned, grouped)
        kept = [file for file in files if cache.pictures.thumbnail(160, by_file(file))]
        assert kept == [files[0], files[3]]
        assert cache.pictures.facts(by_file(files[1])) == Facts(1, 1, "x")


def test_thumbnails_are_wanted_until_their_room_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("same_image_locator.cache.recorder.THUMBNAIL_BYTES", 100)
    with Cache() as cache, cache.recorder() as recorder:
        for number in range(2):
            assert recorder.wants_thumbnails
            recorder.pictured(Identity(1, number, 2, 3), [(160, bytes(40)), (480, bytes(20))], "")
        assert not recorder.wants_thumbnails


def test_a_scan_commits_about_each_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 50.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    with Cache() as cache, Cache() as other, cache.recorder() as recorder:
        recorder.seen(RECIPE, FILE, PRINT, b"edges")
        now += 0.9
        recorder.seen(RECIPE, Identity(FILE.device, 1, 2, 3), PRINT, b"edges")
        assert other.looks.answers(RECIPE, FILE.device) == {}
        now += 0.2
        recorder.seen(RECIPE, Identity(FILE.device, 4, 5, 6), PRINT, b"edges")
        assert len(other.looks.answers(RECIPE, FILE.device)) == 3
