"""Two processes that start a run on one library in the same moment, again and again."""

import contextlib
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from crash.stories import settings
from preparing import prepare
from same_image_locator.errors import LocatorError
from same_image_locator.events import ignore

_PATIENCE = 60  # seconds that nothing here comes near to

Answer = tuple[str, int, str]


def compete(rooms: list[str], start: Barrier, end: Barrier, answers: "Queue[Answer]") -> None:
    """Stage in each room when both are ready; answer (room, groups, why refused)."""
    for room in rooms:
        start.wait(_PATIENCE)
        with contextlib.ExitStack() as stack:
            try:
                groups = prepare(settings(Path(room)), stack, ignore)[1]
                answers.put((room, len(groups), ""))
            except LocatorError as error:
                answers.put((room, 0, f"{type(error).__name__}: {error}"))
            end.wait(_PATIENCE)  # whoever works does so until the other has been told
