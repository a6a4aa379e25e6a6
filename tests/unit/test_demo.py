"""The sample library is what it says it is: its copies are copies and nothing else is."""

import io
import os
from itertools import combinations

import imagehash
import pytest
from PIL import Image, ImageOps

from same_image_locator import demo

pytestmark = pytest.mark.xdist_group("demo")  # one worker paints the library, once

FACT_ORIENTATION, FACT_TAKEN, FACT_MODEL = 0x0112, 0x9003, 0x0110


@pytest.fixture(scope="module")
def library() -> dict[str, bytes]:
    files: dict[str, bytes] = {}

    def write(path: str, content: bytes) -> None:
        assert path not in files
        files[path] = content

    demo.build("", write)
    return files


def stored(path: str) -> str:
    return path.replace("/", os.sep)


def perceptual(content: bytes) -> imagehash.ImageHash:
    with Image.open(io.BytesIO(content)) as image:
        return imagehash.phash(ImageOps.exif_transpose(image))


def test_the_library_holds_forty_files_of_moderate_size(library: dict[str, bytes]) -> None:
    originals = {stored(original.path) for original in demo.ORIGINALS}
    assert set(library) == originals | {stored(copy.path) for copy in demo.known()}
    assert len(library) == 40
    assert sum(map(len, library.values())) < 25_000_000


def test_identical_copies_and_only_those_are_identical(library: dict[str, bytes]) -> None:
    for copy in demo.known():
        same = library[stored(copy.path)] == library[stored(copy.original)]
        assert same == (copy.kind == "identical"), copy.path
    copies = {stored(copy.path) for copy in demo.known() if copy.kind == "identical"}
    others = [content for path, content in library.items() if path not in copies]
    assert len(set(others)) == len(others)


def test_every_copy_looks_like_its_original_and_no_two_originals_look_alike(
    library: dict[str, bytes],
) -> None:
    prints = {path: perceptual(content) for path, content in library.items()}
    for copy in demo.known():
        distance = prints[stored(copy.path)] - prints[stored(copy.original)]
        assert distance <= 4, (copy.path, distance)
    for one, other in combinations(demo.ORIGINALS, 2):
        distance = prints[stored(one.path)] - prints[stored(other.path)]
        assert distance > 10, (one.path, other.path, distance)


def test_pictures_carry_their_facts_and_sideways_ones_their_orientation(
    library: dict[str, bytes],
) -> None:
    for original in demo.ORIGINALS:
        with Image.open(io.BytesIO(library[stored(original.path)])) as image:
            assert image.getexif()[FACT_MODEL] == original.camera[1]
            assert image.getexif().get_ifd(0x8769)[FACT_TAKEN] == original.taken
    sideways = [copy for copy in demo.known() if copy.kind == "sideways"]
    assert sideways
    for copy in sideways:
        with Image.open(io.BytesIO(library[stored(copy.path)])) as image:
            assert image.getexif()[FACT_ORIENTATION] == 6


def test_nothing_is_written_but_through_the_given_function() -> None:
    calls: list[str] = []

    def stop(path: str, content: bytes) -> None:
        calls.append(path)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.build("somewhere", stop)
    assert calls == [os.path.join("somewhere", "2019 Lake", "IMG_0412.jpg")]
    assert os.listdir() == []
