"""Plays the whole campaign of simulated power cuts and prints how many states it judged.

python -m crash.sim_campaign [STATES]
"""

import itertools
import random
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from crash.sim_disk import SimKernel
from crash.sim_judge import complaints
from crash.sim_models import MODELS, Model, Past, Remains, remains
from crash.sim_play import LIVES, Mark, Tree, live, undo
from crash.sim_worlds import build

_AFTER_A_DEATH = 6


@dataclass
class Tally:
    """How many states were judged, after one cut and after two, and what was wrong with them."""

    first: int = 0
    second: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def states(self) -> int:
        """All states judged."""
        return self.first + self.second

    def add(self, where: str, found: list[str]) -> None:
        """Count one state's complaints, the worst of them."""
        if found:
            self.wrong[found[0].split(":")[0]] += 1
            if len(self.examples) < 5:
                self.examples.append(f"{where}: {found[0]}")


@dataclass(frozen=True)
class Scope:
    """How many states one life is worth: drawn by chance at each cut, and after each of them."""

    cap: int = 6
    seconds: int = 2


def ends(seed: int, name: str) -> list[Tree]:
    """Return what the steps of a life come to without any cut."""
    return [mark.tree for mark in live(build(seed), LIVES[name])[1]]


def play(
    seed: int, name: str, model: Model, scope: Scope, tally: Tally, promised: list[Tree]
) -> None:
    """Cut one life of one world everywhere, in every way that the model knows."""
    chance = random.Random(f"{seed} {name} {model}")
    disk, marks = live(build(seed), LIVES[name])
    past = Past(disk)
    for mark in (replace(m, tree=end) for m, end in zip(marks, promised, strict=True)):
        seen: set[Remains] = set()
        for at in range(mark.start, mark.end + 1):
            for left in remains(model, past, at, scope.cap, chance):
                if left not in seen:
                    seen.add(left)
                    where = f"{name}, world {seed}, {model}, cut {at}"
                    cut = _after(past, model, left, at)
                    tally.first += 1
                    tally.add(where, complaints(cut, mark, mark.act, undo))
                    _cut_again(cut, mark, scope, chance, tally, where)


def _after(past: Past, model: Model, left: Remains, at: int) -> SimKernel:
    """Return the disk after a cut: only a death of the process keeps what may yet be forgotten."""
    image = past.image(left)
    return SimKernel(past.base, past.log[:at], image) if model == "kill" else SimKernel(image)


def _cut_again(
    cut: SimKernel, mark: Mark, scope: Scope, chance: random.Random, tally: Tally, where: str
) -> None:
    """Cut the recovery too, in ``scope.seconds`` ways drawn by chance."""
    act = chance.choice((mark.act, undo))
    going_on = cut.fork()
    start = len(going_on.log)
    with suppress(Exception):  # the first cut's judgement has told it
        act(mark.world, going_on)
    past = Past(going_on)
    # A dead process leaves one state, and memory that a power cut may take away after all.
    seconds = scope.seconds * (_AFTER_A_DEATH if start else 1)
    for _ in range(seconds if len(past.log) > start else 0):
        model = chance.choice(MODELS)
        at = chance.randint(start, len(past.log))
        left = chance.choice(list(remains(model, past, at, 2, chance)))
        tally.second += 1
        found = complaints(_after(past, model, left, at), mark, act)
        tally.add(f"{where}, then {model} in {act.__name__} at {at - start}", found)


def campaign(
    states: int, seeds: Iterable[int], lives: Iterable[str] = LIVES, scope: Scope = Scope()
) -> dict[tuple[str, Model], Tally]:
    """Play these lives in one world after another, until so many states are judged.

    Every life is cut in every model, and no part of one is left out.
    """
    tallies = {(name, model): Tally() for name in lives for model in MODELS}
    for seed in seeds:
        for (name, model), tally in tallies.items():
            play(seed, name, model, scope, tally, ends(seed, name))
            judged = sum(one.states for one in tallies.values())
            if judged >= states and all(one.first for one in tallies.values()):
                return tallies
    return tallies


def main(states: int) -> int:
    """Print the campaign's table; the exit code is 0 when nothing was wrong."""
    tallies = campaign(states, itertools.count())
    print(
        f"{'life':36}{'model':8}{'1 cut':>9}{'2 cuts':>9}{'lost':>6}{'misplaced':>11}{'stuck':>7}"
    )
    for (name, model), tally in tallies.items():
        counts = f"{tally.first:9,}{tally.second:9,}"
        wrong = [tally.wrong[kind] for kind in ("lost", "misplaced", "stuck")]
        print(f"{name:36}{model:8}{counts}{wrong[0]:6}{wrong[1]:11}{wrong[2]:7}")
        for example in tally.examples:
            print(f"    {example}")
    total = sum(tally.states for tally in tallies.values())
    found = sum(tally.wrong.total() for tally in tallies.values())
    print(f"{total:,} states, {found} of them not as promised")
    return min(found, 1)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else 50_000))
