"""The cache: it remembers, it never hurts, and it may be deleted at any time."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from same_image_locator import cache as module
from same_image_locator.cache import FILE_NAME, Cache, default_folder
from same_image_locator.model import Facts

SHA = "ab" * 32
FACTS = Facts(4000, 3000, "JPEG", "2019-07-14T18:05:09")


@pytest.fixture
def folder() -> str:
    """Return the folder that every test's SIL_CACHE_DIR names; it does not exist yet."""
    return os.environ["SIL_CACHE_DIR"]


def remembers(folder: str) -> bool:
    with Cache(folder) as cache:
        cache.put_facts(SHA, FACTS)
        cache.put_thumbnail(SHA, 160, b"jpeg")
    with Cache(folder) as cache:
        return cache.facts(SHA) == FACTS and cache.thumbnail(SHA, 160) == b"jpeg"


def test_what_is_put_in_is_there_on_the_next_run(folder: str) -> None:
    assert default_folder() == folder
    assert remembers(folder)


def test_what_was_never_put_in_is_none(folder: str) -> None:
    with Cache() as cache:
        cache.put_thumbnail(SHA, 160, b"jpeg")
        assert cache.thumbnail(SHA, 480) is None
        assert cache.thumbnail("cd" * 32, 160) is None
        assert cache.facts(SHA) is None


def test_a_second_thumbnail_replaces_the_first(folder: str) -> None:
    with Cache() as cache:
        cache.put_thumbnail(SHA, 160, b"old")
        cache.put_thumbnail(SHA, 160, b"new")
        assert cache.thumbnail(SHA, 160) == b"new"


def test_the_cache_lies_in_the_users_cache_folder_by_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SIL_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert "same-image-locator" in default_folder()


def test_nobody_else_may_look_into_the_cache_folder(folder: str) -> None:
    Cache().close()
    assert os.name == "nt" or os.stat(folder).st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"no database" * 500, b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_database_is_made_anew(content: bytes, folder: str) -> None:
    Path(folder).mkdir()
    Path(folder, FILE_NAME).write_bytes(content)
    assert remembers(folder)


def test_a_database_that_is_damaged_while_in_use_is_made_anew(folder: str) -> None:
    with Cache() as cache:
        for number in range(200):
            cache.put_thumbnail(f"{number:064x}", 160, bytes(2000))
    path = Path(folder, FILE_NAME)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))  # the first page still opens
    with Cache() as cache:
        assert cache.thumbnail(f"{7:064x}", 160) is None
        cache.put_thumbnail(SHA, 160, b"jpeg")
        assert cache.thumbnail(SHA, 160) == b"jpeg"


def test_a_database_of_another_version_is_made_anew(folder: str) -> None:
    assert remembers(folder)
    connection = sqlite3.connect(Path(folder, FILE_NAME))
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with Cache() as cache:
        assert cache.facts(SHA) is None
    assert remembers(folder)


def test_a_cache_that_has_outgrown_its_limit_starts_afresh(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remembers(folder)
    monkeypatch.setattr(module, "_LARGEST_BYTES", 100)
    with Cache() as cache:
        assert cache.facts(SHA) is None


def test_without_a_folder_to_write_in_there_is_no_cache_and_no_error(folder: str) -> None:
    Path(folder).write_text("in the way")
    with Cache() as cache:
        cache.put_thumbnail(SHA, 160, b"jpeg")
        assert cache.thumbnail(SHA, 160) is None


def test_a_folder_in_place_of_the_database_means_no_cache(folder: str) -> None:
    Path(folder, FILE_NAME).mkdir(parents=True)
    assert not remembers(folder)


def test_deleting_the_cache_under_a_running_program_is_harmless(folder: str) -> None:
    with Cache() as cache:
        cache.put_facts(SHA, FACTS)
        for name in os.listdir(folder):
            Path(folder, name).unlink()
        cache.put_thumbnail(SHA, 160, b"jpeg")
        cache.facts(SHA)
    assert remembers(folder)


def test_a_closed_cache_is_empty(folder: str) -> None:
    cache = Cache()
    cache.close()
    cache.put_facts(SHA, FACTS)
    assert cache.facts(SHA) is None


def test_many_threads_may_use_one_cache(folder: str) -> None:
    def work(number: int) -> bytes | None:
        cache.put_thumbnail(f"{number % 20:064x}", 160, bytes([number % 20]))
        return cache.thumbnail(f"{number % 20:064x}", 160)

    with Cache() as cache, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(work, range(400)))
    assert found == [bytes([number % 20]) for number in range(400)]


def test_two_runs_may_share_one_cache(folder: str) -> None:
    with Cache() as one, Cache() as other:
        one.put_facts(SHA, FACTS)
        assert other.facts(SHA) == FACTS
