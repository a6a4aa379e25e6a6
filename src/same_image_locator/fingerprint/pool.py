"""Perceptual fingerprints: known ones from the cache, the others on all cores, in one pass.

A file that cannot be read costs only itself.
"""

import time
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

import numpy as np

from same_image_locator import plugins
from same_image_locator.cache import Answer, Cache, Recorder, Spool, file_key
from same_image_locator.decode.sniff import NO_PICTURE
from same_image_locator.events import (
    Awaited,
    Listener,
    Spared,
    StepFinished,
    StepStarted,
    Tally,
    Troubled,
)
from same_image_locator.fingerprint.algorithm import Algorithm, Signing, recipe
from same_image_locator.fingerprint.recall import Recalled, keep_rolled, recall
from same_image_locator.model import Photo, Problem
from same_image_locator.photos import Photos, Prints

if TYPE_CHECKING:
    from same_image_locator.fingerprint.look import Seen, Task

THUMBNAIL_SIZES = (160, 480)  # what the review page shows

# Of smaller files the page makes thumbnails in a few milliseconds: in the scan they would be most
# of the work. A JPEG is shrunk while it is decoded; nothing else is.
_SLOW_JPEG_BYTES, _SLOW_BYTES = 2_000_000, 300_000

# Rasters to be hashed together: enough to spread NumPy's overhead, few enough that it asks the
# system for no memory each time, which takes longer than the rest. None waits for the others longer
# than a second, so that little is lost with a killed run.
_AT_ONCE, _WAIT_SECONDS = 16, 1.0
_MOST_IN_MEMORY = 256 << 20  # bytes of signatures


def examine(
    photos: Sequence[Photo], algorithm: Algorithm | Signing, listener: Listener, cache: Cache
) -> tuple[Prints, list[Problem]]:
    """Return the photos with their fingerprints, in the given order, and the problems.

    A picture of one single grey, or of hardly any pixels, is a problem too: it would look like
    every other such picture.
    """
    photos = Photos.of(photos)
    listener(StepStarted("fingerprint", len(photos), sum(photos.sizes)))
    examination = _Examination(photos, algorithm, listener, cache)
    known = examination.recall()
    if known < len(photos):
        examination.look()
    examination.remember()
    answers = examination.answers
    examined = examination.examined()
    problems = [
        Problem(photos.paths[place], "fingerprint", answer)
        for place, answer in enumerate(answers)
        if isinstance(answer, str)
    ]
    summary = (
        f"{len(examined):,} of {len(photos):,} pictures have a fingerprint: "
        f"{known:,} known from earlier, {len(photos) - known:,} new"
    )
    listener(StepFinished("fingerprint", summary))
    return examined, problems


class _Examination:
    """One pass over one list of photos; every photo advances the step exactly once."""

    def __init__(
        self, photos: Photos, algorithm: Algorithm | Signing, listener: Listener, cache: Cache
    ) -> None:
        self.answers: list[Answer | None] = [None] * len(photos)
        self._photos = photos
        self._algorithm = algorithm
        self._listener = listener
        self._cache = cache
        self._rolled: Mapping[int, int] = {}  # by drive: how many are in its roll
        self._elsewhere: dict[int, Answer] = {}  # known, if the file is still itself
        self._signs = isinstance(algorithm, Signing)
        self._spool: Spool | None = None
        if isinstance(algorithm, Signing) and algorithm.length * len(photos) > _MOST_IN_MEMORY:
            self._spool = Spool(cache.folder, len(photos), algorithm.length)
        self._recipe = recipe(algorithm)

    @cached_property
    def _other_drives(self) -> list[int]:
        own = {part.device for part, _ in self._photos.by_drive()}
        return self._cache.looks.other_drives(own)

    def recall(self) -> int:
        """Take what the cache knows; return of how many photos."""
        looks, photos = self._cache.looks, self._photos
        if self._signs:
            for place, identity in enumerate(photos.identities()):
                self._keep(place, looks.answer(self._recipe, identity))
        else:
            self.answers, self._rolled = recall(self._recipe, photos, looks)
        self._ask_new_decoders()
        known = len(photos) - self.answers.count(None)
        for place, answer in enumerate(self.answers):
            if isinstance(answer, str):
                self._trouble(place, answer)
        if known:
            for part, _ in photos.by_drive():
                looks.mark_used(part.device, map(file_key, part.identities()))
            size = sum(photos.sizes)
            if known < len(photos):
                answered = zip(photos.sizes, self.answers, strict=True)
                size = sum(size for size, answer in answered if answer is not None)
            self._listener(Spared("fingerprint", known, size))
        return known

    def _ask_new_decoders(self) -> None:
        """Forget what was no picture to us, where another package may now know it for one."""
        unknown = [place for place, answer in enumerate(self.answers) if answer == NO_PICTURE]
        if unknown and plugins.named("decoders"):
            for place in unknown:
                self.answers[place] = None

    def examined(self) -> Prints:
        """Return the photos that have a fingerprint."""
        store = None if self._spool is None else self._spool.pieces()
        return Prints.found(self._photos, self.answers, store)

    def _keep(self, place: int, answer: Answer | None) -> None:
        """Take the answer on a photo; many signatures do not stay in memory."""
        if self._spool is not None and isinstance(answer, bytes):
            self._spool.put(place, answer)
            answer = b""
        self.answers[place] = answer

    def remember(self) -> None:
        """Make ready for the next scan what this one saw; a signature is too long for a roll."""
        if self._signs:
            return
        recalled = Recalled(self.answers, self._rolled)
        keep_rolled(self._recipe, self._photos, recalled, self._cache.looks)

    def look(self) -> None:
        """Have the workers look at the others, and keep what they see."""
        from same_image_locator.decode.worker import Lost, Workers
        from same_image_locator.fingerprint.look import look

        places = array("Q", (i for i, answer in enumerate(self.answers) if answer is None))

        done = Tally("fingerprint", self._listener)

        def waiting(indexes: list[int]) -> None:
            done.tell()
            paths = tuple(self._photos.paths[places[index]] for index in indexes)
            self._listener(Awaited("fingerprint", paths))

        with self._cache.recorder() as recorder, Workers() as workers:
            tasks = _Tasks(places, lambda place: self._task(place, recorder))
            rasters = _Rasters(self._algorithm)
            for index, seen in workers.run(look, tasks, waiting):
                place = places[index]
                known = self._elsewhere.pop(place, "")
                if isinstance(seen, Lost):
                    self._trouble(place, seen.cause)
                elif seen.greys:
                    rasters.add(place, seen)
                else:
                    self._take(place, seen, known if seen.same else seen.cause, recorder)
                done.add(1, self._photos.sizes[place])
                if rasters.due:
                    self._settle(rasters, recorder)
            self._settle(rasters, recorder)
        done.tell()

    def _task(self, place: int, recorder: Recorder) -> "Task":
        """Return what a worker has to do for a photo, on a drive mounted again perhaps nothing."""
        from same_image_locator.fingerprint.look import Task

        photo = self._photos[place]
        seen = photo.identity
        looks = self._cache.looks
        elsewhere = looks.answer_elsewhere(self._recipe, seen, self._other_drives)
        if elsewhere:
            self._elsewhere[place] = elsewhere[1]
        return Task(
            photo.path,
            (seen.device, seen.inode, seen.size, seen.mtime_ns),
            self._algorithm.side,
            THUMBNAIL_SIZES if recorder.wants_thumbnails and _is_slow(photo) else (),
            elsewhere[0] if elsewhere else b"",
            self._signs,
        )

    def _take(self, place: int, seen: "Seen", answer: Answer, recorder: Recorder) -> None:
        """Accept what was known of a file that is still itself, or why it has no fingerprint."""
        self._keep(place, answer)
        if isinstance(answer, str):
            self._trouble(place, answer)
        if seen.same or seen.lasting:
            recorder.seen(self._recipe, self._photos[place].identity, answer, seen.edges)

    def _settle(self, rasters: "_Rasters", recorder: Recorder) -> None:
        """Take the fingerprints of the rasters that have come together."""
        for place, seen, fingerprint in rasters.hashed():
            self._keep(place, fingerprint)
            identity = self._photos[place].identity
            recorder.seen(self._recipe, identity, fingerprint, seen.edges)
            recorder.pictured(identity, seen.thumbnails, seen.facts)

    def _trouble(self, place: int, cause: str) -> None:
        self.answers[place] = cause
        self._listener(Troubled(Problem(self._photos.paths[place], "fingerprint", cause)))


def _is_slow(photo: Photo) -> bool:
    """Return whether thumbnails cost little beside the decode, and much when the page asks."""
    is_jpeg = photo.path.lower().endswith((".jpg", ".jpeg"))
    return photo.identity.size >= (_SLOW_JPEG_BYTES if is_jpeg else _SLOW_BYTES)


class _Tasks(Sequence["Task"]):
    """What the workers have to do; each task is made when it is dealt: there may be millions."""

    def __init__(self, places: Sequence[int], task: Callable[[int], "Task"]) -> None:
        self._places, self._task = places, task

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> "Task": ...
    @overload
    def __getitem__(self, index: slice) -> list["Task"]: ...
    def __getitem__(self, index: int | slice) -> "Task | list[Task]":
        if isinstance(index, slice):
            return [self._task(place) for place in self._places[index]]
        return self._task(self._places[index])


class _Rasters:
    """Rasters that wait to be hashed together: one alone is mostly overhead."""

    def __init__(self, algorithm: Algorithm | Signing) -> None:
        self._algorithm = algorithm
        self._waiting: list[tuple[int, Seen]] = []
        self._since = 0.0

    def add(self, place: int, seen: "Seen") -> None:
        """Take one more."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append((place, seen))

    @property
    def due(self) -> bool:
        """Whether they are enough, or have waited long enough."""
        waited = time.monotonic() - self._since
        return len(self._waiting) >= _AT_ONCE or bool(self._waiting and waited >= _WAIT_SECONDS)

    def hashed(self) -> Iterator[tuple[int, "Seen", bytes]]:
        """Yield all with their fingerprints, and begin anew."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        if isinstance(self._algorithm, Signing):
            yield from ((place, seen, seen.greys) for place, seen in waiting)
            return
        greys = np.frombuffer(b"".join(seen.greys for _, seen in waiting), np.uint8)
        side = self._algorithm.side
        rows = np.packbits(self._algorithm.bits(greys.reshape(-1, side, side)), axis=1)
        for (place, seen), row in zip(waiting, rows, strict=True):
            yield place, seen, row.tobytes()
