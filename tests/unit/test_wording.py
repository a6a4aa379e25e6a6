"""How names, counts and sizes read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from same_image_locator.wording import disk_trouble, duration_words, plural, printable, size_words


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("plain name.jpg", "plain name.jpg"),
        ("Grüße 写真 صورة 🏔.jpg", "Grüße 写真 صورة 🏔.jpg"),
        ("two\nlines\tand\rtab", r"two\nlines\tand\rtab"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("photo\u202egpj.exe", r"photo\u202egpj.exe"),
        ("caf\udce9.jpg", r"caf\xe9.jpg"),
        ("line\u2028break", r"line\u2028break"),
        ("family 👨‍👩‍👧.jpg", "family 👨‍👩‍👧.jpg"),
        ("tag\U000e0041", r"tag\U000e0041"),
        (r"C:\Users\photos", r"C:\Users\photos"),
    ],
)
def test_a_name_is_shown_with_only_the_dangerous_characters_escaped(path: str, shown: str) -> None:
    assert printable(path) == shown


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_whatever_the_name_its_shown_form_can_be_encoded_and_stays_on_one_line(path: str) -> None:
    shown = printable(path)
    shown.encode("utf-8")
    assert len(shown.splitlines()) <= 1
    assert "\x1b" not in shown


def test_counts_agree_with_their_nouns() -> None:
    assert plural(0, "photo") == "0 photos"
    assert plural(1, "photo") == "1 photo"
    assert plural(12_345, "photo") == "12,345 photos"
    assert plural(2, "copy", "copies") == "2 copies"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (3_200_000_000, "3.2 GB"),
        (5 * 10**18, "5000.0 PB"),
    ],
)
def test_sizes_are_told_in_decimal_units(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("/photos/\x1b[2J.jpg", r": /photos/\x1b[2J.jpg"),
        (b"/a.jpg", ": /a.jpg"),
        (7, ""),
        (None, ""),
    ],
)
def test_trouble_with_the_disk_is_one_line_with_the_place_if_it_is_known(
    name: Any, where: str
) -> None:
    trouble = OSError(28, "No space left on device", name)
    assert disk_trouble(trouble).startswith(f"No space left on device{where}. The run had to stop")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (62, "1 min"),
        (198, "3 min 20 s"),
        (599, "10 min"),
        (1_471, "25 min"),
        (3_600, "1 h"),
        (7_500, "2 h 5 min"),
    ],
)
def test_a_time_to_wait_is_told_no_more_exactly_than_it_is_known(
    seconds: float, words: str
) -> None:
    assert duration_words(seconds) == words
