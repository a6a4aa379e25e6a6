"""Any system call may fail, once or for good: nothing is lost, and a person is told in a line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.bench import Bench, Scene, Tally
from crash.erring import fail_everywhere
from crash.forking import Forker
from crash.stories import STORIES
from crash.tracing import need_strace

pytestmark = pytest.mark.campaign

_TRIALS = 12


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    need_strace()
    with Forker() as one:
        yield one


@pytest.mark.parametrize("scene", [Scene(story) for story in STORIES], ids=str)
def test_a_failing_call_loses_nothing_and_the_run_can_go_on_or_be_undone(
    tmp_path: Path, forker: Forker, scene: Scene
) -> None:
    tally = Tally()
    fail_everywhere(Bench(tmp_path, forker), scene, tally, _TRIALS)
    assert not tally.findings, str(tally)
    assert sum(tally.trials.values()) > _TRIALS // 2, str(tally)
