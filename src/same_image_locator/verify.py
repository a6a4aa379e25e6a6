"""Prove that every content the journal ever took still exists, or name what is missing."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted
from same_image_locator.journal import Chapter, Chronicle, Disk
from same_image_locator.plans import Act, ActKind
from same_image_locator.wording import plural

_NO_MOVES = (
    ActKind.COPY,
    ActKind.VERIFY,
    ActKind.PURGE,
    ActKind.TRASH,
    ActKind.WRITE_SIDECAR,
)

# A file that a run moves while we look may hide behind our back once, hardly twice.
_LOOKS = 3


# By what a file ended, if it did; an undo ends sidecars that were written by this program.
End = Literal["", "purge", "trash", "undo"]

# Found whole; ended by a purge or in the trash, every copy; edited; not to be read; nowhere.
State = Literal["present", "ended", "changed", "unreadable", "missing"]


@dataclass(slots=True)
class Trace:
    """One file that the journal took, and the way it went.

    ``places`` are all paths it ever had, ``expected`` those where it should be by now; ``at`` is
    the time of the journal's last record about it, and ``end`` says by what it ended then, if so.
    """

    origin: str
    sha256: str
    size: int
    at: str
    places: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    end: End = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One distinct content of the start: the files that held it, and what was found of it.

    ``here`` are the paths that hold it now, ``changed`` those where other bytes lie instead, and
    ``unreadable`` pairs a path with the system's words.
    """

    sha256: str
    traces: tuple[Trace, ...]
    here: tuple[str, ...]
    changed: tuple[str, ...]
    unreadable: tuple[tuple[str, str], ...]

    @property
    def state(self) -> State:
        """Whether it exists; if not, what is known of its end."""
        if self.here:
            return "present"
        if all(trace.end for trace in self.traces):
            return "ended"
        if self.unreadable:
            return "unreadable"
        return "changed" if self.changed else "missing"

    @property
    def expected(self) -> tuple[str, ...]:
        """The paths where it should be."""
        living = (trace for trace in self.traces if not trace.end)
        return tuple(dict.fromkeys(place for trace in living for place in trace.expected))

    @property
    def since(self) -> str:
        """When the journal last recorded something about it (ISO 8601, UTC)."""
        return max(trace.at for trace in self.traces)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verification found, and how many files it read for that."""

    contents: tuple[Content, ...]
    files_read: int

    @property
    def lost(self) -> tuple[Content, ...]:
        """The contents that are nowhere, although this program did not end them."""
        return tuple(c for c in self.contents if c.state not in {"present", "ended"})


def prove(read_journal: Callable[[], Chronicle], disk: Disk, listener: Listener) -> Proof:
    """Read every file that the journal knows, wherever it may lie, on all cores.

    A run may be working meanwhile: what is not found is looked for again, by what the journal
    knows then.
    """
    look = _Look(disk, listener)
    proof = look.at(traces(read_journal()))
    for _ in range(_LOOKS - 1):
        if not proof.lost:
            break
        look.forget(proof.lost)
        proof = look.at(traces(read_journal()))
    listener(StepFinished("verify", f"{plural(proof.files_read, 'file')} read"))
    return proof


def traces(chronicle: Chronicle) -> list[Trace]:
    """Return the way of every file that was ever staged, or was about to be."""
    found: list[Trace] = []
    by_subject: dict[str, dict[str, Trace]] = {}
    for chapter in chronicle.chapters:
        ways = by_subject.setdefault(chapter.plan.subject, {})
        for act in chapter.plan.acts(ActKind.STAGE):
            trace = _begun(act, chapter.at)
            ways[act.source] = trace
            found.append(trace)
        _follow(chapter, ways)
    _note_undone(chronicle, found)
    return found


def _note_undone(chronicle: Chronicle, found: Iterable[Trace]) -> None:
    """Note the end of sidecars of ours that a later run has taken for companions.

    No other file holds the same: each carries an identifier of its own.
    """
    ends = {
        act.sha256: chapter.at
        for chapter in chronicle.chapters
        for act in chapter.plan.acts(ActKind.REMOVE_SIDECAR)
    }
    for trace in found:
        if trace.sha256 in ends:
            trace.at, trace.end = ends[trace.sha256], "undo"


def _begun(act: Act, at: str) -> Trace:
    size = act.expect.size if act.expect else 0
    return Trace(act.source, act.sha256, size, at, [act.source], [act.source])


def _follow(chapter: Chapter, ways: dict[str, Trace]) -> None:
    """Add what one plan has done, or may have done, to the files of its group."""
    # By name alone: the decision folder may have been renamed since.
    left = {os.path.basename(path) for path in chapter.leftovers}
    for source, target in _moves(chapter):
        if trace := ways.get(source):
            ways[target] = trace
            trace.places.append(target)
            trace.at = chapter.at
            if chapter.end == "done" and os.path.basename(source) not in left:
                trace.expected = [target]
            else:
                trace.expected.append(target)
    if chapter.end == "taken back":
        return
    ends: list[tuple[str, End]] = [
        *((act.target, "purge") for act in chapter.plan.acts(ActKind.PURGE)),
        *((act.source, "trash") for act in chapter.plan.acts(ActKind.TRASH)),
    ]
    for path, end in ends:
        if (trace := ways.get(path)) and os.path.basename(path) not in left:
            trace.at, trace.end = chapter.at, end


def _moves(chapter: Chapter) -> Iterator[tuple[str, str]]:
    """Yield from where to where files went, a name that was taken replaced by the other one."""
    others = dict(chapter.targets)
    for phase in chapter.plan.phases:
        for act in phase:
            if act.source and act.kind not in _NO_MOVES:
                yield act.source, others.pop(act.source, act.target)
    yield from others.items()  # a file that was taken back, and found its old name taken


class _Look:
    """Looks at files; what was read once is not read again unless it is to be forgotten."""

    def __init__(self, disk: Disk, listener: Listener) -> None:
        self._disk = disk
        self._listener = listener
        self._digests: dict[str, str | OSError | None] = {}

    def at(self, files: Iterable[Trace]) -> Proof:
        """Return what is found of these files, in the order in which they were taken."""
        by_content: dict[str, list[Trace]] = {}
        for trace in files:
            by_content.setdefault(trace.sha256, []).append(trace)
        self._read([p for own in by_content.values() for p in _places(own)])
        contents = tuple(self._content(sha, own) for sha, own in by_content.items())
        return Proof(contents, sum(isinstance(d, str) for d in self._digests.values()))

    def forget(self, contents: Iterable[Content]) -> None:
        """Look anew at all places of these contents the next time."""
        for content in contents:
            for place in _places(content.traces):
                self._digests.pop(place, None)

    def _read(self, places: Iterable[str]) -> None:
        new = [place for place in dict.fromkeys(places) if place not in self._digests]
        self._listener(StepStarted("verify", len(new)))
        pool = ThreadPoolExecutor()
        try:
            self._digests.update(zip(new, pool.map(self._digest, new), strict=True))
        finally:
            pool.shutdown(cancel_futures=True)  # a Ctrl+C need not wait for a whole library

    def _digest(self, place: str) -> str | OSError | None:
        """Return the digest of the file at a place, None for none, or why it cannot be had."""
        size = 0
        try:
            found = self._disk.status(place)
            if found is None or found.kind != "file":
                return None
            size = found.identity.size
            return self._disk.sha256(place)
        except FileNotFoundError:
            return None  # it went away in this moment
        except OSError as error:
            return error
        finally:
            self._listener(Advanced("verify", 1, size))

    def _content(self, sha: str, own: list[Trace]) -> Content:
        found = {place: self._digests[place] for place in _places(own)}
        expected = {place for trace in own for place in trace.expected}
        return Content(
            sha,
            tuple(own),
            tuple(place for place, digest in found.items() if digest == sha),
            tuple(p for p, d in found.items() if isinstance(d, str) and d != sha and p in expected),
            tuple((p, d.strerror or str(d)) for p, d in found.items() if isinstance(d, OSError)),
        )


def _places(files: Iterable[Trace]) -> Iterable[str]:
    return dict.fromkeys(place for trace in files for place in trace.places)
