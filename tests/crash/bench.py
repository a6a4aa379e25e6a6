"""A room where stories begin anew again and again, and are played by children under strace."""

import os
import shutil
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crash.forking import Ending, Forker
from crash.stories import SIDECAR, STORIES, WORLD, Story, Tree, files, undo
from crash.tracing import CHANGING, LOOKING, Call, traced

_ALL_CALLS = "trace=?" + ",?".join([*CHANGING, *LOOKING])
# How a file is renamed where the file system lacks the one call that never replaces.
ROUTES = {"rename": (), "link": ("inject=renameat2:error=ENOSYS",)}
# After these an undo gives back the very tree; elsewhere names were taken or files had changed.
_PLAIN = ("stage", "settle", "undo what is staged", "undo what is settled")


@dataclass(frozen=True)
class Scene:
    """A story, the library that it is played on, and how renames are done there."""

    story: Story
    world: int = 0
    route: str = "rename"

    def __str__(self) -> str:
        return f"{self.story.name} (world {self.world}, {self.route})"

    @property
    def undo_is_exact(self) -> bool:
        """Whether an undo must give back the very names of the beginning."""
        return self.story.name in _PLAIN and self.route == "rename"


@dataclass
class Known:
    """What an undisturbed play of a scene showed."""

    before: Tree
    after: Tree
    undone: Tree
    calls: list[Call]

    @property
    def changes(self) -> list[Call]:
        """The calls that changed the disk."""
        return [call for call in self.calls if call.changes]


class Bench:
    """One room, below ``folder``, and the forker whose children play in it."""

    def __init__(self, folder: Path, forker: Forker) -> None:
        self.room = folder / "room"
        self._forker = forker

    def begin(self, scene: Scene) -> Tree:
        """Make the room anew, as it is when the scene's action begins; returns its files."""
        shutil.rmtree(self.room, ignore_errors=True)
        self.room.mkdir()
        world = WORLD.set(scene.world)
        scene.story.before(self.room)
        WORLD.reset(world)
        return files(self.room)

    def play(self, scene: Scene, *faults: str) -> tuple[Ending, list[Call]]:
        """Let a child play the scene's action under strace; returns its end and its calls here."""
        return self._disturbed({"story": scene.story.name, "room": str(self.room)}, scene, faults)

    def run(self, scene: Scene, words: list[str], *faults: str) -> tuple[Ending, list[Call]]:
        """Let a child run the program's command line under strace."""
        return self._disturbed({"words": words}, scene, faults)

    def _disturbed(
        self, request: dict[str, object], scene: Scene, faults: Iterable[str]
    ) -> tuple[Ending, list[Call]]:
        child = self._forker.born(request)
        options = [f"-e{option}" for option in (_ALL_CALLS, *ROUTES[scene.route], *faults)]
        with traced(child, *options) as calls:
            ending = self._forker.let_go()
        assert ending.signal != signal.SIGALRM, "it hangs"
        # The stories by copy have their decision folder on another drive.
        places = {str(self.room), os.path.realpath(self.room / "decide")}
        ours = [c for c in calls if c.thread == child and any(map(c.touches, places))]
        return ending, ours

    def go_on(self, scene: Scene) -> None:
        """Do what a person does after trouble: start the same command once more."""
        if scene.route == "rename":
            scene.story.act(self.room)
        else:
            ending, _ = self.play(scene)
            assert ending == Ending(0, 0, "", ""), f"going on ended with {ending}"

    def known(self, scene: Scene) -> Known:
        """Play the scene undisturbed and return what there is to know."""
        before = self.begin(scene)
        ending, calls = self.play(scene)
        assert ending == Ending(0), ending
        after = files(self.room)
        if scene.story.undoable:
            undo(self.room)
        return Known(before, after, files(self.room), calls)

    def check_nothing_lost(self, known: Known) -> None:
        """Every content still lies somewhere, and no half file under the name of a whole one."""
        found = files(self.room).items()
        now = {digest for path, (digest, _) in found if not path.endswith(".part")}
        then = {digest for digest, _ in known.before.values()}
        assert not then - now - {SIDECAR}, "lost"  # that one is ours, and an undo removes it
        assert not now - then - {SIDECAR}, "a half-written or foreign content"

    def check_undo(self, scene: Scene, known: Known) -> None:
        """Undo brings every photo home."""
        undo(self.room)
        now = files(self.room)
        left = [path for path in now if path.startswith("decide/")]
        assert not left, f"not home: {left}"
        assert {d for d, _ in now.values()} == {d for d, _ in known.undone.values()}, "other photos"
        if scene.undo_is_exact:
            assert now == known.undone, "another tree"


@dataclass
class Tally:
    """What came of a campaign."""

    trials: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def count(self, kind: str) -> None:
        """Count one trial of a kind."""
        self.trials[kind] = self.trials.get(kind, 0) + 1

    def add(self, other: "Tally") -> None:
        """Add the trials and findings of another part."""
        for kind, number in other.trials.items():
            self.trials[kind] = self.trials.get(kind, 0) + number
        self.findings += other.findings

    def __str__(self) -> str:
        seconds = time.monotonic() - self.began
        lines = [f"{number:8,}  {kind}" for kind, number in sorted(self.trials.items())]
        total = sum(self.trials.values())
        lines.append(f"{total:8,}  in all; {seconds:,.0f} s; {len(self.findings)} findings")
        return "\n".join([*lines, *self.findings[:20]])


KILLED = Ending(signal.SIGKILL)


def scenes(worlds: Iterable[int], routes: Iterable[str]) -> Iterator[Scene]:
    """Yield every story on each world, by each of these ways to rename."""
    for world in worlds:
        for route in routes:
            yield from (Scene(story, world, route) for story in STORIES)
