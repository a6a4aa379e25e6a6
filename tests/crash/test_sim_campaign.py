"""The simulated power cut, in every way that three models know: nothing is lost, and all goes on.

This is a part of the campaign; ``make crash-sim STATES=1000000`` plays as much as is asked.
"""

import itertools

import pytest

from crash.sim_campaign import campaign

_STATES = 25_000
# Small worlds first: each is played whole before the states are counted.
_WORLDS = ((7, 10, 8, 5, 9), (6, 2, 12, 4, 3))


@pytest.mark.parametrize("half", [0, 1])
def test_no_power_cut_loses_a_photo_or_leaves_a_run_stuck(half: int) -> None:
    tallies = campaign(_STATES, itertools.chain(_WORLDS[half], itertools.count(14 + half, 2)))
    assert sum(tally.states for tally in tallies.values()) >= _STATES
    assert all(tally.first for tally in tallies.values())
    found = [example for tally in tallies.values() for example in tally.examples]
    assert not found, "\n".join(found)
