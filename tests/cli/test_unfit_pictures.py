"""Flat, tiny and damaged pictures look like many others: only their bytes are compared."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import pictures
from program import sil

# At this threshold everything that has a perceptual fingerprint is in one group.
EVERYTHING = "64"
FIT = {"small.png", "narrow.png", "photo.jpg", "almost flat.png"}


def library(root: Path) -> Path:
    """Write pictures that are fit for a look and some that are not, each with a copy."""
    root.mkdir()
    for name, size in (
        ("small.png", (32, 8)),
        ("narrow.png", (8, 300)),
        ("photo.jpg", (160, 120)),
        ("low.png", (300, 7)),
        ("short.png", (31, 31)),
        ("dot.png", (1, 1)),
    ):
        pictures.photo(root / name, 1, size=size)
    for name in ("black.png", "white.jpg", "grey.webp", "blue.tif", "sky.heic"):
        pictures.encoded(format="HEIF")  # teaches Pillow to write it
        Image.new(
            "RGB", (640, 480), {"white.jpg": "white", "black.png": "black"}.get(name, "#345")
        ).save(root / name)
    Image.new("RGBA", (640, 480), (9, 200, 30, 0)).save(root / "unseen.png")
    hidden = pictures.picture(5, (640, 480)).convert("RGBA")
    hidden.putalpha(0)
    hidden.save(root / "hidden.png")
    nearly = Image.new("L", (640, 480), 100)
    nearly.paste(140, (0, 0, 320, 480))
    nearly.save(root / "almost flat.png")
    for suffix, left in ((".jpg", 60), (".png", 60), (".gif", 60), (".tif", 90), (".bmp", 60)):
        whole = pictures.encoded(7, (640, 480), format=pictures.FORMATS[suffix])
        (root / f"cut{suffix}").write_bytes(whole[: len(whole) * left // 100])
    for path in list(root.iterdir()):
        (root / f"copy of {path.name}").write_bytes(path.read_bytes())
    return root


def report(root: Path, *words: str) -> Any:
    done = sil("scan", root, "--json", "-", *words)
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout)


def with_copies(names: set[str]) -> set[str]:
    return names | {f"copy of {name}" for name in names}


@pytest.mark.parametrize("mode", ["ahash", "phash"])
def test_they_are_named_and_in_no_perceptual_group(tmp_path: Path, mode: str) -> None:
    root = library(tmp_path / "photos")
    for _again in range(2):  # the second time all is known from the first
        found = report(root, "--mode", mode, "--threshold", EVERYTHING)
        [group] = found["groups"]
        names = {os.path.basename(file["path"]) for file in group["files"]}
        assert names == with_copies(FIT)
        named = {os.path.basename(problem["path"]) for problem in found["problems"]}
        assert named == set(os.listdir(root)) - names


def test_each_is_grouped_with_its_copy_by_its_bytes(tmp_path: Path) -> None:
    root = library(tmp_path / "photos")
    found = report(root, "--mode", "exact")
    groups = sorted(
        sorted(os.path.basename(file["path"]) for file in group["files"])
        for group in found["groups"]
    )
    originals = [name for name in os.listdir(root) if not name.startswith("copy of ")]
    assert groups == sorted(sorted([name, f"copy of {name}"]) for name in originals)
    assert found["problems"] == []
