"""Kills a real process, really, at each of its system calls that change the disk."""

import random

from crash.bench import KILLED, Bench, Known, Scene, Tally
from crash.stories import files
from crash.tracing import Call


def kill_everywhere(bench: Bench, scene: Scene, tally: Tally, at_most: int = 0) -> None:
    """Kill a child of the scene at every changing call, or at a sample of them, and judge."""
    known = bench.known(scene)
    chance = random.Random(str(scene))
    calls = known.changes
    if at_most:
        calls = chance.sample(calls, min(at_most, len(calls)))
    for call in calls:
        bench.begin(scene)
        where = f"{scene}: killed at {call.name} {call.number}"
        try:
            _kill(bench, scene, call)
            tally.count(f"killed at {call.name}")
            bench.check_nothing_lost(known)
            _afterwards(bench, scene, known, chance, tally)
        except AssertionError as wrong:
            tally.findings.append(f"{where}: {wrong}")


def _kill(bench: Bench, scene: Scene, call: Call) -> None:
    ending, _ = bench.play(scene, f"inject={call.name}:signal=SIGKILL:when={call.number}")
    assert ending == KILLED, f"not reached: {ending}"


def _afterwards(
    bench: Bench, scene: Scene, known: Known, chance: random.Random, tally: Tally
) -> None:
    """Mostly the same command is started again; its recovery too may be killed; or all is undone.

    Raises:
        AssertionError: a photo is lost, or the end is another than that of the undisturbed run.
    """
    choice = chance.randrange(5)
    if choice == 0 and scene.story.undoable:
        bench.check_undo(scene, known)
        return
    if choice in {1, 2}:
        again = chance.choice(known.changes)
        fault = f"inject={again.name}:signal=SIGKILL:when={chance.randint(1, again.number)}"
        if bench.play(scene, fault)[0] == KILLED:
            tally.count("killed again while it recovered")
        bench.check_nothing_lost(known)
    bench.go_on(scene)
    assert files(bench.room) == known.after, "another end than undisturbed"
