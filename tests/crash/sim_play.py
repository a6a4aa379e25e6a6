"""Plays whole lives of a library on the simulated disk: the real session, one run after another.

A life is a list of steps; each of our steps is a start of the program of its own. What the same
steps do without any crash is what they must come to after one.
"""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from crash import sim_worlds
from crash.sim_disk import SimKernel, Sync
from crash.sim_worlds import ROOT, World, photos
from same_image_locator.errors import RefusedError
from same_image_locator.events import ignore
from same_image_locator.journal import Journal, lasting
from same_image_locator.model import Decision
from same_image_locator.session import Session

Act = Callable[[World, SimKernel], None]
Tree = dict[int, list[str]]

_RUN = re.compile(r"/\d{8}-\d{6}-[0-9a-f]{4}/")


def session(world: World, disk: SimKernel) -> Session:
    """Start the program on the decision folder and let it recover."""
    lasting.make_decision_folder(world.decision_folder, disk)
    started = Session(Journal(world.decision_folder, disk), ROOT, ignore)
    started.recover()
    return started


def stage(world: World, disk: SimKernel) -> None:
    """Stage what a scan finds, or go on with what is staged already."""
    if disk.status(world.decision_folder):
        started = session(world, disk)
        if started.resume() and not started.staging_was_interrupted:
            return
        started.stage(world.found(disk))
    elif groups := world.found(disk):
        session(world, disk).stage(groups)


def settle(world: World, disk: SimKernel) -> None:
    """Settle each group that waits as the person wants it; a refused one goes on waiting."""
    started = session(world, disk)
    for group in started.resume():
        keep = frozenset(e.name for e in group.entries if e.origin in world.keep)
        with suppress(RefusedError):
            started.settle(Decision(group.subject, keep))


def undo(world: World, disk: SimKernel) -> None:
    """Undo all, and remove the decision folder when nothing is left."""
    if disk.status(world.decision_folder):
        started = session(world, disk)
        started.resume()
        started.undo(started.undoable())
        started.close()


def purge(world: World, disk: SimKernel) -> None:
    """Free the space of what is set aside, and remove the decision folder."""
    if disk.status(world.decision_folder):
        started = session(world, disk)
        started.free_space()
        started.close()


OURS: tuple[Act, ...] = (stage, settle, undo, purge)


@dataclass(frozen=True)
class Life:
    """What happens to a library; only the last ``judged`` of our steps are cut.

    Those before them are cut in another life that begins in the same way.
    """

    acts: tuple[Act, ...]
    judged: int = 1


LIVES: dict[str, Life] = {
    "stage, undo": Life((stage, undo), judged=2),
    "stage, settle, undo": Life((stage, settle, undo), judged=2),
    "stage, settle, purge": Life((stage, settle, purge)),
    "names taken, undo": Life((stage, sim_worlds.take_names, undo)),
    "names taken, settle, undo": Life((stage, sim_worlds.take_names, settle, undo), judged=2),
    "settle, names taken, undo": Life((stage, settle, sim_worlds.take_names, undo)),
    "a reject is no copy": Life((stage, sim_worlds.spoil, settle, undo), judged=2),
    "a set-aside file is edited": Life((stage, settle, sim_worlds.edit, purge)),
    "a kept file is edited": Life((stage, settle, sim_worlds.edit_kept, purge)),
}


@dataclass(frozen=True)
class Mark:
    """One step of ours in a life: its part of the log, the world then, and what it came to."""

    act: Act
    start: int
    end: int
    world: World
    tree: Tree


def tree(disk: SimKernel) -> Tree:
    """Return where each photo lies; the name of a run in a path is replaced."""
    return {t: [_RUN.sub("/RUN/", path) for path, _ in at] for t, at in photos(disk.image).items()}


def live(world: World, life: Life) -> tuple[SimKernel, list[Mark]]:
    """Play a life without a crash; returns the disk with its whole log, and the steps to be cut."""
    disk = SimKernel(world.image)
    marks = []
    for act in life.acts:
        start = len(disk.log)
        act(world, disk)
        if act in OURS:
            marks.append(Mark(act, start, len(disk.log), world.copy(), tree(disk)))
    return disk, marks[-life.judged :]


def complaints(disk: SimKernel, mark: Mark, *acts: Act) -> list[str]:
    """Go on in each of these ways after a crash in a step; returns what is not as promised.

    The disk is left as it was; what begins with "lost" is the worst.
    """
    found = lost(disk, mark)
    for act in acts:
        after = disk.fork()
        found += _played(after, mark, act)
        if not found:
            found += _homeless(after, mark) if act is undo else _elsewhere(after, mark)
    return found


def lost(disk: SimKernel, mark: Mark) -> list[str]:
    """Return the photos that must be there, and are not, or not as they were."""
    world = mark.world
    found = photos(disk.image)
    holds = {content for at in found.values() for _, content in at}
    gone = [t for t, content in world.contents.items() if not _holds(found.get(t, []), content)]
    if mark.act is purge:
        may_go = world.may_go()
        gone = [t for t in gone if t not in may_go and world.contents[t] not in holds]
    return [f"lost: {world.origins[mtime]} in {mark.act.__name__}" for mtime in gone]


def _holds(at: list[tuple[str, bytes]], content: bytes) -> bool:
    return bool(at) and all(held == content for _, held in at)


def _played(disk: SimKernel, mark: Mark, act: Act) -> list[str]:
    try:
        act(mark.world, disk)
    except Exception as error:  # noqa: BLE001 - whatever it is, the person would be stuck
        return [f"stuck: {act.__name__} after a crash in {mark.act.__name__}: {error!r}"]
    return lost(disk, mark)


def _elsewhere(disk: SimKernel, mark: Mark) -> list[str]:
    """Return a complaint when a step came to another end, or starting once more changes it."""
    if tree(disk) != mark.tree:
        return [f"misplaced: {mark.act.__name__} came to another end"]
    if disk.status(mark.world.decision_folder) is None:
        return []
    before = len(disk.log)
    try:
        session(mark.world, disk)
    except Exception as error:  # noqa: BLE001 - as above
        return [f"stuck: a start after the end: {error!r}"]
    changes = [done for done in disk.log[before:] if not isinstance(done, Sync)]
    return ["stuck: recovering again changed something"] if changes else []


def _homeless(disk: SimKernel, mark: Mark) -> list[str]:
    """Return the photos that undo did not bring home, and a decision folder left without need."""
    world = mark.world
    away = []
    for mtime, at in photos(disk.image).items():
        origin = world.origins[mtime]
        if mtime in world.edited:
            continue  # what has changed is left where it lies
        for path, _ in at:
            named_after = world.companions.get(origin, origin)
            beside = named_after in world.taken and os.path.dirname(path) == os.path.dirname(origin)
            if path != origin and not beside:
                away.append(f"misplaced: {origin} lies at {_RUN.sub('/RUN/', path)}")
        if len(at) > 1:
            away.append(f"misplaced: {origin} lies in {len(at)} places")
    if not away and not world.edited and disk.status(world.decision_folder):
        away.append("stuck: everything is home, and the decision folder stays")
    return away
