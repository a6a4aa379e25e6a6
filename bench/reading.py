"""What a benchmark asks of a worker: read one picture as a scan does, and tell what it cost."""

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from same_image_locator.decode.causes import DecodeError
from same_image_locator.decode.glimpse import glimpse
from same_image_locator.decode.worker import Lost, Workers

_SIDE, _THUMBNAILS = 32, (160, 480)
_STATUS, _FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Reading(NamedTuple):
    """What became of one file: CPU and wall seconds, and how far memory grew, in MB.

    ``outcome`` is ``read``, ``damaged`` (a part of the picture is there), ``error`` (one clear
    cause) or ``lost`` (its worker died, or something was raised that no cause was given to).
    """

    outcome: str
    cause: str = ""
    cpu: float = 0.0
    wall: float = 0.0
    peak_mb: float = 0.0
    format: str = ""
    thumbnail: bytes = b""
    greys: bytes = b""


def read_all(paths: list[str]) -> Iterator[tuple[str, Reading]]:
    """Read every file in the program's own workers, as they come."""
    with Workers() as workers:
        for index, answer in workers.run(read, paths):
            if isinstance(answer, Lost):
                yield paths[index], Reading("lost", answer.cause)
            else:
                yield paths[index], answer


def read(path: str) -> Reading:
    """Read one picture in a worker."""
    _forget_peak()
    before = _memory_mb("VmRSS")
    wall, cpu = time.perf_counter(), time.process_time()
    outcome, cause, format_, thumbnail, greys = _read(path)
    cost = time.process_time() - cpu, time.perf_counter() - wall, _memory_mb("VmHWM") - before
    return Reading(outcome, cause, *cost, format_, thumbnail, greys)


def _read(path: str) -> tuple[str, str, str, bytes, bytes]:
    try:
        seen = glimpse(path, _SIDE, _THUMBNAILS)
    except DecodeError as error:
        return "error", error.cause, "", b"", b""
    state = "damaged" if seen.damage else "read"
    return state, seen.damage, seen.facts.format, seen.thumbnails[0], seen.greys


def _forget_peak() -> None:
    with contextlib.suppress(OSError):  # only Linux keeps it
        _FORGET.write_text("5")


def _memory_mb(field: str) -> float:
    with contextlib.suppress(OSError):
        if found := re.search(rf"{field}:\s+(\d+) kB", _STATUS.read_text()):
            return int(found[1]) / 1024
    return 0.0
