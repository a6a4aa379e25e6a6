"""Fingerprints that would fill the memory wait in a file, and come back as they were put."""

import os
import resource
from pathlib import Path

import pytest

from same_image_locator.cache import Cache, Spool
from same_image_locator.fingerprint import examine, pool
from same_image_locator.model import Method
from sample_pictures import scanned, write_photo

PIECES = [os.urandom(1000) for _ in range(50)]


def filled(folder: str) -> Spool:
    spool = Spool(folder, len(PIECES), 1000)
    for place in reversed(range(0, len(PIECES), 2)):
        spool.put(place, PIECES[place])
    return spool


def expected() -> bytes:
    return b"".join(piece if at % 2 == 0 else bytes(1000) for at, piece in enumerate(PIECES))


def test_pieces_lie_in_their_places_and_the_file_has_no_name() -> None:
    with Cache() as cache:
        spool = filled(cache.folder)
        assert spool.pieces() == expected()
        assert not os.path.isdir(cache.folder) or not os.listdir(cache.folder)


def test_without_a_folder_memory_must_do() -> None:
    with Cache() as cache:
        os.makedirs(cache.folder)
        (Path(cache.folder) / "file").touch()
        assert filled(os.path.join(cache.folder, "file", "folder")).pieces() == expected()


def test_a_full_drive_loses_nothing() -> None:
    with Cache() as cache:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
        try:
            assert filled(cache.folder).pieces() == expected()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_signatures_are_the_same_wherever_they_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [scanned(write_photo(tmp_path / f"{seed}.jpg", seed)) for seed in range(4)]
    (tmp_path / "letter.jpg").write_text("Dear Anna,")
    photos.insert(1, scanned(tmp_path / "letter.jpg"))
    in_memory, _ = examine(photos, Method("similar"), lambda _: None)
    monkeypatch.setattr(pool, "_MOST_IN_MEMORY", 0)
    in_a_file, problems = examine(photos, Method("similar"), lambda _: None)
    assert list(in_a_file) == list(in_memory)
    assert len(in_a_file) == 4
    assert [problem.path for problem in problems] == [str(tmp_path / "letter.jpg")]
