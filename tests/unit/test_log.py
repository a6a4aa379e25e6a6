"""The journal's file: whole lines count, a torn tail does not, damage in the middle stops."""

from pathlib import Path

import pytest

from same_image_locator.errors import ExitCode, JournalDamagedError
from same_image_locator.journal.kernel import RealKernel
from same_image_locator.journal.log import Log


def log_of(folder: Path) -> Log:
    return Log(str(folder), RealKernel())


def test_records_come_back_in_order(tmp_path: Path) -> None:
    log_of(tmp_path).append([{"op": "begin"}, {"path": "a\udcffb\n\t"}])
    log_of(tmp_path).append([{"op": "done"}])
    assert log_of(tmp_path).load() == [{"op": "begin"}, {"path": "a\udcffb\n\t"}, {"op": "done"}]


def test_the_file_is_plain_text_that_less_can_show(tmp_path: Path) -> None:
    log_of(tmp_path).append([{"path": "Ägypten\n"}])
    text = (tmp_path / ".journal.jsonl").read_bytes()
    assert text.isascii()
    assert text.count(b"\n") == 1


def test_a_torn_tail_counts_as_never_written_and_is_cut_off(tmp_path: Path) -> None:
    log_of(tmp_path).append([{"n": 1}])
    with (tmp_path / ".journal.jsonl").open("ab") as file:
        file.write(b'0123456789abcdef {"n":')
    log = log_of(tmp_path)
    assert log.load() == [{"n": 1}]
    log.append([{"n": 2}])
    assert log_of(tmp_path).load() == [{"n": 1}, {"n": 2}]


def test_damage_in_the_middle_is_named_and_never_skipped(tmp_path: Path) -> None:
    log_of(tmp_path).append([{"n": 1}, {"n": 2}, {"n": 3}])
    path = tmp_path / ".journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"n":2', b'"n":7'))
    with pytest.raises(JournalDamagedError, match="line 2 of") as caught:
        log_of(tmp_path).load()
    assert caught.value.exit_code == ExitCode.NEEDS_RECOVERY


def test_a_missing_journal_has_no_records(tmp_path: Path) -> None:
    assert log_of(tmp_path).load() == []
