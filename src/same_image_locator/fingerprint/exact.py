"""Finds files that may be identical: by size, then by their first bytes, then by SHA-256."""

import os
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from same_image_locator.events import Advanced, Listener, StepFinished, StepStarted, Troubled
from same_image_locator.fingerprint.digest import Hash, UnreadableError, hash_on
from same_image_locator.model import Examined, Photo, Problem

PREFIX_BYTES = 4096
# A task of many small files costs the threads less than one task a file; a task of few large ones
# keeps the progress bar lively.
_TASK_FILES, _TASK_BYTES = 64, 32 << 20


@dataclass(frozen=True, slots=True)
class _Job:
    """A photo to be hashed on to byte ``end``, from the state that its first bytes led to."""

    photo: Photo
    end: int
    state: Hash | None = None


@dataclass(slots=True)
class _Bucket:
    """Photos of one size and one beginning: equal first bytes lead to one state for all."""

    state: Hash
    photos: list[Photo] = field(default_factory=list)


def examine(photos: Sequence[Photo], listener: Listener) -> tuple[list[Examined], list[Problem]]:
    """Return the photos that share size and first bytes with another, with SHA-256 digests.

    No byte is read twice: a whole-file hash goes on where the hash of the first bytes stopped.
    """
    listener(StepStarted("fingerprint", len(photos)))
    examination = _Examination(listener)
    digests = examination.digests(photos)
    order = {photo.path: position for position, photo in enumerate(photos)}
    problems = sorted(examination.problems, key=lambda problem: order[problem.path])
    examined = [Examined(photo, digests[photo.path]) for photo in photos if photo.path in digests]
    summary = f"{len(examined):,} of {len(photos):,} files share their size and first bytes"
    listener(StepFinished("fingerprint", summary))
    return examined, problems


class _Examination:
    """One run over one list of photos; every photo advances the step exactly once."""

    def __init__(self, listener: Listener) -> None:
        self.problems: list[Problem] = []
        self._listener = listener
        self._stop = threading.Event()

    def digests(self, photos: Sequence[Photo]) -> dict[str, bytes]:
        """Return path to digest of the photos that may have a twin; hash on all cores."""
        with ThreadPoolExecutor(_cores(), thread_name_prefix="sha256") as threads:
            try:
                return self._whole(threads, self._beginnings(threads, self._sizes(photos)))
            except BaseException:
                self._stop.set()
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def _sizes(self, photos: Sequence[Photo]) -> list[Photo]:
        """Return the photos whose size occurs more than once."""
        sizes: dict[int, list[Photo]] = defaultdict(list)
        for photo in photos:
            if photo.identity.size:
                sizes[photo.identity.size].append(photo)
            else:
                self._trouble(photo, "the file is empty")
        self._advance(sum(len(same) == 1 for same in sizes.values()))
        return [photo for same in sizes.values() if len(same) > 1 for photo in same]

    def _beginnings(self, threads: ThreadPoolExecutor, photos: list[Photo]) -> list[_Bucket]:
        """Read the first bytes; return the buckets that hold more than one photo."""
        buckets: dict[tuple[int, bytes], _Bucket] = {}
        jobs = [_Job(photo, min(photo.identity.size, PREFIX_BYTES)) for photo in photos]
        for job, state in self._hashed(threads, jobs, start=0):
            key = (job.photo.identity.size, state.digest())
            buckets.setdefault(key, _Bucket(state)).photos.append(job.photo)
            self._advance(0, job.end)
        self._advance(sum(len(bucket.photos) == 1 for bucket in buckets.values()))
        return [bucket for bucket in buckets.values() if len(bucket.photos) > 1]

    def _whole(self, threads: ThreadPoolExecutor, buckets: list[_Bucket]) -> dict[str, bytes]:
        """Hash to its end each photo that still has a possible twin."""
        digests: dict[str, bytes] = {}
        jobs = []
        for bucket in buckets:
            for photo in bucket.photos:
                if photo.identity.size > PREFIX_BYTES:
                    jobs.append(_Job(photo, photo.identity.size, bucket.state))
                else:
                    digests[photo.path] = bucket.state.digest()
                    self._advance(1)
        for job, state in self._hashed(threads, jobs, start=PREFIX_BYTES):
            digests[job.photo.path] = state.digest()
            self._advance(1, job.end - PREFIX_BYTES)
        return digests

    def _hashed(
        self, threads: ThreadPoolExecutor, jobs: list[_Job], start: int
    ) -> Iterator[tuple[_Job, Hash]]:
        """Yield each job with the state it led to, as they complete; report what failed."""
        tasks: list[Future[list[Hash | str]]] = []
        batches: dict[Future[list[Hash | str]], list[_Job]] = {}
        for batch in _batches(jobs, start):
            tasks.append(threads.submit(_hash_batch, batch, start, self._stop))
            batches[tasks[-1]] = batch
        for task in as_completed(tasks):
            for job, outcome in zip(batches.pop(task), task.result(), strict=True):
                if isinstance(outcome, str):
                    self._trouble(job.photo, outcome)
                else:
                    yield job, outcome

    def _trouble(self, photo: Photo, detail: str) -> None:
        problem = Problem(photo.path, "fingerprint", detail)
        self.problems.append(problem)
        self._listener(Troubled(problem))
        self._advance(1)

    def _advance(self, files: int, size: int = 0) -> None:
        if files or size:
            self._listener(Advanced("fingerprint", files, size))


def _hash_batch(batch: list[_Job], start: int, stop: threading.Event) -> list[Hash | str]:
    """Return for each job its hash, or why there is none; runs in a thread."""
    outcomes: list[Hash | str] = []
    for job in batch:
        try:
            outcomes.append(hash_on(job.photo, job.state, start, job.end, stop))
        except UnreadableError as error:
            outcomes.append(str(error))
    return outcomes


def _batches(jobs: list[_Job], start: int) -> Iterator[list[_Job]]:
    batch: list[_Job] = []
    size = 0
    for job in jobs:
        batch.append(job)
        size += job.end - start
        if len(batch) >= _TASK_FILES or size >= _TASK_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
