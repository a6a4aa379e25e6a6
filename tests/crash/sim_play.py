"""Plays whole lives of a library on the simulated disk: the real session, one run after another.

A life is a list of steps; each of our steps is a start of the program of its own. What the same
steps do without any crash is what they must come to after one.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from crash import sim_worlds
from crash.sim_disk import SimKernel
from crash.sim_worlds import ROOT, World, photos
from same_image_locator.errors import RefusedError
from same_image_locator.events import ignore
from same_image_locator.journal import Journal, lasting
from same_image_locator.model import Disposal
from same_image_locator.plans import Decision, Sidecar, Staged
from same_image_locator.session import Session

Act = Callable[[World, SimKernel], None]
Tree = dict[int, list[str]]

_SIDECARS = 0  # in place of the time by which a photo is known
RUN = re.compile(r"/\d{8}-\d{6}-[0-9a-f]{4}/")


def session(world: World, disk: SimKernel) -> Session:
    """Start the program on the decision folder and let it recover."""
    lasting.make_decision_folder(world.decision_folder, disk)
    journal = Journal(world.decision_folder, disk)
    started = Session(journal, ROOT, ignore, hold=world.hold, rejects=world.rejects)
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
            started.settle(Decision(group.subject, keep, sidecars=_sidecars(world, group, keep)))


def _sidecars(world: World, group: Staged, keep: frozenset[str]) -> tuple[Sidecar, ...]:
    alone = [e for e in group.entries if e.name in keep and not group.attached_to(e.name)]
    return tuple(Sidecar(e.name, sim_worlds.SIDECAR_TEXT) for e in alone if world.sidecars)


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

    Those before them are cut in another life that begins in the same way. ``far``: the decision
    folder lies on another drive, so that copies are reviewed. ``unplugs``: after a cut the program
    is started once without the drive of the photos.
    """

    acts: tuple[Act, ...]
    judged: int = 1
    far: bool = False
    unplugs: bool = False
    rejects: Disposal = "quarantine"
    sidecars: bool = False


LIVES: dict[str, Life] = {
    "stage, undo": Life((stage, undo), judged=2),
    "stage, settle, undo": Life((stage, settle, undo), judged=2),
    "stage, settle, purge": Life((stage, settle, purge)),
    "names taken, undo": Life((stage, sim_worlds.take_names, undo)),
    "names taken, settle, undo": Life((stage, sim_worlds.take_names, settle, undo), judged=2),
    "settle, names taken, undo": Life((stage, settle, sim_worlds.take_names, undo)),
    "a photo may not be moved": Life((sim_worlds.pin, stage, undo), judged=2),
    "a reject is no copy": Life((stage, sim_worlds.spoil, settle, undo), judged=2),
    "a set-aside file is edited": Life((stage, settle, sim_worlds.edit, purge)),
    "a kept file is edited": Life((stage, settle, sim_worlds.edit_kept, purge)),
    "rejects to the trash": Life((stage, settle, undo), judged=2, rejects="trash"),
    "the trash deletes": Life((sim_worlds.mar, stage, settle), rejects="trash"),
    "rejects deleted": Life((stage, settle, undo), judged=2, rejects="delete"),
    "sidecars, names taken": Life((stage, sim_worlds.take_names, settle), sidecars=True),
    "sidecars, a reject is edited": Life((stage, sim_worlds.edit, settle), sidecars=True),
    "sidecars, edited": Life((stage, settle, sim_worlds.edit_sidecars, undo), sidecars=True),
    "copies: stage, undo": Life((stage, undo), judged=2, far=True),
    "copies: stage, settle, undo": Life((stage, settle, undo), judged=2, far=True),
    "copies: stage, settle, purge": Life((stage, settle, purge), far=True),
    "copies: names taken, settle": Life((stage, sim_worlds.take_names, settle), far=True),
    "copies: a reject is no copy": Life((stage, sim_worlds.spoil, settle), far=True),
    "copies: one set aside is edited": Life((stage, settle, sim_worlds.edit, purge), far=True),
    "copies: a photo may not be moved": Life((sim_worlds.pin, stage, undo), judged=2, far=True),
    "copies: they come out wrong": Life((sim_worlds.mar, stage, undo), judged=2, far=True),
    "copies: a drive is missing": Life((stage, settle, undo), judged=3, far=True, unplugs=True),
    "copies: rejects to the trash": Life((stage, settle), far=True, rejects="trash"),
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
    """Return where each photo lies, and all sidecars; the name of a run in a path is replaced."""
    found = {t: [RUN.sub("/RUN/", path) for path, _ in at] for t, at in photos(disk.image).items()}
    return found | {_SIDECARS: sorted(sim_worlds.sidecars(disk.image))}


def live(world: World, life: Life) -> tuple[SimKernel, list[Mark]]:
    """Play a life without a crash; returns the disk with its whole log, and the steps to be cut."""
    disk = SimKernel(world.image)
    world.rejects, world.unplugs = life.rejects, life.unplugs
    world.sidecars = life.sidecars
    if life.far:
        sim_worlds.go_far(world)
    marks = []
    for act in life.acts:
        start = len(disk.log)
        act(world, disk)
        if act in OURS:
            marks.append(Mark(act, start, len(disk.log), world.copy(), tree(disk)))
    return disk, marks[-life.judged :]
