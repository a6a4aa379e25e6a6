"""Everything that may happen, in any order: the ten invariants of the design hold after each step.

By default a few thousand steps on real files are tried; ``SIL_MACHINE_STEPS=1000000`` tries that
many. A failure prints the shortest story that it can find.
"""

import contextlib
import hashlib
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

import foreign
from counts import tell
from crash.cutting import cuts
from same_image_locator import journal
from same_image_locator.dry_run import rehearse
from same_image_locator.errors import LocatorError, RefusedError
from same_image_locator.events import ignore
from same_image_locator.group import make_groups
from same_image_locator.model import Examined, Group, Method, Settings
from same_image_locator.pipeline import find
from same_image_locator.plans import Decision, Sidecar, Staged
from same_image_locator.review import Review, ReviewRefusal, Settle
from same_image_locator.scan import scan
from same_image_locator.session import Session
from tripwire import Tripwire
from watching import WATCH, Photo, State, state

_STEPS = int(os.environ.get("SIL_MACHINE_STEPS", "4000"))
_STEPS_A_STORY = 40
_NAMES = ("one.jpg", "one copy.jpg", "two.jpg", "zwei.jpg", "one.xmp", "two.jpg.xmp", "\udcff.jpg")
_FOLDERS = ("a", "b", "b/deep", "c")
# Equal texts are copies; equal first letters look the same to the perceptual mode below.
_CONTENTS = ("A", "A", "A bit brighter", "B", "B smaller")
_MTIME = 1_600_000_000_123_456_789
_SIDECAR_TEXT = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
_SIDECAR = hashlib.sha256(_SIDECAR_TEXT.encode()).hexdigest()

done: Counter[str] = Counter()
seeds = st.integers(0, 2**32)


class Library(RuleBasedStateMachine):
    """A library of photos, our program, other programs, and the power."""

    base: Path

    def __init__(self) -> None:
        super().__init__()
        self.above = Path(tempfile.mkdtemp(dir=self.base))
        self.room = self.above / "room"
        self.photos, self.decide = self.room / "photos", self.room / "decide"
        self.homes: dict[int, str] = {}
        self.method = Method("exact")
        self.steps = 0
        self.news = True  # something happened since the last dry run
        self.untidy = False
        self.purge_was_cut = False  # and is gone on with at the next start
        self.canary = self.above / "outside.jpg"
        self.canary.write_bytes(b"A")
        self.new_photos(7)

    def teardown(self) -> None:
        """End each story by undoing all of it."""
        try:
            if self.decide.exists():
                self._undo_all(0)
        finally:
            shutil.rmtree(self.above)

    # -- what other programs do ------------------------------------------------------------

    @initialize(untidy=st.booleans())
    def neighbours(self, untidy: bool) -> None:
        """In half of the stories others remove our texts and put links in the place of folders."""
        self.untidy = untidy

    @rule(seed=seeds)
    def new_photos(self, seed: int) -> None:
        rng = self._random(seed)
        for _ in range(rng.randint(2, 7)):
            path = self.photos / rng.choice(_FOLDERS) / rng.choice(_NAMES)
            path.parent.mkdir(parents=True, exist_ok=True)
            if not os.path.lexists(path):
                path.write_bytes(rng.choice(_CONTENTS).encode())
                time = _MTIME + rng.randrange(9)
                os.utime(path, ns=(time, time))
        self._forget_the_dead()

    @rule(seed=seeds)
    def another_program(self, seed: int) -> None:
        name = foreign.anything(self.room, self._random(seed), tidy=not self.untidy)
        done[f"another program: {name}"] += 1
        self._forget_the_dead()

    def _random(self, seed: int) -> random.Random:
        """Return the chances of one step: each step has its own, whatever its seed."""
        self.steps += 1
        self.news = True
        return random.Random(f"{seed} {self.steps}")

    def _power(self, rng: random.Random) -> int:
        """Return before which change of the disk the power goes; mostly it stays."""
        return rng.randint(1, 35) if rng.random() < 0.4 else 0

    def _decided_there(self) -> bool:
        return self.decide.exists()

    def _waiting(self) -> bool:
        return any(self.decide.glob("group_*"))

    def _forget_the_dead(self) -> None:
        alive = state(self.room)
        self.homes = {inode: home for inode, home in self.homes.items() if inode in alive}

    # -- what we do ------------------------------------------------------------------------

    @rule(seed=seeds)
    def stage(self, seed: int) -> None:
        rng = self._random(seed)
        self.method = Method("phash", 5) if rng.random() < 0.4 else Method("exact")

        def act(session: Session) -> None:
            if not session.resume() or session.staging_was_interrupted:
                session.stage(self._groups())

        self._run("stage", act, self._power(rng))

    def _groups(self) -> list[Group]:
        if not self.method.perceptual:
            return find(self._settings(), ignore).groups
        found, _ = scan(str(self.photos), str(self.decide), include_all=False, listener=ignore)
        looks = [hashlib.sha256(Path(photo.path).read_bytes()[:1]).digest()[:8] for photo in found]
        both = zip(found, looks, strict=True)
        return make_groups([Examined(photo, look) for photo, look in both], self.method)

    def _settings(self) -> Settings:
        return Settings(str(self.photos), Method("exact"), str(self.decide))

    @precondition(_waiting)
    @rule(seed=seeds)
    def finish(self, seed: int) -> None:
        rng = self._random(seed)

        def act(session: Session) -> None:
            groups = session.resume()
            if groups:
                self._decide(session, groups, rng)

        self._run("finish", act, self._power(rng))

    def _decide(self, session: Session, groups: list[Staged], rng: random.Random) -> None:
        """Tick some files of a group and finish it through both confirmations (I9)."""
        review = Review(str(self.decide), str(self.photos), groups, session.preview)
        view = rng.choice(review.rows(0, 50)[1])
        names = sorted(entry.name for entry in view.entries)
        keep = frozenset(rng.sample(names, rng.randint(0, len(names))))
        view = review.choose(view.number, keep, view.rev)
        self._refuses(review, lambda: review.confirm(view.number, "no such nonce", wait=0))
        try:
            first = review.finish(
                view.number,
                view.rev,
                allow_none=not keep,
                sidecars=tuple(Sidecar(name, _SIDECAR_TEXT) for name in sorted(keep)),
            )
        except ReviewRefusal:
            assert not keep
            assert not view.staged.method.perceptual
            return
        if rng.random() < 0.2:
            changed = review.choose(view.number, frozenset(names) - keep, first.view.rev)
            self._refuses(review, lambda: review.confirm(view.number, first.nonce, wait=0))
            assert changed.state in {"open", "attention"}
            return
        review.confirm(view.number, first.nonce, wait=0, sidecars=rng.random() < 0.5)
        command = review.inbox.get_nowait()
        assert isinstance(command, Settle)
        with contextlib.suppress(RefusedError):
            self._settle(session, view.staged, command.decision)

    def _refuses(self, review: Review, attempt: Callable[[], object]) -> None:
        with pytest.raises(ReviewRefusal):
            attempt()
        assert review.inbox.empty()

    def _settle(self, session: Session, group: Staged, decision: Decision) -> None:
        before = session.standing
        outcome = session.settle(decision)
        after = session.standing
        for path in map(Path, outcome.sidecars):
            assert path.read_text(encoding="utf-8") == _SIDECAR_TEXT
            done["sidecar written"] += 1
        aside = [each for each in group.entries if each.name not in decision.keep]
        assert outcome.set_aside == len(aside)
        # I10: a companion counts too; a file with a second name would free nothing.
        assert after.aside_files - before.aside_files >= outcome.set_aside
        done["settled"] += 1

    @precondition(_decided_there)
    @rule(seed=seeds)
    def undo_one(self, seed: int) -> None:
        rng = self._random(seed)

        def act(session: Session) -> None:
            session.resume()
            if groups := session.undoable():
                session.undo([rng.choice(groups)])

        self._run("undo one", act, self._power(rng))

    @precondition(_decided_there)
    @rule(seed=seeds)
    def undo_all(self, seed: int) -> None:
        self._undo_all(self._power(self._random(seed)))

    def _undo_all(self, cut: int) -> None:
        inside = self._inside(state(self.room))

        def act(session: Session) -> None:
            session.resume()
            session.undo(session.undoable())
            session.close()

        if self._run("undo all", act, cut) and not self.untidy:
            self._all_home(inside)

    def _inside(self, now: State) -> dict[int, Photo]:
        folder = str(self.decide) + os.sep
        return {inode: one for inode, one in now.items() if min(one.paths).startswith(folder)}

    def _all_home(self, inside: dict[int, Photo]) -> None:
        """I5: all that was with us lies where it came from, or beside it if that is taken."""
        now = state(self.room)
        for inode, one in self._inside(now).items():
            stranger = os.path.basename(min(one.paths)).startswith("stranger")
            assert stranger, f"{sorted(one.paths)} is stuck: {inode} of {self.homes.get(inode)}"
        for inode in inside.keys() & now.keys() & self.homes.keys():
            home, paths = self.homes[inode], now[inode].paths
            if home not in paths and not home.endswith(".xmp"):
                assert {os.path.dirname(path) for path in paths} >= {os.path.dirname(home)}
                # A photo and its companions take another name together if one of theirs is taken.
                names = (home, f"{home}.xmp", f"{os.path.splitext(home)[0]}.xmp")
                assert any(map(os.path.lexists, names)), f"{home} is free, and not taken by {paths}"

    @precondition(_decided_there)
    @rule(seed=seeds)
    def purge(self, seed: int) -> None:
        rng = self._random(seed)

        def act(session: Session) -> None:
            session.resume()
            before = state(self.room)  # what was cut is gone on with by now: it is freed already
            freed = session.free_space()
            after = state(self.room)
            gone = sum(one.size for inode, one in before.items() if inode not in after)
            assert freed == gone, "I10"
            session.close()

        self._run("purge", act, self._power(rng), purges=True)

    @precondition(_decided_there)
    @rule(seed=seeds)
    def recover(self, seed: int) -> None:
        cut = self._power(self._random(seed))
        while not self._run("recover", lambda _session: None, cut) and self.decide.exists():
            cut = 0
        if self.decide.exists():
            once = self._everything()
            self._run("recover again", lambda _session: None, 0)
            assert self._everything() == once, "I6"

    @precondition(lambda self: self.news)
    @rule()
    def dry_run(self) -> None:
        self.news = False
        before = self._everything()
        with WATCH.over(self.room):
            rehearse(self._settings(), ignore)
        assert WATCH.changes == 0, "I7"
        assert self._everything() == before, "I7"
        done["dry run"] += 1

    # -- what holds whatever we do ---------------------------------------------------------

    def _run(
        self, name: str, act: Callable[[Session], None], cut: int, *, purges: bool = False
    ) -> bool:
        """Start our program once, with the power cut or not; returns whether it came to its end."""
        before = state(self.room)
        self._remember_homes(before)
        ended = False

        def start() -> None:
            nonlocal ended
            if name != "stage" and not self.decide.exists():
                return
            with contextlib.suppress(LocatorError), self._session() as session:
                session.recover()
                act(session)
                ended = True

        with WATCH.over(self.room):
            crashed = cuts(start, cut)
        done[f"{name}, power cut" if crashed else name] += 1
        assert not WATCH.wrong, f"I3, I8: {WATCH.wrong}"
        self._nothing_lost(before, purges=purges)
        self._all_known()
        if ended and not crashed:
            self.purge_was_cut = False
        elif purges:  # by the power, or by what another program has put in its way
            self.purge_was_cut = True
        return ended and not crashed

    @contextlib.contextmanager
    def _session(self) -> Iterator[Session]:
        with journal.opened(str(self.decide)) as opened:
            yield Session(opened, str(self.photos), ignore)

    def _remember_homes(self, now: State) -> None:
        outside = {inode: min(one.paths) for inode, one in now.items()}
        inside = str(self.decide) + os.sep
        self.homes |= {i: path for i, path in outside.items() if not path.startswith(inside)}

    def _nothing_lost(self, before: State, *, purges: bool) -> None:
        """I1 and I4: each file is still there, the same in all; a purge ends only copies."""
        after = state(self.room)
        for inode, one in before.items():
            if inode in after:
                assert after[inode][1:] == one[1:], f"I4: {sorted(one.paths)} was changed"
                continue
            assert purges or self._may_be_gone(one), f"I1: {sorted(one.paths)} is lost"
        if not purges:
            stay = (b for i, b in before.items() if i in after or not self._may_be_gone(b))
            assert not Counter(b.content for b in stay) - Counter(a.content for a in after.values())
        assert self.canary.read_bytes() == b"A", "I8"

    def _may_be_gone(self, one: Photo) -> bool:
        """Return whether this is a sidecar of ours, or what a cut purge ends at the next start."""
        aside = any("/.set-aside/" in path for path in one.paths)
        return one.content == _SIDECAR or (self.purge_was_cut and aside)

    def _all_known(self) -> None:
        """I2: each photo in the decision folder has a record on the disk that names its place."""
        if not self.decide.exists():
            return
        history = journal.peek(str(self.decide))
        plans = [group.stage for group in history.groups.values()]
        plans += [group.settle for group in history.groups.values() if group.settle]
        plans += [left.plan for left in history.open.values()]
        known = {act.target for plan in plans for phase in plan.phases for act in phase}
        for path in map(str, foreign.photos(self.decide)):
            stranger = os.path.basename(path).startswith("stranger")
            assert stranger or path in known, f"I2: nothing tells of {path}"

    def _everything(self) -> dict[str, tuple[int, str]]:
        """Return each file of the room, our own included, but for what a lock leaves."""
        found = {}
        for folder, _, names in os.walk(self.room):
            for name in names:
                path = os.path.join(folder, name)
                if not os.path.islink(path) and name not in {".lock", ".owner.json"}:
                    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
                    found[path] = os.stat(path).st_ino, digest
        return found


def test_whatever_happens_in_whatever_order_the_ten_invariants_hold(
    tmp_path: Path, tripwire: Tripwire
) -> None:
    fast = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=fast if os.access(fast, os.W_OK) else tmp_path) as base:
        Library.base = Path(base)
        tripwire.watched.append(base)
        try:
            run_state_machine_as_test(
                Library,
                settings=settings(
                    max_examples=max(1, _STEPS // _STEPS_A_STORY),
                    stateful_step_count=_STEPS_A_STORY,
                    deadline=None,
                    database=None,
                    derandomize=_STEPS < 100_000,
                    print_blob=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            tripwire.watched.remove(base)
    tell(f"{sum(done.values())} acts: {dict(sorted(done.items()))}")
    assert done["settled"] > _STEPS // 1000
