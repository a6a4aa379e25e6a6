"""Compares files of one size side by side, so that of equal ones one at most is hashed."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol, Self

from same_image_locator.fingerprint.pace import Pace
from same_image_locator.fingerprint.reading import (
    EDGE_BYTES,
    Reading,
    UnreadableError,
    read_whole,
)
from same_image_locator.fingerprint.room import Blocks, Room
from same_image_locator.fingerprint.turns import Turns
from same_image_locator.fingerprint.whole import Trouble, told_apart
from same_image_locator.model import Photo

AT_ONCE = 16  # files open side by side in one thread: some systems allow a program 256
_ENOUGH_BYTES = 1 << 20  # to hash at a time
_TOLD_EVERY = 0.1  # seconds: whoever is told must be woken


class Hash(Protocol):
    """What is needed of hashlib's objects."""

    def update(self, data: memoryview, /) -> None:
        """Take in more bytes."""

    def digest(self) -> bytes:
        """Return the hash of all bytes so far."""

    def copy(self) -> Self:
        """Return a second object in the same state."""


class StoppedError(Exception):
    """The run is being stopped, so the files were not read to their end."""


class Task(NamedTuple):
    """Files of one size, at most ``AT_ONCE``, to be told apart by their bytes.

    ``bucket`` is a name for them. ``alone`` says that a file counts even when no other here
    equals it, since one elsewhere may. Small files are read ``whole``, one after the other, and
    may be more, as long as memory can hold them all. Only what is ``hashed`` gets digests.
    """

    bucket: int
    photos: Sequence[Photo]
    alone: bool = False
    whole: bool = False
    hashed: bool = True


class Outcome(NamedTuple):
    """What became of a task: each content's SHA-256 with its files, and the files in trouble.

    The digests are empty where none were wanted. ``read_bytes`` were read of the files, hardly
    ever all.
    """

    task: Task
    contents: list[tuple[bytes, list[Photo]]]
    troubles: list[Trouble]
    read_bytes: int


class _Stream(NamedTuple):
    """Files whose bytes are equal so far, and the hash of these bytes if that is wanted."""

    state: Hash | None
    readings: list[Reading]


class Comparison:
    """One thread's work on task after task; the thread holds the turn in every method.

    Equal bytes have an equal hash, so at most one file of each content is hashed and the others
    are compared with it, which is several times faster. Hashing is put off until there is enough to
    let go of the turn for. ``tell`` is given each outcome, and each number of bytes read. ``spare``
    is memory that the threads hand to one another.
    """

    def __init__(
        self,
        pace: Pace,
        turns: Turns,
        tell: Callable[[list[Outcome | int]], None],
        stop: threading.Event,
        spare: list[Blocks],
    ) -> None:
        self._pace = pace
        self._turns = turns
        self._tell = tell
        self._stop = stop
        self._room = Room()
        self._spare = spare
        self._done: list[Outcome] = []
        self._put_off: list[tuple[Hash, memoryview]] = []
        self._put_off_bytes = 0
        self._told_at = 0.0
        self._read_bytes = 0  # since it was told
        self._task_bytes = 0
        self._compared: list[tuple[Task, list[_Stream], list[Trouble], int]] = []

    def take(self, task: Task) -> None:
        """Tell a task's files apart; the outcome may come with that of a later one.

        Raises:
            StoppedError: the run is being stopped.
        """
        if task.whole:
            self._take_whole(task)
            return
        troubles: list[Trouble] = []
        readings: list[Reading] = []
        self._task_bytes = 0
        try:
            for photo in task.photos:
                try:
                    readings.append(Reading(photo, self._pace, self._turns))
                except UnreadableError as error:
                    troubles.append((photo, str(error)))
            streams = self._compare(readings, task)
            for reading in readings:
                reading.prove()
        finally:
            for reading in readings:
                reading.shut()
        troubles += [(one.photo, one.trouble) for one in readings if one.trouble]
        self._compared.append((task, streams, troubles, self._task_bytes))
        self._finish_in_time()

    def _take_whole(self, task: Task) -> None:
        room = self._spare.pop() if self._spare else Blocks()
        found, troubles = told_apart(task.photos, self._read_whole, room)
        fewest = 1 if task.alone else 2
        # While the processor's cache still holds it, without letting go of the turn.
        contents = [
            (hashlib.sha256(content).digest() if task.hashed else b"", same)
            for content, same in found
            if len(same) >= fewest
        ]
        if not self._spare:  # more than one is needed only while a drive is waited for
            room.clear()
            self._spare.append(room)
        read_bytes = task.photos[0].identity.size * (len(task.photos) - len(troubles))
        self._read_bytes += read_bytes
        self._done.append(Outcome(task, contents, troubles, read_bytes))
        self._finish_in_time()

    def _read_whole(self, photo: Photo, buffer: memoryview) -> None:
        if self._stop.is_set():
            raise StoppedError
        read_whole(photo, buffer, self._pace, self._turns)

    def finish(self) -> None:
        """Hash what was put off, and tell all that is known by then."""
        self._hash_all()
        self._told_at = time.monotonic()
        told: list[Outcome | int] = [self._read_bytes] if self._read_bytes else []
        self._read_bytes = 0
        told += self._done
        self._done.clear()
        for task, streams, troubles, read_bytes in self._compared:
            contents = [
                (
                    stream.state.digest() if stream.state else b"",
                    [one.photo for one in stream.readings if not one.trouble],
                )
                for stream in streams
            ]
            told.append(Outcome(task, contents, troubles, read_bytes))
        self._compared.clear()
        self._tell(told)

    def _compare(self, readings: list[Reading], task: Task) -> list[_Stream]:
        """Return the files by content: all of them, or only those that equal another."""
        fewest = 1 if task.alone else 2
        size = task.photos[0].identity.size
        start = max(0, size - EDGE_BYTES)
        streams = []
        for edge, same in self._told_apart(readings, Reading.edge, start, size):
            if len(same) >= fewest:
                streams.append(_Stream(hashlib.sha256() if task.hashed else None, same))
                if not start:
                    self._hash(streams[-1].state, edge)
        start = 0 if start else size
        while start < size and streams:
            end = min(start + self._pace.chunk_bytes, size)
            streams = [part for one in streams for part in self._step(one, fewest, start, end)]
            start = end
        return streams

    def _step(self, stream: _Stream, fewest: int, start: int, end: int) -> Iterator[_Stream]:
        """Read the next chunk of files that are equal so far; yield those that still are."""
        if self._stop.is_set():
            raise StoppedError
        parts = [
            (data, same)
            for data, same in self._told_apart(stream.readings, Reading.chunk, start, end)
            if len(same) >= fewest
        ]
        if len(parts) > 1:
            self._hash_all()  # a state can be copied only when it has taken in all that was put off
        one = stream.state
        states = [one, *(one.copy() if one else None for _ in parts[1:])]
        for state, (data, same) in zip(states, parts, strict=False):
            self._hash(state, data)
            yield _Stream(state, same)

    def _told_apart(
        self,
        readings: list[Reading],
        read: Callable[[Reading, memoryview, int], None],
        start: int,
        end: int,
    ) -> list[tuple[memoryview, list[Reading]]]:
        """Read a piece of each file; return the different pieces, each with its files."""
        room, length = self._room, end - start
        self._make_room(len(readings) * length)
        parts: list[tuple[int, list[Reading]]] = []
        for reading in readings:
            piece = room.free(length)
            try:
                read(reading, piece, start)
            except UnreadableError as error:
                reading.trouble = str(error)
                continue
            self._task_bytes += length
            self._read_bytes += length
            for known, same in parts:
                if room.equals(known, piece):
                    same.append(reading)
                    break
            else:
                parts.append((room.taken(length), [reading]))
        return [(room.piece(known, length), same) for known, same in parts]

    def _make_room(self, size: int) -> None:
        """See to it that pieces of so many bytes fit in beside what is still to be hashed."""
        if self._put_off and not self._room.holds(size):
            self._hash_all()
        if not self._put_off:
            self._room.clear(_ENOUGH_BYTES + size)

    def _hash(self, state: Hash | None, data: memoryview) -> None:
        if state is None:
            self._finish_in_time()
            return
        self._put_off.append((state, data))
        self._put_off_bytes += len(data)
        if self._put_off_bytes >= _ENOUGH_BYTES:
            self._hash_all()
            self._finish_in_time()

    def _finish_in_time(self) -> None:
        if time.monotonic() - self._told_at >= _TOLD_EVERY:
            self.finish()

    def _hash_all(self) -> None:
        if self._put_off:
            with self._turns.hashing():
                for state, data in self._put_off:
                    state.update(data)
        self._put_off.clear()
        self._put_off_bytes = 0
