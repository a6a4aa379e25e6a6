"""The tripwire itself: it fires on the program's hands outside the journal, and only then."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tripwire import PACKAGE, TrippedError, Tripwire

CHANGES = {
    "rename": "os.rename(a, a + '.new')",
    "replace": "os.replace(a, a + '.new')",
    "remove": "os.remove(a)",
    "Path.unlink": "Path(a).unlink()",
    "Path.write_text": "Path(a).write_text('x')",
    "open for appending": "open(a, 'ab').close()",
    "os.open for writing": "os.open(a, os.O_RDWR)",
    "mkdir": "os.mkdir(a + '.folder')",
    "hard link": "os.link(a, a + '.link')",
    "symbolic link": "os.symlink(a, a + '.link')",
    "truncate": "os.truncate(a, 0)",
    "utime": "os.utime(a)",
    "move": "shutil.move(a, a + '.new')",
    "copy over": "shutil.copyfile(__import__('sys').executable, a)",
    "rmtree": "shutil.rmtree(os.path.dirname(a))",
    "remove by descriptor": (
        "os.remove(os.path.basename(a), dir_fd=os.open(os.path.dirname(a), os.O_RDONLY))"
    ),
}


def run_as(module: str, code: str, path: str) -> None:
    """Run ``code`` as if it stood in ``module``, named from the package's folder."""
    source = compile(code, os.path.normpath(PACKAGE / module), "exec")
    exec(source, {"os": os, "Path": Path, "shutil": __import__("shutil"), "a": path})


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_outside_the_journal_is_stopped(
    change: str, photo: Callable[..., str], tripwire: Tripwire
) -> None:
    path = photo("a.jpg")
    before = Path(path).read_bytes()
    with pytest.raises(TrippedError):
        run_as("web_review/api.py", change, path)
    assert Path(path).read_bytes() == before
    assert tripwire.tripped
    tripwire.tripped.clear()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_journal_and_the_tests_may_change_files(
    change: str, photo: Callable[..., str], tripwire: Tripwire
) -> None:
    run_as("journal/kernel.py", change, photo("a.jpg"))
    run_as("../../tests/somewhere.py", change, photo("b.jpg"))
    assert not tripwire.tripped


def test_reading_reports_and_the_cache_are_free(
    photo: Callable[..., str], tmp_path: Path, tripwire: Tripwire
) -> None:
    run_as("scan.py", "open(a, 'rb').close()", photo("a.jpg"))
    run_as("cli.py", "open(a, 'w').close()", str(tmp_path / "report.json"))
    run_as("cache.py", "os.makedirs(a)", os.environ["SIL_CACHE_DIR"])
    assert not tripwire.tripped
