"""``sil cache`` and a second run, as a shell sees them."""

import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import pictures
from program import command, environment, sil
from same_image_locator.cache import Cache


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three photos, two of them the same."""
    for name, seed in (("a.jpg", 1), ("b.jpg", 1), ("c.jpg", 2)):
        pictures.photo(tmp_path / "photos" / name, seed)
    return tmp_path / "photos"


def told(*words: str) -> Any:
    ran = sil("cache", *words, "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    return json.loads(ran.stdout)


def known_and_new(photos: Path, mode: str = "phash") -> tuple[int, int]:
    """Scan, and return what the program says it knew and had to look at."""
    said = sil("scan", photos, "--mode", mode).stderr
    found = re.search(r"([\d,]+) known from earlier, ([\d,]+) new", said)
    assert found, said
    return int(found[1].replace(",", "")), int(found[2].replace(",", ""))


def test_a_second_scan_looks_at_nothing_and_finds_the_same(photos: Path) -> None:
    first = sil("scan", photos, "--mode", "phash")
    second = sil("scan", photos, "--mode", "phash")
    assert "0 known from earlier, 3 new" in first.stderr
    assert "3 known from earlier, 0 new" in second.stderr
    assert first.stdout == second.stdout
    assert first.returncode == second.returncode == 1


def test_stats_trim_and_clear_tell_what_is_kept_and_freed(photos: Path) -> None:
    assert told("stats")["fingerprints"] == 0
    sil("scan", photos, "--mode", "phash")
    sil("scan", photos, "--report", "json")  # where digests are told, they are made
    stats = told("stats")
    assert stats["folder"] == os.environ["SIL_CACHE_DIR"]
    assert (stats["fingerprints"], stats["digests"]) == (3, 2)
    assert 0 < stats["bytes"] < stats["limit_bytes"]
    assert told("trim")["fingerprints"] == 3
    assert told("trim", "--to", "1k")["fingerprints"] == 0
    assert told("clear")["freed_bytes"] > 0
    assert os.listdir(os.environ["SIL_CACHE_DIR"]) == []


def test_without_json_people_read_it(photos: Path) -> None:
    sil("scan", photos, "--mode", "phash")
    assert "3 fingerprints, 0 digests" in sil("cache").stdout
    assert "freed: " in sil("cache", "trim", "--to", "0").stdout
    assert "freed: " in sil("cache", "clear").stdout


def test_what_cannot_be_removed_is_told() -> None:
    Path(os.environ["SIL_CACHE_DIR"], "cache.sqlite3").mkdir(parents=True)
    ran = sil("cache", "clear")
    assert ran.returncode == 3
    assert "could not be removed" in ran.stdout


@pytest.mark.parametrize("size", ["", "5X", "M", "1.5G", "-1", "٣"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    ran = sil("cache", "trim", f"--to={size}")
    assert ran.returncode == 2
    assert "is not a size" in ran.stderr


@pytest.mark.parametrize("mode", ["exact", "phash"])
def test_deleting_the_cache_between_two_scans_changes_nothing(mode: str, photos: Path) -> None:
    first = sil("scan", photos, "--mode", mode)
    sil("cache", "clear")
    assert sil("scan", photos, "--mode", mode).stdout == first.stdout


def _keep_on_one_core(process: "subprocess.Popen[bytes]") -> None:
    """Make a scan last longer: on several cores it might end before it is killed."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, sorted(os.sched_getaffinity(0))[:1])


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")
def test_a_scan_that_is_killed_has_lost_only_what_was_not_yet_committed(tmp_path: Path) -> None:
    for number in range(10):
        pictures.photo(tmp_path / "photos" / f"{number}.jpg", number)
    large = tmp_path / "photos" / "large.png"
    Image.linear_gradient("L").resize((9000, 9000)).save(large, compress_level=1)
    for number in range(29):  # commits are a second apart, and each of these takes a fifth
        shutil.copy(large, tmp_path / "photos" / f"large {number}.png")
    with subprocess.Popen(
        command("scan", tmp_path / "photos", "--mode", "phash"),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as scan:
        _keep_on_one_core(scan)
        committed = 0
        while not committed and scan.poll() is None:
            with Cache() as cache:
                committed = cache.stats().fingerprints
        scan.kill()
    assert scan.returncode == -signal.SIGKILL
    known, new = known_and_new(tmp_path / "photos")
    assert known + new == 40
    assert committed <= known < 40
