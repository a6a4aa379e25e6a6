"""The simulated power cut, in every way that three models know: nothing is lost, and all goes on.

This is a part of the campaign; ``make crash-sim STATES=1000000`` plays as much as is asked.
"""

import itertools

import pytest

from crash.sim_campaign import Scope, campaign
from crash.sim_play import LIVES

pytestmark = pytest.mark.campaign

_STATES = 25_000
# Small worlds first: of the first one every life is played whole, and it has a reference. Fewer
# states of each cut leave room for a second world.
_WORLDS = (33, 7, 29, 6, 10, 2, 8, 12, 5, 4, 9, 3)
_SCOPE = Scope(cap=2, seconds=1)


@pytest.mark.parametrize("far", [False, True], ids=["same drive", "copies on another drive"])
def test_no_power_cut_loses_a_photo_or_leaves_a_run_stuck(far: bool) -> None:
    lives = [name for name, life in LIVES.items() if life.far == far]
    worlds = itertools.chain(_WORLDS, itertools.count(14))
    tallies = campaign(_STATES, worlds, lives, _SCOPE)
    assert sum(tally.states for tally in tallies.values()) >= _STATES
    assert all(tally.first for tally in tallies.values())
    found = [example for tally in tallies.values() for example in tally.examples]
    assert not found, "\n".join(found)
