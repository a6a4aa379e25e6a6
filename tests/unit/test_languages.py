"""Each language of the page has all of its words, and no others; values stand in each of them."""

import json
import re
from typing import Any

import pytest

import page_words

_VALUE = re.compile(r"\{\d\}")
FILES = {file.name: file for file in (page_words.STATIC / "languages").iterdir()}
TEXTS = [(name, part) for name in sorted(FILES) for part in ("texts", "phrases")]


def catalogue(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FILES[name].read_text())
    return read


def test_german_is_there() -> None:
    assert "de.json" in FILES


@pytest.mark.parametrize("name", sorted(FILES))
def test_it_has_the_words_of_the_page_and_no_others(name: str) -> None:
    known = set(catalogue(name)["texts"])
    assert page_words.keys() - known == set(), "not translated yet"
    assert known - page_words.keys() == set(), "no longer said by the page"


@pytest.mark.parametrize("name", sorted(FILES))
def test_it_says_how_it_is_written(name: str) -> None:
    read = catalogue(name)
    assert set(read) == {"direction", "thousands", "decimal", "texts", "phrases"}
    assert read["direction"] in {"ltr", "rtl"}


@pytest.mark.parametrize(("name", "part"), TEXTS)
def test_each_value_and_each_end_is_kept(name: str, part: str) -> None:
    """A space at an end parts it from what stands beside it."""
    for english, words in catalogue(name)[part].items():
        assert sorted(_VALUE.findall(english)) == sorted(_VALUE.findall(words)), english
        for at in (0, -1):
            assert (english[at] == " ") == (words[at] == " "), english
        assert (" | " in english) == (" | " in words), english


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_phrase_takes_the_place_of_another(name: str) -> None:
    """The page takes the first that fits, and "{0} file" fits more than it means."""
    phrases = list(catalogue(name)["phrases"])
    patterns = [
        re.compile("(.+)".join(map(re.escape, _VALUE.split(english)))) for english in phrases
    ]
    for english in phrases:
        example = _VALUE.sub("/photos/a.jpg", english)
        fitting = (place for place, one in enumerate(patterns) if one.fullmatch(example))
        assert phrases[next(fitting)] == english
