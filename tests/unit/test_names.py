"""Names in group folders and names of files that come home: unique, short, allowed everywhere."""

import os
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from same_image_locator.journal import home_names, staged_name

# What a POSIX name may hold: any byte but the slash and zero.
names = st.binary(min_size=1, max_size=255).map(
    lambda raw: os.fsdecode(raw.replace(b"/", b"-").replace(b"\0", b"-"))
)


@given(st.integers(1, 99_999), names)
def test_a_staged_name_is_short_and_allowed_on_every_system(number: int, name: str) -> None:
    staged = staged_name(number, f"/photos/{name}")
    assert staged.startswith(f"{number:03}_")
    assert len(staged.encode("utf-8")) <= 120
    assert not set(staged) & set('<>:"/\\|?*\n\t\0')
    assert staged == staged.rstrip(". ")


def test_a_staged_name_keeps_what_a_person_recognises() -> None:
    assert staged_name(7, "/photos/Ägypten 2019.JPG") == "007_Ägypten 2019.JPG"


@given(names)
def test_home_names_begin_with_the_original_and_never_repeat(name: str) -> None:
    path = os.path.join("/photos", name)
    found = list(islice(home_names(path, "kept"), 12))
    assert found[0] == path
    assert len(set(found)) == 12
    assert all(len(os.fsencode(os.path.basename(one))) <= 255 for one in found)
    assert {os.path.dirname(one) for one in found} == {os.path.dirname(path)}


@pytest.mark.parametrize(
    ("path", "second"),
    [
        ("/p/IMG_1.jpg", "/p/IMG_1 (kept).jpg"),
        ("/p/noextension", "/p/noextension (kept)"),
        ("/p/.hidden", "/p/.hidden (kept)"),
    ],
)
def test_the_second_name_says_why(path: str, second: str) -> None:
    assert list(islice(home_names(path, "kept"), 3))[1] == second


def test_a_long_name_is_shortened_by_whole_characters() -> None:
    path = "/p/" + "ä" * 125 + ".jpg"
    second = list(islice(home_names(path, "kept"), 2))[1]
    assert second.endswith("ä (kept).jpg")
    assert len(os.fsencode(os.path.basename(second))) <= 255


def test_a_name_that_is_nearly_all_extension_has_siblings_too() -> None:
    first, second, third = islice(home_names("/a/b." + "x" * 250, "kept"), 3)
    assert len({first, second, third}) == 3
    assert all(len(os.path.basename(name)) <= 255 for name in (second, third))
