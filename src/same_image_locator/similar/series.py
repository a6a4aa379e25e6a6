"""Tells two shots from two files of one: by their times, their cameras, or their names.

A burst from a tripod may differ in less than an encoding does. The camera's clock knows better.
"""

import datetime as dt
import os
import re
from collections.abc import Sequence

from same_image_locator.model import Facts

_LONGEST = dt.timedelta(days=1)  # a clock that was set right afterwards moves times by any amount
_NUMBER = re.compile(
    r"(\d{3,})(?=\D*$)"
)  # as cameras count: DSC_0123.JPG, IMG_0123 (2).jpg is none
_STEPS = 5  # of a camera's count that shots of one series lie apart at most
_ZONES = dt.timedelta(minutes=15)  # another time zone moves them by a multiple of it


def shots_apart(one: Facts, other: Facts) -> float:
    """Return the seconds from the first shot to the second; 0 if they may be one shot.

    Only clocks of one kind of camera are compared: what edits a photo may write a time of its own.
    """
    if one.camera != other.camera or not one.taken_at or not other.taken_at:
        return 0.0
    # Zones and fractions are written by one program and left out by the next.
    first, second = (
        dt.datetime.fromisoformat(taken).replace(tzinfo=None)
        for taken in (one.taken_at, other.taken_at)
    )
    if not first.microsecond or not second.microsecond:
        first, second = first.replace(microsecond=0), second.replace(microsecond=0)
    apart = second - first
    if abs(apart) > _LONGEST or not apart % _ZONES:
        return 0.0
    return apart.total_seconds()


def by_two_cameras(one: Facts, other: Facts) -> bool:
    """Return whether the serial numbers say that two cameras took them, perhaps of one kind."""
    return bool(one.serial and other.serial and one.serial != other.serial)


def other_shots(facts: Sequence[Facts | None]) -> list[list[int]]:
    """Return which pictures are another shot than the first one that tells when it was taken.

    Args:
        facts: of some pictures, None where they are not known.

    Returns:
        For each other shot the places of its pictures.
    """
    shots: list[list[int]] = []
    for place, one in enumerate(facts):
        if one is None or not one.taken_at:
            continue
        for shot in shots:
            first = facts[shot[0]]
            if first and not (shots_apart(first, one) or by_two_cameras(first, one)):
                shot.append(place)
                break
        else:
            shots.append([place])
    return shots[1:]


def named_in_sequence(one: str, other: str) -> bool:
    """Return whether two files of one folder have names that differ in a camera's count only.

    It tells nothing of two pictures that are known to be the same: copies are counted, too.
    """
    first, second = (_NUMBER.split(os.path.basename(path)) for path in (one, other))
    if len(first) < 3 or first[::2] != second[::2]:  # noqa: PLR2004 - before, number, behind
        return False
    steps = abs(int(first[1]) - int(second[1]))
    return os.path.dirname(one) == os.path.dirname(other) and 0 < steps <= _STEPS
