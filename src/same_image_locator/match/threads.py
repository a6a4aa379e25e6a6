"""The threads of one search, for as long as it goes on."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from same_image_locator.processors import cores

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Threads:
    """Threads for all cores, to be used as a context manager; a search of few codes asks for none.

    To load what runs them takes longer than such a search.
    """

    def __init__(self) -> None:
        self._pool: Executor | None = None

    def pool(self) -> "Executor":
        """Return what runs functions in the threads."""
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(cores(), "match")
        return self._pool

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()
