"""Folders are listed the same by one process or several, and a lister may die at any moment."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from program import command, environment
from same_image_locator import listing
from same_image_locator.listing import listed


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a run lists by itself")
@pytest.mark.parametrize("when", ["never", "before", "meanwhile"])
def test_listers_find_what_one_process_finds_even_when_they_die(tmp_path: Path, when: str) -> None:
    for number in range(60):
        folder = tmp_path / f"{number % 7}" / f"{number}\udcff"
        folder.mkdir(parents=True)
        for name in range(number):
            (folder / f"{name}.jpg").touch()
    done = subprocess.run(
        command(str(tmp_path), when, module="listing_child"),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "68 folders\n", done.stderr


def test_names_are_sorted_by_their_bytes_and_stand_beside_their_figures(tmp_path: Path) -> None:
    for name in ("\udcff.jpg", "é.jpg", "b", "a"):
        (tmp_path / name).write_bytes(os.fsencode(name))
    found = listed(str(tmp_path))
    assert list(found.names) == sorted(found.names, key=os.fsencode)
    assert [len(os.fsencode(name)) for name in found.names] == list(found.sizes)
    assert [os.stat(tmp_path / name).st_ino for name in found.names] == list(found.inodes)


def test_a_system_that_knows_no_open_folders_tells_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.jpg").symlink_to("a.jpg")
    (tmp_path / "a.jpg").write_bytes(b"a")
    by_handle = listed(str(tmp_path))
    monkeypatch.setattr(listing, "_IS_OPENED", False)
    assert listed(str(tmp_path)) == by_handle
    assert by_handle.names == ("a.jpg", "b.jpg")


def test_what_cannot_be_listed_is_told(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    assert listed(gone).troubles == ((gone, "No such file or directory"),)


def test_a_file_that_vanishes_before_it_is_asked_about_costs_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).touch()
    ask = listing._statuses

    def statuses(folder: int | str, names: Iterable[str]) -> list[os.stat_result]:
        if "b" in names:  # only the answer can be changed here: no test removes a file
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return ask(folder, names)

    monkeypatch.setattr(listing, "_statuses", statuses)
    found = listed(str(tmp_path))
    assert found.names == ("a", "c")
    assert list(found.inodes) == [(tmp_path / name).stat().st_ino for name in "ac"]
    assert found.troubles == ((f"{tmp_path}/b", "No such file or directory"),)


def test_files_that_a_system_numbers_with_more_than_64_bits_keep_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").touch()
    wide = 1 << 100

    def statuses(_folder: int | str, names: Iterable[str]) -> list[os.stat_result]:
        told = [os.stat(tmp_path / name) for name in names]
        figures = [
            ((one.st_mode, wide, *one[2:]), {"st_mtime_ns": one.st_mtime_ns}) for one in told
        ]
        return [os.stat_result(*one) for one in figures]

    monkeypatch.setattr(listing, "_statuses", statuses)
    ours, theirs = listed(str(tmp_path)), listing._received(listing.listings_of([str(tmp_path)])[0])
    assert list(ours.inodes) == list(theirs.inodes) == [wide]
