"""Has another process tell small files apart: threads of one take turns, and would use one core."""

import threading
from collections.abc import Sequence
from typing import Any

from same_image_locator.fingerprint.lockstep import Comparison, Outcome, Task
from same_image_locator.fingerprint.pace import Pace
from same_image_locator.fingerprint.room import Blocks
from same_image_locator.fingerprint.turns import Turns
from same_image_locator.forked import Call
from same_image_locator.model import Identity, Photo

_spare: list[Blocks] = []  # of a helper, from one call to the next


def call(tasks: Sequence[Task], pace: Pace) -> Call:
    """Return what a helper is to be asked: to read these small files, each as a whole."""
    plain = [
        ([(one.path, *one.identity) for one in task.photos], task.alone, task.hashed)
        for task in tasks
    ]
    return Call(__name__, answered.__name__, (tuple(pace), plain))


def answered(argument: Any) -> tuple[list[Any], int]:
    """Tell the files of each task apart, in a helper: what was found, files by their places.

    All of it are plain values, and the number of bytes that were read.
    """
    paces, plain = argument
    tasks = [
        Task(number, [Photo(path, Identity(*rest)) for path, *rest in rows], alone, True, hashed)
        for number, (rows, alone, hashed) in enumerate(plain)
    ]
    pace = Pace(*paces)
    turns = Turns(pace, lambda: None)
    told: list[Outcome | int] = []
    comparison = Comparison(pace, turns, told.extend, threading.Event(), _spare)
    with turns:
        for task in tasks:
            comparison.take(task)
        comparison.finish()
    outcomes = [one for one in told if isinstance(one, Outcome)]
    return [_plain(one) for one in outcomes], sum(one for one in told if isinstance(one, int))


def _plain(outcome: Outcome) -> tuple[int, list[Any], list[Any], int]:
    places = {photo.path: place for place, photo in enumerate(outcome.task.photos)}
    contents = [(d, [places[one.path] for one in same]) for d, same in outcome.contents]
    troubles = [(places[photo.path], why) for photo, why in outcome.troubles]
    return outcome.task.bucket, contents, troubles, outcome.read_bytes


def outcomes(tasks: Sequence[Task], answer: tuple[list[Any], int]) -> list[Outcome | int]:
    """Return what a helper's answer says of the tasks that it was asked, and the bytes read."""
    found, read_bytes = answer
    told: list[Outcome | int] = [read_bytes]
    for number, contents, troubles, size in found:
        task = tasks[number]
        same = [(digest, [task.photos[n] for n in places]) for digest, places in contents]
        told.append(Outcome(task, same, [(task.photos[n], why) for n, why in troubles], size))
    return told
