"""Plays stories on a drive that is as full as can be, and undoes them while it is still so full."""

from crash.bench import Tally
from crash.drives import IMAGE_BYTES, MEMORY_BYTES, Drive
from crash.forking import Ending, Forker
from crash.stories import STORIES, Story, Tree, build, contents, files
from same_image_locator.errors import ExitCode

_STEP = 4096  # bytes of room from level to level, near full
_VERBS = {
    "undo what is staged": ["undo"],
    "undo what is settled": ["undo"],
    "purge": ["purge", "--yes"],
}
_PLAYED = ("stage", "settle", *_VERBS)


def levels_of(kind: str, count: int) -> list[int]:
    """Return so many amounts of free bytes: most of them near 0, the last a nearly empty drive."""
    size = MEMORY_BYTES if kind == "tmpfs" else IMAGE_BYTES
    near = max(1, count * 3 // 5)
    far = count - near
    most, least = size * 0.9, near * _STEP
    spread = [int(least * (most / least) ** (step / far)) for step in range(1, far + 1)]
    return [step * _STEP for step in range(near)] + spread


def fill_to(drive: Drive, forker: Forker, free: int, tally: Tally) -> None:
    """Play every story with ``free`` bytes of room at its beginning, and judge."""
    for story in STORIES:
        if story.name in _PLAYED:
            room = drive.folder / "room"
            room.mkdir()
            try:
                _play(drive, forker, story, free)
                tally.count(f"{drive.kind}: {story.name}")
            except AssertionError as wrong:
                tally.findings.append(f"{drive.kind}, {free:,} bytes free, {story.name}: {wrong}")
            drive.clear()


def _play(drive: Drive, forker: Forker, story: Story, free: int) -> None:
    room = drive.folder / "room"
    build(room)
    library = files(room)
    drive.clear()
    room.mkdir()
    story.before(room)
    before = files(room)
    drive.fill(free)
    where = [str(room / "photos"), "--decision-folder", str(room / "decide")]
    if story.name in _VERBS:
        ending = _ended(forker, {"words": [*_VERBS[story.name], *where]})
        assert ending.code in set(ExitCode), ending
    else:
        ending = _ended(forker, {"story": story.name, "room": str(room)})
    now = files(room)
    assert contents(now) == contents(before), f"lost, or half-written: {ending}"
    ending = _ended(forker, {"words": ["undo", *where]})
    if story.undoable:
        _check_home(files(room), library, ending)
    assert contents(files(room)) == contents(before), f"lost by undo: {ending}"


def _ended(forker: Forker, request: dict[str, object]) -> Ending:
    forker.born(request)
    ending = forker.let_go()
    assert ending.error != "crash", ending.text
    assert not ending.signal, ending
    return ending


def _check_home(now: Tree, library: Tree, ending: Ending) -> None:
    assert now == library, f"another tree after undo: {ending}"
    nothing_began = "There is no decision folder" in ending.text
    assert ending.code == ExitCode.DONE or nothing_began, ending
