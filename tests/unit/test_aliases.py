"""One file's names: hard links, spellings, and mounts as the kernel's table tells them."""

import os
from pathlib import Path

import pytest

from same_image_locator.aliases import drive, folded, mount_points, one_per_file
from same_image_locator.model import Identity, Photo
from same_image_locator.photos import Photos


def photo(path: str, inode: int) -> Photo:
    return Photo(path, Identity(1, inode, 10, 10))


def names(*photos: Photo) -> tuple[list[str], list[tuple[str, str]]]:
    kept, others = one_per_file(Photos.of(photos))
    return [each.path for each in kept], others


def test_of_the_names_of_one_file_the_first_in_order_stays() -> None:
    found = names(photo("/p/b.jpg", 7), photo("/p/a.jpg", 7), photo("/p/c.jpg", 8))
    assert found == (["/p/a.jpg", "/p/c.jpg"], [("/p/b.jpg", "/p/a.jpg")])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/p/Whatsapp/a.jpg", "/p/WhatsApp/A.JPG"),
        ("/p/caf\u00e9.jpg", "/p/cafe\u0301.jpg"),
        ("/p/CAFE\u0301.jpg", "/p/caf\u00e9.jpg"),
        ("/p/stra\u00dfe.jpg", "/p/STRASSE.jpg"),
    ],
)
def test_without_inode_numbers_two_spellings_are_one_file(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    assert len(names(photo(one, 0), photo(other, 0))[0]) == 1
    # Where files are numbered, the numbers say that these are two.
    assert len(names(photo(one, 5), photo(other, 6))[0]) == 2


def test_without_inode_numbers_other_names_are_other_files() -> None:
    assert len(names(photo("/p/a.jpg", 0), photo("/p/b.jpg", 0), photo("/p/\udcff.jpg", 0))[0]) == 3


def test_the_mount_table_is_read_with_its_escapes(tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.write_bytes(
        b"21 1 8:1 / / rw - ext4 /dev/sda rw\n"
        b"22 21 8:1 /x /mnt/my\\040photos\\011\\012\\134040 rw - ext4 /dev/sda rw\n"
        b"23 21 8:1 /x /mnt/\xff rw - ext4 /dev/sda rw\n"
        b"not a line\n"
    )
    assert mount_points(str(table)) == {"/", "/mnt/my photos\t\n\\040", "/mnt/\udcff"}


def test_a_system_without_the_table_knows_no_mounts(tmp_path: Path) -> None:
    assert mount_points(str(tmp_path / "none")) == frozenset()


def test_a_drive_is_the_device_and_the_nearest_mount_above(tmp_path: Path) -> None:
    inner = tmp_path / "in" / "deep"
    inner.mkdir(parents=True)
    device = os.stat(tmp_path).st_dev
    assert drive(str(inner), frozenset([str(tmp_path), "/"])) == (device, str(tmp_path))
    assert drive(str(inner), frozenset([str(inner), "/"])) == (device, str(inner))
    assert drive(str(inner), frozenset()) == (device, "")
