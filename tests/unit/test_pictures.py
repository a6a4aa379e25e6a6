"""The tests' own pictures and trees are what they claim to be."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

import pictures


def test_the_same_seed_is_the_same_content(photo: Callable[..., str]) -> None:
    one, same, other = photo("a.jpg", 1), photo("b.jpg", 1), photo("c.jpg", 2)
    assert Path(one).read_bytes() == Path(same).read_bytes() != Path(other).read_bytes()


@pytest.mark.parametrize("suffix", pictures.FORMATS)
def test_every_format_can_be_written_and_read(suffix: str, photo: Callable[..., str]) -> None:
    with Image.open(photo(f"a{suffix}", size=(64, 48))) as image:
        assert image.size == (64, 48)
        assert image.format == pictures.FORMATS[suffix]


def test_facts_go_into_the_exif(photo: Callable[..., str]) -> None:
    with Image.open(photo("a.jpg", orientation=6, taken="2019:07:14 18:03:22")) as image:
        exif = image.getexif()
        assert exif[0x0112] == 6
        assert exif.get_ifd(0x8769)[0x9003] == "2019:07:14 18:03:22"


def test_a_drawing_becomes_real_files(tree: Callable[[str], Path]) -> None:
    root = tree("""
        holiday/
          a.jpg @7
          deep/
            copy.jpg @7
          soft.jpg -> a.jpg
        notes.txt: hello
        empty.jpg:
        hard.jpg => holiday/a.jpg
    """)
    original = root / "holiday/a.jpg"
    assert (root / "holiday/deep/copy.jpg").read_bytes() == original.read_bytes()
    assert (root / "holiday/soft.jpg").is_symlink()
    assert (root / "hard.jpg").samefile(original)
    assert (root / "notes.txt").read_text() == "hello"
    assert (root / "empty.jpg").stat().st_size == 0
