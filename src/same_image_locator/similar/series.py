"""Tells two shots of a series from two files of one shot: by the times that they were taken at.

A burst from a tripod may differ in less than an encoding does. The camera's clock knows better.
"""

import datetime as dt

_LONGEST = dt.timedelta(days=1)  # a clock that was set right afterwards moves times by any amount
_ZONES = dt.timedelta(minutes=15)  # another time zone moves them by a multiple of it


def shots_apart(one: str | None, other: str | None) -> float:
    """Return the seconds from the first shot to the second; 0 if they may be one shot.

    Args:
        one: when the first was taken, in ISO 8601 by the camera's own clock, or None.
        other: the same of the second.
    """
    if not one or not other:
        return 0.0
    # Zones and fractions are written by one program and left out by the next.
    first, second = (
        dt.datetime.fromisoformat(taken).replace(tzinfo=None) for taken in (one, other)
    )
    if not first.microsecond or not second.microsecond:
        first, second = first.replace(microsecond=0), second.replace(microsecond=0)
    apart = second - first
    if abs(apart) > _LONGEST or not apart % _ZONES:
        return 0.0
    return apart.total_seconds()
