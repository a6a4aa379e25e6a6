"""The command of the campaigns with real processes: kills, errors, full drives; prints a table.

    python -m crash.campaign {kill,errno,disk} COUNT

``COUNT`` is how many kills or errors there shall be, or to how many levels each drive is filled.
The exit code is 1 when anything was found.
"""

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

import pytest

from crash.bench import ROUTES, Bench, Scene, Tally, scenes
from crash.drives import KINDS, plugged
from crash.erring import fail_everywhere
from crash.filling import fill_to, levels_of
from crash.forking import Forker
from crash.killing import kill_everywhere
from crash.stories import ELSEWHERE

_ERRORS_A_SCENE = 60


def played(kind: str, scene: Scene) -> Tally:
    """Play one scene of a campaign in a room of its own."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="crash-") as folder, Forker() as forker:
        bench = Bench(Path(folder), forker)
        if kind == "kill":
            kill_everywhere(bench, scene, tally)
        else:
            fail_everywhere(bench, scene, tally, _ERRORS_A_SCENE)
    while ELSEWHERE:
        shutil.rmtree(ELSEWHERE.pop(), ignore_errors=True)
    return tally


def ran(kind: str, count: int) -> Tally:
    """Play scenes, on larger and larger worlds, until there are ``count`` trials."""
    cores = os.cpu_count() or 1
    total = Tally()
    ahead = _all_scenes()
    with ProcessPoolExecutor(cores) as pool:
        running: set[Future[Tally]] = set()
        while running or sum(total.trials.values()) < count:
            while len(running) < cores and sum(total.trials.values()) < count:
                running.add(pool.submit(played, kind, next(ahead)))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                total.add(future.result())
                sys.stderr.write(f"\r{sum(total.trials.values()):,} of {count:,}")
    return total


def filled(levels: int) -> Tally:
    """Fill each kind of drive that can be had here to so many levels."""
    total = Tally()
    for kind in KINDS:
        with tempfile.TemporaryDirectory(prefix="crash-") as folder, Forker() as forker:
            try:
                with plugged(kind, Path(folder)) as drive:
                    for free in levels_of(kind, levels):
                        fill_to(drive, forker, free, total)
            except pytest.skip.Exception as skipped:
                sys.stderr.write(f"skipped: {skipped}\n")
    return total


def _all_scenes() -> Iterator[Scene]:
    for world in itertools.count():
        yield from scenes([world], ROUTES)


if __name__ == "__main__":
    what, number = sys.argv[1], int(sys.argv[2])
    outcome = filled(number) if what == "disk" else ran(what, number)
    sys.stdout.write(f"\n{outcome}\n")
    raise SystemExit(bool(outcome.findings))
