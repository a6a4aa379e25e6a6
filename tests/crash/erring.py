"""Makes single system calls of a real process fail, once or from then on, and judges the end."""

import errno
import os
import random

from crash.bench import KILLED, Bench, Known, Scene, Tally
from crash.stories import files
from crash.tracing import LOOKING, Call
from same_image_locator.errors import ExitCode

ERRNOS = (
    "ENOSPC EIO EACCES EPERM EXDEV EROFS EBUSY ENOENT EDQUOT EMLINK ESTALE ENODEV ETXTBSY ENOTCONN"
)
_VERBS = {
    "undo what is staged": ["undo"],
    "undo what is staged, names taken": ["undo"],
    "undo what is settled": ["undo"],
    "undo what is settled, names taken": ["undo"],
    "purge": ["purge", "--yes"],
    "take over the first version's folder": ["recover"],
}
# Something is amiss in these although no call fails, and the answer may be about that alone: a
# photo is gone, a reject has other bytes, somebody has edited a sidecar.
_OWN_TROUBLE = ("vanished", "spoilt reject", "undo what is settled with sidecars")


def fail_everywhere(bench: Bench, scene: Scene, tally: Tally, at_most: int) -> None:
    """Let a sample of the calls of a scene fail, each with some error, and judge."""
    known = bench.known(scene)
    chance = random.Random(str(scene))
    for turn in range(at_most):
        bench.begin(scene)
        call, error = chance.choice(known.calls), chance.choice(ERRNOS.split())
        ever = "+" if turn % 4 > 1 else ""
        fault = f"inject={call.name}:error={error}:when={call.number}{ever}"
        try:
            play = _as_command if turn % 2 else _as_story
            if play(bench, scene, known, fault):
                tally.count(f"{error} {'from then on' if ever else 'once'}")
            bench.check_nothing_lost(known)
            _afterwards(bench, scene, known)
        except AssertionError as wrong:
            tally.findings.append(f"{scene}: {error} at {call.name} {call.number}{ever}: {wrong}")


def _as_story(bench: Bench, scene: Scene, _known: Known, fault: str) -> bool:
    """Play the scene with a fault; returns whether it struck.

    Raises:
        AssertionError: the end is not one of our own errors, or one of the system.
    """
    ending, calls = bench.play(scene, fault)
    assert ending.error != "crash", ending.text
    return any(call.injected for call in calls)


def _as_command(bench: Bench, scene: Scene, known: Known, fault: str) -> bool:
    """Type a command, with a fault, where the scene is; returns whether it struck.

    Raises:
        AssertionError: the exit code is unknown, or says that all is well without being so, or
            no line names a file and the cause.
    """
    words = _VERBS.get(scene.story.name)
    if words is None:
        _kill_somewhere(bench, scene, known, fault)
        words = ["recover"]
    folder = str(bench.room / "decide")
    words = [*words, str(bench.room / "photos"), "--decision-folder", folder]
    ending, calls = bench.run(scene, words, fault)
    struck = {call.answer for call in calls if call.injected}
    assert ending.error != "crash", ending.text
    assert ending.code in set(ExitCode), ending
    well = ending.code in {ExitCode.DONE, ExitCode.DUPLICATES_REMAIN}
    if struck and not well:
        error = fault.split(":")[1].removeprefix("error=")
        # What is not there has words of its own, and these stories their own trouble.
        own = error == "ENOENT" or scene.story.name.endswith(_OWN_TROUBLE)
        cause = "" if own else os.strerror(getattr(errno, error))
        lines = ending.text.splitlines()
        # The stories by copy have their decision folder on another drive.
        elsewhere = error == "ENOENT" or "cop" in scene.story.name
        place = "/" if elsewhere else str(bench.room)
        assert any(cause in line and place in line for line in lines), ending
    # A system that says of what is there that it is not cannot be told from one that is right.
    lied_to = "ENOENT" in fault and _looks(fault)
    if well and words[0] != "recover" and not lied_to:
        assert files(bench.room) == known.after, f"code {ending.code} is wrong: {ending.text}"
    return bool(struck)


def _looks(fault: str) -> bool:
    """Return whether it is a call that only looks which a fault strikes."""
    return fault.removeprefix("inject=").split(":")[0] in LOOKING


def _kill_somewhere(bench: Bench, scene: Scene, known: Known, seed: str) -> None:
    call: Call = random.Random(seed).choice(known.changes)
    ending, _ = bench.play(scene, f"inject={call.name}:signal=SIGKILL:when={call.number}")
    assert ending == KILLED


def _afterwards(bench: Bench, scene: Scene, known: Known) -> None:
    """The trouble is over: the same command ends as if it had never been, or undo helps.

    Raises:
        AssertionError: neither.
    """
    bench.go_on(scene)
    if files(bench.room) == known.after:
        return
    if scene.story.undoable:
        bench.check_undo(scene, known)
    else:
        bench.check_nothing_lost(known)
