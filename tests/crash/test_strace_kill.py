"""A real SIGKILL at system calls that change the disk; the next start loses nothing.

By default a sample of the calls is tried; ``SIL_CRASH_POINTS=all`` tries every one of them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.bench import Bench, Scene, Tally, scenes
from crash.forking import Forker
from crash.killing import kill_everywhere
from crash.stories import STORIES
from crash.tracing import need_strace

pytestmark = pytest.mark.campaign

_POINTS = 0 if os.environ.get("SIL_CRASH_POINTS") == "all" else 25  # a story; 0 for all
_ON_ODD_DRIVES = 6  # points a story, where renames are done by other means


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    need_strace()
    with Forker() as one:
        yield one


@pytest.mark.parametrize("scene", [Scene(story) for story in STORIES], ids=str)
def test_a_kill_at_any_call_loses_nothing_and_the_next_start_ends_the_same(
    tmp_path: Path, forker: Forker, scene: Scene
) -> None:
    tally = Tally()
    kill_everywhere(Bench(tmp_path, forker), scene, tally, _POINTS)
    assert not tally.findings, str(tally)
    assert sum(tally.trials.values()) > 15, str(tally)


@pytest.mark.parametrize("scene", list(scenes([0], ["link"])), ids=str)
def test_nor_does_a_kill_where_no_call_renames_without_replacing(
    tmp_path: Path, forker: Forker, scene: Scene
) -> None:
    tally = Tally()
    kill_everywhere(Bench(tmp_path, forker), scene, tally, _ON_ODD_DRIVES)
    assert not tally.findings, str(tally)
    assert sum(tally.trials.values()) >= _ON_ODD_DRIVES, str(tally)
