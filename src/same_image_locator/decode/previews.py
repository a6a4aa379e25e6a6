"""Makes pictures and reads facts on demand, each in a worker process that may die of it."""

import contextlib
import queue
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self, TypeVar

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import facts, glimpse
from same_image_locator.decode.views import drawn
from same_image_locator.decode.worker import Lost, Workers
from same_image_locator.model import Facts, Metadata
from same_image_locator.processors import cores

Item = TypeVar("Item")
Result = TypeVar("Result")


class Previews:
    """A few single workers that any thread may borrow; to be used as a context manager.

    A worker starts with the first picture that it is asked for. Asking when all are busy waits.
    """

    def __init__(self, count: int | None = None) -> None:
        self._workers = [Workers(1) for _ in range(count or min(4, cores()))]
        self._idle: queue.Queue[Workers] = queue.Queue()
        for one in self._workers:
            self._idle.put(one)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in self._workers:
            one.__exit__(kind, error, trace)

    def pictures(self, path: str, sizes: tuple[int, ...]) -> tuple[Facts, tuple[bytes, ...]]:
        """Return the facts, and a JPEG of about each longest side in pixels, from one decode.

        Raises:
            DecodeError: the picture cannot be read, or its decoder died.
        """
        return self.ask(_pictures, (path, sizes))

    def facts(self, path: str) -> Facts:
        """Return what the picture at ``path`` says of itself.

        Raises:
            DecodeError: it cannot be read, or its decoder died.
        """
        return self.ask(_facts, path)

    def metadata(self, path: str) -> Metadata:
        """Return what was said of the picture in the file at ``path``.

        Raises:
            DecodeError: it cannot be read, or its decoder died.
        """
        return self.ask(_metadata, path)

    def fits(self, path: str, width: int, height: int) -> bool:
        """Return whether ``width`` x ``height`` pixels could hold all that a larger picture shows.

        Raises:
            DecodeError: it cannot be read, or its decoder died.
        """
        return self.ask(_fits, (path, width, height))

    def view(self, path: str, longest: int) -> bytes:
        """Return an upright JPEG to be looked at closely, of at most ``longest`` pixels a side.

        Raises:
            DecodeError: it cannot be read, or its decoder died.
        """
        return self.ask(_view, (path, longest))

    def tiles(self, path: str) -> tuple[int, list[bytes]]:
        """Return the number of columns, and a JPEG for each tile of a picture, row by row.

        Raises:
            DecodeError: it cannot be read in full, or its decoder died.
        """
        return self.ask(_tiles, path)

    def ask(self, function: Callable[[Item], Result | str], item: Item) -> Result:
        """Return what a worker finds out; an answer in words is the cause why it does not.

        Args:
            function: a top-level function of a module that a worker can import.
            item: plain values.

        Raises:
            DecodeError: with that cause, or that of the worker's death.
        """
        with self._borrowed() as workers:
            [(_, answer)] = workers.run(function, [item])
        if isinstance(answer, (str, Lost)):
            raise DecodeError(answer if isinstance(answer, str) else answer.cause)
        return answer

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator[Workers]:
        workers = self._idle.get()
        try:
            yield workers
        finally:
            self._idle.put(workers)


def _pictures(item: tuple[str, tuple[int, ...]]) -> tuple[Facts, tuple[bytes, ...]] | str:
    """Answer in a worker: the facts and pictures, or why there are none."""
    try:
        seen = glimpse(item[0], 0, item[1])
    except DecodeError as error:
        return error.cause
    return seen.facts, seen.thumbnails


def _view(item: tuple[str, int]) -> bytes | str:
    """Answer in a worker: the picture, or why there is none."""
    try:
        return drawn(*item)
    except DecodeError as error:
        return error.cause


def _tiles(path: str) -> tuple[int, list[bytes]] | str:
    """Answer in a worker: the tiles, or why there are none."""
    from same_image_locator.decode.tiles import cut  # few pictures are so large

    try:
        return cut(path)
    except DecodeError as error:
        return error.cause


def _metadata(path: str) -> Metadata | str:
    """Answer in a worker: what was said of the picture, or why that cannot be read."""
    from same_image_locator.decode.metadata import metadata  # few pictures are asked for it

    try:
        return metadata(path)
    except DecodeError as error:
        return error.cause


def _fits(item: tuple[str, int, int]) -> bool | str:
    """Answer in a worker: whether so many pixels would do, or why that cannot be told."""
    from same_image_locator.decode.detail import fits  # few pictures are asked for it

    try:
        return fits(*item)
    except DecodeError as error:
        return error.cause


def _facts(path: str) -> Facts | str:
    """Answer in a worker: the facts, or why there are none."""
    try:
        return facts(path)
    except DecodeError as error:
        return error.cause
