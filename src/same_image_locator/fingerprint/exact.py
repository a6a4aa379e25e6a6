"""Finds identical files: by size, by their first and last blocks, then byte for byte."""

import gc
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from same_image_locator import forked
from same_image_locator.events import (
    Advanced,
    Awaited,
    Listener,
    Spared,
    StepFinished,
    StepStarted,
    Troubled,
)
from same_image_locator.fingerprint.edges import Edges
from same_image_locator.fingerprint.lockstep import AT_ONCE, Outcome, Task
from same_image_locator.fingerprint.memory import Memory
from same_image_locator.fingerprint.pace import Pace, pace_of
from same_image_locator.fingerprint.readers import Wait, Work, reports
from same_image_locator.fingerprint.reading import EDGE_BYTES
from same_image_locator.fingerprint.whole import CROWD_BYTES, WHOLE_BYTES
from same_image_locator.model import Examined, Photo, Problem
from same_image_locator.photos import Photos

_EDGES_AT_ONCE = 64
_TOLD_EVERY = 0.1  # seconds between two events of progress


class Examination:
    """One search for identical files; each photo advances the step exactly once.

    What ``memory`` knows is not read, and it is told what was found out. Most files are told apart
    without a digest: only what equals another file, or might equal one that is not read, is hashed.
    Without ``digests`` what equals another is hashed only where a drive has to be asked for it,
    which takes longer: the others have an empty one, since equal bytes are proof enough.
    """

    def __init__(
        self, photos: Sequence[Photo], listener: Listener, memory: Memory, *, digests: bool = True
    ) -> None:
        self.problems: list[Problem] = []
        self._digests = digests
        # By size, what was found to be equal now, and not hashed.
        self._nameless: dict[int, list[list[Photo]]] = defaultdict(list)
        self._photos = Photos.of(photos)
        self._listener = listener
        self._memory = memory
        self._files = self._bytes = 0  # read since it was told
        self._spared_files = self._spared_bytes = 0
        self._recalled = 0
        self._told_at = 0.0

    def groups(self) -> Iterator[list[Examined]]:
        """Yield all photos of one content, two or more, as soon as they are complete."""
        self._listener(StepStarted("fingerprint", len(self._photos), sum(self._photos.sizes)))
        identical = 0
        gc.freeze()  # what is there stays: to look it through for garbage again and again is slow
        try:
            for group in self._groups():
                identical += len(group)
                yield group
        finally:
            gc.unfreeze()
        self._tell()
        summary = f"{identical:,} of {len(self._photos):,} files are identical to another"
        if self._recalled:
            summary += f"; {self._recalled:,} digests known from earlier"
        self._listener(StepFinished("fingerprint", summary))

    def _groups(self) -> Iterator[list[Examined]]:
        shared = self._by_size()
        self._memory.recall([photo for same in shared for photo in same])
        known = self._memory.digests
        unread = []
        for same in shared:
            recalled = sum(photo.path in known for photo in same) if known else 0
            nameless = [] if recalled == len(same) else self._memory.settled(same)
            if nameless is None or (nameless and self._digests):
                unread.append(same)
                continue
            self._spare(len(same), _size(same))
            self._recalled += recalled
            twins = [photo for photo in same if photo.path in known]
            yield from _Bucket(twins, known).groups() if twins else ()
            yield from (_group(b"", photos) for photos in nameless)
        if unread:
            yield from self._compared(unread)
            troubled = {problem.path for problem in self.problems}
            self._memory.settle(
                (same, self._nameless.get(same[0].identity.size, ()))
                for same in unread
                if not troubled or troubled.isdisjoint(photo.path for photo in same)
            )

    def _by_size(self) -> list[list[Photo]]:
        """Return the photos that share their size with another."""
        photos = self._photos
        # They are few: to ask for each size in a small set is quicker than in a count of all.
        several = {size for size, count in Counter(photos.sizes).items() if count > 1 or not size}
        places = [place for place, size in enumerate(photos.sizes) if size in several]
        shared: dict[int, list[Photo]] = defaultdict(list)
        for photo in photos.chosen(places):
            shared[photo.identity.size].append(photo)
        for photo in shared.pop(0, ()):
            self._trouble(photo, "the file is empty")
        read = sum(size * len(same) for size, same in shared.items())
        self._spare(len(photos) - len(places), sum(photos.sizes) - read)
        return list(shared.values())

    def _compared(self, unread: list[list[Photo]]) -> Iterator[list[Examined]]:
        """Read the files of each size as far as is needed, and yield the groups."""
        pace = pace_of([photo for same in unread for photo in same])
        hashed = self._digests or not pace.held
        buckets = self._buckets(unread, pace)
        for bucket in buckets:
            self._spare(bucket.known, bucket.known * bucket.size)
            self._recalled += bucket.known
        for bucket in buckets:
            yield from () if bucket.awaited else bucket.groups()
        work: list[Work] = [
            task for n, bucket in enumerate(buckets) for task in bucket.tasks(n, hashed=hashed)
        ]
        # Where a drive has to be waited for, that is what takes the time.
        helpers = forked.taken() if pace.held and pace.tells else []
        for report in reports(work, pace, helpers):
            if isinstance(report, int):
                self._advance(0, report)
            elif isinstance(report, Wait):
                self._listener(Awaited("fingerprint", report.paths))
            elif isinstance(report, Outcome):
                bucket = buckets[report.task.bucket]
                self._take(bucket, report)
                yield from () if bucket.awaited else bucket.groups()

    def _buckets(self, unread: list[list[Photo]], pace: Pace) -> list["_Bucket"]:
        """Return the photos that may be identical, after a look at edges where that saves reading.

        A few files of one size are best compared at once, which begins with their last blocks.
        """
        few, crowded = [], []
        for same in unread:
            some_known = any(photo.path in self._memory.digests for photo in same)
            if pace.by_inode or some_known:
                crowded += same
            elif _small(same):
                few.append(_Bucket(same, whole=True))
            elif len(same) > AT_ONCE:
                crowded += same
            else:
                few.append(_Bucket(same))
        known, alike = self._memory.digests, self._alike(crowded, pace)
        return few + [_Bucket(same, known, whole=_small(same)) for same in alike]

    def _alike(self, photos: list[Photo], pace: Pace) -> list[list[Photo]]:
        """Return the photos that share their size, first and last block with another."""
        photos.sort(key=lambda photo: photo.identity.inode)
        work = [photos[n : n + _EDGES_AT_ONCE] for n in range(0, len(photos), _EDGES_AT_ONCE)]
        alike: dict[tuple[int, int], list[Photo]] = defaultdict(list)
        for report in reports(work, pace):
            if isinstance(report, Edges):
                self._advance(0, report.read_bytes)
                for trouble in report.troubles:
                    self._trouble(*trouble)
                for photo, key in report.keys:
                    alike[key].append(photo)
            elif isinstance(report, Wait):
                self._listener(Awaited("fingerprint", report.paths))
        several = [same for same in alike.values() if len(same) > 1]
        lone = [same[0] for same in alike.values() if len(same) == 1]
        size = sum(photo.identity.size for photo in lone)
        self._spare(len(lone), size - len(lone) * 2 * EDGE_BYTES)
        return several

    def _take(self, bucket: "_Bucket", outcome: Outcome) -> None:
        """Take in what a task found of a bucket."""
        bucket.awaited -= 1
        for digest, photos in outcome.contents:
            if digest:
                bucket.photos[digest] += photos
                self._memory.keep(photos, digest)
            elif len(photos) > 1:  # the other may have changed meanwhile
                bucket.nameless.append(photos)
                self._nameless[bucket.size].append(photos)
        for trouble in outcome.troubles:
            self._trouble(*trouble)
        self._advance(len(outcome.task.photos) - len(outcome.troubles))
        self._spare(0, _size(outcome.task.photos) - outcome.read_bytes)

    def _trouble(self, photo: Photo, detail: str) -> None:
        problem = Problem(photo.path, "fingerprint", detail)
        self.problems.append(problem)
        self._listener(Troubled(problem))
        self._advance(1)

    def _advance(self, files: int, size: int = 0) -> None:
        self._files += files
        self._bytes += size
        if time.monotonic() - self._told_at >= _TOLD_EVERY:
            self._tell()

    def _spare(self, files: int, size: int) -> None:
        """Count files and bytes of which no more needs to be read."""
        self._spared_files += files
        self._spared_bytes += max(0, size)

    def _tell(self) -> None:
        if self._spared_files or self._spared_bytes:
            self._listener(Spared("fingerprint", self._spared_files, self._spared_bytes))
        self._spared_files = self._spared_bytes = 0
        if self._files or self._bytes:
            self._listener(Advanced("fingerprint", self._files, self._bytes))
        self._files = self._bytes = 0
        self._told_at = time.monotonic()


class _Bucket:
    """Photos that may be identical, and those of each content that is found among them.

    A crowded bucket is compared in several tasks; then, and where a digest is known already, each
    content of a task is hashed, since it may be found elsewhere.
    """

    def __init__(
        self,
        photos: list[Photo],
        known: Mapping[str, bytes] | None = None,
        *,
        whole: bool = False,
    ) -> None:
        self._whole = whole
        self._at_once = len(photos) if whole else AT_ONCE
        self.photos: dict[bytes, list[Photo]] = defaultdict(list)
        self.nameless: list[list[Photo]] = []  # those of one content each, without a digest
        self._unknown = photos
        if known:
            self._unknown = [photo for photo in photos if photo.path not in known]
            for photo in photos:
                if photo.path in known:
                    self.photos[known[photo.path]].append(photo)
        self.awaited = -(-len(self._unknown) // self._at_once)
        self.known = len(photos) - len(self._unknown)
        self.size = photos[0].identity.size

    def tasks(self, number: int, *, hashed: bool) -> Iterator[Task]:
        """Yield what is to be read; each will bring an outcome that names the bucket's number."""
        alone = self.known > 0 or self.awaited > 1
        for start in range(0, len(self._unknown), self._at_once):
            end = start + self._at_once
            yield Task(number, self._unknown[start:end], alone, self._whole, hashed or alone)

    def groups(self) -> Iterator[list[Examined]]:
        """Yield the photos of each content that two or more have, by path."""
        for digest, same in self.photos.items():
            if len(same) > 1:
                yield _group(digest, same)
        yield from (_group(b"", same) for same in self.nameless)


def _group(digest: bytes, same: Iterable[Photo]) -> list[Examined]:
    """Return photos of one content by path."""
    ordered = sorted(same, key=lambda photo: os.fsencode(photo.path))
    return [Examined(photo, digest) for photo in ordered]


def _small(same: Sequence[Photo]) -> bool:
    return same[0].identity.size <= WHOLE_BYTES and _size(same) <= CROWD_BYTES


def _size(same: Sequence[Photo]) -> int:
    """Return how many bytes photos of one size have together."""
    return same[0].identity.size * len(same)
