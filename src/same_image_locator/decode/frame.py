"""Finds the picture within its frame: white borders, letterbox bars, the chrome of a screenshot."""

import numpy as np
from numpy.typing import NDArray

_FLAT = 7.0  # greys by which a flat colour may vary
_EDGE = 0.95  # of an outermost line must have one colour to be a frame's
_LINE = 0.7  # of any line must have that colour to belong to the frame
_STEP = 0.5  # of the line inside the cut must not
_LEAST = 0.25  # of the lines must be left

Box = tuple[int, int, int, int]


def inner_box(grey: NDArray[np.uint8]) -> Box:
    """Return left, top, right and bottom of what a flat frame encloses, or all if there is none.

    A side is cut only at a clean step: a sky that fades to white, or a pot on a white table, is
    no frame.
    """
    values = grey.astype(np.float32)
    top, bottom = _span(values)
    left, right = _span(values[top:bottom].T)
    return left, top, right, bottom


def _span(lines: NDArray[np.float32]) -> tuple[int, int]:
    """Return the longest run of lines that are none of the frame's."""
    count = len(lines)
    levels = [level for level in map(_flat_level, (lines[0], lines[-1])) if level is not None]
    if not levels:
        return 0, count
    likeness = np.max([np.mean(np.abs(lines - level) <= _FLAT, axis=1) for level in levels], axis=0)
    picture = np.concatenate([[0], likeness < _LINE, [0]]).astype(np.int8)
    changes = np.flatnonzero(np.diff(picture))
    if not len(changes):
        return 0, count
    runs = zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True)
    start, stop = max(runs, key=lambda run: run[1] - run[0])
    if likeness[min(start + 1, count - 1)] > _STEP:
        start = 0
    if likeness[max(stop - 2, 0)] > _STEP:
        stop = count
    return (start, stop) if stop - start >= _LEAST * count else (0, count)


def _flat_level(line: NDArray[np.float32]) -> float | None:
    """Return the grey of a line that has only one."""
    ordered = np.sort(line)  # its median; NumPy's own would load what knows missing values
    level = float(ordered[(len(line) - 1) // 2] + ordered[len(line) // 2]) / 2
    return level if np.mean(np.abs(line - level) <= _FLAT) >= _EDGE else None
