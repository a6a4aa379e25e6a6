"""What was told apart: kept on the drive, taken back, and never a reason for a run to fail."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from program import environment
from same_image_locator import apart
from same_image_locator.apart import Said
from same_image_locator.events import Event, Noted

A, B, C, D = (letter * 64 for letter in "abcd")


@pytest.fixture
def file() -> Path:
    return Path(os.environ["SIL_DATA_DIR"], "not-duplicates.sqlite3")


def said(*parts: str) -> list[Said]:
    """Return a statement: a word of contents for each part."""
    return [
        Said(f"/p/{content}.jpg", content * 64, 7, part)
        for part, contents in enumerate(parts)
        for content in contents
    ]


def notes(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Noted)]


def test_who_only_asks_makes_no_file() -> None:
    assert not apart.known()
    assert apart.statements() == []
    apart.forget([1])
    assert not os.path.exists(os.environ["SIL_DATA_DIR"])


def test_a_part_is_apart_from_each_other_part_and_never_from_itself() -> None:
    apart.remember(said("ab", "c"))
    known = apart.known()
    assert known.apart(A, C)
    assert known.apart(C, B)
    assert not known.apart(A, B)
    assert not known.apart(A, A)
    assert not known.apart(A, D)
    assert not known.apart("", "")
    assert known.divided([A, B, C, D]) == [[0, 1, 3], [2]]
    assert known.divided([C, A, "", B]) == [[0, 2], [1, 3]]
    assert known.disputed([D, B, C])
    assert not known.disputed([A, B, A, D])
    assert known.sizes == {7}


def test_what_two_statements_say_holds_until_both_are_taken_back() -> None:
    first, second = apart.remember(said("a", "b")), apart.remember(said("a", "b", "c"))
    assert [one.number for one in apart.statements()] == [second, first]
    apart.forget([second])
    assert apart.known().apart(A, B)
    assert not apart.known().apart(A, C)
    apart.forget([first, first, 99])
    assert not apart.known()
    assert apart.remember(said("a", "b")) > second, "no number ever names another statement"


def test_a_statement_tells_where_its_files_lay_whatever_their_names() -> None:
    files = [Said("/p/\udcff\n.jpg", A, 1, 0), Said("/p/b.jpg", B, 1 << 40, 1)]
    number = apart.remember(files)
    [one] = apart.statements()
    assert (one.number, one.files) == (number, tuple(files))


def test_two_runs_at_once_lose_nothing_of_each_other() -> None:
    program = (
        "from same_image_locator import apart\n"
        "from same_image_locator.apart import Said\n"
        "for n in range(20):\n"
        "    apart.remember([Said('/x', 'ab' * 32, 1, 0), Said('/y', 'cd' * 32, 1, 1)])\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", program], env=environment()) for _ in range(2)]
    assert [run.wait(60) for run in both] == [0, 0]
    found = apart.statements()
    assert len({one.number for one in found}) == 40
    assert all(len(one.files) == 2 for one in found)


def test_a_damaged_memory_is_set_aside_and_told_and_none_takes_anothers_place(file: Path) -> None:
    file.parent.mkdir()
    for number, name in enumerate((".damaged", ".damaged-2")):
        file.write_bytes(b"no database at all %d " % number * 99)
        told: list[Event] = []
        assert not apart.known(told.append)
        [line] = notes(told)
        assert "the memory of what you told apart was damaged" in line
        assert f"set aside as {file.name}{name}, begun anew" in line
        assert Path(f"{file}{name}").read_bytes() == b"no database at all %d " % number * 99
    assert len(list(file.parent.glob("*.damaged*"))) == 2
    apart.remember(said("a", "b"))
    assert apart.known().apart(A, B)


def test_what_another_version_has_written_is_not_thrown_away(file: Path) -> None:
    apart.remember(said("a", "b"))
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    told: list[Event] = []
    assert not apart.known(told.append)
    assert "not of this version of the program" in notes(told)[0]
    with sqlite3.connect(f"{file}.damaged") as connection:
        assert connection.execute("SELECT count(*) FROM said").fetchone() == (2,)
    connection.close()


def test_what_cannot_be_kept_is_not_told_to_be(file: Path) -> None:
    file.parent.write_text("a file where the folder would be")
    with pytest.raises(OSError, match="cannot be written"):
        apart.remember(said("a", "b"))
    assert not apart.known()


def test_what_cannot_be_taken_back_is_still_there(file: Path) -> None:
    number = apart.remember(said("a", "b"))
    with sqlite3.connect(file) as connection:
        overflow = f"SELECT abs({-(1 << 63)})"
        connection.execute(f"CREATE TRIGGER no BEFORE DELETE ON said BEGIN {overflow}; END")
    connection.close()
    with pytest.raises(OSError, match="cannot be written"):
        apart.forget([number])
    assert apart.known().apart(A, B)
