"""Judges a disk after a crash: goes on in all ways, and tells what is lost, misplaced or stuck."""

import os
from contextlib import suppress

from crash.sim_disk import TRASH, SimKernel, Sync
from crash.sim_play import RUN, Act, Mark, Tree, purge, session, tree, undo
from crash.sim_worlds import ROOT, SIDECAR_TEXT, World, copies, photos, sidecars
from same_image_locator.errors import RefusedError
from same_image_locator.journal import ASIDE_NAME


def complaints(disk: SimKernel, mark: Mark, *acts: Act) -> list[str]:
    """Go on in each of these ways after a crash in a step; returns what is not as promised.

    The disk is left as it was; what begins with "lost" is the worst.
    """
    found = [*lost(disk, mark), *_torn(disk), *_moved_references(disk, mark.world)]
    for act in acts:
        after = disk.fork()
        if mark.world.unplugs:
            _start_without_photos(mark.world, after)
        found += _played(after, mark, act)
        found += _moved_references(after, mark.world)
        if not found:
            found += _homeless(after, mark) if act is undo else _elsewhere(after, mark)
            found += _untrue(after, mark.world)
    return found


def lost(disk: SimKernel, mark: Mark) -> list[str]:
    """Return the photos that must be there, and are not, or not as they were."""
    world = mark.world
    found = photos(disk.image)
    holds = {content for at in found.values() for _, content in at}
    gone = [t for t, content in world.contents.items() if not _holds(found.get(t, []), content)]
    if mark.act is purge or world.rejects == "delete":
        may_go = world.may_go()
        gone = [t for t in gone if t not in may_go and world.contents[t] not in holds]
    return [f"lost: {world.origins[mtime]} in {mark.act.__name__}" for mtime in gone]


def _moved_references(disk: SimKernel, world: World) -> list[str]:
    """Return the photos of a reference folder that lie anywhere else, whatever happened."""
    found = photos(disk.image)
    staying = ((t, origin) for t, origin in world.origins.items() if origin in world.staying)
    places = ((origin, {path for path, _ in found.get(t, [])}) for t, origin in staying)
    return [f"lost: the reference {origin} was moved" for origin, at in places if at - {origin}]


def _torn(disk: SimKernel) -> list[str]:
    """Return the sidecars that have their name without being whole."""
    whole = SIDECAR_TEXT.encode()
    return [f"torn: {path}" for path, held in sidecars(disk.image).items() if held != whole]


def _holds(at: list[tuple[str, bytes]], content: bytes) -> bool:
    return bool(at) and all(held == content for _, held in at)


def _played(disk: SimKernel, mark: Mark, act: Act) -> list[str]:
    try:
        act(mark.world, disk)
    except Exception as error:  # noqa: BLE001 - whatever it is, the person would be stuck
        return [f"stuck: {act.__name__} after a crash in {mark.act.__name__}: {error!r}"]
    return lost(disk, mark)


def _start_without_photos(world: World, disk: SimKernel) -> None:
    """Start the program while an empty folder lies where the drive of the photos belongs."""
    if disk.status(world.decision_folder) is None:
        return
    [top] = [inode for inode, names in disk.image.folders.items() if ROOT[1:] in names]
    drive = disk.image.folders[top].pop(ROOT[1:])
    disk.make_folder(ROOT)
    with suppress(RefusedError):
        session(world, disk)
    disk.image.folders[top][ROOT[1:]] = drive


def _thrown_away(at: list[tuple[str, bytes]], world: World) -> bool:
    return world.rejects == "trash" and [path.startswith(TRASH) for path, _ in at] == [True]


def _wanted(found: Tree, world: World) -> Tree:
    """Leave out what is set aside or ended where it was to be ended: a crash may leave either."""
    if world.rejects == "quarantine":
        return found
    ends = (f"/{ASIDE_NAME}/", f"{TRASH}/")
    return {t: at for t, at in found.items() if not all(any(e in p for e in ends) for p in at)}


def held(disk: SimKernel, world: World) -> dict[int, str]:
    """Return the photos in the hold by their time, and where each lies."""
    if not world.hold:
        return {}
    return {
        mtime: path
        for mtime, at in photos(disk.image).items()
        for path, _ in at
        if path.startswith(f"{world.hold}/")
    }


def _untrue(disk: SimKernel, world: World) -> list[str]:
    """Return the photos that wait without a true copy, and the copies that nothing waits for."""
    if not world.hold:
        return []
    waiting = {t for t, path in held(disk, world).items() if f"/{ASIDE_NAME}/" not in path}
    shown = copies(disk.image)
    true = {
        t for content, t in shown.values() if t in world.spoilt or content == world.contents.get(t)
    }
    untrue = [f"misplaced: {world.origins[t]} waits without its copy" for t in waiting - true]
    left = [path for path, (_, t) in shown.items() if t not in waiting or path.endswith(".part")]
    return untrue + [f"stuck: a copy is left at {RUN.sub('/RUN/', path)}" for path in left]


def _elsewhere(disk: SimKernel, mark: Mark) -> list[str]:
    """Return a complaint when a step came to another end, or starting once more changes it."""
    if _wanted(tree(disk), mark.world) != _wanted(mark.tree, mark.world):
        return [f"misplaced: {mark.act.__name__} came to another end"]
    if disk.status(mark.world.decision_folder) is None:
        return ["stuck: photos are held, and no journal knows"] if held(disk, mark.world) else []
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
    away = [f"misplaced: the sidecar {path} stays" for path in sidecars(disk.image)]
    for mtime, at in photos(disk.image).items():
        origin = world.origins[mtime]
        if mtime in world.edited:
            continue  # what has changed is left where it lies
        for path, _ in at if not _thrown_away(at, world) else []:
            named_after = world.companions.get(origin, origin)
            beside = named_after in world.taken and os.path.dirname(path) == os.path.dirname(origin)
            if path != origin and not beside:
                away.append(f"misplaced: {origin} lies at {RUN.sub('/RUN/', path)}")
        if len(at) > 1:
            away.append(f"misplaced: {origin} lies in {len(at)} places")
    ours = filter(None, (world.decision_folder, world.hold))
    left = [place for place in ours if disk.status(place)]
    if left and not away and not world.edited:
        away.append(f"stuck: everything is home, and {left} stays")
    return away
